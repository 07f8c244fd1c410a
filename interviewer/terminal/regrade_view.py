"""Grades then and now as they are drawn: one session in full, many in a table; and what differs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interviewer.comparing import Comparison, Move, Requoted, Shift
from interviewer.events import Probe
from interviewer.terminal.batch_view import figure
from interviewer.terminal.console import WIDEST, is_ascii, make_console, words

_NARROW = 60
"""Columns below which a table leaves out its last column."""


class _Marks(NamedTuple):
    to: str
    up: str
    down: str
    quotes: tuple[str, str]


_DRAWN = _Marks(
    "\N{RIGHTWARDS ARROW}",
    "\N{BLACK UP-POINTING TRIANGLE} ",
    "\N{BLACK DOWN-POINTING TRIANGLE} ",
    ("\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"),
)
_TYPED = _Marks("->", "", "", ('"', '"'))


class Drawn(NamedTuple):
    """A session whose grades are drawn side by side."""

    name: str
    comparison: Comparison
    names: Mapping[str, str]
    """Id of a goal, step or tip -> its name."""
    then: str
    """When and by whom the old grade was given."""
    now: str


def draw(what: RenderableType, console: Console | None = None) -> None:
    """Draw one of the views of this module on stdout, no wider than text reads well."""
    console = console or make_console()
    console.print(what, width=min(console.width, WIDEST))


class ComparisonView:
    """One session's two grades in full."""

    def __init__(self, drawn: Drawn) -> None:
        self._drawn, self._found = drawn, drawn.comparison

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        marks = _TYPED if is_ascii(console) else _DRAWN
        yield words(self._drawn.name, "bold")
        for when, told in (("then", self._drawn.then), ("now ", self._drawn.now)):
            yield Padding(words(f"{when}  {told}", "dim"), (0, 0, 0, 2), expand=False)
        yield Padding(self._scores(marks), (0, 0, 0, 2), expand=False)
        for title, rows in self._sections(marks):
            if rows:
                yield words(f"\n{title}", "bold")
                yield from (Padding(row, (0, 0, 0, 2), expand=False) for row in rows)
        if self._found.same:
            yield words("Nothing differs.", "dim")

    def _name(self, target: str) -> str:
        return _name(target, self._drawn.names)

    def _scores(self, marks: _Marks) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold")
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        for move in self._found.moves:
            scores = f"{figure(move.old)} {marks.to} {figure(move.new)}"
            table.add_row(words(self._name(move.target)), words(scores), moved(move, marks))
        return table

    def _sections(self, marks: _Marks) -> Iterator[tuple[str, list[RenderableType]]]:
        found = self._found
        turned = [
            words(f"{_told(each.old)} {marks.to} {_told(each.new)}  {self._name(each.target)}")
            for each in found.turned
        ]
        yield "Steps and tips judged otherwise", [*turned]
        yield "Evidence changed", [self._evidence(each, marks) for each in found.requoted]
        raised = [words(f"now   {flag.text}", "yellow") for flag in found.raised]
        lowered = [words(f"then  {flag.text}", "dim") for flag in found.lowered]
        yield "To look at", [*raised, *lowered]
        yield "Not comparable", [*self._not_comparable()]

    def _not_comparable(self) -> Iterator[Text]:
        found = self._found
        if found.added:
            yield words(f"new in the guide: {', '.join(map(self._name, found.added))}")
        if found.dropped:
            yield words(f"gone from the guide: {', '.join(map(self._name, found.dropped))}")
        if found.calibrations:
            then, now = (name or "none" for name in found.calibrations)
            yield words(f"calibration then: {then}; now: {now}")

    def _evidence(self, each: Requoted, marks: _Marks) -> Text:
        text = words(self._name(each.target))
        for when, quotes, style in (("then", each.old, "dim"), ("now ", each.new, "")):
            left, right = marks.quotes
            told = " ".join(f"{left}{quote}{right}" for quote in quotes) or "none"
            text.append("\n").append_text(words(f"  {when}  {told}", style))
        return text


