"""What code can measure of a target, from labels and words; 0 (worst) to 1 (best)."""

from collections.abc import Callable, Mapping, Sequence

from interviewer.grading.delivery import delivery_of
from interviewer.guide import Measure
from interviewer.labelling import Labelled
from interviewer.rubric import Rubric

_BRIEF, _LONG = 320, 640
"""Words of an answer that is brief, and of one that is far too long: 2 1/4 and 4 1/2 minutes."""
_FLUENT, _HALTING = 2.0, 11.0
"""Fillers in 100 words: of fluent speech, and of speech that is hard to follow. About the 5th and
95th percentile of real spoken interviews."""


def order(rubric: Rubric, labelled: Sequence[Labelled], answer: str) -> float:  # noqa: ARG001
    """Say how far the parts of a story are there and stand in the order of the guide's steps.

    Kendall's tau over pairs of sentences, 0 at the least, times the share of parts that are
    there: what isn't told can't be told well.
    """
    places = _places(rubric)
    told = {word: max((each.p[word] for each in labelled), default=0.0) for word in places}
    there = sum(told.values()) / len(places) if places else 0.0
    found = [(places[word], each.p[word]) for each in labelled if (word := each.best) in places]
    pairs = [
        (later > earlier, p * q)
        for at, (earlier, p) in enumerate(found)
        for later, q in found[at + 1 :]
        if later != earlier
    ]
    weight = sum(w for _, w in pairs)
    tau = sum(w if right else -w for right, w in pairs) / weight if weight else 1.0
    return there * max(0.0, tau)


def _places(rubric: Rubric) -> dict[str, float]:
    """Return label -> its place in a good answer, as the guide lists the labels that show steps.

    A label that shows no step stands where the list of labels has it.
    """
    shown = {target for step in rubric.steps for target in (step.id,)}
    shown |= {criterion.id for criterion in rubric.criteria}
    return {
        each.word: float(place)
        for place, each in enumerate(rubric.labels)
        if set(each.shows) & shown
    }


def fluency(rubric: Rubric, labelled: Sequence[Labelled], answer: str) -> float:  # noqa: ARG001
    """Say how free an answer is of fillers."""
    found = delivery_of(answer)
    rate = 100 * found.fillers / max(1, found.words)
    return _between(rate, _FLUENT, _HALTING)


def brevity(rubric: Rubric, labelled: Sequence[Labelled], answer: str) -> float:  # noqa: ARG001
    """Say how brief an answer is."""
    return _between(delivery_of(answer).words, _BRIEF, _LONG)


def _between(value: float, good: float, bad: float) -> float:
    return min(1.0, max(0.0, (bad - value) / (bad - good)))


MEASURES: Mapping[Measure, Callable[[Rubric, Sequence[Labelled], str], float]] = {
    "order": order,
    "fluency": fluency,
    "brevity": brevity,
}
