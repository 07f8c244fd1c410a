"""What a guide's answers have in common, with every bar's place: templates only draw."""

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.batch.summary import Figures, Group
from interviewer.grading.guards import named

WORST, BEST = 1.0, 5.0
_BINS = 8
"""Bars of the distribution: half a point each."""
_WEAKEST = 5
"""Steps and flags that are shown."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a distribution."""

    low: float
    high: float
    """Scores from `low` to below `high`; the last bar holds the best score too."""
    n: int
    share: float
    """Its height against the highest bar, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A criterion's figures, and their places from 0 (worst) to 1 (best)."""

    name: str
    figures: Figures
    mean: float
    low: float
    """Of the lower quartile."""
    high: float
    """Of the upper quartile."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many answers something holds for."""

    id: str
    name: str
    n: int
    of: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.n / self.of


@dataclass(frozen=True, slots=True)
class Overview:
    """One guide's answers together."""

    question: str
    guide: str
    graded: int
    overall: Figures
    bars: list[Bar]
    criteria: list[Spread]
    steps: list[Share]
    """Answers that cover a step, the least covered first."""
    flags: list[Share]
    """Answers with a flag, the commonest first."""


def overview_of(group: Group) -> Overview:
    """Return what is shown about a guide's answers."""
    figures, names = group.scores.figures(), group.rubric.names
    steps = [
        Share(step, names[step], covered, known)
        for step, (covered, known) in group.covered.items()
        if known
    ]
    return Overview(
        question=group.rubric.question,
        guide=group.guide,
        graded=group.graded,
        overall=figures["overall"],
        bars=bars_of(group.scores.of("overall")),
        criteria=[
            _spread(names.get(target, target), each)
            for target, each in figures.items()
            if target != "overall" and each.n
        ],
        steps=sorted(steps, key=lambda each: each.share)[:_WEAKEST],
        flags=[
            Share(flag, named(flag, names), n, group.graded)
            for flag, n in group.flags.most_common(_WEAKEST)
        ],
    )


def bars_of(scores: Sequence[float]) -> list[Bar]:
    """Count scores by half points, from the worst to the best."""
    width = (BEST - WORST) / _BINS
    counts = [0] * _BINS
    for score in scores:
        counts[min(_BINS - 1, max(0, int((score - WORST) / width)))] += 1
    most = max(counts) or 1
    return [
        Bar(WORST + at * width, WORST + (at + 1) * width, n, n / most)
        for at, n in enumerate(counts)
    ]


def place_of(score: float) -> float:
    """Return where a score stands from worst (0) to best (1)."""
    return (score - WORST) / (BEST - WORST)


def _spread(name: str, figures: Figures) -> Spread:
    low, _, high = figures.quartiles or (WORST, WORST, WORST)
    mean = figures.mean or WORST
    return Spread(name, figures, place_of(mean), place_of(low), place_of(high))
