"""The plots of progress. Needs matplotlib, which is in the extra `agree`.

Each is drawn for two widths, in pixels, so that letters are as large on a phone as on a desk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill, shorten
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from interviewer.progress.values import Gain, GuideProgress, Item, Line, Own, Point, Progress
from interviewer.progress.wording import day, slope
from interviewer.report.svg import INKS, inline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, NARROW = 500, 310
"""Pixels that a plot has in a card: on a desk, on a phone."""
NEWEST = 60
"""Sessions that a plot over time shows."""
NEWEST_CELLS = 24
"""Sessions that the heat map shows."""
_TEXT, _SMALL = 12, 11
_MARKERS = "os^Dv"


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
    return _panels(guide.scores, guide.points, width, _draw_scores)


def _draw_scores(axes: "Axes", line: Line) -> None:
    axes.set_ylim(0.8, 5.2)
    axes.set_yticks([1, 2, 3, 4, 5], ["1", "", "3", "", "5"])
    said = "" if line.trend is None else slope(line.trend)
    _title(axes, line.name, said)


def delivery(found: Progress, width: int) -> "Figure":
    """Draw each measure of delivery over the sessions."""
    return _panels(found.delivery, found.told, width, _draw_measure)


def _draw_measure(axes: "Axes", line: Line) -> None:
    known = [value for value in line.values if value is not None]
    top = 1.0 if line.id == "i" else max([*known, 1.0])
    axes.set_ylim(-0.04 * top, 1.12 * top)
    if line.id == "i":
        axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    elif line.id == "speaking_s":
        step = next((each for each in (15, 30, 60, 120, 300) if top / each <= 4), 600)
        ticks = range(0, int(top) + step, step)
        axes.set_yticks(list(ticks), [f"{each // 60}:{each % 60:02}" for each in ticks])
        axes.set_ylim(-0.04 * top, 1.12 * top)
    else:
        from matplotlib.ticker import MaxNLocator

        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    _title(axes, line.name, "")


def profile(guide: GuideProgress, width: int) -> "Figure":
    """Draw for each criterion the range of the scores that can be compared, their mean, the last."""
    lines = [each for each in guide.scores if each.n]
    figure = _figure(width, 46 * len(lines) + 44)
    axes = _rows(figure, [each.name for each in lines])
    for at, line in enumerate(lines):
        known = _comparable(line)
        axes.plot([min(known), max(known)], [at, at], color=INKS["track"], linewidth=7)
        axes.plot([line.mean], [at], "|", color=INKS["ink"], markersize=15, markeredgewidth=2)
        if line.last is not None:
            axes.plot([line.last], [at], "o", color=INKS["accent"], markersize=9)
    _points_across(axes)
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
    figure = _figure(width, 46 * len(found) + 44)
    axes = _rows(figure, [each.name for each in found])
    for at, gain in enumerate(found):
        first, final = gain.first or 0.0, gain.final or 0.0
        _apart(axes, (first, final), at, flat=True)
    _points_across(axes)
    return figure


def gain_over_time(gain: Gain, points: Sequence[Point], width: int) -> "Figure":
    """Draw first and final answer of each session that has both, overall."""
    return _pairs(gain.pairs, points, width)


def own_over_time(own: Own, points: Sequence[Point], width: int) -> "Figure":
    """Draw own score and grade of each session that has both, over all scored criteria."""
    return _pairs(own.pairs, points, width, plain=True)


def _pairs(
    pairs: Sequence[tuple[float, float] | None],
    points: Sequence[Point],
    width: int,
    *,
    plain: bool = False,
) -> "Figure":
    both = [(pair, point) for pair, point in zip(pairs, points, strict=True) if pair][-NEWEST:]
    figure = _figure(width, 190)
    axes = figure.add_subplot()
    _plain(axes)
    axes.set_ylim(0.8, 5.2)
    axes.set_yticks([1, 2, 3, 4, 5])
    for at, (pair, _) in enumerate(both):
        _apart(axes, pair, at, flat=False, plain=plain)
    _days(axes, [point for _, point in both], width)
    return figure


def _apart(
    axes: "Axes", pair: tuple[float, float], at: int, *, flat: bool, plain: bool = False
) -> None:
    """Draw two scores and what lies between: hollow is the first of them, full the other."""
    first, second = pair
    rising = second >= first
    colour = INKS["soft"] if plain else INKS["high" if rising else "low"]
    along, across = [first, second], [at, at]
    x, y = (along, across) if flat else (across, along)
    axes.plot(x, y, color=colour, linewidth=2.5)
    axes.plot(x[:1], y[:1], "o", **_hollow(INKS["soft"], 8))
    full = INKS["accent"] if plain else colour
    axes.plot(x[1:], y[1:], "o", color=full, markersize=9)


def heat(guide: GuideProgress, width: int) -> "Figure":
    """Draw which step was covered, and which tip kept, in which session: full squares were."""
    from matplotlib.patches import Rectangle

    items, points = guide.items, guide.points[-NEWEST_CELLS:]
    figure = _figure(width, 30 * len(items) + 34)
    axes = figure.add_subplot()
    _plain(axes)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    # Few sessions make squares, not planks.
    axes.set_xlim(-0.5, max(len(points), 8) - 0.5)
    axes.set_ylim(len(items) - 0.5, -0.5)
    for row, item in enumerate(items):
        for at, state in enumerate(item.kept[-NEWEST_CELLS:]):
            axes.add_patch(Rectangle((at - 0.42, row - 0.36), 0.84, 0.72, **_cell(state)))
            if state is None:
                mark = axes.text(at, row, "?", size=_SMALL, color=INKS["soft"], ha="center")
                mark.set_verticalalignment("center")
    room = 26 if width > NARROW else 19
    names = [fill(shorten(_shown(item), 2 * room - 2, placeholder="…"), room) for item in items]
    _labels(axes, range(len(items)), names)
    _days(axes, points, width, most=3)
    return figure


def _shown(item: Item) -> str:
    return item.name if item.kind == "step" else f"Tip: {item.name}"


def _cell(state: bool | None) -> dict[str, Any]:
    face = {True: INKS["accent"], False: INKS["card"], None: INKS["track"]}[state]
    edge = {True: INKS["accent"], False: INKS["low"], None: INKS["track"]}[state]
    return {"facecolor": face, "edgecolor": edge, "linewidth": 1.2}


def together(found: Progress, width: int) -> "Figure":
    """Draw the overall scores of all guides over the sessions, a mark a guide."""
    sessions = sorted(
        (point.at, point, guide, value)
        for guide, each in enumerate(found.guides)
        for point, value in zip(each.points, each.overall.values, strict=True)
        if value is not None
    )[-NEWEST:]
    guides = list(dict.fromkeys(guide for _, _, guide, _ in sessions))
    figure = _figure(width, 190 + 20 * min(len(guides), len(_MARKERS)))
    axes = figure.add_subplot()
    _plain(axes)
    axes.set_ylim(0.8, 5.2)
    axes.set_yticks([1, 2, 3, 4, 5])
    inks = ("accent", "middling", "high", "low", "soft")
    for number, guide in enumerate(guides[: len(_MARKERS)]):
        own = [(at, each[3]) for at, each in enumerate(sessions) if each[2] == guide]
        axes.plot(
            [at for at, _ in own],
            [value for _, value in own],
            marker=_MARKERS[number],
            color=INKS[inks[number]],
            linewidth=1.2,
            markersize=7,
            label=shorten(found.guides[guide].guide, 44 if width > NARROW else 36, placeholder="…"),
        )
    _days(axes, [point for _, point, _, _ in sessions], width)
    legend = figure.legend(loc="outside lower left", frameon=False, fontsize=_SMALL)
    for text in legend.get_texts():
        text.set_color(INKS["soft"])
        text.set_parse_math(False)
    return figure


def _figure(width: int, height: int) -> "Figure":
    """Return a figure of this many pixels: one of its 72 dots an inch is one of them."""
    from matplotlib.figure import Figure

    return Figure((width / 72, height / 72), layout="constrained", facecolor="none")


def _panels(
    lines: Sequence[Line],
    points: Sequence[Point],
    width: int,
    finish: "Callable[[Axes, Line], None]",
) -> "Figure":
    columns = 2 if width > NARROW else 1
    rows = -(-len(lines) // columns)
    figure = _figure(width, 118 * rows + 8)
    for number, line in enumerate(lines, start=1):
        axes = figure.add_subplot(rows, columns, number)
        _plain(axes)
        _over_time(axes, line)
        _days(axes, points[-NEWEST:], width // columns)
        finish(axes, line)
    return figure


def _plain(axes: "Axes") -> None:
    axes.set_facecolor("none")
    for side, spine in axes.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(INKS["line"])
    axes.tick_params(colors=INKS["soft"], labelsize=_SMALL, length=0, pad=4)
    axes.grid(axis="y", color=INKS["line"], linewidth=0.7)
    axes.set_axisbelow(True)


def _title(axes: "Axes", name: str, said: str) -> None:
    title = shorten(name, 34 if not said else 26, placeholder="…")
    axes.set_title(
        title, loc="left", size=_TEXT, color=INKS["ink"], pad=6, parse_math=False, weight="bold"
    )
    if said:
        axes.set_title(said, loc="right", size=_SMALL, color=INKS["soft"], pad=6)


def _over_time(axes: "Axes", line: Line) -> None:
    """Draw the newest values: joined as far as they can be compared, hollow where they can't."""
    start = max(0, len(line.values) - NEWEST)
    cuts = [each for each in line.breaks if each > start]
    ends = [start, *cuts, len(line.values)]
    for begin, end in zip(ends, ends[1:], strict=False):
        known = [
            (at - start, value)
            for at in range(begin, end)
            if (value := line.values[at]) is not None
        ]
        ink = INKS["accent"] if line.alike[begin] else INKS["soft"]
        x, y = [at for at, _ in known], [value for _, value in known]
        axes.plot(x, y, color=ink, linewidth=1.8)
        look = {"color": ink, "markersize": 6} if line.alike[begin] else _hollow(ink, 6)
        axes.plot(x, y, "o", **look)
    for cut in cuts:
        axes.axvline(cut - start - 0.5, color=INKS["soft"], linewidth=1, linestyle=(0, (3, 3)))


