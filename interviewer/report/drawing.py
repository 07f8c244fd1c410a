"""What the plots of progress have in common: room, axes, days, marks. Needs matplotlib."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from interviewer.progress.values import Line, Point
from interviewer.progress.wording import day
from interviewer.report.svg import INKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, NARROW = 500, 310
"""Pixels that a plot has in a card: on a desk, on a phone."""
NEWEST = 60
"""Sessions that a plot over time shows."""
TEXT, SMALL = 12, 11
"""Sizes of letters, in pixels."""


def figure_of(width: int, height: int) -> "Figure":
    """Return a figure of this many pixels: one of its 72 dots an inch is one of them."""
    from matplotlib.figure import Figure

    return Figure((width / 72, height / 72), layout="constrained", facecolor="none")


def panels(
    lines: Sequence[Line],
    points: Sequence[Point],
    width: int,
    finish: "Callable[[Axes, Line], None]",
) -> "Figure":
    """Draw a panel a line, two beside each other where there is room; `finish` sets its scale."""
    columns = 2 if width > NARROW else 1
    rows = -(-len(lines) // columns)
    figure = figure_of(width, 118 * rows + 8)
    for number, line in enumerate(lines, start=1):
        axes = figure.add_subplot(rows, columns, number)
        plain(axes)
        _over_time(axes, line)
        days(axes, points[-NEWEST:], width // columns)
        finish(axes, line)
    return figure


def plain(axes: "Axes") -> None:
    """Take away all but a floor, a wall and thin lines across."""
    axes.set_facecolor("none")
    for side, spine in axes.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(INKS["line"])
    axes.tick_params(colors=INKS["soft"], labelsize=SMALL, length=0, pad=4)
    axes.grid(axis="y", color=INKS["line"], linewidth=0.7)
    axes.set_axisbelow(True)


def titled(axes: "Axes", name: str, said: str) -> None:
    """Write a name above, and what is said of it at the right."""
    title = shorten(name, 34 if not said else 26, placeholder="…")
    axes.set_title(
        title, loc="left", size=TEXT, color=INKS["ink"], pad=6, parse_math=False, weight="bold"
    )
    if said:
        axes.set_title(said, loc="right", size=SMALL, color=INKS["soft"], pad=6)


def _over_time(axes: "Axes", line: Line) -> None:
    """Draw the newest values: joined as far as they can be compared, hollow where they can't."""
    start = max(0, len(line.values) - NEWEST)
    cuts = [each for each in line.breaks if each > start]
    ends = [start, *cuts, len(line.values)]
    for begin, end in pairwise(ends):
        known = [
            (at - start, value)
            for at in range(begin, end)
            if (value := line.values[at]) is not None
        ]
        ink = INKS["accent"] if line.alike[begin] else INKS["soft"]
        x, y = [at for at, _ in known], [value for _, value in known]
        axes.plot(x, y, color=ink, linewidth=1.8)
        look = {"color": ink, "markersize": 6} if line.alike[begin] else hollow(ink, 6)
        axes.plot(x, y, "o", **look)
    for cut in cuts:
        axes.axvline(cut - start - 0.5, color=INKS["soft"], linewidth=1, linestyle=(0, (3, 3)))


def hollow(ink: str, size: float) -> dict[str, Any]:
    """Return how a hollow mark looks."""
    return {
        "markerfacecolor": INKS["card"],
        "markeredgecolor": ink,
        "markeredgewidth": 1.8,
        "markersize": size,
    }


def days(axes: "Axes", points: Sequence[Point], width: int, *, most: int = 0) -> None:
    """Write the days below some of the sessions; the hours where there is but one day."""
    n = len(points)
    if most == 0:
        axes.set_xlim(-0.5, max(n, 2) - 0.5)
    if not n:
        axes.set_xticks([])
        return
    room = min(n, most or max(2, width // 110))
    places = sorted({round(at * (n - 1) / max(1, room - 1)) for at in range(room)})
    moments = [points[at].at.astimezone() for at in places]
    one_day = day(points[0].at) == day(points[-1].at)
    axes.set_xticks(places, [f"{at:%H:%M}" if one_day else f"{at.day} {at:%b}" for at in moments])


def rows_of(figure: "Figure", names: Sequence[str]) -> "Axes":
    """Return axes with a row a name, which stands above what is drawn."""
    axes = figure.add_subplot()
    plain(axes)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(names) - 0.6, -0.75)
    axes.set_yticks([])
    for at, name in enumerate(names):
        axes.text(
            1, at - 0.32, shorten(name, 44, placeholder="…"), size=TEXT, color=INKS["ink"],
            parse_math=False,
        )  # fmt: skip
    return axes


def points_across(axes: "Axes") -> None:
    """Let points from 1 to 5 go from left to right."""
    axes.set_xlim(0.9, 5.1)
    axes.set_xticks([1, 2, 3, 4, 5])
    axes.grid(visible=False)
    axes.grid(axis="x", color=INKS["line"], linewidth=0.7)


def labelled(axes: "Axes", places: Sequence[int], names: Sequence[str]) -> None:
    """Write names at the left of rows."""
    axes.set_yticks(list(places), list(names))
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
        label.set_color(INKS["ink"])
        label.set_fontsize(SMALL)
