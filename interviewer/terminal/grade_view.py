"""A grade as it is drawn: scores with bars, what they rest on, and what to work on.

What is missing is shown as missing, with its reason; nothing here makes up a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interviewer.events import Graded, Regraded
from interviewer.grade import DOUBT, Calibrated, Delivery, Grade
from interviewer.terminal.console import clock_face, is_ascii, words

_STACKED_BELOW = 60
_BAR, _NARROW_BAR = 20, 10


class _Marks(NamedTuple):
    full: str
    rest: str
    yes: str
    no: str
    unknown: str
    flag: str
    quotes: tuple[str, str]


_DRAWN = _Marks("\u2588", "\u2591", "\u2713", "\u2717", "?", "!", ("\u201c", "\u201d"))
_TYPED = _Marks("#", ".", "+", "-", "?", "!", ('"', '"'))


class Layout:
    """Where names, bars and quotes stand: side by side, or stacked where that is too narrow."""

    def __init__(self, marks: _Marks, name_width: int, *, stacked: bool) -> None:
        self.marks, self._name_width, self._stacked = marks, name_width, stacked
        self.gap = "\n" if stacked else "  "  # between a score and what it is compared with

    def bar(self, points: float) -> Text:
        """Return a bar for 1 to 5 points."""
        width = _NARROW_BAR if self._stacked else _BAR
        full = round(width * points / 5)
        style = "green" if points >= 3.75 else "yellow" if points >= 2.5 else "red"
        rest = Text(self.marks.rest * (width - full), "dim")
        return Text.assemble(Text(self.marks.full * full, style), rest)

    def row(self, name: Text, right: Text) -> RenderableType:
        """Return a name and what belongs to it."""
        if self._stacked:
            return Group(name, Padding(right, (0, 0, 0, 2), expand=False))
        return _grid([name, right], [self._name_width + 3, None], gap=1)

    def marked(self, state: bool | None, name: Text, right: Text) -> RenderableType:
        """Return a name with its mark: true, false or unknown."""
        mark = {
            True: Text(self.marks.yes, "green"),
            False: Text(self.marks.no, "red"),
            None: Text(self.marks.unknown, "yellow"),
        }[state]
        if self._stacked:
            line = Text.assemble(name, "\n" if right else "", right)
            return self.listed(mark, line)
        return _grid([mark, name, right], [1, self._name_width + 1, None], gap=1)

    def listed(self, mark: Text, text: Text) -> RenderableType:
        """Return a text that hangs on its mark."""
        return _grid([mark, text], [len(mark), None], gap=1)


class GradeView:
    """Draws a `Grade`, a `Graded` or a `Regraded`; print it on any rich console."""

    def __init__(
        self, grade: Grade, *, names: Mapping[str, str], own: Mapping[str, int] | None = None
    ) -> None:
        """Make a view.

        Args:
            grade: With the first answer's grade beside it where it has one.
            names: Id of a goal, step or tip -> its name; an id without one stands for itself.
            own: Goal id -> the candidate's own score, 1 to 5.
        """
        self._grade, self._names, self._own = grade, names, own or {}
        self._first = grade.first if isinstance(grade, Graded | Regraded) else None
        self._uncertain = {*grade.uncertain}
        self._reasons = {missing.target: missing.reason for missing in grade.missing}

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        ids = (*self._grade.criteria, *self._grade.steps, *self._grade.tips)
        longest = max(
            [7, *(cell_len(self._name(target) + self._doubt(target).plain) for target in ids)]
        )
        stacked = options.max_width < max(_STACKED_BELOW, longest + _BAR + 30)
        layout = Layout(_TYPED if is_ascii(console) else _DRAWN, longest, stacked=stacked)
        for title, rows in self._sections(layout):
            yield Text(title if title == "Grade" else f"\n{title}", style="bold")
            yield from (Padding(row, (0, 0, 0, 2), expand=False) for row in rows)

    def _sections(self, layout: Layout) -> Iterator[tuple[str, list[RenderableType]]]:
        grade = self._grade
        yield "Grade", self._overall(layout)
        for title, rows in (
            ("Criteria", [self._score(target, layout) for target in grade.criteria]),
            ("Steps", self._steps(layout)),
            ("Tips", self._tips(layout)),
            ("To look at", self._flags(layout)),
            ("Delivery", [] if grade.delivery is None else _delivery(grade.delivery)),
            ("What to work on", self._advice(layout)),
        ):
            if rows:
                yield title, rows

    def _name(self, target: str) -> str:
        return self._names.get(target, target)

    def _missing(self, target: str) -> Text:
        return words(f"missing: {self._reasons.get(target, 'no reason was given')}", "yellow")

    def _overall(self, layout: Layout) -> list[RenderableType]:
        value = self._grade.overall
        notes: list[RenderableType] = [words(DOUBT, "dim")] if self._marked() else []
        if self._grade.calibrated:
            notes.append(words(_on_their_scale(self._grade.calibrated), "dim"))
        if value is None:
            return [layout.row(Text("Overall", "bold"), self._missing("overall")), *notes]
        line = Text.assemble(layout.bar(value), (f"  {value:.1f} of 5", "bold"))
        line.append_text(self._doubt("overall"))
        if self._first:
            line.append(layout.gap).append_text(_compared(value, self._first.overall))
        return [layout.row(Text("Overall", "bold"), line), *notes]

    def _marked(self) -> bool:
        """Tell whether anything that is drawn is uncertain."""
        drawn = {"overall": self._grade.overall, **self._grade.criteria, **self._grade.steps}
        return any(drawn.get(target) is not None for target in self._uncertain)

    def _doubt(self, target: str) -> Text:
        """Return the mark of what is uncertain; empty for what is not."""
        return Text(" ?" if target in self._uncertain else "", "yellow")

    def _score(self, target: str, layout: Layout) -> RenderableType:
        value = self._grade.criteria[target]
        name = words(self._name(target))
        own = self._own.get(target)
        if value is None:
            line = self._missing(target)
            return layout.row(
                name, line if own is None else line.append(f"; your own {own}", "dim")
            )
        line = Text.assemble(layout.bar(value), f"  {value:.1f}", self._doubt(target))
        if self._first:
            line.append(layout.gap).append_text(_compared(value, self._first.criteria.get(target)))
        if own is not None:
            gap = "\n" if self._first else layout.gap  # three scores are too much for a line
            line.append(gap).append_text(_beside(value, own))
        if quotes := self._quotes(target, layout):
            line.append("\n").append_text(quotes)
        return layout.row(name, line)

    def _quotes(self, target: str, layout: Layout) -> Text:
        """Return the sentences that show `target`, one a line; empty where there is none."""
        left, right = layout.marks.quotes
        quotes = [shown.text for shown in self._grade.evidence if shown.target == target]
        return words("\n".join(f"{left}{quote}{right}" for quote in quotes), "dim")

    def _steps(self, layout: Layout) -> list[RenderableType]:
        rows: list[RenderableType] = []
        for target, covered in self._grade.steps.items():
            shown = self._quotes(target, layout)
            note = self._missing(target) if covered is None else shown
            name = words(self._name(target))
            if covered is not None:
                name.append_text(self._doubt(target))
            rows.append(layout.marked(covered, name, note))
        return rows

    def _tips(self, layout: Layout) -> list[RenderableType]:
        found = {flag.id: flag.text for flag in self._grade.flags}
        return [
            layout.marked(
                kept,
                words(self._name(target)),
                self._missing(target) if kept is None else words(found.get(target, ""), "dim"),
            )
            for target, kept in self._grade.tips.items()
        ]

    def _flags(self, layout: Layout) -> list[RenderableType]:
        return [
            layout.listed(Text(layout.marks.flag, "bold yellow"), words(flag.text))
            for flag in self._grade.flags
            if flag.id not in self._grade.tips
        ]

    def _advice(self, layout: Layout) -> list[RenderableType]:
        return [
            layout.listed(
                Text(f"{number}.", "bold"),
                Text.assemble(words(f"{self._name(advice.target)}: ", "bold"), words(advice.text)),
            )
            for number, advice in enumerate(self._grade.advice, start=1)
        ]


def _grid(cells: Sequence[Text], widths: Sequence[int | None], *, gap: int) -> Table:
    """Return one line of cells; a width of None takes the room that is left."""
    grid = Table.grid(padding=(0, gap, 0, 0))
    for width in widths:
        grid.add_column(width=width)
    grid.add_row(*cells)
    return grid


def _compared(value: float, first: float | None) -> Text:
    """Return the first answer's score, and how far `value` is from it."""
    if first is None:
        return Text("first: missing", "dim")
    change = round(value, 1) - round(first, 1)
    if abs(change) < 0.05:
        return Text(f"first {first:.1f}", "dim")
    style = "green" if change > 0 else "red"
    return Text.assemble((f"first {first:.1f} ", "dim"), (f" {change:+.1f}", style))


def _beside(value: float, own: int) -> Text:
    """Return the candidate's own score, and how far it is from `value`."""
    apart = round(own - round(value, 1), 1)
    if abs(apart) < 0.05:
        return Text(f"your own {own}, the same", "dim")
    return Text(f"your own {own}, {abs(apart):.1f} {'higher' if apart > 0 else 'lower'}", "dim")


def _on_their_scale(found: Calibrated) -> str:
    """Return what a calibration made of the overall score, in a line."""
    low, high = found.scale
    theirs = "no score" if found.value is None else f"{found.value:.1f}"
    plain = "none" if found.plain is None else f"{found.plain:.1f} of 5"
    return (
        f"calibrated by {found.name}: {theirs} on its scale of {low:g} to {high:g}; plain: {plain}"
    )


def _delivery(told: Delivery) -> list[RenderableType]:
    length = f"{told.words} words, about {clock_face(told.speaking_s)} min aloud"
    return [
        Text(f"{length}; longest sentence {told.longest_sentence} words"),
        Text(
            f"fillers {told.fillers}, hedges {told.hedges}, figures {told.figures}, "
            f"I {told.i}, we {told.we}"
        ),
    ]
