"""A program in a real pseudo-terminal, and what its screen shows."""

import os
import re
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import pexpect.fdpexpect
import pyte

from tests.warm import Program


class Answering(pyte.Screen):
    """A screen that answers where its cursor is, as real terminals do."""

    child: Any

    def write_process_input(self, data: str) -> None:
        self.child.send(data)


class Terminal:
    """A Python program in a real pseudo-terminal."""

    def __init__(
        self,
        args: Sequence[str],
        *,
        columns: int = 80,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        cold: bool = False,
    ) -> None:
        """Start `python args`; `environ` is added to this one's, the terminal an xterm's.

        The process has its imports done already, unless `cold`.
        """
        self._screen = Answering(columns, 24)
        self._stream = pyte.Stream(self._screen)
        self.written = ""
        """All that the program wrote, as it came."""
        # The size is the pseudo-terminal's; pytest's workers bring one of their own.
        kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES"}}
        given = {**kept, "TERM": "xterm", **(environ or {})}
        self._program: Program | None = None
        if cold:
            self._child: Any = pexpect.spawn(
                sys.executable,
                list(args),
                dimensions=(24, columns),
                env=given,
                cwd=cwd,
                encoding="utf-8",
            )
            self.pid: int = self._child.pid
        else:
            ours, its = os.openpty()
            termios.tcsetwinsize(ours, (24, columns))
            self._program = Program(args, (its, its, its), cwd=cwd, environ=given, terminal=True)
            os.close(its)
            self._child = pexpect.fdpexpect.fdspawn(ours, encoding="utf-8")
            self.pid = self._program.pid
        self._screen.child = self._child

    def keys(self, keys: str) -> None:
        self._child.send(keys)

    @property
    def text(self) -> str:
        """All that the screen shows."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def shows(self, what: str) -> str:
        """Wait until the screen shows a match of `what`, and return all that it shows."""
        for _ in range(400):
            if re.search(what, self.text):
                return self.text
            if not self.listen():
                break
        if re.search(what, self.text):
            return self.text
        raise AssertionError(f"never showed {what!r}:\n{self.text}")

    def ends(self) -> int:
        """Wait until the program ends, and return its exit code."""
        for _ in range(400):
            if not self.listen():
                break
        self._child.close()
        return self._program.wait(10) if self._program else int(self._child.exitstatus)

    def resize(self, lines: int, columns: int) -> None:
        """Give the window another size, which the program is told by a signal."""
        self._screen.resize(lines, columns)
        termios.tcsetwinsize(self._child.child_fd, (lines, columns))

    def close(self) -> None:
        if self._program is None:
            self._child.close(force=True)
            return
        if self._child.child_fd != -1:
            self._child.close()
        self._program.kill()
        self._program.wait(10)

    def listen(self) -> bool:
        """Wait a moment for what the program writes; False where it has ended."""
        try:
            heard = self._child.read_nonblocking(100_000, timeout=0.05)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += heard
        self._stream.feed(heard)
        return True
