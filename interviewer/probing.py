"""Which gap to ask about, in which words, and what makes a question a valid probe."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass

from interviewer.checks import Turn
from interviewer.guide import REST, Guide, Item
from interviewer.labelling import Labelled
from interviewer.rubric import Rubric
from interviewer.text import RUDE, units, words

COVERED = 0.5
"""P from which a goal or step counts as covered."""
SURE = 0.7
"""P from which nothing is asked: a question too many costs a minute, one too few a grade."""
LONGEST = 35
"""Words that a probe may have."""
_FEWEST = 4
"""Words that it needs, and that the beginning of a sentence needs to say anything."""
_RUBRIC = re.compile(
    r"\b(rubric|criteri(?:on|a)|scores?|scoring|graded?|grading|checklist|STAR)\b|\[[A-Z]\]"
)
_ORDER = re.compile(
    r"(?i:\b((ignore|disregard) (all|any|every|your|the|my|previous)|instructions?|override|prompt"
    r"|system (message|prompt|administrator)|rubric|graders?|developer note|statement:|candidate"
    r"|you are now|(an?|the)( helpful)? assistant|(reply|respond|answer) with"
    r"|(highest|best|full|top) (grade|marks?|score)"
    r"|criteria|access granted)\b)"
    r"|[{}<>~|\[\]]|\b(?i:say|print|output|reveal|repeat|write) [A-Z]{3,}"
    r"|\b[1-5](\.\d)?( of | out of |/)5\b|: [1-5](\.\d)?\b",
)
"""What is said to a program rather than to a person."""
_SUGGESTS = re.compile(r"\b(such as|for (example|instance)|e\.g\.)", re.IGNORECASE)
_THIRD = re.compile(r"\b(candidate|interviewer|interviewee)('s)?\b", re.IGNORECASE)
_FIRST = re.compile(
    r"\bI\b|(?i:\b(my|mine|myself|we|our|ours)\b|(?<!tell )(?<!take )(?<!walk )(?<!give )(?<!help )"
    r"(?<!show )\bme\b|(?<!let )\bus\b)"
)
_QUOTED = re.compile(r"[\"\u201c][^\"\u201d]*[\"\u201d]")
_JOINING = {"and", "but", "so", "because", "which", "that", "who", "where", "then", "or"}
_ENDING = re.compile(r"(?<=\w{3})(?:'s|ing|ed|es|s|e)$")
_COMMAS = re.compile(r"[,;:\u2014\n]")
_VERB_AND_REST = re.compile(
    r"(?:select|choose|describe|explain|highlight|focus on|share|give|name|show|tell|close on|"
    r"open with|state|discuss|present|define|clarify)\s+(?!and\b)(.*)"
    # Of any other verb, what is a thing with its article: "compare the costs", "plan a trial".
    r"|[a-z]+(?: (?:at|for|from|of|on|down|up|with))? ((?:the|an?|your|their|its|what|how) .*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A goal or step that a probe may ask about."""

    id: str
    name: str
    text: str
    topic: str
    """What a question may call it without reading the guide aloud; empty where nothing fits."""


def gaps_of(guide: Guide) -> dict[str, Gap]:
    """Return id -> gap for every step and goal, in the order of probing: steps first."""
    made = [_gap(item, is_step=True) for item in guide.steps]
    made += [_gap(item, is_step=False) for item in guide.goals]
    return {gap.id: gap for gap in made}


def _gap(item: Item, *, is_step: bool) -> Gap:
    found = _VERB_AND_REST.fullmatch(item.name) if is_step else None
    rest = (found[1] or found[2]) if found else ""
    kept = [word for word in rest.split() if not word.endswith("ly")]
    return Gap(item.id, item.name, item.text, " ".join(kept).lower())


