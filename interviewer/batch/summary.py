"""Many results in a few figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.batch.result import Result
from interviewer.grade import uncertain_of


@dataclass(frozen=True, slots=True)
class Summary:
    """The scores of one criterion, or overall, over all results."""

    n: int
    """Results that have the score."""
    mean: float | None
    low: float | None
    high: float | None
    spread: float | None
    """Mean over the results of highest less lowest run; None where there was one run."""
    uncertain: int = 0
    """Results that have the score, but little confidence in it."""


def summary_of(results: Sequence[Result]) -> dict[str, Summary]:
    """Return `overall` and each goal's id -> its figures, over the graded results."""
    graded = [each for each in results if each.status == "graded"]
    if not graded:
        return {}
    targets = list(dict.fromkeys(target for each in graded for target in each.criteria))
    return {target: _summary(graded, target) for target in ("overall", *targets)}


def score_of(result: Result, target: str) -> float | None:
    """Return the score of a goal, or `overall`, 1 to 5."""
    return result.overall if target == "overall" else result.criteria.get(target)


def _summary(graded: Sequence[Result], target: str) -> Summary:
    scored = [(each, score) for each in graded if (score := score_of(each, target)) is not None]
    scores = [score for _, score in scored]
    spreads = [
        spread
        for each in graded
        if each.runs and (spread := each.runs.spread.get(target)) is not None
    ]
    return Summary(
        n=len(scores),
        mean=_mean(scores),
        low=min(scores, default=None),
        high=max(scores, default=None),
        spread=_mean(spreads),
        uncertain=sum(target in uncertain_of(each.confidence) for each, _ in scored),
    )


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
