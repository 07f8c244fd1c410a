"""What progress says in sentences: the same in the terminal and on the page."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from interviewer.progress.trend import FEWEST, WINDOW
from interviewer.progress.values import Gain, GuideProgress, Line, Own, Point, Progress, Trend
from interviewer.text import many

ABOUT_TRENDS = (
    "A trend is the change from one interview to the next over the newest that can be compared, "
    f"{WINDOW} at the most (Theil-Sen). It is called rising or falling only where chance alone "
    "would show one as clear in less than 5 %, which takes five interviews."
)
ABOUT_ALIKE = "Last, best, mean and trend are of interviews graded as the newest was."
_MOST_BREAKS = 4


def day(at: datetime) -> str:
    """Return the day of a moment, where the reader is."""
    return f"{at.astimezone():%Y-%m-%d}"


def moment(at: datetime) -> str:
    """Return a moment to the minute, where the reader is."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def span(began: datetime, ended: datetime) -> str:
    """Return the days from the first to the last session."""
    first, last = day(began), day(ended)
    return first if first == last else f"{first} to {last}"


def counted(found: Progress) -> list[str]:
    """Return when the sessions were, and how many of them have what kind of grade."""
    said = [span(found.began, found.ended)] if found.began and found.ended else []
    said += [f"{found.graded:,} graded"] if found.sessions else []
    if found.sessions > found.graded:
        said.append(f"{found.sessions - found.graded:,} without a grade")
    if found.regraded:
        said.append(f"{found.regraded:,} by a later grade")
    return said


def counted_of(guide: GuideProgress) -> str:
    """Return how many sessions a guide has."""
    without = guide.sessions - guide.graded
    rest = f", {without} without a grade" if without else ""
    return f"{many(guide.sessions, 'interview')}{rest}"


def gained(gain: Gain) -> str:
    """Return how final answers did against first ones; empty where no session has both."""
    if gain.first is None or gain.final is None:
        return ""
    change = apart(gain.final, gain.first)
    more = "more" if change >= 0 else "fewer"
    return (
        f"final answers got {abs(change):.1f} points {more} than first ones on average, and more "
        f"in {gain.better:,} of {gain.n:,}"
    )


def judged(own: Own) -> str:
    """Return how somebody's own scores lie to the grades; empty where there are none."""
    if own.own is None or own.grade is None:
        return ""
    over, of = apart(own.own, own.grade), many(own.n, "interview")
    if abs(over) < 0.25:
        return f"Your own scores are close to the grades ({of})."
    more = "higher" if over > 0 else "lower"
    return f"You score yourself {abs(over):.1f} points {more} than the grade ({of})."


def measured(line: Line, value: float | None) -> str:
    """Return a measure of delivery in its unit; a dash where there is none."""
    if value is None:
        return "-"
    if line.id == "speaking_s":
        return f"{int(value) // 60}:{int(value) % 60:02}"
    return f"{value:.0f}%" if line.id == "i" else f"{value:.1f}"


def digits_of(line: Line) -> int:
    """Return how many digits a change of the figure is worth: seconds and percent need fewer."""
    return 1 if line.id in {"speaking_s", "i"} else 2


def signed(value: float, digits: int) -> str:
    """Return a change with its sign; none has no sign."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"


def apart(one: float, other: float) -> float:
    """Return how far two scores are apart as they are shown, to a tenth of a point."""
    return round(one, 1) - round(other, 1)


def change(line: Line, trend: Trend) -> str:
    """Return a trend's change a session in the figure's unit."""
    unit = {"speaking_s": " s", "i": "%"}.get(line.id, "")
    return signed(trend.slope, digits_of(line)) + unit


def slope(line: Line) -> str:
    """Return a figure's change a session, and what can be said of it; empty without a trend."""
    return f"{change(line, line.trend)} {line.trend.verdict}" if line.trend else ""


def interval(trend: Trend, digits: int = 2) -> str:
    """Return the 95 % interval of a trend; empty where it says no more than the slope.

    That is where so few values give none, and where all slopes are one.
    """
    if trend.low is None or trend.high is None:
        return ""
    low, high = signed(trend.low, digits), signed(trend.high, digits)
    return "" if low == high else f"{low} to {high}"


def doubtful(line: Line) -> bool:
    """Tell whether the model was hardly sure of the last score."""
    newest = max((at for at, fits in enumerate(line.alike) if fits), default=None)
    return newest is not None and line.uncertain[newest] and line.last is not None


def about_scores(guide: GuideProgress) -> list[str]:
    """Return what has to be known about a guide's scores: how few, and who gave them."""
    if not guide.points:
        return []
    notes = []
    if not any(line.trend for line in guide.scores):
        notes.append(
            f"A trend needs {FEWEST} interviews that can be compared; here "
            f"{'is' if guide.scores[-1].n == 1 else 'are'} {guide.scores[-1].n}."
        )
    newest = guide.points[-1]
    if newest.calibration:
        notes.append(f"Overall is calibrated by {newest.calibration}; the criteria are not.")
    if any(point.changed for point in guide.points):
        notes.append(ABOUT_ALIKE)
    return notes


def breaks_of(points: Sequence[Point]) -> list[str]:
    """Return a sentence for each of the newest places where grades can't be compared.

    Args:
        points: Of one guide.
    """
    found = [
        f"{day(after.at)}: {_change(before, after)}."
        for before, after in pairwise(points)
        if after.changed
    ]
    earlier = len(found) - _MOST_BREAKS
    before_these = [f"{many(earlier, 'earlier change')} of the grader."] if earlier > 0 else []
    return before_these + found[-_MOST_BREAKS:]


def _change(before: Point, after: Point) -> str:
    said = []
    if "model" in after.changed:
        said.append(f"graded by {after.model}, before by {before.model}")
    if "guide" in after.changed:
        said.append("the guide's text is another")
    if "calibration" in after.changed:
        said.append(f"overall calibrated by {after.calibration or 'nobody'}")
    return "; ".join(said)