def measured_in(guide: Guide) -> set[str]:
    """Return the goals and steps that code alone measures, such as an order that is kept.

    No answer to a question could supply them, so none is asked.
    """
    told = {id for label in guide.labels for id in (*label.shows, *label.against)}
    asked = {check.target for check in guide.checks if not check.measure}
    return {check.target for check in guide.checks} - told - asked


def choose_gap(
    p: Mapping[str, float | None], asked: Sequence[str], names: Mapping[str, str]
) -> tuple[str | None, str]:
    """Pick the least covered target that was not asked about.

    Args:
        p: Target -> P(covered), in the order of probing; None where unknown.
        asked: Targets that were asked about already.
        names: Target -> name, for the reason.

    Returns:
        The target, or None where nothing is worth asking, and the reason in a sentence.
    """
    open_ = {
        target: value
        for target, value in p.items()
        if value is not None and value < SURE and target not in asked
    }
    if not open_:
        if all(value is None for value in p.values()):
            return None, "the model could not judge the answer"
        return None, "nothing that was not asked about is left uncovered"
    target = min(open_, key=lambda each: open_[each])
    return target, f"{names[target]} is the least covered, P = {open_[target]:.2f}"


def detail_of(gap: str, said: Sequence[Labelled], rubric: Rubric, asked: Sequence[str]) -> str:
    """Return the sentence of the candidate's that a probe for `gap` is best tied to, or nothing.

    What speaks against a goal asks for it. Else what a story tells just before the gap: of the
    damage one asks what was done about it, of the mistake what it led to. What is not to the point
    is only taken up where nothing else was said; insults and orders never are.

    Args:
        gap: Id of a goal or step.
        said: The sentences, with labels where the guide has them.
        rubric: Tells what labels show, and the order of the steps.
        asked: Questions that were asked already; what they took up is not taken up again.
    """
    shows = {label.word: [*_places(rubric, label.shows)] for label in rubric.labels}
    against = {label.word for label in rubric.labels if gap in label.against}
    near = [place for label in rubric.labels if gap in label.shows for place in shows[label.word]]
    here = max([*_places(rubric, [gap]), *near], default=len(rubric.steps))

    def worth(each: Labelled) -> tuple[bool, bool, bool, float, float]:
        word = each.best if each.p else ""
        # The step before is nearest; one after it is farther than all before.
        far = [here - at if at < here else 10 + at - here for at in shows.get(word, [])]
        fresh = not any(takes_up(question, each.text) for question in asked)
        near = -min(far, default=100)
        return (word != REST, fresh, word in against, near, specificity(each.text))

    usable = [each for each in said if can_be_taken_up(each.text)]
    return max(usable, key=worth, default=_NOTHING).text


_NOTHING = Labelled(0, "", {})


def is_aside(said: Sequence[Labelled]) -> bool:
    """Tell whether nothing of what was said is to the point, as far as labels tell."""
    labelled = [each for each in said if each.p]
    return bool(labelled) and all(each.best == REST for each in labelled)


def can_be_taken_up(text: str) -> bool:
    """Tell whether an interviewer takes up a sentence: no insult, order or question of theirs."""
    return not (RUDE.search(text) or _ORDER.search(text) or text.rstrip("\"' ").endswith("?"))


def _places(rubric: Rubric, targets: Sequence[str]) -> list[int]:
    steps = rubric.ids("step")
    return [steps.index(target) for target in targets if target in steps]


def takes_up(question: str, sentence: str) -> bool:
    """Tell whether a question has at least two telling words of a sentence."""
    return len((set(words(question)) & set(words(sentence))) - _COMMON) >= 2


_TURNED = {
    "i": "you",
    "me": "you",
    "we": "you",
    "us": "you",
    "my": "your",
    "our": "your",
    "mine": "yours",
    "ours": "yours",
    "myself": "yourself",
    "ourselves": "yourselves",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "we're": "you're",
    "we've": "you've",
    "we'd": "you'd",
    "we'll": "you'll",
}
_PERSON = re.compile(
    rf"\b(?:(I) (am|was)|(am|was) (I)|{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_HESITATION = re.compile(
    r"^(?:(?:(?:u[hm]+|er+m?)\b[,.]*"
    r"|(?:well|like|sorry|okay|ok|you know|i mean|let me think)[,.])\s+)+(?=\S+\s+\S)",
    re.IGNORECASE,
)


