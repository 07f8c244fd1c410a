"""Each sentence of an answer gets a label: what it tells.

A small model that is asked ten questions about a whole answer says Yes to most of them. Asked what
one sentence tells, with a few labelled sentences before it, the same model is right about nine
times in ten, and it can't be told by the answer what to reply: there is nothing to reply but a
label. The labels and demonstrations are the guide's; see `benchmarks/README.md` for what else was
tried. The method is the field's rhetorical role labelling, with demonstrations in the prompt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interviewer.checks import Judge, Turn
from interviewer.guide import REST, Label
from interviewer.text import units

WINDOW = 60
"""Sentences in one conversation; a longer answer goes on in a new one, so nothing is cut."""
_LEAST = 0.02
"""Probability that the labels must hold together: below it the model did not understand."""
_WORTH_ASKING = 0.15
"""P(label) from which it is asked who is made responsible."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence, or a piece of a long one, and what it tells."""

    number: int
    """Of the sentence in the answer, from 1."""
    text: str
    p: Mapping[str, float]
    """Word of each label, `other` included -> probability; they sum to 1."""

    @property
    def best(self) -> str:
        """The likeliest label."""
        return max(self.p, key=lambda word: self.p[word])

    def any(self, words: Sequence[str]) -> float:
        """Return the probability that it has one of these labels."""
        return sum(self.p[word] for word in words)


async def label(judge: Judge, turns: Sequence[Turn]) -> list[Labelled]:
    """Label every sentence of what the candidate said, in order, counted through all turns.

    Raises:
        ModelError: The model gave no label, or is out of reach.
    """
    said = units("\n\n".join(turn.said for turn in turns))
    found: list[Labelled] = []
    for start in range(0, len(said), WINDOW):
        found += await _window(judge, said[start : start + WINDOW])
    return found


async def _window(judge: Judge, said: Sequence[tuple[int, str]]) -> list[Labelled]:
    words = [*(each.word for each in judge.guide.labels), REST]
    given: list[str] = []
    found = []
    for count, (number, unit) in enumerate(said, start=1):
        shown = [text for _, text in said[:count]]
        p = await judge.choose("label", words, _LEAST, units=shown, given=given)
        given.append(max(words, key=lambda word: p[word]))
        found.append(Labelled(number, unit, await _owned(judge, unit, p)))
    return found


async def _owned(judge: Judge, unit: str, p: Mapping[str, float]) -> Mapping[str, float]:
    """Move what is blamed on others from the labels that ask for an own part to those against."""
    for each in judge.guide.labels:
        if each.own and p[each.word] > _WORTH_ASKING:
            who = await judge.choose("responsible", ("self", "others", "nobody"), _LEAST, unit=unit)
            share = who["self"] / (who["self"] + who["others"] + who["nobody"] / 2)
            to = _opposite(each, judge.guide.labels)
            moved = p[each.word] * (1 - share)
            p = {**p, each.word: p[each.word] - moved, to: p[to] + moved}
    return p


def _opposite(own: Label, labels: Sequence[Label]) -> str:
    """Return the label that speaks against what `own` shows, or `other`."""
    against = (each.word for each in labels if set(each.against) & set(own.shows))
    return next(against, REST)
