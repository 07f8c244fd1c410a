"""What the plots of progress have in common: room, axes, days, marks. Needs matplotlib."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from interviewer.progress.values import Line, Point
from interviewer.progress.wording import day
from interviewer.report.svg import INKS
from interviewer.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, NARROW = 500, 310
"""Pixels that a plot has in a card: on a desk, on a phone."""
NEWEST = 60
"""Sessions that a plot over time shows."""
_MANY = 30
"""Sessions from which their marks are smaller."""
TEXT, SMALL = 12, 11
"""Sizes of letters, in pixels."""
_PANEL, _LEFT, _BELOW, _DAY = 140, 34, 22, 54
"""Pixels of a panel's height, of figures at the left, of days below, of a day's width."""


def figure_of(width: int, height: int) -> "Figure":
    """Return a figure of this many pixels: one of its 72 dots an inch is one of them."""
    from matplotlib.figure import Figure

    return Figure((width / 72, height / 72), facecolor="none")


def axes_in(
    figure: "Figure", *, left: float, top: float, right: float = 8, bottom: float = _BELOW
) -> "Axes":
    """Return plain axes with this many pixels of the figure left around them.

    Fixed room costs half the time of a layout that measures every letter, and a panel stands where
    its neighbours' do.
    """
    width, height = (72 * each for each in figure.get_size_inches())
    across, up = width - left - right, height - top - bottom
    axes = figure.add_axes((left / width, bottom / height, across / width, up / height))
    _plain(axes)
    return axes


def panels(
    lines: Sequence[Line],
    points: Sequence[Point],
    width: int,
    finish: "Callable[[Axes, Line], None]",
) -> "Figure":
    """Draw a panel a line, two beside each other where there is room; `finish` sets its scale."""
    columns = 2 if width > NARROW else 1
    rows = -(-len(lines) // columns)
    figure = figure_of(width, _PANEL * rows)
    room = width // columns
    for number, line in enumerate(lines):
        row, column = divmod(number, columns)
        axes = axes_in(
            figure,
            left=room * column + _LEFT,
            right=room * (columns - column - 1) + 8,
            top=_PANEL * row + 38,
            bottom=_PANEL * (rows - row - 1) + _BELOW + 6,
        )
        _over_time(axes, line)
        days(axes, points[-NEWEST:])
        finish(axes, line)
    return figure


def _plain(axes: "Axes") -> None:
    """Take away all but a floor, a wall and thin lines across."""
    axes.set_facecolor("none")
    for side, spine in axes.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(INKS["line"])
    axes.tick_params(colors=INKS["soft"], labelsize=SMALL, length=0, pad=4)
    axes.grid(axis="y", color=INKS["line"], linewidth=0.7)
    axes.set_axisbelow(True)


def titled(axes: "Axes", name: str, said: str) -> None:
    """Write a name above, and what is said of it below the name."""
    for text, up, size, ink, weight in (
        (cut(name, 32), 19, TEXT, INKS["ink"], "bold"),
        (said, 5, SMALL, INKS["soft"], "normal"),
    ):
        axes.annotate(
            text,
            (0, 1),
            (0, up),
            xycoords="axes fraction",
            textcoords="offset points",
            size=size,
            color=ink,
            weight=weight,
            parse_math=False,
        )


def _over_time(axes: "Axes", line: Line) -> None:
    """Draw the newest values, and a dashed line where they can't be compared with those before."""
    start = max(0, len(line.values) - NEWEST)
    places = {at: at - start for at in range(start, len(line.values))}
    along(axes, line, places, size=6 if len(places) <= _MANY else 4)
    for each in line.breaks:
        if each > start:
            axes.axvline(each - start - 0.5, color=INKS["soft"], linewidth=1, linestyle=(0, (3, 3)))


def along(
    axes: "Axes",
    line: Line,
    places: Mapping[int, float],
    *,
    size: float,
    mark: str = "o",
    ink: str = INKS["accent"],
) -> None:
    """Draw values, joined as far as they can be compared; hollow where not with the newest.

    Args:
        axes: Where.
        line: The values.
        places: Place in the line -> place on the axes, of those that are drawn.
        size: Of a mark, in pixels.
        mark: Its form.
        ink: Its colour, where it can be compared.
    """
    for begin, end in pairwise([0, *line.breaks, len(line.values)]):
        known = [
            (places[at], value)
            for at in range(begin, end)
            if at in places and (value := line.values[at]) is not None
        ]
        colour = ink if line.alike[begin] else INKS["soft"]
        x, y = [at for at, _ in known], [value for _, value in known]
        axes.plot(x, y, color=colour, linewidth=1.8)
        look = {"color": ink, "markersize": size} if line.alike[begin] else hollow(colour, size)
        axes.plot(x, y, mark, **look)


def hollow(ink: str, size: float) -> dict[str, Any]:
    """Return how a hollow mark looks."""
    return {
        "markerfacecolor": INKS["card"],
        "markeredgecolor": ink,
        "markeredgewidth": 1.8,
        "markersize": size,
    }


def days(axes: "Axes", points: Sequence[Point], *, span: float | None = None) -> None:
    """Write the days below as many sessions as have room; the hours where there is but one day.

    Args:
        axes: Where session 0 stands at 0.
        points: The sessions that are drawn.
        span: How many sessions the axes are wide; None: as many as there are, 2 at the least.
    """
    n = len(points)
    if span is None:
        span = max(n, 2)
        axes.set_xlim(-0.5, span - 0.5)
    pixels = axes.bbox.width / axes.figure.dpi * 72
    step = math.ceil(_DAY * span / pixels)
    places = list(range(n - 1, -1, -step))
    moments = [points[at].at.astimezone() for at in places]
    one_day = n > 0 and day(points[0].at) == day(points[-1].at)
    axes.set_xticks(places, [f"{at:%H:%M}" if one_day else f"{at.day} {at:%b}" for at in moments])


def rows_of(figure: "Figure", names: Sequence[str]) -> "Axes":
    """Return axes with a row a name, which stands above what is drawn."""
    axes = axes_in(figure, left=8, top=4)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(names) - 0.6, -0.75)
    axes.set_yticks([])
    for at, name in enumerate(names):
        axes.text(
            1, at - 0.32, cut(name, 44), size=TEXT, color=INKS["ink"],
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


def named(figure: "Figure", axes: "Axes") -> None:
    """Write below which line is which."""
    legend = figure.legend(
        *axes.get_legend_handles_labels(),
        loc="lower left",
        bbox_to_anchor=(0, 0),
        frameon=False,
        fontsize=SMALL,
        labelcolor=INKS["soft"],
        handlelength=1.6,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def cut(text: str, most: int) -> str:
    """Return a text as it may stand in a plot: of this many letters at the most, all visible.

    XML knows no control characters, so a guide's must not get there.
    """
    shown = printable(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "\u2026"