def turned(sentence: str) -> str:
    """Return a sentence of the candidate's as it is said to them: I becomes you, my your.

    A hesitation at its beginning is left out: "Sorry, you agreed to it" is no way to take it up.
    """

    def turn(found: re.Match[str]) -> str:
        said = found.group()
        if found[1]:
            you = "you are" if found[2].lower() == "am" else "you were"
        elif found[3]:
            you = "are you" if found[3].lower() == "am" else "were you"
        else:
            you = _TURNED.get(
                said.lower(), said
            )  # a dotless i is an "I" to re, and no word of ours
        begins = found.start() == 0
        return you[:1].upper() + you[1:] if begins else you

    said = _HESITATION.sub("", sentence.replace("\u2019", "'"))
    told = _PERSON.sub(turn, said)
    return told[:1].upper() + told[1:] if len(said) < len(sentence) else told


def clause_of(sentence: str) -> str:
    """Return the few verbatim words of a sentence that are the most specific."""
    return max(_clauses(sentence), key=specificity, default="")


def beginning_of(sentence: str) -> str:
    """Return how a sentence begins, up to a comma; whole where it has none that is far enough."""
    found = _clauses(sentence, longest=16)
    return next((each for each in found if len(each.split()) >= _FEWEST), sentence)


def clauses_of(detail: str, said: Sequence[Labelled]) -> list[str]:
    """Return what a fixed question may quote: of `detail`, of other sentences, at last nothing.

    Where somebody says the same again, or speaks another language, the same quote would make the
    same question twice.
    """
    others = (each.text for each in reversed(said) if detail and can_be_taken_up(each.text))
    return list(dict.fromkeys([clause_of(detail), *map(clause_of, others), ""]))


def first_valid(texts: Iterable[str], turns: Sequence[Turn], gap: Gap, asked: Sequence[str]) -> str:
    """Return the first of `texts` that is a valid probe, or else the first of all."""
    made = list(texts)
    return next((each for each in made if not faults_of(each, turns, gap, asked)), made[0])


def _clauses(sentence: str, *, longest: int = 12) -> list[str]:
    """Split a sentence at its commas into runs of few words that don't end in mid-phrase."""
    found = [part.strip(" .!?\"'\u201c\u201d").split() for part in _COMMAS.split(sentence)]
    begun = [part[1:] if part and part[0].lower() in _JOINING else part for part in found]
    return [" ".join(_ended(part[:longest], cut=len(part) > longest)) for part in begun if part]


def _ended(part: list[str], *, cut: bool) -> list[str]:
    """Drop the small words at the end of a run that was cut: "shop in the" is no end."""
    kept = list(part)
    while cut and len(kept) > 1 and kept[-1].lower() in _COMMON:
        kept.pop()
    return kept


def specificity(clause: str) -> float:
    """Return how specific a clause is: by its words, figures and names."""
    found = clause.split()
    figures = len(re.findall(r"\d+", clause))
    names = sum(word[0].isupper() and word != "I" for word in found[1:])
    return min(len(found), 8) + 2 * figures + 2 * names


