"""The plots of progress. Needs matplotlib, which is in the extra `agree`.

Each is drawn for two widths, in pixels, so that letters are as large on a phone as on a desk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from interviewer.progress.values import Gain, GuideProgress, Item, Line, Own, Point, Progress
from interviewer.progress.wording import change
from interviewer.report.drawing import (
    NARROW,
    NEWEST,
    SMALL,
    WIDE,
    along,
    axes_in,
    cut,
    days,
    figure_of,
    hollow,
    labelled,
    named,
    panels,
    points_across,
    rows_of,
    titled,
)
from interviewer.report.svg import INKS, inline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEWEST_CELLS = 24
"""Sessions that the heat map shows."""
_LOOKS = (("o", "accent"), ("s", "middling"), ("^", "high"), ("D", "low"), ("v", "soft"))
"""Marks and colours of guides; more than these are in the table alone."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture, drawn twice."""

    wide: Markup
    narrow: Markup
    label: str
    """What it shows, for those who do not see it."""


def plot(draw: "Callable[[int], Figure]", prefix: str, label: str) -> Plot:
    """Return what `draw` makes of either width."""
    return Plot(inline(draw(WIDE), f"{prefix}w"), inline(draw(NARROW), f"{prefix}n"), label)


def scores(guide: GuideProgress, width: int) -> "Figure":
    """Draw each score over the sessions, a panel a criterion.

    What can't be compared with the newest is hollow, and a dashed line stands where grades change.
    """
    return panels(guide.scores, guide.points, width, _draw_scores)


def _draw_scores(axes: "Axes", line: Line) -> None:
    axes.set_ylim(0.8, 5.2)
    axes.set_yticks([1, 2, 3, 4, 5], ["1", "", "3", "", "5"])
    titled(axes, line.name, _trend(line))


def delivery(found: Progress, width: int) -> "Figure":
    """Draw each measure of delivery over the sessions."""
    return panels(found.delivery, found.told, width, _draw_measure)


def _draw_measure(axes: "Axes", line: Line) -> None:
    known = [value for value in line.values if value is not None]
    top = 100.0 if line.id == "i" else max([*known, 1.0])
    axes.set_ylim(-0.04 * top, 1.12 * top)
    axes.set_yticks(ticks := _ticks(line, top), [_tick(line, each) for each in ticks])
    titled(axes, line.name, _trend(line))


def _ticks(line: Line, top: float) -> list[int]:
    """Return three or four round figures from nothing to `top`."""
    if line.id == "i":
        return [0, 50, 100]
    steps = (15, 30, 60, 120, 300) if line.id == "speaking_s" else (1, 2, 5, 10, 20, 50)
    step = next((each for each in steps if top / each <= 5), 100)
    return list(range(0, int(top) + 1, step))


def _tick(line: Line, value: int) -> str:
    if line.id == "speaking_s":
        return f"{value // 60}:{value % 60:02}"
    return f"{value}%" if line.id == "i" else f"{value}"


def _trend(line: Line) -> str:
    if line.trend is None:
        return ""
    said = "too few to tell" if line.trend.verdict == "too few" else line.trend.verdict
    return f"{change(line, line.trend)} an interview, {said}"


def profile(guide: GuideProgress, width: int) -> "Figure":
    """Draw for each criterion the range of what can be compared, its mean and the last score."""
    lines = [each for each in guide.scores if each.n]
    figure = figure_of(width, 46 * len(lines) + 44)
    axes = rows_of(figure, [each.name for each in lines])
    for at, line in enumerate(lines):
        known = _comparable(line)
        axes.plot([min(known), max(known)], [at, at], color=INKS["track"], linewidth=7)
        axes.plot(
            [line.mean or 0.0], [at], "|", color=INKS["ink"], markersize=15, markeredgewidth=2
        )
        if line.last is not None:
            axes.plot([line.last], [at], "o", color=INKS["accent"], markersize=9)
    points_across(axes)
    return figure


def _comparable(line: Line) -> list[float]:
    return [
        value
        for value, fits in zip(line.values, line.alike, strict=True)
        if fits and value is not None
    ]


def gains(guide: GuideProgress, width: int) -> "Figure":
    """Draw for each criterion the mean of the first answers, and an arrow to that of the final."""
    found = [each for each in guide.gains if each.n]
    figure = figure_of(width, 46 * len(found) + 44)
    axes = rows_of(figure, [each.name for each in found])
    for at, gain in enumerate(found):
        first, final = gain.first or 0.0, gain.final or 0.0
        _apart(axes, (first, final), at, flat=True)
    points_across(axes)
    return figure


def gain_over_time(gain: Gain, points: Sequence[Point], width: int) -> "Figure":
    """Draw first and final answer of each session that has both, overall."""
    return _pairs(gain.pairs, points, width)