class ManyView:
    """The grades of many sessions in one table, and how they moved together."""

    def __init__(self, many: Sequence[Drawn], shift: Shift, names: Mapping[str, str]) -> None:
        self._many, self._shift, self._names = many, shift, names

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        marks = _TYPED if is_ascii(console) else _DRAWN
        yield self._table(marks, wide=options.max_width >= _NARROW)
        yield Text()
        yield from self._sums(marks)

    def _table(self, marks: _Marks, *, wide: bool) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column("session", overflow="fold", ratio=1)
        for title in ("then", "now"):
            table.add_column(title, justify="right", no_wrap=True)
        table.add_column("moved", no_wrap=True)
        if wide:
            table.add_column("most", overflow="fold", max_width=28)
        for each in self._many:
            most = each.comparison.largest
            told = Text()
            if most:
                told = words(f"{_name(most.target, each.names)} ")
                told.append_text(moved(most, marks))
            move = each.comparison.overall
            cells = [
                words(each.name),
                words(figure(move.old)),
                words(figure(move.new)),
                moved(move, marks),
            ]
            table.add_row(*cells, *([told] if wide else []))
        return table

    def _sums(self, marks: _Marks) -> Iterator[RenderableType]:
        shift = self._shift
        if shift.mean is not None:
            yield words(
                f"Mean shift {shift.mean:+.2f} over {shift.n} sessions; "
                f"on average a score moved by {shift.mean_size:.2f}."
            )
        goals = [
            f"{_name(each, self._names)} {points:+.2f}" for each, points in shift.criteria.items()
        ]
        if goals:
            yield words(f"Mean shift of each goal: {', '.join(goals)}.")
        if shift.correlation is not None:
            yield words(f"Rank correlation of then and now: {shift.correlation:.2f}.")
        else:
            yield words(f"Rank correlation: none, for {shift.reason}.")
        if shift.largest:
            yield words("Largest moves:", "bold")
            yield Padding(self._largest(marks), (0, 0, 0, 2), expand=False)

    def _largest(self, marks: _Marks) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        for fold in (True, False, False, True):
            table.add_column(overflow="fold", no_wrap=not fold)
        for session, move in self._shift.largest:
            scores = f"{figure(move.old)} {marks.to} {figure(move.new)}"
            name = _name(move.target, self._names)
            table.add_row(words(name), words(scores), moved(move, marks), words(session, "dim"))
        return table


class DifferingView:
    """What of sessions would differ today, in one table."""

    def __init__(self, rows: Sequence[tuple[str, str, str, str, str]]) -> None:
        """Draw rows of: session, what, then, today, what it matters for."""
        self._rows = rows

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        several = len({row[0] for row in self._rows}) > 1
        if several:
            table.add_column("session", overflow="fold")
        for title in ("what", "then", "today"):
            table.add_column(title, overflow="fold")
        table.add_column("matters for", no_wrap=True)
        before = ""
        for session, *cells in self._rows:
            first = [words(session if session != before else "")] if several else []
            table.add_row(*first, *map(words, cells))
            before = session
        yield table


class ProbesView:
    """A probe as it was asked, and as it would be asked now."""

    def __init__(self, old: Probe, new: Probe, *, about: str, by: tuple[str, str]) -> None:
        """Make a view.

        Args:
            old: As it was asked.
            new: As it would be.
            about: Name of the gap.
            by: The models then and now.
        """
        self._pair, self._about, self._by = (old, new), about, by

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        yield words(f"About: {self._about}", "dim")
        for when, probe, model in zip(("Then", "Now"), self._pair, self._by, strict=True):
            source = model if probe.source == "model" else f"a template, in place of {model}"
            yield Text.assemble("\n", (when, "bold"), words(f"  {source}", "dim"))
            yield Padding(words(probe.text), (0, 0, 0, 2), expand=False)
            for each in probe.rejected:
                told = words(f"turned down: {each}", "dim")
                yield Padding(told, (0, 0, 0, 2), expand=False)


def moved(move: Move, marks: _Marks = _DRAWN) -> Text:
    """Return how far a score moved, with an arrow."""
    points = move.points
    if points is None:
        return Text("" if move.old is move.new else "?", "yellow")
    if not points:
        return Text("=", "dim")
    arrow, style = (marks.up, "green") if points > 0 else (marks.down, "red")
    return Text(f"{arrow}{points:+.2f}", style)


def _name(target: str, names: Mapping[str, str]) -> str:
    return "Overall" if target == "overall" else names.get(target, target)


def _told(state: bool | None) -> str:
    return {True: "yes", False: "no", None: "not judged"}[state]