def faults_of(
    text: str, turns: Sequence[Turn], gap: Gap, asked: Sequence[str], *, project: str = ""
) -> list[str]:
    """Return the rules that `text` breaks as a probe; empty where it is valid.

    Args:
        text: What the interviewer would say.
        turns: The conversation so far.
        gap: What the probe is meant to ask about.
        asked: The questions that were asked already.
        project: The line of a CV that it is tied to; empty: it is tied to what was said.
    """
    found = words(text)
    own = set(words(project or " ".join(turn.said for turn in turns))) - _COMMON
    given = [text for turn in turns for _, text in units(turn.said) if can_be_taken_up(text)]
    details = set(words(project or " ".join(given))) - _COMMON
    told = f"{gap.name} {gap.text}"
    rules = {
        "is not one question": text.count("?") != 1 or not text.rstrip("\"' ").endswith("?"),
        f"has more than {LONGEST} words": len(found) > LONGEST,
        f"has fewer than {_FEWEST} words": len(found) < _FEWEST,
        "is in another language": bool(asked) and _english(asked[0]) and not _english(text),
        "speaks as the candidate": _FIRST.search(_QUOTED.sub(" ", text)) is not None,
        "suggests an answer": _SUGGESTS.search(text) is not None,
        "speaks of the candidate as somebody else": any(
            each.group().lower() not in own for each in _THIRD.finditer(text)
        ),
        "was asked before": any(_alike(text, question) for question in asked),
        "names no detail that the candidate gave": bool(details)
        and not _stems(own) & _stems(found),
        "gives an insult back": RUDE.search(text) is not None,
        "gives the rubric away": _reads_aloud(text, told, gap.name)
        or any(each.group().lower() not in own for each in _RUBRIC.finditer(text)),
    }
    return [rule for rule, broken in rules.items() if broken]


def can_be_asked_about(detail: str, question: str) -> bool:
    """Tell whether a model may word a question about a sentence: it is there, and in our language.

    Given a sentence in another one, a small model goes on in it.
    """
    return bool(detail) and (not _english(question) or _english(detail, least=0.15))


def _english(text: str, *, least: float = 0.2) -> bool:
    """Whether enough small words of `text`, quotes apart, are English ones."""
    found = words(_QUOTED.sub(" ", text))
    return sum(word in _COMMON for word in found) >= least * len(found)


_COMMON = {
    *("a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "could", "did", "do", "for"),
    *("from", "had", "has", "have", "how", "i", "in", "is", "it", "its", "me", "my", "of", "on"),
    *("or", "our", "so", "that", "the", "their", "then", "there", "they", "this", "to", "was"),
    *("we", "were", "what", "when", "which", "who", "why", "will", "with", "would", "you", "your"),
    *("about", "more", "tell", "after", "before", "not", "no", "if", "just", "into", "over"),
}


def _stems(found: Iterable[str]) -> set[str]:
    """Return words without the endings that change when they are taken up."""
    return {_ENDING.sub("", word) for word in found}


def _alike(one: str, other: str) -> bool:
    """Whether two questions are the same but for a few words (Jaccard over telling words)."""
    a, b = set(words(one)), set(words(other))
    if a - _COMMON and b - _COMMON:
        a, b = a - _COMMON, b - _COMMON
    return bool(a | b) and len(a & b) / len(a | b) > 0.7


def _reads_aloud(text: str, told: str, name: str) -> bool:
    """Whether `text` has a name of several words, or six words in a row, from the guide."""
    said, source = words(text), words(told)
    runs = {tuple(source[at : at + 6]) for at in range(len(source) - 5)}
    full = len(words(name)) > 2 and " ".join(words(name)) in " ".join(said)
    heading = re.search(rf"(?:^|[.?!]\s+){re.escape(name)}[,:.]", text, re.IGNORECASE)
    return (
        full
        or bool(name and heading)
        or any(tuple(said[at : at + 6]) in runs for at in range(len(said) - 5))
    )


async def first_question(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """Pass pieces on until the first question is whole, or is longer than a probe may be."""
    said = ""
    async for piece in pieces:
        text = piece.lstrip("\"' \n") if not said else piece
        head, mark, _ = text.partition("?")
        said += head + mark
        if head + mark:
            yield head + mark
        if mark or len(said.split()) > LONGEST:
            return