def own_over_time(own: Own, points: Sequence[Point], width: int) -> "Figure":
    """Draw own score and grade of each session that has both, over all scored criteria."""
    return _pairs(own.pairs, points, width, toneless=True)


def _pairs(
    pairs: Sequence[tuple[float, float] | None],
    points: Sequence[Point],
    width: int,
    *,
    toneless: bool = False,
) -> "Figure":
    both = [(pair, point) for pair, point in zip(pairs, points, strict=True) if pair][-NEWEST:]
    figure = figure_of(width, 190)
    axes = axes_in(figure, left=24, top=6)
    axes.set_ylim(0.8, 5.2)
    axes.set_yticks([1, 2, 3, 4, 5])
    for at, (pair, _) in enumerate(both):
        _apart(axes, pair, at, flat=False, toneless=toneless)
    days(axes, [point for _, point in both])
    return figure


def _apart(
    axes: "Axes", pair: tuple[float, float], at: int, *, flat: bool, toneless: bool = False
) -> None:
    """Draw two scores and what lies between: hollow is the first of them, full the other."""
    first, second = pair
    rising = second >= first
    colour = INKS["soft"] if toneless else INKS["high" if rising else "low"]
    along, across = [first, second], [at, at]
    x, y = (along, across) if flat else (across, along)
    axes.plot(x, y, color=colour, linewidth=2.5)
    axes.plot(x[:1], y[:1], "o", **hollow(INKS["soft"], 8))
    full = INKS["accent"] if toneless else colour
    axes.plot(x[1:], y[1:], "o", color=full, markersize=9)


def heat(guide: GuideProgress, width: int) -> "Figure":
    """Draw which step was covered, and which tip kept, in which session: full squares were."""
    from matplotlib.patches import Rectangle

    items, points = guide.items, guide.points[-NEWEST_CELLS:]
    figure = figure_of(width, 30 * len(items) + 34)
    axes = axes_in(figure, left=170 if width > NARROW else 128, top=4)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    # Few sessions make squares, not planks.
    span = max(len(points), 8)
    axes.set_xlim(-0.5, span - 0.5)
    axes.set_ylim(len(items) - 0.5, -0.5)
    for row, item in enumerate(items):
        for at, state in enumerate(item.kept[-NEWEST_CELLS:]):
            axes.add_patch(Rectangle((at - 0.42, row - 0.36), 0.84, 0.72, **_cell(state)))
            if state is None:
                mark = axes.text(at, row, "?", size=SMALL, color=INKS["soft"], ha="center")
                mark.set_verticalalignment("center")
    room = 26 if width > NARROW else 19
    labelled(axes, range(len(items)), [_in_two_lines(_shown(item), room) for item in items])
    days(axes, points, span=span)
    return figure


def _in_two_lines(name: str, room: int) -> str:
    lines = wrap(cut(name, 2 * room), room)
    return "\n".join(lines[:1] + ([cut(" ".join(lines[1:]), room)] if lines[1:] else []))


def _shown(item: Item) -> str:
    return item.name if item.kind == "step" else f"Tip: {item.name}"


def _cell(state: bool | None) -> dict[str, Any]:
    face = {True: INKS["accent"], False: INKS["card"], None: INKS["track"]}[state]
    edge = {True: INKS["accent"], False: INKS["low"], None: INKS["track"]}[state]
    return {"facecolor": face, "edgecolor": edge, "linewidth": 1.2}


def together(found: Progress, width: int) -> "Figure":
    """Draw the overall scores of all guides over the sessions, a mark a guide.

    A guide's line is cut where its grades can't be compared, and hollow as in `scores`.
    """
    shown = [
        (point, guide, at)
        for guide, each in enumerate(found.guides)
        for at, (point, value) in enumerate(zip(each.points, each.overall.values, strict=True))
        if value is not None
    ]
    sessions = sorted(shown, key=lambda each: each[0].at)[-NEWEST:]
    guides = list(dict.fromkeys(guide for _, guide, _ in sessions))[: len(_LOOKS)]
    below = 20 * len(guides)
    figure = figure_of(width, 190 + below)
    axes = axes_in(figure, left=24, top=6, bottom=26 + below)
    axes.set_ylim(0.8, 5.2)
    axes.set_yticks([1, 2, 3, 4, 5])
    for guide, (mark, ink) in zip(guides, _LOOKS, strict=False):
        places = {at: place for place, (_, which, at) in enumerate(sessions) if which == guide}
        along(axes, found.guides[guide].overall, places, mark=mark, ink=INKS[ink], size=7)
        name = cut(found.guides[guide].guide, 60 if width > NARROW else 40)
        axes.plot([], [], marker=mark, color=INKS[ink], linewidth=1.2, label=name)
    days(axes, [point for point, _, _ in sessions])
    named(figure, axes)
    return figure
