"""What somebody's sessions have in common, as frozen values; whoever draws them adds nothing.

Scores are points from 1 (worst) to 5 (best). A sequence over sessions has the oldest first. What is
not known is None: never a zero.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Verdict = Literal["rising", "falling", "unchanged", "unclear", "too few"]
"""What can be said of a trend; `unchanged`: all values are one; `too few`: nothing can be said."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Where a figure is going, by the newest values that can be compared."""

    n: int
    """Values that it rests on, 3 at the least."""
    slope: float
    """Change a session, in the figure's unit."""
    low: float | None
    """Of the 95 % interval of the slope; None where so few values give none."""
    high: float | None
    p: float
    """Chance of an order as clear as this, or clearer, if sessions changed nothing."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Point:
    """One session that has a grade."""

    id: str
    """The session's."""
    at: datetime
    """When it began."""
    guide: str
    """Id of its guide."""
    model: str
    """Who gave the grade that counts."""
    calibration: str | None
    """Whose scale the overall score comes from; None: nobody's."""
    regraded: bool
    """Whether the grade that counts is a later one."""
    changed: tuple[str, ...]
    """What of `model`, `guide` (its text), `calibration` differs from the point before."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over the sessions, and what is to be said of it.

    `last`, `best`, `mean` and `trend` are of the values that can be compared with the newest.
    """

    id: str
    """`overall`, the id of a goal, or the name of a measure of delivery."""
    name: str
    values: tuple[float | None, ...]
    alike: tuple[bool, ...]
    """Which values can be compared with the newest: same model, guide and, overall, calibration."""
    uncertain: tuple[bool, ...]
    """Of which the model was hardly surer than of a coin's toss."""
    breaks: tuple[int, ...]
    """Places whose value can't be compared with the one before."""
    n: int
    """Values that can be compared with the newest."""
    last: float | None
    best: float | None
    """None for a measure of delivery: more is not better there."""
    mean: float | None
    trend: Trend | None
    """None for fewer than three values."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some sessions."""

    n: int
    of: int


@dataclass(frozen=True, slots=True)
class Item:
    """A step or tip of the guide over the sessions."""

    id: str
    name: str
    kind: Literal["step", "tip"]
    kept: tuple[bool | None, ...]
    """Covered (a step) or kept (a tip); None where it could not be judged."""
    alike: tuple[bool, ...]
    lately: Share
    """Missing, of the newest that can be compared: `RECENT` at the most."""
    missing: Share
    """Missing, of all that can be compared."""


@dataclass(frozen=True, slots=True)
class Gain:
    """First answers against final ones, in sessions that graded both."""

    id: str
    name: str
    pairs: tuple[tuple[float, float] | None, ...]
    """(first, final), both graded in the session itself; None where one of them is not there."""
    n: int
    first: float | None
    """Mean; None where there is no pair."""
    final: float | None
    better: int
    """Sessions in which the final answer is better, as scores are shown: to a tenth of a point."""


@dataclass(frozen=True, slots=True)
class Own:
    """The candidate's own scores against grades."""

    id: str
    name: str
    pairs: tuple[tuple[float, float] | None, ...]
    """(own score, grade)."""
    n: int
    """Pairs whose grade can be compared with the newest; the means are of these."""
    own: float | None
    grade: float | None
    last: float | None
    """Own score less grade, in the newest session that has both."""


@dataclass(frozen=True, slots=True)
class GuideProgress:
    """All sessions about one guide."""

    guide: str
    """Its id."""
    question: str
    sessions: int
    graded: int
    points: tuple[Point, ...]
    """The sessions with a grade; all sequences below go along with them."""
    scores: tuple[Line, ...]
    """Overall, then the goals of the newest session's guide in its order."""
    items: tuple[Item, ...]
    """Steps, then tips, in the guide's order."""
    gains: tuple[Gain, ...]
    """Overall, then the goals."""
    own: tuple[Own, ...]
    """All scored goals together (`overall`), then each; empty where nobody scored themselves."""

    @property
    def overall(self) -> Line:
        """The overall score."""
        return self.scores[0]

    @property
    def gaps(self) -> list[Item]:
        """The steps and tips that are missing, those first that lately are missing most often."""
        found = [each for each in self.items if each.missing.n]
        return sorted(found, key=_most_missing, reverse=True)


def _most_missing(item: Item) -> tuple[float, float]:
    lately, missing = item.lately, item.missing
    return lately.n / max(1, lately.of), missing.n / max(1, missing.of)


@dataclass(frozen=True, slots=True)
class Progress:
    """All sessions."""

    sessions: int
    graded: int
    regraded: int
    """Sessions that count with a later grade."""
    copies: int
    """Files that held a session which another file holds too; they are not counted."""
    began: datetime | None
    """When the first session began; None where there is none."""
    ended: datetime | None
    """When the last session began."""
    guides: tuple[GuideProgress, ...]
    """The guide that was practised last comes first."""
    told: tuple[Point, ...]
    """The sessions whose answer's delivery was counted, of all guides."""
    delivery: tuple[Line, ...]
    """`speaking_s`, `fillers` and `figures` in 100 words, `i` (percent of I in I and we); by code,
    so they can be compared whoever graded."""
    gain: Gain
    """First against final answers, overall, of all guides."""
