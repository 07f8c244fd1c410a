"""How far a run over many answers is: a table that moves in a terminal, plain lines elsewhere."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from interviewer.terminal.console import is_plain, make_console, words

_RATE_OVER_S = 60.0
_LINES = 200
"""Rows up to which each gets a line of its own where there is no terminal."""
_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Load:
    """What the endpoint does at this moment."""

    tokens: int = 0
    """Read and written so far."""
    cost: float | None = None
    active: int = 0
    """Calls under way."""
    limit: int = 0
    """Calls that may be under way; 0: there is nothing to tell."""
    paused_s: float = 0.0
    """For how long the endpoint asked to wait."""


@dataclass(slots=True)
class Board:
    """Counts the rows and shows them."""

    total: int
    load: Callable[[], Load] = Load
    done: int = 0
    failed: int = 0
    kept: int = 0
    last: str = ""
    console: Console | None = None
    """Where lines go; None: there are none."""
    _begun: float = field(default_factory=time.monotonic)
    _times: deque[tuple[float, int]] = field(default_factory=deque)
    _told: float = 0.0

    def row(self, id: str, what: str, *, failed: bool = False, kept: bool = False) -> None:
        """Say what became of the next row; `what` is for whoever reads each line."""
        self.done += 1
        self.failed += failed
        self.kept += kept
        if self.console is None:
            self.last = f"{id}: {what}"
            return
        if self.total <= _LINES or failed:
            line = f"{self.done}/{self.total} {id}: {what}"
            self.console.print(words(line), soft_wrap=True)
        elif (now := time.monotonic()) - self._told >= _EVERY_S:
            self._told = now
            self.console.print(words(self.line()), soft_wrap=True)

    def note(self, text: str) -> None:
        """Say something that is not about a row."""
        if self.console:
            self.console.print(words(text), soft_wrap=True)
        else:
            self.last = text

    def rate(self) -> float:
        """Return answers graded in a second, over the last minute."""
        now, graded = time.monotonic(), self.done - self.kept
        self._times.append((now, graded))
        while len(self._times) > 2 and now - self._times[0][0] > _RATE_OVER_S:
            self._times.popleft()
        since, before = self._times[0] if len(self._times) > 1 else (self._begun, 0)
        return (graded - before) / (now - since) if now > since else 0.0

    def line(self) -> str:
        """Return all of it in one line."""
        return f"{self.done} of {self.total}; " + "; ".join(part for _, part in self.parts())

    def parts(self) -> list[tuple[str, str]]:
        """Return (what it is, what it says) pairs."""
        rate, load = self.rate(), self.load()
        left = self.total - self.done
        found = [("failed", f"{self.failed} failed")]
        if self.kept:
            found.append(("kept", f"{self.kept} kept"))
        if rate > 0:
            found.append(
                ("rate", f"{rate:.1f} a second" if rate >= 1 else f"{60 * rate:.1f} a minute")
            )
            found.append(("left", f"{_span(left / rate)} left"))
        if load.tokens:
            found.append(("tokens", f"{load.tokens:,} tokens"))
        if load.cost is not None:
            found.append(("cost", f"cost {load.cost:.4f}"))
        if load.limit:
            found.append(("calls", f"{load.active} of {load.limit} calls at once"))
        if load.paused_s > 0:
            found.append(("paused", f"waiting {load.paused_s:.0f} s, as the endpoint asked"))
        return found

    def __rich__(self) -> RenderableType:
        failed, *rest = (words(part) for _, part in self.parts())
        bar = ProgressBar(max(1, self.total), self.done, width=24)
        head = Table.grid(padding=(0, 2, 0, 0))
        head.add_row(bar, words(f"{self.done} of {self.total}"), failed)
        below = Table.grid(padding=(0, 2, 0, 0))
        below.add_row(*rest)
        return Group(head, below, words(self.last[:78]))


@contextmanager
def board(total: int, *, quiet: bool) -> Iterator[Board]:
    """Give what shows the progress on stderr: a table in a terminal, lines elsewhere."""
    console = make_console(stderr=True)
    if quiet:
        yield Board(total)
    elif is_plain(console):
        yield Board(total, console=console)
    else:
        made = Board(total)
        with Live(made, console=console, refresh_per_second=4, transient=True):
            yield made


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
