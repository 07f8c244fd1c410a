"""Where a figure is going, with how sure that is.

The slope is Theil and Sen's: the median of the slopes between any two sessions, so that one odd
session moves it little. Its interval holds the slopes that Kendall's test does not rule out (Sen,
"Estimates of the regression coefficient based on Kendall's tau", 1968), and the chances are exact:
all orders of n sessions are counted, which a normal curve would only guess at for a handful. Ties
count for neither side, which makes the test careful rather than bold. It is here and not scipy's
because the terminal's view must not need an extra, and because scipy's interval is the normal one.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from statistics import median

from interviewer.progress.values import Trend, Verdict

FEWEST = 3
"""Values that a trend needs."""
WINDOW = 20
"""The newest values that it looks at: what changed years ago is no trend any more."""
_ALPHA = 0.05


def trend_of(values: Sequence[float]) -> Trend | None:
    """Return the trend of the newest values, oldest first; None for fewer than three."""
    newest = values[-WINDOW:]
    n = len(newest)
    if n < FEWEST:
        return None
    slopes = sorted(
        (later - earlier) / (j - i)
        for (i, earlier), (j, later) in combinations(enumerate(newest), 2)
    )
    score = sum((slope > 0) - (slope < 0) for slope in slopes)
    slope, p = median(slopes), chance(n, score)
    low, high = _interval(slopes, n)
    still = min(newest) == max(newest)
    return Trend(n, slope, low, high, p, "unchanged" if still else _verdict(n, score, p))


def _verdict(n: int, score: int, p: float) -> Verdict:
    if _critical(n) is None:
        return "too few"
    if p > _ALPHA:
        return "unclear"
    return "rising" if score > 0 else "falling"


def _interval(slopes: Sequence[float], n: int) -> tuple[float, float] | tuple[None, None]:
    """Return the slopes that leave no clear trend once they are taken off."""
    critical = _critical(n)
    if critical is None:
        return None, None
    outside = (len(slopes) - critical) // 2
    return slopes[outside], slopes[-1 - outside]


@cache
def _critical(n: int) -> int | None:
    """Return the least of Kendall's scores that n values reach by chance in at most 5 %."""
    pairs = n * (n - 1) // 2
    return next((s for s in range(pairs % 2, pairs + 1, 2) if chance(n, s) <= _ALPHA), None)


@cache
def chance(n: int, score: int) -> float:
    """Return how likely a score as far from 0 is, if every order of n values is as likely.

    Args:
        n: Values.
        score: Pairs that rise less pairs that fall.
    """
    pairs, orders = n * (n - 1) // 2, _orders(n)
    as_far = sum(many for falls, many in enumerate(orders) if abs(pairs - 2 * falls) >= abs(score))
    return as_far / math.factorial(n)


@cache
def _orders(n: int) -> tuple[int, ...]:
    """Return how many orders of n values have 0, 1, 2, ... pairs that fall."""
    counts: tuple[int, ...] = (1,)
    for size in range(2, n + 1):
        longer = len(counts) + size - 1
        counts = tuple(sum(counts[max(0, at - size + 1) : at + 1]) for at in range(longer))
    return counts
