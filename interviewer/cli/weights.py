"""Having the weights at hand: asking before a pull, and drawing how it goes."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer.errors import WeightsError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from interviewer.llm.local.catalogue import Entry
    from interviewer.llm.local.sources import Listener


def ensure_weights(name_or_path: str, *, allow_pull: bool, yes: bool = False) -> Path:
    """Return the path of the weights that `name_or_path` means, pulled if need be.

    Where somebody can answer they are asked before the pull, unless `yes`; where nobody can, it
    goes ahead. Draws on stderr.

    Args:
        name_or_path: A name of the catalogue, or the path of a GGUF file.
        allow_pull: False: what isn't here is an error.
        yes: Pull without asking.

    Raises:
        WeightsError: No such weights, or they aren't here and can't or may not be pulled.
    """
    from interviewer.llm.local.catalogue import find
    from interviewer.llm.local.pull import THREE_WAYS, is_present, path_of

    weights = find(name_or_path)
    if weights.path:
        return weights.path
    assert weights.entry  # noqa: S101  one of the two is there
    entry = weights.entry
    if is_present(entry):
        return path_of(entry)
    if not allow_pull or not may_pull(entry, yes=yes):
        raise WeightsError(f"the weights {entry.name} are not here", hint=THREE_WAYS)
    return pull_drawn(entry)


def may_pull(entry: "Entry", *, yes: bool = False) -> bool:
    """Say what a pull takes and, unless `yes`, ask if somebody can answer. Enter means yes."""
    from interviewer.llm.local.pull import bytes_here
    from interviewer.terminal.console import make_console, words

    console = make_console(stderr=True)
    here = f", {size_of(count)} of it is here" if (count := bytes_here(entry)) else ""
    note = f"{entry.title} ({entry.licence}): {size_of(entry.size)} to download, once{here}."
    console.print(words(note), soft_wrap=True)
    return yes or not can_answer() or agreed("Download it now? [Y/n] ", unless=False)


def can_answer() -> bool:
    """Tell whether a person sees a question and can type."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def agreed(question: str, *, unless: bool) -> bool:
    """Ask on stderr and return the answer; Enter means no if `unless`, else yes."""
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:  # the input ended: nobody agreed
        sys.stderr.write("\n")
        return False
    answer = line.strip().lower()
    return answer in {"y", "yes"} or (not answer and not unless)


def size_of(count: int) -> str:
    """Return a number of bytes as people read it."""
    if count >= 1e9:
        return f"{count / 1e9:.2f} GB"
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def pull_drawn(entry: "Entry") -> Path:
    """Pull `entry` with a bar on stderr, or with plain lines where that is no terminal.

    Raises:
        WeightsError: As `pull` does.
    """
    from interviewer.llm.local.pull import pull
    from interviewer.terminal.console import is_plain, make_console

    console = make_console(stderr=True)
    with _lines(console, entry) if is_plain(console) else _bar(console, entry) as listener:
        return pull(entry, listener=listener)


@contextmanager
def _lines(console: "Console", entry: "Entry") -> Iterator["Listener"]:
    yield PlainListener(console, entry.name)


@contextmanager
def _bar(console: "Console", entry: "Entry") -> Iterator["Listener"]:
    from rich import progress

    columns = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(compact=True),
    )
    with progress.Progress(*columns, console=console) as bar:
        yield BarListener(bar, bar.add_task(entry.name, total=entry.size))


class BarListener:
    """Draws a pull as a bar with rate and time left."""

    def __init__(self, bar: "Progress", task: "TaskID") -> None:
        self._bar, self._task = bar, task
        self._moved = False

    def said(self, note: str) -> None:
        """Print the note above the bar."""
        from interviewer.terminal.console import words

        self._bar.console.print(words(note, style="dim"))
        self._moved = False

    def moved(self, done: int, total: int) -> None:
        """Move the bar; what was there before the source began does not count for its rate."""
        if not self._moved:
            self._bar.reset(self._task, completed=done, total=total)
            self._moved = True
        self._bar.update(self._task, completed=done, total=total)


class PlainListener:
    """Prints a pull as one line at each tenth, with rate and time left."""

    def __init__(self, console: "Console", name: str) -> None:
        self._console, self._name = console, name
        self._tenth = 0
        self._began: tuple[float, int] | None = None

    def said(self, note: str) -> None:
        """Print the note."""
        self._print(note)
        self._began = None

    def moved(self, done: int, total: int) -> None:
        """Print a line if another tenth is done."""
        now = time.monotonic()
        if self._began is None:
            self._began, self._tenth = (now, done), 10 * done // total
        if 10 * done // total > self._tenth:
            self._tenth = 10 * done // total
            rate = (done - self._began[1]) / max(now - self._began[0], 1e-6)
            left = f"{size_of(int(rate))}/s, {(total - done) / max(rate, 1):.0f} s left"
            self._print(f"{10 * self._tenth}% of {size_of(total)}, {left}")

    def _print(self, text: str) -> None:
        from interviewer.terminal.console import words

        self._console.print(words(f"{self._name}: {text}"), soft_wrap=True)
