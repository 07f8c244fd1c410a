"""Invented stories of one product manager at one company, each told twice in other words."""

STORIES: dict[str, tuple[str, str]] = {
    "locks": (
        "At Ferrano, where people rent bicycles by the minute, I owned the app. Before the summer "
        "I decided to let riders unlock with Bluetooth alone, without the keypad. I had tried it "
        "in our cellar only. In Lisbon the locks overheated in the sun, and 1,900 riders stood by "
        "a bicycle that would not open. I phoned the locksmith in Braga, we brought the keypad "
        "back on the Tuesday, and I refunded every rider. Now I test hardware in the sun first.",
        "I am proud of how I handled a crisis. We had 1,900 riders in Lisbon who could not open a "
        "bicycle, because the Bluetooth locks that I had pushed for overheated. I called the "
        "locksmith in Braga at night and asked for the old keypad firmware. Three days later it "
        "was back on every lock, and each rider had a refund and a letter from me.",
    ),
    "helmets": (
        "Our riders at Ferrano kept asking for helmets. I ran a trial with 40 foldable helmets in "
        "baskets in Porto. Half of them were stolen within a fortnight and the hygiene inspector "
        "closed the trial. I wrote down what I had skipped: nobody had asked the insurer. The next "
        "trial, with a vending machine at the ferry pier, ran for a whole season.",
        "A time when I learned from data: in Porto we put 40 foldable helmets into baskets. Twenty "
        "were stolen in two weeks, and then the hygiene inspector came. So I looked at who rides "
        "without one, and moved helmets to a vending machine at the ferry pier, with the insurer "
        "paying for half of it.",
    ),
    "pricing": (
        "I disagreed with Henrike, our head of finance at Ferrano, about night tariffs. She wanted "
        "18 cents a minute after ten; I feared for nurses on late shifts. I rode along with six "
        "nurses, wrote a memo with their payslips in it, and proposed a cap of 2.40 a ride. She "
        "took the cap, and night rides went up by 11 percent.",
        "Influence without authority: Henrike from finance had already signed a night tariff of 18 "
        "cents. I spent a week with nurses who cycle home after late shifts, and showed her their "
        "payslips. We settled on a cap, 2.40 for each ride. Night rides rose 11 percent and the "
        "hospital became our first corporate subscriber.",
    ),
    "parking": (
        "The mayor of Coimbra threatened to ban Ferrano, since bicycles blocked the tram stops. I "
        "proposed painted bays and a geofence, against our growth lead, who wanted docks. I took "
        "the mayor's deputy on a tour with chalk, and we drew 62 bays in a day. Complaints about "
        "tram stops fell to almost none.",
        "My boldest decision was to say no to docks. Coimbra was about to ban us over bicycles at "
        "tram stops. With a box of chalk the mayor's deputy and I drew 62 bays on the pavement, "
        "and a geofence kept rides from ending elsewhere. Docks would have cost eight months.",
    ),
    "hiring": (
        "I had to tell Ruben, the most senior mechanic, that his spreadsheet of repairs would go. "
        "He had kept it for nine years. I asked him to design the new repair form with me, and put "
        "his colour codes in it. When it launched he trained the other garages himself.",
        "The hardest stakeholder was Ruben, a mechanic who had kept repairs in a spreadsheet for "
        "nine years. Rather than take it away I rebuilt the repair form around his colour codes, "
        "and he toured the garages to train everybody.",
    ),
}
"""Name -> two tellings."""

ELSEWHERE = (
    "I would begin with the users: who are they and what do they need. Then I would list the "
    "features, score each by reach, impact and effort, and ask engineering for estimates. I would "
    "pick the top three and define success as weekly active users and retention after 4 weeks.",
    "To estimate this I start with the population, say 10 million. Perhaps one in five of them is "
    "a customer, each buys twice a week, and an average order is 4 euros. That gives 16 million "
    "euros a week, so roughly 800 million a year.",
    "Our team missed a deadline because I promised a date without asking engineering. I told the "
    "customer at once, cut the scope with the designer, and we shipped two weeks later. Since then "
    "I always ask the team before I promise a date.",
    "My manager wanted to launch before the holidays. I looked at the data and thought that it was "
    "too early, so I wrote down the risks and proposed a smaller launch with ten customers. We "
    "found two bugs and launched to everybody in January without complaints.",
)
"""Answers that are no story, or one that could be anybody's."""
