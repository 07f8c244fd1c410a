"""Python programs in processes of their own, without the second that their imports take.

`run(["-m", "interviewer", ...])` does what `python -m interviewer ...` does, but that the process
is a fork of one that has imported the program (`tests/warm_start.py`). It has its own streams, or
terminal, folder, environment, signals and exit code. What a start imports, and when, is not to be
seen here; the tests that show it start `python` itself.
"""

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_ROOT = Path(__file__).parents[1]


class Program:
    """A program that runs, or has ended."""

    def __init__(
        self,
        args: Sequence[str | Path],
        streams: tuple[int, int, int],
        *,
        cwd: Path | None,
        environ: Mapping[str, str],
        terminal: bool = False,
    ) -> None:
        """Start `python args`; where `terminal`, its streams are the terminal that it controls."""
        wanted = {
            "args": [str(each) for each in args],
            "cwd": str(cwd or Path.cwd()),
            "environ": dict(environ),
            "terminal": terminal,
        }
        heard, told = os.pipe()
        with os.fdopen(told, "wb"):
            message = json.dumps(wanted).encode() + b"\n"
            sent = socket.send_fds(_starter(), [message], [*streams, told])
            _starter().sendall(message[sent:])
        self._status = os.fdopen(heard, "rb", 0)
        self.pid = int(self._status.readline())
        self.returncode: int | None = None
        """The exit code, or minus the signal that ended it; None while it runs."""

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout_s: float | None = None) -> int:
        code = self._ended(timeout_s)
        if code is None:
            raise TimeoutError(f"it has not ended in {timeout_s} s")
        return code

    def _ended(self, timeout_s: float | None) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout_s)[0]:
            self.returncode = int(self._status.readline())
            self._status.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Piped(Program):
    """A program that is spoken to through pipes; used as subprocess.Popen is."""

    def __init__(
        self, args: Sequence[str | Path], *, cwd: Path, environ: Mapping[str, str]
    ) -> None:
        """Start `python args`."""
        pipes = [os.pipe() for _ in range(3)]
        theirs = pipes[0][0], pipes[1][1], pipes[2][1]
        super().__init__(args, theirs, cwd=cwd, environ=environ)
        for fd in theirs:
            os.close(fd)
        self.stdin = os.fdopen(pipes[0][1], "w", encoding="utf-8")
        self.stdout = os.fdopen(pipes[1][0], encoding="utf-8")
        self.stderr = os.fdopen(pipes[2][0], encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error:
            self.kill()
        for stream in (self.stdin, self.stdout, self.stderr):
            stream.close()
        self.wait(10)

    def hear(self, what: str) -> None:
        """Read stderr until it has said `what`."""
        heard = ""
        while not heard.endswith(what):
            more = self.stderr.read(1)
            assert more, f"it ended without {what!r}: {heard}"
            heard += more

    def communicate(self, said: str = "", *, timeout_s: float = 30) -> tuple[str, str]:
        """Say all of it, and return what is written to stdout and stderr.

        A program that takes longer than `timeout_s` is killed.
        """
        errors: list[str] = []
        reader = threading.Thread(target=lambda: errors.append(self.stderr.read()))
        patience = threading.Timer(timeout_s, self.kill)
        for thread in (reader, patience):
            thread.start()
        try:
            with self:
                try:
                    with self.stdin:
                        self.stdin.write(said)
                except BrokenPipeError:
                    pass  # it has ended without listening to all
                out = self.stdout.read()
                reader.join()
        finally:
            patience.cancel()
            patience.join()
        return out, errors[0]


def run(
    args: Sequence[str | Path],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    said: str = "",
    timeout_s: float = 30,
) -> subprocess.CompletedProcess[str]:
    """Run `python args` to its end."""
    program = Piped(args, cwd=cwd, environ=environ)
    out, errors = program.communicate(said, timeout_s=timeout_s)
    return subprocess.CompletedProcess(list(args), program.wait(), out, errors)


@functools.cache
def _starter() -> socket.socket:
    """Start what starts programs, once for each worker; return the way to it."""
    ours, its = socket.socketpair()
    with its:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("warm_start.py")), str(its.fileno())],
            pass_fds=[its.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )

    def end() -> None:
        ours.close()
        process.wait(10)

    atexit.register(end)
    return ours
