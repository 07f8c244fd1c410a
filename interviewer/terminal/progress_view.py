"""Progress as it is drawn in a terminal: what is compared is said, and so is what can't be.

Nothing here counts: every figure comes from `interviewer.progress`.
"""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interviewer.grade import DOUBT
from interviewer.progress.values import GuideProgress, Item, Line, Progress
from interviewer.progress.wording import (
    ABOUT_TRENDS,
    about_scores,
    apart,
    breaks_of,
    counted,
    counted_of,
    digits_of,
    doubtful,
    gained,
    interval,
    judged,
    measured,
    signed,
    slope,
)
from interviewer.terminal.console import WIDEST, is_ascii, words
from interviewer.terminal.sparks import measure_spark, score_spark, shown_of
from interviewer.text import many

_ROOMY = 76
"""Columns from which a trend's interval stands beside it."""
_SPARK, _NARROW_SPARK = 20, 12
_GAPS = 6
"""Steps and tips that are drawn as missing; the page has all."""
_MARKS = {True: "\u2713", False: "\u2717", None: "?"}
_TYPED = {True: "+", False: "-", None: "?"}
_STYLES = {True: "green", False: "red", None: "yellow"}


class ProgressView:
    """Draws a `Progress`; print it on any rich console."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        pen = _Pen(min(options.max_width, WIDEST), ascii_only=is_ascii(console))
        found = self._progress
        yield _facts(found)
        for guide in found.guides:
            yield Text()
            yield from _guide(guide, pen)
        if found.delivery:
            yield Text()
            yield from _delivery(found, pen)
        if any(line.trend for line in _lines(found)):
            yield Text()
            yield words(ABOUT_TRENDS, "dim")


class _Pen:
    """How much room there is, and which characters are safe."""

    def __init__(self, width: int, *, ascii_only: bool) -> None:
        self.width, self.ascii = width, ascii_only
        self.roomy = width >= _ROOMY
        self.spark = _SPARK if self.roomy else _NARROW_SPARK
        self.arrow = "->" if ascii_only else "\u2192"

    def table(self, *heads: str, left: Sequence[int] = (0,)) -> Table:
        """Return a table whose columns are as wide as what stands in them, but for the first."""
        made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        made.show_header = any(heads)
        for at, head in enumerate(heads):
            justify = "left" if at in left else "right"
            made.add_column(Text(head), justify=justify, no_wrap=at > 0, overflow="fold")  # type: ignore[arg-type]
        return made


def _lines(found: Progress) -> Iterator[Line]:
    yield from found.delivery
    for guide in found.guides:
        yield from guide.scores


def _facts(found: Progress) -> RenderableType:
    title = Text(f"Progress over {many(found.sessions, 'interview')}", "bold")
    lines = [title, words(", ".join(counted(found)), "dim")]
    if len(found.guides) > 1 and found.gain.n:
        lines.append(Text(f"Over all guides, {gained(found.gain)}."))
    return Text("\n").join(lines)


def _guide(guide: GuideProgress, pen: _Pen) -> Iterator[RenderableType]:
    yield words(guide.question or guide.guide, "bold cyan")
    yield words(f"{guide.guide}: {counted_of(guide)}", "dim")
    if not guide.graded:
        return
    sections: list[tuple[str, list[RenderableType]]] = [
        ("Scores", _scores(guide, pen)),
        ("Still missing", _missing(guide, pen)),
        ("First and final answers", _gains(guide, pen)),
        ("Your own scores", _own(guide, pen)),
    ]
    for title, rows in sections:
        if rows:
            yield Text(f"\n{title}", "bold")
            yield from (Padding(row, (0, 0, 0, 2), expand=False) for row in rows)


def _scores(guide: GuideProgress, pen: _Pen) -> list[RenderableType]:
    shown = min(shown_of(line, pen.spark) for line in guide.scores)
    over = "over time" if shown == guide.graded else f"newest {shown}"
    table = pen.table("", over, "last", "best", "mean", "trend", left=(0, 1, 5))
    for line in guide.scores:
        name = words(line.name, "bold" if line.id == "overall" else "")
        spark = score_spark(line, pen.spark, ascii_only=pen.ascii)
        figures = [_figure(value) for value in (line.last, line.best, line.mean)]
        figures[0].append("?" if doubtful(line) else "", "yellow")
        table.add_row(name, spark, *figures, _trend(line, pen))
    return [table, *_about_scores(guide)]


def _about_scores(guide: GuideProgress) -> list[RenderableType]:
    notes = about_scores(guide)
    notes += [f"| {each}" for each in breaks_of(guide.points)]
    notes += [DOUBT] if any(doubtful(line) for line in guide.scores) else []
    return [words(note, "dim") for note in notes]


def _figure(value: float | None) -> Text:
    return Text("-", "dim") if value is None else Text(f"{value:.1f}")


def _trend(line: Line, pen: _Pen) -> Text:
    trend = line.trend
    if trend is None:
        return Text("-", "dim")
    style = {"rising": "green", "falling": "red"}.get(trend.verdict, "dim")
    text = Text(slope(line), style)
    if pen.roomy and (between := interval(trend, digits_of(line))):
        text.append(f"\n{between}", "dim")
    return text


def _missing(guide: GuideProgress, pen: _Pen) -> list[RenderableType]:
    gaps = guide.gaps
    if not gaps:
        nothing = "Nothing: all that could be judged was covered and kept."
        return [words(nothing, "dim")] if guide.items else []
    table = pen.table("", "", "", left=(0, 1, 2))
    for item in gaps[:_GAPS]:
        name = words(item.name)
        name.append(" (tip)" if item.kind == "tip" else "", "dim")
        table.add_row(name, _recently(item, pen), _often(item))
    left = len(gaps) - _GAPS
    rest = [words(f"and {left} more", "dim")] if left > 0 else []
    return [table, *rest]


def _recently(item: Item, pen: _Pen) -> Text:
    """Return a mark for each of the newest sessions."""
    marks = _TYPED if pen.ascii else _MARKS
    known = [
        state
        for state, fits in zip(item.kept, item.alike, strict=True)
        if fits and state is not None
    ]
    newest = known[-item.lately.of :] if item.lately.of else []
    return Text().join(Text(marks[state], _STYLES[state]) for state in newest)


def _often(item: Item) -> Text:
    text = Text(f"missing in {item.lately.n} of {item.lately.of}")
    if item.missing.of > item.lately.of:
        text.append(f", {item.missing.n} of {item.missing.of} in all", "dim")
    return text


def _gains(guide: GuideProgress, pen: _Pen) -> list[RenderableType]:
    found = [gain for gain in guide.gains if gain.n]
    if not found:
        return []
    table = pen.table("", "", "", "", left=(0, 1, 3))
    for gain in found:
        assert gain.first is not None  # noqa: S101  as there are pairs
        assert gain.final is not None  # noqa: S101
        change = apart(gain.final, gain.first)
        style = "green" if change >= 0.05 else "red" if change <= -0.05 else "dim"
        table.add_row(
            words(gain.name),
            Text(f"{gain.first:.1f} {pen.arrow} {gain.final:.1f}"),
            Text(signed(change, 1), style),
            Text(f"better in {gain.better} of {gain.n}", "dim"),
        )
    return [table]


def _own(guide: GuideProgress, pen: _Pen) -> list[RenderableType]:
    found = [own for own in guide.own if own.n]
    if not found:
        return []
    table = pen.table("", "yours", "grade", "apart", "last", "n")
    for own in found:
        assert own.own is not None  # noqa: S101  as there are pairs
        assert own.grade is not None  # noqa: S101
        table.add_row(
            words(own.name),
            _figure(own.own),
            _figure(own.grade),
            Text(signed(apart(own.own, own.grade), 1)),
            Text("-" if own.last is None else signed(own.last, 1)),
            Text(str(own.n), "dim"),
        )
    return [table, words(judged(found[0]), "dim")]


def _delivery(found: Progress, pen: _Pen) -> Iterator[RenderableType]:
    guides = "over all guides" if len(found.guides) > 1 else "of the graded answers"
    yield Text.assemble(("Delivery", "bold"), (f" {guides}", "dim"))
    shown = min(shown_of(line, pen.spark) for line in found.delivery)
    over = "over time" if shown == len(found.told) else f"newest {shown}"
    table = pen.table("", over, "last", "mean", "trend", left=(0, 1, 4))
    for line in found.delivery:
        table.add_row(
            words(line.name),
            measure_spark(line, pen.spark, ascii_only=pen.ascii),
            *(Text(measured(line, value)) for value in (line.last, line.mean)),
            _trend(line, pen),
        )
    yield Padding(table, (0, 0, 0, 2), expand=False)
    if pen.ascii:
        yield Padding(words("Digits: 0 is none, 9 the most of them.", "dim"), (0, 0, 0, 2))
