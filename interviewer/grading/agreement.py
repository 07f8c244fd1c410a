"""How far two sequences of scores agree, with bootstrap intervals.

Pure: figures in, figures out. Needs the extra `agree`, imported when it is used.

Sources: quadratic weighted kappa: Cohen, "Weighted kappa", Psychological Bulletin 70 (1968);
percentile bootstrap: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from interviewer.errors import UsageError
from interviewer.extras import need
from interviewer.value import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SEED = 7
RESAMPLES = 2000
FEWEST = 3
"""Pairs below which nothing is said."""
_COVERAGE = (2.5, 97.5)


class Estimate(Value):
    """A figure with its 95 % interval, or the reason why there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    """None where too many resamples left the figure undefined."""
    reason: str = ""


class Agreement(Value):
    """How far two raters, or a rater and the machine, agree."""

    n: int = Field(ge=0)
    """Pairs of scores."""
    scale: tuple[float, float]
    kappa: Estimate
    """Quadratic weighted, on whole points of the scale."""
    pearson: Estimate
    spearman: Estimate
    mae: Estimate
    """Mean absolute error, in points of the scale."""
    exact: Estimate
    """Share of pairs with the same whole point, 0 to 1."""
    adjacent: Estimate
    """Share of pairs at most one whole point apart, 0 to 1."""


def onto(score: float, scale: tuple[float, float]) -> float:
    """Map a score of 1 to 5 linearly onto `scale`."""
    return scale[0] + (score - 1) * (scale[1] - scale[0]) / 4