def _hollow(ink: str, size: float) -> dict[str, Any]:
    return {
        "markerfacecolor": INKS["card"],
        "markeredgecolor": ink,
        "markeredgewidth": 1.8,
        "markersize": size,
    }


def _days(axes: "Axes", points: Sequence[Point], width: int, *, most: int = 0) -> None:
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


def _rows(figure: "Figure", names: Sequence[str]) -> "Axes":
    """Return axes with a row a name, which stands above what is drawn."""
    axes = figure.add_subplot()
    _plain(axes)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(names) - 0.6, -0.75)
    axes.set_yticks([])
    for at, name in enumerate(names):
        axes.text(
            1, at - 0.32, shorten(name, 44, placeholder="…"), size=_TEXT, color=INKS["ink"],
            parse_math=False,
        )  # fmt: skip
    return axes


def _points_across(axes: "Axes") -> None:
    axes.set_xlim(0.9, 5.1)
    axes.set_xticks([1, 2, 3, 4, 5])
    axes.grid(visible=False)
    axes.grid(axis="x", color=INKS["line"], linewidth=0.7)


def _labels(axes: "Axes", places: Sequence[int], names: Sequence[str]) -> None:
    axes.set_yticks(list(places), list(names))
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
        label.set_color(INKS["ink"])
        label.set_fontsize(_SMALL)
