"""Sessions as they are listed: a line for each, or as many as a narrow window needs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.text import Text

from interviewer.library.entry import Entry
from interviewer.library.searching import Place
from interviewer.terminal.console import clock_face
from interviewer.terminal.marked import Part, marked
from interviewer.text import many, printable

_HEADS = ("date", "overall", "turns", "length", "guide", "model", "file")
_OVERALL, _GUIDE = _HEADS.index("overall"), _HEADS.index("guide")
_RIGHT = {"turns", "length"}
_GAP, _INDENT = 2, 4
_NAMES = 44
"""Cells that the names of a session's guides may take."""
_PLACES = 3
"""Places of a session that are shown; a program gets all."""


class LibraryView:
    """Draws sessions, and under each where something was found in it."""

    def __init__(
        self, entries: Sequence[Entry], found: Mapping[Path, Sequence[Place]] | None = None
    ) -> None:
        self._entries, self._found = entries, found or {}

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[Text]:
        yield from (Text.assemble(*line) for line in self._lines(options.max_width))

    def plain(self) -> Iterator[str]:
        """Yield the lines as what reads a pipe wants them: one for each session, however long."""
        for line in self._lines(None):
            yield "".join(text for text, _ in line)

    def _lines(self, width: int | None) -> Iterator[list[Part]]:
        rows = [_cells(entry) for entry in self._entries]
        widths = [max(map(cell_len, column)) for column in zip(_HEADS, *rows, strict=True)]
        lines = _arranged(widths, width)
        yield from _row(_HEADS, lines, widths, ["bold"] * len(_HEADS))
        for entry, cells in zip(self._entries, rows, strict=True):
            styles = [""] * _GUIDE + ["dim"] * (len(_HEADS) - _GUIDE)
            styles[_GUIDE], styles[_OVERALL] = "bold", _colour(entry.overall)
            yield from _row(cells, lines, widths, styles)
            yield from _drawn(self._found.get(entry.path, ()) if self._found else ())


def overall_of(entry: Entry) -> str:
    """Return the overall score as it is listed, or why there is none."""
    if entry.overall is None:
        return "unfinished" if entry.resumable else "no score"
    if entry.planned:
        return f"{entry.overall:.1f} mean of {entry.graded}"
    mark = " ?" if "overall" in entry.uncertain else ""
    scale = entry.calibrated
    theirs = ""
    if scale and scale.value is not None:
        theirs = f" ({scale.value:.1f} of {scale.low:g}-{scale.high:g})"
    return f"{entry.overall:.1f}{mark}{theirs}"


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        f"{entry.started_at.astimezone():%Y-%m-%d %H:%M}",
        overall_of(entry),
        str(entry.turns),
        clock_face(entry.seconds),
        _on_a_line(_guide_of(entry)),
        _on_a_line(entry.model),
        _on_a_line(entry.name),
    )


def _guide_of(entry: Entry) -> str:
    """Return the guide; of a session of several how many of its questions were begun, and which."""
    if not entry.planned:
        return entry.guide
    begun = len(entry.guides)
    count = many(begun, "question")
    told = count if begun == entry.planned else f"{begun} of {many(entry.planned, 'question')}"
    names: list[str] = []
    length = 0
    for id in entry.guides:
        length += len(id) + 2
        if names and length > _NAMES:
            break
        names.append(id)
    more = f", and {begun - len(names)} more" if len(names) < begun else ""
    return f"{told}: {', '.join(names)}{more}" if names else told


def _on_a_line(text: str) -> str:
    return printable(" ".join(text.split())) or "-"


def _colour(overall: float | None) -> str:
    if overall is None:
        return "dim"
    return "green" if overall >= 3.75 else "yellow" if overall >= 2.5 else "red"


def _arranged(widths: Sequence[int], width: int | None) -> list[list[int]]:
    """Return which columns stand on each line of a row, in `width` cells; None: all on one."""
    lines: list[list[int]] = [[]]
    taken = 0
    for column, size in enumerate(widths):
        if width is not None and lines[-1] and taken + size > width:
            lines.append([])
            taken = _INDENT
        lines[-1].append(column)
        taken += size + _GAP
    return lines


def _row(
    cells: Sequence[str],
    lines: Sequence[Sequence[int]],
    widths: Sequence[int],
    styles: Sequence[str],
) -> Iterator[list[Part]]:
    for number, columns in enumerate(lines):
        parts: list[Part] = [(" " * _INDENT, "")] if number else []
        for column in columns[:-1]:
            cell = _fitted(cells[column], column, widths[column])
            parts += [(cell, styles[column]), (" " * _GAP, "")]
        last = columns[-1]
        end = _fitted(cells[last], last, widths[last]).rstrip(" ")
        yield [*parts, (end, styles[last])]


def _fitted(cell: str, column: int, width: int) -> str:
    if _HEADS[column] in _RIGHT:
        return " " * (width - cell_len(cell)) + cell
    return set_cell_size(cell, width)


def _drawn(places: Sequence[Place]) -> Iterator[list[Part]]:
    for place in places[:_PLACES]:
        head = f"{' ' * _INDENT}turn {place.turn}, {place.who}: "
        yield [(head, "dim"), *marked(place.snippet, place.marked)]
    if (more := len(places) - _PLACES) > 0:
        yield [(f"{' ' * _INDENT}... and {more} more", "dim")]
