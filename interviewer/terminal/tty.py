"""The terminal in one's own hands: keys one by one, a screen of its own, and all of it given back.

Loading prompt_toolkit, which reads what candidates type, would be a good part of the time in which
a replay has to open. A replay needs no editing, only single keys, so it has this. Not for Windows.
"""

import codecs
import os
import re
import select
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self, TextIO

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # the other screen, no cursor, empty
_LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"  # what stands between is shown at once
_SEQUENCE = re.compile(r"\x1b(?:\[([0-9;]*)([@-~])|O([A-Z]))")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;]*|O)?\Z")
_ESCAPE_S = 0.05
"""How long the rest of a key's bytes may take; Escape alone is known only after that."""
_LETTERS = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end"}
_NUMBERS = {"1": "home", "7": "home", "4": "end", "8": "end", "5": "pageup", "6": "pagedown"}
_CONTROLS = {
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x1b": "escape",
    "\x03": "c-c",
    "\x1a": "c-z",
}
_CAUGHT = ("SIGTERM", "SIGINT", "SIGTSTP", "SIGCONT", "SIGWINCH")
GONE = "gone"
"""The key that is read once the terminal is gone."""


class Tty:
    """A terminal, from `with` to its end.

    Attributes:
        caught: Names of the signals that came in since they were last taken out.
    """

    def __init__(self, *, keys: int | None = None, screen: TextIO | None = None) -> None:
        """Take hold of a terminal.

        Args:
            keys: Descriptor of the terminal that keys come from; without one, stdin or /dev/tty.
            screen: What is drawn on; stdout without one.
        """
        self.caught: list[str] = []
        self._screen = screen or sys.stdout
        self._own = (
            None if keys is not None or sys.stdin.isatty() else os.open("/dev/tty", os.O_RDWR)
        )
        self._keys = keys if keys is not None else self._own if self._own is not None else 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest, self._gone = "", False
        self._drawn: list[str] = []
        self._before: list[Any] | None = None
        self._handlers: dict[int, Any] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the window; 80 and 24 where it does not say."""
        try:
            columns, lines = os.get_terminal_size(self._screen.fileno())
        except (OSError, ValueError):
            columns, lines = 80, 24
        return columns or 80, lines or 24

    def __enter__(self) -> Self:
        self._wake, self._alarm = os.pipe()
        os.set_blocking(self._alarm, False)
        self._waker = signal.set_wakeup_fd(self._alarm, warn_on_full_buffer=False)
        for number in _numbers():
            self._handlers[number] = signal.signal(number, self._catch)
        self.enter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.leave()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._waker)
        for descriptor in (self._wake, self._alarm, *([] if self._own is None else [self._own])):
            os.close(descriptor)

    def enter(self) -> None:
        """Take the terminal: no echo, no lines, no signals from keys, another screen."""
        import termios

        with suppress(termios.error):  # it is gone
            if self._before is None:
                self._before = termios.tcgetattr(self._keys)
            raw = termios.tcgetattr(self._keys)
            raw[0] &= ~(termios.ICRNL | termios.IXON)
            raw[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN)
            termios.tcsetattr(self._keys, termios.TCSADRAIN, raw)
        self._drawn = []
        self._write(_ENTER)

    def leave(self) -> None:
        """Give the terminal back as it was."""
        import termios

        self._write(_LEAVE)
        if self._before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._keys, termios.TCSADRAIN, self._before)
        self._before = None

    def draw(self, lines: Sequence[str]) -> None:
        """Draw lines from the top of the screen; those that are the same are not drawn again.

        Args:
            lines: With their escape sequences, none wider than the window.
        """
        if len(lines) != len(self._drawn):
            self._drawn = []
        changed = [
            f"\x1b[{number};1H\x1b[0m\x1b[2K{line}"
            for number, line in enumerate(lines, start=1)
            if self._drawn[number - 1 : number] != [line]
        ]
        if changed:
            self._write(_BEGIN + "".join(changed) + _END)
        self._drawn = [*lines]

    def redraw(self) -> None:
        """Draw all lines at the next `draw`: the window is another one."""
        self._drawn = []
        self._write("\x1b[2J")

    def read(self, timeout_s: float | None) -> list[str]:
        """Return the keys that were pressed, once there are some, or a signal, or it is time.

        A key is a character, or the name of one that is none; `GONE` where the terminal is.
        """
        self._take(timeout_s)
        while _UNFINISHED.search(self._rest) and self._take(_ESCAPE_S):
            pass
        text, self._rest = self._rest, ""
        return [*_keys_in(text), *([GONE] if self._gone else [])]

    def suspend(self) -> None:
        """Give the terminal back and stop, as Ctrl-Z does; return once the program goes on."""
        self.leave()
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            os.kill(0, signal.SIGTSTP)
        finally:
            signal.signal(signal.SIGTSTP, before)
            self.enter()

    def _take(self, timeout_s: float | None) -> bool:
        """Wait for bytes or a signal, and tell whether there were bytes."""
        ready, _, _ = select.select([self._keys, self._wake], [], [], timeout_s)
        if self._wake in ready:
            os.read(self._wake, 512)
        if self._keys not in ready:
            return False
        try:
            data = os.read(self._keys, 4096)
        except OSError:
            data = b""
        self._rest += self._decoder.decode(data)
        self._gone = not data
        return bool(data)

    def _catch(self, number: int, _: FrameType | None) -> None:
        self.caught.append(signal.Signals(number).name)

    def _write(self, text: str) -> None:
        with suppress(OSError):  # it is gone, as the keys will tell
            self._screen.write(text)
            self._screen.flush()


def _numbers() -> Iterator[int]:
    for name in _CAUGHT:
        if number := getattr(signal, name, None):
            yield number


def _keys_in(text: str) -> Iterator[str]:
    """Give the keys that a terminal means by its characters, without those that nobody needs."""
    at = 0
    while at < len(text):
        found = _SEQUENCE.match(text, at)
        if found is None:
            char, at = text[at], at + 1
            yield _CONTROLS.get(char, char)
            continue
        at = found.end()
        number, final, letter = found.groups()
        name = _LETTERS.get(final or letter)
        if final == "~":
            name = _NUMBERS.get(number)
        if name:
            yield name