def agreement(
    pairs: Sequence[tuple[float, float]],
    *,
    scale: tuple[float, float],
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Agreement:
    """Compare two scores of each answer, both on `scale`.

    Args:
        pairs: (human, machine), or (human, human), one an answer.
        scale: Worst and best score; kappa and exact agreement are of its whole points.
        seed: Of the bootstrap, which resamples answers.
        resamples: How many.

    Raises:
        UsageError: A first score lies outside the scale.
        InterviewerError: The extra `agree` is not installed.
    """
    return agreement_of_several([pairs], scale=scale, seed=seed, resamples=resamples)


def agreement_of_several(
    several: Sequence[Sequence[tuple[float, float]]],
    *,
    scale: tuple[float, float],
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Agreement:
    """Return the mean agreement of several comparisons over the same answers.

    With three raters or more: each rater against the mean of the others.
    """
    need("agree", "numpy", "scipy", "sklearn")
    import numpy as np

    arrays = [np.asarray(pairs, dtype=float).reshape(-1, 2) for pairs in several]
    n = len(arrays[0])
    for pairs in arrays:
        _check(pairs[:, 0], scale)
    pick = np.random.default_rng(seed).integers(0, max(n, 1), size=(resamples, n))

    def estimate(statistic: "Statistic", exact: "Point | None" = None) -> Estimate:
        return _estimate(arrays, pick, statistic, exact)

    def points(x: "Numbers") -> "Numbers":
        whole: Numbers = np.clip(np.floor(x + 0.5), np.ceil(scale[0]), np.floor(scale[1]))
        return whole

    return Agreement(
        n=n,
        scale=scale,
        kappa=estimate(lambda a, b: _kappa(points(a), points(b)), _sklearn_kappa(scale)),
        pearson=estimate(_pearson),
        spearman=estimate(_spearman),
        mae=estimate(lambda a, b: np.abs(a - b).mean(axis=1)),
        exact=estimate(lambda a, b: (points(a) == points(b)).mean(axis=1)),
        adjacent=estimate(lambda a, b: (np.abs(points(a) - points(b)) <= 1).mean(axis=1)),
    )


Statistic = Callable[["Numbers", "Numbers"], "Numbers"]
"""Two arrays of shape (resamples, n) -> the figure of each resample; nan where undefined."""
Point = Callable[["Numbers", "Numbers"], float]
"""Two sequences -> the figure of the data itself."""


def _estimate(
    arrays: Sequence["Numbers"],
    pick: "NDArray[np.int64]",
    statistic: Statistic,
    point: Point | None,
) -> Estimate:
    import numpy as np

    n = len(arrays[0])
    if n < FEWEST:
        return Estimate(value=None, reason=f"{n} pairs of scores; {FEWEST} are needed")
    found = []
    for pairs in arrays:
        a, b = pairs[:, 0], pairs[:, 1]
        value = float(statistic(a[None], b[None])[0])
        found.append(point(a, b) if point and np.isfinite(value) else value)
    if not np.all(np.isfinite(found)):
        return Estimate(value=None, reason="one side gave every answer the same score")
    drawn = np.mean([statistic(pairs[pick, 0], pairs[pick, 1]) for pairs in arrays], axis=0)
    drawn = drawn[np.isfinite(drawn)]  # a resample may hold one score only
    value = float(np.mean(found))
    if len(drawn) * 2 < len(pick):
        return Estimate(value=value, reason="too few different scores for an interval")
    low, high = np.percentile(drawn, _COVERAGE)
    return Estimate(value=value, low=float(low), high=float(high))


def _kappa(a: "Numbers", b: "Numbers") -> "Numbers":
    """Return 1 - sum(w O) / sum(w E) with w = (i - j)^2, written out (Cohen 1968).

    The expected part, over independent margins, is var(a) + var(b) + (mean(a) - mean(b))^2.
    """
    import numpy as np

    seen = ((a - b) ** 2).mean(axis=1)
    chance = a.var(axis=1) + b.var(axis=1) + (a.mean(axis=1) - b.mean(axis=1)) ** 2
    constant = (a.var(axis=1) == 0) | (b.var(axis=1) == 0)
    return _divided(np.where(constant, np.nan, chance - seen), chance)


def _sklearn_kappa(scale: tuple[float, float]) -> Point:
    def kappa(a: "Numbers", b: "Numbers") -> float:
        import numpy as np
        from sklearn.metrics import cohen_kappa_score

        labels = list(range(int(np.ceil(scale[0])), int(np.floor(scale[1])) + 1))
        a, b = (np.clip(np.floor(x + 0.5), labels[0], labels[-1]).astype(int) for x in (a, b))
        return float(cohen_kappa_score(a, b, labels=labels, weights="quadratic"))

    return kappa


def _pearson(a: "Numbers", b: "Numbers") -> "Numbers":
    """Return covariance over the product of standard deviations, of each row."""
    import numpy as np

    a = a - a.mean(axis=1, keepdims=True)
    b = b - b.mean(axis=1, keepdims=True)
    size = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    # Equal floats leave a rest of some 1e-16 behind: that is no variation.
    return _divided((a * b).sum(axis=1), np.where(size < 1e-12, 0.0, size))


def _spearman(a: "Numbers", b: "Numbers") -> "Numbers":
    """Return Pearson's r of the ranks, ties sharing their mean rank (Spearman 1904)."""
    from scipy.stats import rankdata

    return _pearson(rankdata(a, axis=1), rankdata(b, axis=1))


def _divided(top: "Numbers", bottom: "Numbers") -> "Numbers":
    """Return the quotient; nan, without a warning, where `bottom` is 0."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Numbers = np.where(bottom == 0, np.nan, top / bottom)
    return quotient


def _check(first: "Numbers", scale: tuple[float, float]) -> None:
    import numpy as np

    if not scale[0] < scale[1]:
        raise UsageError(f"the scale {scale[0]:g} to {scale[1]:g} does not rise", where="--scale")
    if outside := [each for each in first if not scale[0] <= each <= scale[1]]:
        raise UsageError(
            f"a score of {outside[0]:g} is outside the scale {scale[0]:g} to {scale[1]:g}",
            where="--scale",
            hint=f"--scale {np.floor(min(first)):g} {np.ceil(max(first)):g}, or the raters' own",
        )
