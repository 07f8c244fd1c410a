"""What code can see in an answer before any model is asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from interviewer.grade import Flag
from interviewer.rubric import Rubric
from interviewer.text import inert, printable, words

NAMES = {
    "copied-example": "Copied from the guide's examples",
    "copied-question": "Repeats the question",
    "not-own": "About somebody else",
    "control-characters": "Invisible characters",
    "chat-tokens": "Marks of a model's chat",
    "no-facts": "Tells no facts",
    "too-short": "Too short to judge",
}
"""Guard -> what its flag is called where there is no room for a sentence."""
_OWN = re.compile(r"(?:i|we)(?![\w-])")
_RUN = 8
"""Words in a row that nobody shares with a text by chance."""


def flags_of(answer: str, rubric: Rubric) -> list[Flag]:
    """Return what is odd about an answer: copied, or made of more than words."""
    found = []
    if (share := copied(answer, rubric.exemplary)) > 0.2:
        found.append(
            Flag(id="copied-example", text=f"{share:.0%} of it stands in the guide's examples")
        )
    if copied(answer, rubric.question) > 0.3:
        found.append(Flag(id="copied-question", text="it repeats the question"))
    if any(label.own for label in rubric.labels) and _about_others(answer):
        found.append(Flag(id="not-own", text="it tells what somebody else did"))
    if printable(answer) != answer.replace("\r\n", "\n"):
        found.append(Flag(id="control-characters", text="it holds invisible or control characters"))
    if inert(answer) != printable(answer):
        found.append(
            Flag(id="chat-tokens", text="it holds marks that end a turn in a model's chat")
        )
    return found


_CAPS = {"copied-example": 2.0, "copied-question": 2.5, "not-own": 2.5, "chat-tokens": 2.5}
"""Flag -> the best grade of an answer with it: it isn't the candidate's own, or tampers."""


def cap_of(flags: Sequence[Flag]) -> float:
    """Return the best grade that an answer with these flags can get."""
    return min((_CAPS.get(flag.id, 5.0) for flag in flags), default=5.0)


def named(flag: str, names: Mapping[str, str]) -> str:
    """Return what a flag is called.

    Args:
        flag: Id of a guard, or of a tip that was not kept.
        names: Id of a tip -> its name.
    """
    return f"Not kept: {names[flag]}" if flag in names else NAMES.get(flag, flag)


def _about_others(answer: str) -> bool:
    """Whether one other person acts in it more often than the candidate does; English alone."""
    said = words(answer)
    others = said.count("he") + said.count("she")
    if not others:
        return False
    own = sum(_OWN.match(word) is not None for word in said)
    return others > own


def copied(answer: str, source: str) -> float:
    """Return the share of the answer's words, 0 to 1, that stand in runs of 8 in `source`."""
    said, runs = words(answer), _runs(source)
    if runs.isdisjoint(_in_runs(said)):
        return 0.0
    inside: set[int] = set()
    for at, run in enumerate(_in_runs(said)):
        if run in runs:
            inside.update(range(at, at + _RUN))
    return len(inside) / len(said)


@lru_cache(maxsize=64)  # the same for all answers to a guide's question
def _runs(source: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_in_runs(words(source)))


def _in_runs(said: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(said[at:] for at in range(_RUN)), strict=False)
