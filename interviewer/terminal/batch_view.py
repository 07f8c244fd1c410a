"""What grading many answers looks like: progress on stderr, and tables at the end."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from interviewer.terminal.console import is_plain, make_console, words

__all__ = ["Steps", "draw_note", "draw_table", "figure", "steps_of"]


def figure(value: float | None, digits: int = 2) -> str:
    """Return a number as it stands in a table; a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


class Steps:
    """Tells how far a run is: a line for each answer, or nothing at all."""

    def __init__(self, console: Console | None, total: int) -> None:
        self._console, self.total, self.done = console, total, 0

    def step(self, name: str, what: str) -> None:
        """Say what became of the next answer."""
        self.done += 1
        if self._console:
            self._console.print(words(f"{self.done}/{self.total} {name}: {what}"), soft_wrap=True)


class _Bar(Steps):
    def __init__(self, console: Console, total: int, progress: Progress) -> None:
        super().__init__(console, total)
        self._progress, self._task = progress, progress.add_task("", total=total)

    def step(self, name: str, what: str) -> None:
        self.done += 1
        said = words(f"{name}: {what}").plain
        self._progress.update(self._task, completed=self.done, description=said[:40])


@contextmanager
def steps_of(total: int, *, quiet: bool) -> Iterator[Steps]:
    """Give what shows the progress: a bar in a terminal, lines elsewhere, nothing when quiet."""
    console = make_console(stderr=True)
    if quiet:
        yield Steps(None, total)
    elif is_plain(console):
        yield Steps(console, total)
    else:
        columns = (
            BarColumn(24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            yield _Bar(console, total, progress)


def draw_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, console: Console | None = None
) -> None:
    """Draw rows whose first cell is a name and whose other cells are figures."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, name in enumerate(header):
        table.add_column(Text(name), justify="right" if number else "left", no_wrap=number > 0)
    for row in rows:
        table.add_row(*(words(cell) for cell in row))
    (console or make_console()).print(table)


def draw_note(text: str, *, stderr: bool = False) -> None:
    """Draw a line about what was done, its paths whole."""
    make_console(stderr=stderr).print(words(text), soft_wrap=True)


def draw_failures(failures: Mapping[str, str], total: int, *, most: int = 10) -> None:
    """Draw the first of `total` failures, by place in the file, on stderr."""
    for place, reason in list(failures.items())[:most]:
        draw_note(f"{place}: {reason}", stderr=True)
    if total > most:
        draw_note(f"... and {total - most} more; see results.jsonl", stderr=True)
