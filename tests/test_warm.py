"""A program with its imports done sees what `python` would let it see."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm
from tests.terminal.pty import Terminal

LOOK = """
import json, os, signal, sys
print(json.dumps({
    "name": __name__, "argv": sys.argv, "cwd": os.getcwd(), "environ": dict(os.environ),
    "path": sys.path[:2], "heard": sys.stdin.read(),
    "terminals": [stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)],
    "streams": [
        (stream.encoding, stream.errors, stream.line_buffering, stream.write_through)
        for stream in (sys.stdout, sys.stderr)
    ],
    "open": sorted(int(fd) for fd in os.listdir("/proc/self/fd"))[:-1],
    "signals": [str(signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGCHLD)],
    "fresh": "interviewer" in globals(),
}))
print("it fails", file=sys.stderr)
sys.exit(3)
"""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_it_sees_what_a_cold_one_sees_and_its_exit_code_is_its_own(
    tmp_path: Path, unbuffered: str
) -> None:
    environ = {"PYTHONPATH": str(tmp_path), "PATH": "/bin", "PYTHONUNBUFFERED": unbuffered}
    environ |= {k: v for k, v in os.environ.items() if k == "LANG" or k.startswith("LC_")}
    args = ("-c", LOOK, "one", "two words")
    cold = subprocess.run(
        [sys.executable, *args],
        cwd=tmp_path,
        env=environ,
        input="é\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    seen = warm.run(args, cwd=tmp_path, environ=environ, said="é\n")
    assert seen.stdout == cold.stdout
    assert (seen.returncode, seen.stderr) == (cold.returncode, cold.stderr) == (3, "it fails\n")


def test_an_error_is_told_as_python_tells_it(tmp_path: Path) -> None:
    done = warm.run(("-c", "1 / 0"), cwd=tmp_path, environ={})
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_one_that_is_killed_has_minus_the_signal_for_its_code(tmp_path: Path) -> None:
    with warm.Piped(("-c", "input()"), cwd=tmp_path, environ={}) as program:
        assert program.poll() is None
        program.kill()
        assert program.wait(10) == -signal.SIGKILL


def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    code = "import time; time.sleep(60)"
    done = warm.run(("-c", code), cwd=tmp_path, environ={}, timeout_s=0.1)
    assert done.returncode == -signal.SIGKILL


def test_at_a_terminal_the_keys_for_signals_are_its_own(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdout.isatty(), flush=True); input()"
    terminal = Terminal(["-c", code], cwd=tmp_path)
    try:
        terminal.shows("True")
        assert os.getsid(terminal.pid) == terminal.pid
        terminal.keys("\x03")
        terminal.ends()
    finally:
        terminal.close()
    assert "KeyboardInterrupt" in terminal.written
