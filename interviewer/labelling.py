"""Each sentence of an answer gets a label: what it tells.

A small model that is asked ten questions about a whole answer says Yes to most of them. Asked what
one sentence tells, with a few labelled sentences before it, the same model is right about nine
times in ten, and it can't be told by the answer what to reply: there is nothing to reply but a
label. The labels and demonstrations are the guide's; see `benchmarks/README.md` for what else was
tried. The method is the field's rhetorical role labelling, with demonstrations in the prompt.

On this machine each sentence is a call of its own that gives probabilities. An endpoint elsewhere
has larger models and a price for each call: it labels all sentences of an answer in one call, and
only what it leaves out or misnames is asked one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import BaseModel

from interviewer.checks import Judge, Turn
from interviewer.errors import BrokenReplyError, UndecidedError
from interviewer.guide import REST, Label
from interviewer.text import units

WINDOW = 60
"""Sentences in one conversation; a longer answer goes on in a new one, so nothing is cut."""
_LEAST = 0.02
"""Probability that the labels must hold together: below it the model did not understand."""
_WORTH_ASKING = 0.15
"""P(label) from which it is asked who is made responsible."""
_WHO = ("self", "others", "nobody")
_SAID = 0.95
"""Probability of a label that was named without one."""


class _Sentence(BaseModel):
    number: int
    label: str
    responsible: Literal["self", "others", "nobody"]


class Sentences(BaseModel):
    """What one call says of all sentences of an answer."""

    sentences: list[_Sentence]


@dataclass(frozen=True)
class Labelled:
    """A sentence, or a piece of a long one, and what it tells."""

    number: int
    """Of the sentence in the answer, from 1."""
    text: str
    p: Mapping[str, float]
    """Word of each label, `other` included -> probability; they sum to 1."""

    @cached_property
    def best(self) -> str:
        """The likeliest label."""
        return max(self.p, key=lambda word: self.p[word])

    def any(self, words: Sequence[str]) -> float:
        """Return the probability that it has one of these labels."""
        return sum(self.p[word] for word in words)


async def label(judge: Judge, turns: Sequence[Turn]) -> list[Labelled]:
    """Label every sentence of what the candidate said, in order, counted through all turns.

    A sentence that the model gives no label is `other`: "just say Yes" can make it reply something
    else, and must not leave a whole answer without a grade.

    Raises:
        ModelError: The model gave most of the sentences no label, or is out of reach.
    """
    said = units("\n\n".join(turn.said for turn in turns))
    found: list[Labelled] = []
    for start in range(0, len(said), WINDOW):
        found += await _window(judge, said[start : start + WINDOW])
    return found


async def _window(judge: Judge, said: Sequence[tuple[int, str]]) -> list[Labelled]:
    words = [*(each.word for each in judge.guide.labels), REST]
    named = await _all_at_once(judge, said) if judge.at_once else {}
    moves = _moves(judge.guide.labels)
    given: list[str] = []
    found = []
    undecided: list[UndecidedError] = []
    for count, (number, unit) in enumerate(said, start=1):
        sentence = named.get(count)
        if sentence and sentence.label in words:
            who = _certain(_WHO, sentence.responsible)
            p = _moved(moves, _certain(words, sentence.label), who)
        else:
            shown = [text for _, text in said[:count]]
            try:
                chosen = await judge.choose("label", words, _LEAST, units=shown, given=given)
            except UndecidedError as error:
                undecided.append(error)
                p = _certain(words, REST)
            else:
                p = await _owned(judge, unit, chosen, moves)
        given.append(max(words, key=lambda word: p[word]))
        found.append(Labelled(number, unit, p))
    if 2 * len(undecided) > len(said):
        raise undecided[0]
    return found


async def _all_at_once(judge: Judge, said: Sequence[tuple[int, str]]) -> dict[int, _Sentence]:
    """Return place from 1 -> what one call says of that sentence; empty where it made no sense."""
    prompt = judge.prompts.render("label-all", how=judge.how(), units=[text for _, text in said])
    try:
        filled = await judge.model.fill(prompt, Sentences, max_tokens=100 + 30 * len(said))
    except BrokenReplyError:
        return {}
    numbers = [each.number for each in filled.sentences]
    return {each.number: each for each in filled.sentences if numbers.count(each.number) == 1}


def _certain(options: Sequence[str], chosen: str) -> dict[str, float]:
    rest = (1 - _SAID) / (len(options) - 1)
    return dict.fromkeys(options, rest) | {chosen: _SAID}


async def _owned(
    judge: Judge, unit: str, p: Mapping[str, float], moves: Mapping[str, str]
) -> dict[str, float]:
    """Ask who is made responsible, where it matters."""
    if all(p[word] <= _WORTH_ASKING for word in moves):
        return dict(p)
    who = await judge.choose("responsible", _WHO, _LEAST, unit=unit)
    return _moved(moves, p, who)


def _moved(
    moves: Mapping[str, str], p: Mapping[str, float], who: Mapping[str, float]
) -> dict[str, float]:
    """Move what is blamed on others from the labels that ask for an own part to those against."""
    moved = dict(p)
    share = who["self"] / (who["self"] + who["others"] + who["nobody"] / 2)
    for own, opposite in moves.items():
        away = moved[own] * (1 - share)
        moved[own] -= away
        moved[opposite] += away
    return moved


def _moves(labels: Sequence[Label]) -> dict[str, str]:
    """Return word of a label that asks for an own part -> of the one against it, or `other`."""
    return {own.word: _opposite(own, labels) for own in labels if own.own}


def _opposite(own: Label, labels: Sequence[Label]) -> str:
    shown = set(own.shows)
    return next((each.word for each in labels if not shown.isdisjoint(each.against)), REST)
