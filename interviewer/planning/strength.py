"""How strong each competency was so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from interviewer.planning.past import Practised
from interviewer.text import many

FADES = 0.5
"""What a grade weighs, of the one after it: with one half, no older grades outweigh the newest."""
WEAK = 3.5
"""Points below which a competency is called weak."""
NEW = 3.0
"""Points that a competency counts as until it was practised: weak, but no proven weakness."""


@dataclass(frozen=True, slots=True)
class Strength:
    """A competency so far."""

    competency: str
    points: float
    """Mean, 1 to 5, in which newer grades weigh more."""
    interviews: int
    """How many it rests on."""
    last: datetime
    """When it was practised last."""


def strengths_of(past: Iterable[Practised]) -> dict[str, Strength]:
    """Return competency -> how strong it was, of those that were ever graded."""
    graded: dict[str, list[tuple[datetime, str, float]]] = {}
    for each in past:
        for competency, points in each.points.items():
            graded.setdefault(competency, []).append((each.at, each.session, points))
    return {name: _strength(name, sorted(found)) for name, found in graded.items()}


def _strength(competency: str, graded: list[tuple[datetime, str, float]]) -> Strength:
    total = weight = 0.0
    for _, _, points in graded:
        total, weight = FADES * total + points, FADES * weight + 1
    return Strength(competency, total / weight, len(graded), graded[-1][0])


def plain(competency: str) -> str:
    """Return a competency's slug as words."""
    return competency.replace("-", " ")


def in_interviews(n: int) -> str:
    """Return how many interviews something rests on, in words."""
    return "one interview" if n == 1 else "two interviews" if n == 2 else many(n, "interview")
