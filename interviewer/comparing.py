"""Two grades of the same answer side by side: what moved, and how far many moved together.

Values and arithmetic only; nothing here knows who graded, or draws.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interviewer.grade import Flag, Grade

OVERALL = "overall"
FEWEST = 3
"""Pairs of scores below which nothing is said of their order."""
_LARGEST = 5
"""Moves that are named of many grades."""


@dataclass(frozen=True, slots=True)
class Move:
    """A score then and now."""

    target: str
    """Id of a goal, or `overall`."""
    old: float | None
    """1 to 5; None where it could not be judged."""
    new: float | None

    @property
    def points(self) -> float | None:
        """How far it moved, up or down; None where one of the two is missing."""
        return None if self.old is None or self.new is None else round(self.new - self.old, 2)

    def reaches(self, points: float) -> bool:
        """Tell whether it moved by so many points, or is missing in one of the two grades."""
        if self.points is None:
            return (self.old is None) != (self.new is None)
        return abs(self.points) >= points


@dataclass(frozen=True, slots=True)
class Turned:
    """A step or tip that is judged otherwise now."""

    target: str
    old: bool | None
    new: bool | None


@dataclass(frozen=True, slots=True)
class Requoted:
    """A goal or step whose evidence is another one now."""

    target: str
    old: tuple[str, ...]
    """Sentences; none where nothing was found."""
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two grades have in common is compared; what only one has is named."""

    moves: tuple[Move, ...]
    """`overall` first, then each goal of both grades, moved or not."""
    turned: tuple[Turned, ...]
    requoted: tuple[Requoted, ...]
    raised: tuple[Flag, ...]
    """Flags of the new grade alone."""
    lowered: tuple[Flag, ...]
    """Flags of the old grade alone."""
    added: tuple[str, ...]
    """Ids of goals, steps and tips of the new grade alone."""
    dropped: tuple[str, ...]
    """Those of the old grade alone."""
    calibrations: tuple[str, str] | None
    """Names of the calibrations of both scores, empty for none; None where it is the same."""

    @property
    def overall(self) -> Move:
        """How the whole grade moved."""
        return self.moves[0]

    @property
    def same(self) -> bool:
        """Whether nothing that is compared differs."""
        others = (self.turned, self.requoted, self.raised, self.lowered, self.added, self.dropped)
        moved = any(move.old != move.new for move in self.moves)
        return not moved and not any(others) and self.calibrations is None

    def moved(self, points: float) -> list[Move]:
        """Return the scores that moved by so many points, or that only one grade has."""
        return [move for move in self.moves if move.reaches(points)]

    @property
    def largest(self) -> Move | None:
        """The goal that moved farthest; None where none moved."""
        known = [move for move in self.moves[1:] if move.points]
        return max(known, key=lambda move: abs(move.points or 0), default=None)


def compare(old: Grade, new: Grade) -> Comparison:
    """Put two grades of one answer side by side."""
    goals = [each for each in new.criteria if each in old.criteria]
    moves = [Move(each, old.criteria[each], new.criteria[each]) for each in goals]
    judged_then, judged_now = {**old.steps, **old.tips}, {**new.steps, **new.tips}
    then, now = {**old.criteria, **judged_then}, {**new.criteria, **judged_now}
    flags_then, flags_now = ({flag.id: flag for flag in each.flags} for each in (old, new))
    names = (_calibration(old), _calibration(new))
    return Comparison(
        moves=(Move(OVERALL, old.overall, new.overall), *moves),
        turned=tuple(
            Turned(each, judged_then[each], value)
            for each, value in judged_now.items()
            if each in judged_then and judged_then[each] != value
        ),
        requoted=_requoted(old, new, [each for each in now if each in then]),
        raised=tuple(flag for id, flag in flags_now.items() if id not in flags_then),
        lowered=tuple(flag for id, flag in flags_then.items() if id not in flags_now),
        added=tuple(each for each in now if each not in then),
        dropped=tuple(each for each in then if each not in now),
        calibrations=None if names[0] == names[1] else names,
    )


def _calibration(grade: Grade) -> str:
    return grade.calibrated.name if grade.calibrated else ""


def _requoted(old: Grade, new: Grade, targets: Sequence[str]) -> tuple[Requoted, ...]:
    found = (Requoted(each, _quotes(old, each), _quotes(new, each)) for each in targets)
    return tuple(each for each in found if each.old != each.new)


def _quotes(grade: Grade, target: str) -> tuple[str, ...]:
    return tuple(each.text for each in grade.evidence if each.target == target)


@dataclass(frozen=True, slots=True)
class Shift:
    """How the grades of many sessions moved together."""

    n: int
    """Sessions with an overall score in both grades."""
    mean: float | None
    """Mean move of the overall score, in points; None where there is none."""
    mean_size: float | None
    """Mean of how far it moved, up or down."""
    criteria: dict[str, float]
    """Goal id -> mean move of its score, over the sessions that have both."""
    largest: tuple[tuple[str, Move], ...]
    """(session, move) of the scores that moved farthest, the farthest first."""
    correlation: float | None
    """Spearman's, of the overall scores then and now, -1 to 1."""
    reason: str
    """Why there is no correlation."""


def shift_of(found: Mapping[str, Comparison]) -> Shift:
    """Sum up the comparisons of many sessions, by name."""
    overall = [each.overall for each in found.values() if each.overall.points is not None]
    moves = [(name, move) for name, each in found.items() for move in each.moves if move.points]
    moves.sort(key=lambda pair: -abs(pair[1].points or 0))
    goals: dict[str, list[float]] = {}
    for move in (move for each in found.values() for move in each.moves[1:]):
        if move.points is not None:
            goals.setdefault(move.target, []).append(move.points)
    points = [move.points or 0.0 for move in overall]
    value, reason = rank_correlation(
        [move.old or 0.0 for move in overall], [move.new or 0.0 for move in overall]
    )
    return Shift(
        n=len(overall),
        mean=round(statistics.fmean(points), 3) if points else None,
        mean_size=round(statistics.fmean(map(abs, points)), 3) if points else None,
        criteria={each: round(statistics.fmean(many), 3) for each, many in goals.items()},
        largest=tuple(moves[:_LARGEST]),
        correlation=value,
        reason=reason,
    )


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> tuple[float | None, str]:
    """Return Spearman's rank correlation, or None and the reason why there is none."""
    if len(one) < FEWEST:
        return None, f"there are fewer than {FEWEST} pairs of scores"
    try:
        # The `method` that ranks by itself is new in Python 3.12.
        return round(statistics.correlation(_ranks(one), _ranks(other)), 4), ""
    except statistics.StatisticsError:
        return None, "the scores of one grading are all equal"


def _ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value, from 1; equal values share the mean of their ranks."""
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values), start=1):
        places.setdefault(value, []).append(place)
    return [statistics.fmean(places[value]) for value in values]
