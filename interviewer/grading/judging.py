"""What is found about each goal, step and tip: a probability, its evidence, or why there is none.

Labels tell about most of them, measures and checks about the rest; the guide says which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interviewer.checks import UNANSWERABLE, Judge, Turn
from interviewer.grading.measures import MEASURES
from interviewer.labelling import Labelled, label
from interviewer.rubric import Kind, Rubric

ENOUGH_WORDS = 18
"""Words with which a part of a story is told in full."""
_OPPOSED = 0.6
"""How much of a goal a sentence takes away that speaks against it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about one goal, step or tip."""

    p: float | None
    """P(shown), 0 to 1; None where the model could not say."""
    detail: float = 1.0
    """How fully it is told, 0 to 1, where labels tell; else 1."""
    evidence: tuple[int, str] | None = None
    """Number and words of the sentence that shows it; None where it isn't one sentence."""
    reason: str = ""
    """Why `p` is None."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was found about one answer."""

    targets: Mapping[str, Judged]
    """Id of a goal, step or tip -> what was found, in the rubric's order."""
    labelled: Sequence[Labelled] = ()
    """The sentences; empty for a guide without labels."""


async def judge_answer(
    rubric: Rubric, judge: Judge, turns: Sequence[Turn], *kinds: Kind
) -> Judgement:
    """Find out about every goal, step or tip of these kinds.

    Raises:
        UnreachableError: The endpoint is gone; every other failure is a target without `p`.
    """
    answer = "\n\n".join(turn.said for turn in turns)
    labelled: Sequence[Labelled] = ()
    failure = ""
    if rubric.labels:
        try:
            labelled = await label(judge, turns)
        except UNANSWERABLE as error:
            failure = error.what
    checks = rubric.checks_of(*kinds)
    # All baselines first: asked in turns, they and the answer would push each other from the cache.
    await judge.prepare([check for check in checks if not (check.measure or check.rating)])
    parts: dict[str, list[Judged]] = {target: [] for kind in kinds for target in rubric.ids(kind)}
    telling = _Telling(rubric, labelled)
    for target in parts.keys() & rubric.labelled.keys():
        parts[target].append(Judged(None, reason=failure) if failure else telling.of(target))
    for check in checks:
        if check.measure is None:
            rating = check.rating
            verdict = await (judge.rating(rating, turns) if rating else judge.verdict(check, turns))
            parts[check.target].append(Judged(verdict.p, reason=verdict.reason))
        else:
            lost = failure if check.measure == "order" else ""
            value = None if lost else MEASURES[check.measure](rubric, labelled, answer)
            parts[check.target].append(Judged(value, reason=lost))
    return Judgement({target: _together(found) for target, found in parts.items()}, labelled)


class _Telling:
    """What the labels of one answer tell about a target."""

    def __init__(self, rubric: Rubric, labelled: Sequence[Labelled]) -> None:
        self._rubric, self._labelled = rubric, labelled
        self._words = [len(each.text.split()) for each in labelled]

    def of(self, target: str) -> Judged:
        """Return the best sentence for a target, less the worst one against it.

        The best sentence, not the sum of all: an answer gets no better by being longer.
        """
        labelled, labels = self._labelled, self._rubric.labels
        shows = [each.word for each in labels if target in each.shows]
        against = [each.word for each in labels if target in each.against]
        opposed = max(self._any(against), default=0.0) if against else 0.0
        if not shows:
            return Judged(1 - opposed)
        if not labelled:
            return Judged(0.0)
        shown = self._any(shows)
        most = max(shown)
        best = shown.index(most)
        # Only sentences that most likely show it: what is left over of many others is no detail.
        words = sum(
            self._words[at] * p
            for at, p in enumerate(shown)
            if at == best or labelled[at].best in shows
        )
        return Judged(
            most * (1 - _OPPOSED * opposed),
            detail=min(1.0, words / ENOUGH_WORDS),
            evidence=(labelled[best].number, labelled[best].text),
        )

    def _any(self, words: Sequence[str]) -> list[float]:
        """Return each sentence's probability to have one of these labels."""
        if len(words) == 1:
            return [each.p[words[0]] for each in self._labelled]
        return [each.any(words) for each in self._labelled]


def _together(parts: Sequence[Judged]) -> Judged:
    """Return the mean of several findings; unknown if a single one is, for it would mean less."""
    known = [each.p for each in parts if each.p is not None]
    if len(known) < len(parts) or not parts:
        return Judged(None, reason=next((each.reason for each in parts if each.p is None), ""))
    evidence = next((each.evidence for each in parts if each.evidence), None)
    return Judged(sum(known) / len(known), min(each.detail for each in parts), evidence)
