"""Words that tell no story apart: those of every text, and those of every interview answer.

Each stands for its other forms too: `launch` for launched, launches and launching.
A word that is missing here makes two stories look a little more alike, so the list errs on the side
of holding too many.
"""

COMMON_WORDS = """
a about above account achiev across act action actual add address after afterward again against
ago agree ahead all almost alone along already also although always am among amount an analys
analysi and annual another answer any anybod anyone anyth anyway apart app appli application
approach april area are argu around as ask assum assumpt at attempt august average avoid away
back bad base basic be became because becom been befor began begin behav behavi behind being
believ below benefi best better between big bigger block board boss both brief bring broke
broken brought budget bug build built busi business but buy by call came can cannot car care
careful case caught caus cent challeng chance chang channel chart check chief choice choos chose
chosen clear client close code colleagu come coming comment commit common commun communicat
compan compar complain complaint complet concern condit confirm conflict consider contact
continu contract control convers conversion convinc correct cost could count countr coupl cours
cover creat critic cross current custom customer cut daili damag dashboard data date day deal
decemb decid decision deep deliver delay demand depend describ design designer desk detail
develop developer did differ difficult direct director disagre discover discuss do document does
doing dollar done doubl down draft drop due dure each earli earlier easi effect effort eight
either eleven else email employe end engin engineer engineering enough ensur entir error
especiall estimat euro even evening event ever everi everybod everyone everyth evidenc exact
exampl except excit expect expens experienc experiment explain extra face fact fail failur fair
fall famil far fast fault featur februar feedback feel fell felt few fewer fifteen fifth fifty
figur final financ find fine finish first fit five fix flow focu folk follow for forc forget
form forward found four fourth frid friday from full function further futur gain game gather
gave general get give given go goal goe going gone good got grew group grow growth guess guid
had half hand handl happen happi hard harder has hav have he head hear heard held help her here
herself high higher highest him himself hir his hold home honest hour how howev hundred i idea
identif if immediatel impact import improv in includ increas indeed industr inform initial
inside insist instead intern interview into invest involv is issu it item its itself januar job
join judg jul juli june just keep kept kind knew know known lack larg larger last late later
launch law lead leader leadership learn least leav led left less lesson let level life light
like limit line list listen littl live local long longer look lose loss lost lot love low lower
made main make mani manag manager march mark market marketing match matter may mayb me mean
meant measur meet meeting member mention messag met metric middl might million mind mine minute
miss mistak mobil model moment monday money month more morning most mostl move much must my
myself name near necessar need negativ neither never new next nice night nine no nobod none nor
normal not note noth notice novemb now number numb obvious occur october of off offer offic
often ok okay old on once one online only onto open operat opinion opportunit option or order
organi organis organiz original other our ourselv out outcom outside over own owner page paid
pain paper part particular partner party past path pay people per percent perfect perhap period
person phone pick piec place plan plann play point poor posit possibl post practic prefer
prepar present pressur prett prevent previous price prioriti priorit probabl problem process
product production professional profit program progress project promis proper propos protect
proud prove provid public put qualit quarter question quick quiet quit rais ran rate rather
reach react read readi real realis realiz reali really reason receiv recent record reduc
relationship releas remain rememb remov replac report request requir requirement research
resolv resourc respond respons responsib rest result retention return revenue review right risk
role room rule run said sale same sat saturd save saw say scale schedul school second see seem
seen self sell send senior sens sent separat septemb serious servic session set seven seventy
sever share she ship short should show showed shown sick side sign signal similar simpl simpli
simple sinc single sit situat six sixt skill skip slow small smaller so software sold solut solv
some somebod someone someth sometim soon sorr sort spend spent split spoke sprint staff stage
stakehold stand standard start state stay step still stood stop stori straight strateg strong
stud student stuff success such sudden suggest sund support suppos sure surpris switch system
take taken talk target task taught teach team tech technical tell ten term test than thank that
the their them themselv then there therefor these they thing think third thirt this those though
thought thous thousand three through thursd tie time to today together told tomorrow too took
tool top total toward track traffic train tri trial trust try tuesd turn twelv twent twenty
twice two type typical uncertain under understand understood unfortunate unit university until
up updat upset urgent us usag use used user usual valu version veri view visit vs wait walk want
warn was watch way we wednesd week weekend weekly well went were what when where whether which
while who whole whom whos whose why will win with within without wok won wonder word work
workshop worr worst worth would wrong wrote yeah year yes yesterday yet you young your yourself
zero uh uhm um ah like gonna kinda wanna im ive dont didnt wasnt thats id cant couldnt its
itd youre theyre hadnt havent doesnt isnt werent wouldnt
very able pretty different interested interesting important taking making especially probably
definitely great takes makes called moving particularly wide aspect enjoying enjoy awesome cool
easy otherwise basically extremely knowledge greatest weakness strength weaknesses comfortable
confident confidence effective accomplish allows allow gotten guys somewhere field fields position
background sector situation experience certain certainly clearly simply finally eventually overall
further based across whatever whenever everyone whichever therefore quickly slowly directly
personally honestly absolutely completely totally fully exactly nearly roughly approximately
recently currently previously initially originally ultimately instead rather perhaps maybe
including regarding following according due since during despite unless until upon toward
happened created changed wanted needed asked started ended helped learned realized realised
noticed understood explained convinced agreed disagreed suggested proposed recommended presented
prepared organized organised coordinated collaborated negotiated prioritized prioritised delivered
implemented implement executed execution managed led owned drove drive driven built shipped rolled
rollout measured tracked analysed analyzed improved reduced increased doubled halved achieved
reached failed succeeded missed delayed postponed cancelled fixed solved resolved escalated
engineers designers analyst analysts developers testers executive executives leadership stakeholders
customers users clients buyers members colleagues teammates peers competitor competitors vendor
vendors supplier suppliers department departments organisation organization businesses firms firm
feature features roadmap backlog sprint sprints requirement requirements scope timeline deadline
deadlines milestone milestones metric metrics data dashboard dashboards survey surveys interviews
experiment experiments hypothesis prototype prototypes design designs interface adoption
engagement retention conversion churn satisfaction feedback complaint complaints ticket tickets
revenue cost costs budget price prices pricing margin growth target targets percentage share
responsible responsibility responsibilities accountable accountability ownership communication
transparency trust empathy resilience initiative proactive mindset lesson takeaway habit rule
process processes meeting meetings workshop weekly monthly quarterly daily yearly annual january
february saturday sunday saturdays thursday tuesday wednesday minutes hours weeks months quarters
morning afternoon evening nobody somebody everybody anything everything something nothing
talked spoke wrote writing written spent chose choosing choice choices
actually usually always often sometimes never ever again already still while whereas though
forty fifteen sixteen thirteen fourteen nineteen eighteen seventeen ninety eighty sixty seventy
tradeoff trade-off compromise alternative alternatives approach solution solutions outcome outcomes
impact effect evidence result results success problem problems issue issues mistake mistakes
concern concerns conflict disagreement pushback opinion perspective discussion conversation
manager managers director directors head boss lead leads senior junior owner owners chief
software platform tool tools version release releases system systems product products service
services company companies startup industry market markets website screen page pages button
rebuild build builds rely relied brings saying says said guess thinking feeling trying getting
coming putting letting seeing using finding keeping giving showing telling doing having being
worked works working lots sort kinds ways areas parts pieces points steps ideas reasons
"""
