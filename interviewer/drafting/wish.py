"""What a draft is to be about, from the command line: checked before a model is asked."""

import re
from dataclasses import dataclass

from interviewer.bank import Bank, asked
from interviewer.bank.ranking import telling
from interviewer.drafting.kinds import kind_of
from interviewer.drafting.paper import Ids, Paper, written
from interviewer.errors import UsageError
from interviewer.guide import parse_guide, slug
from interviewer.guide_faults import FaultyGuideError
from interviewer.text import inert, printable, words

LONGEST = 300
"""Characters of a question."""
_LONGEST_WORD = 60
"""Characters of role, level and kind."""
_RELATED = 3
_ID_WORDS = 5
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ASKING = {"tell", "describe", "time", "explain", "example", "give", "share", "talk", "walk"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user asks to have drafted."""

    question: str
    kind: str = ""
    """Empty: that of the questions which are worded like it."""
    role: str = ""
    level: str = ""
    id: str = ""
    """Empty: made from the question."""


def paper_of(wish: Wish, bank: Bank) -> Paper:
    """Return the beginning of a draft: what code knows of it.

    Raises:
        UsageError: The question or another word can't stand in a guide.
    """
    question = " ".join(_plain("question", wish.question, LONGEST).lstrip("#> ").split())
    if len(words(question)) < 2:
        hint = 'such as "How would you plan a launch?"'
        raise UsageError("a question has at least two words", where=repr(question), hint=hint)
    about = {
        name: " ".join(_plain(name, getattr(wish, name), _LONGEST_WORD).split())
        for name in ("kind", "role", "level")
    }
    kind = slug(about["kind"])
    if about["kind"] and not kind:
        raise UsageError(
            f"{about['kind']!r} is no kind", where="--kind", hint="such as behavioural"
        )
    if wish.id and not (_ID.fullmatch(wish.id) and len(wish.id) <= _LONGEST_WORD):
        hint = f"small letters, digits and single hyphens, at most {_LONGEST_WORD}"
        raise UsageError(f"{printable(wish.id)!r} is no id", where="--id", hint=hint)
    paper = Paper(
        question,
        wish.id or _id_of(question, bank),
        role=about["role"],
        kind=kind or kind_of(question, [(card.question, card.kind) for card in bank.cards]),
        level=about["level"],
        related=_related(question, bank),
    )
    _check(paper)
    return paper


def _plain(name: str, text: str, longest: int) -> str:
    """Return a text that has no control characters or chat tokens, and is not too long."""
    if len(text) > longest:
        hint = f"at most {longest} characters"
        raise UsageError(f"a {name} of {len(text):,} characters", hint=hint)
    one = " ".join(text.split())
    if inert(one) != one:
        raise UsageError(f"the {name} holds control characters or marks of a chat", hint="words")
    return one


def _id_of(question: str, bank: Bank) -> str:
    """Return an id that no guide has, made of the telling words of the question."""
    found = [word for word in telling(question) if word not in _ASKING] or list(words(question))
    made = slug(" ".join(found[:_ID_WORDS]))[:_LONGEST_WORD].strip("-") or "guide"
    taken = {card.id for card in bank.cards} | {card.path.stem for card in bank.cards}
    taken |= {each.path.stem for each in bank.faults}
    names = [made, *(f"{made}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _related(question: str, bank: Bank) -> list[str]:
    """Return the questions of the bank that have most to do with this one."""
    found = [card.question for card, _ in bank.search(question)]
    return [each for each in found if asked(each) != asked(question)][:_RELATED]


def _check(paper: Paper) -> None:
    """Refuse a question that a guide would not read as one, such as a section's heading."""
    try:
        read = parse_guide(written(paper, Ids()))
    except FaultyGuideError as error:
        what = f"no guide can be written about this: {error.faults[0].found}"
        raise UsageError(what, where=repr(paper.question), hint="another wording") from error
    if (read.question, read.id) != (paper.question, paper.id):
        what = f"a guide would read this question as {read.question!r}"
        raise UsageError(what, where=repr(paper.question), hint="leave out * _ # around it")
