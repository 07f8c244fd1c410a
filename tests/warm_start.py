"""Becomes a Python program whose imports are done; run by `tests/warm.py`.

It imports what the program takes a second to import, then waits at a socket. For each request it
forks: the new process takes the given streams, folder, environment and arguments, and runs
`python ARGS...` from its first line to its last, in this interpreter. A keeper in between writes
the process's id, and its exit code when it has ended, to the fourth descriptor of the request.
"""

import fcntl
import gc
import io
import json
import os
import runpy
import socket
import sys
import termios
import types
from importlib import import_module
from typing import Any

IMPORTED = (
    "anyio._backends._asyncio",
    "filelock",
    "httpcore2",
    "interviewer.cli.app",
    "interviewer.cli.chat",
    "interviewer.cli.chatting",
    "interviewer.cli.grade",
    "interviewer.cli.guide",
    "interviewer.cli.prompt",
    "interviewer.cli.replay",
    "interviewer.cli.transcripts",
    "interviewer.cli.weights",
    "interviewer.grading",
    "interviewer.llm.client",
    "interviewer.llm.connect",
    "interviewer.llm.local.engine",
    "interviewer.llm.local.pull",
    "interviewer.session",
    "interviewer.terminal.jsonlines",
    "interviewer.terminal.keyboard",
    "interviewer.terminal.piped",
    "interviewer.terminal.screen",
    "openai",
    "prompt_toolkit",
    "vcr",
)


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    for module in IMPORTED:
        import_module(module)
    gc.freeze()
    wanted = _wait(control)
    if not wanted:
        os._exit(0)  # quietly: coverage has had its lines from those that it became
    _become(*wanted)


def _wait(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Wait for requests; return in each new process with what it shall be, and at the end."""
    keepers: list[int] = []
    while True:
        message, fds, _, _ = socket.recv_fds(control, 1 << 16, 4)
        while message and not message.endswith(b"\n"):
            message += control.recv(1 << 16)
        keepers = _running(keepers, how=os.WNOHANG if message else 0)
        if not message:
            return None
        if keeper := os.fork():
            keepers.append(keeper)
            for fd in fds:
                os.close(fd)
            continue
        control.close()
        *streams, status = fds
        if program := os.fork():
            _keep(program, streams, status)
        os.close(status)
        return json.loads(message), streams


def _running(keepers: list[int], *, how: int) -> list[int]:
    return [keeper for keeper in keepers if os.waitpid(keeper, how)[0] == 0]


def _keep(program: int, streams: list[int], status: int) -> None:
    for fd in (0, 1, 2, *streams):
        os.close(fd)
    os.write(status, b"%d\n" % program)
    _, ended = os.waitpid(program, 0)
    os.write(status, b"%d\n" % os.waitstatus_to_exitcode(ended))
    os._exit(0)


def _become(wanted: dict[str, Any], streams: list[int]) -> None:
    if wanted["terminal"]:
        os.setsid()
        fcntl.ioctl(streams[0], termios.TIOCSCTTY, 0)
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
    os.closerange(3, max(streams) + 1)
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["environ"])
    _open_streams()
    how, what, *args = wanted["args"]
    path = [each for each in wanted["environ"].get("PYTHONPATH", "").split(os.pathsep) if each]
    sys.path[:1] = ["" if how == "-c" else wanted["cwd"], *path]
    sys.argv = [how, *args]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
        return
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    exec(compile(what, "<string>", "exec"), module.__dict__)  # noqa: S102  as python -c does


def _open_streams() -> None:
    """Open the three streams as an interpreter does at its start."""
    unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old: io.TextIOWrapper = getattr(sys, name)
        size = 0 if unbuffered and number else -1
        stream = io.TextIOWrapper(
            open(number, "wb" if number else "rb", size, closefd=False),  # noqa: SIM115
            old.encoding,
            old.errors,
            line_buffering=bool(size) and (number == 2 or os.isatty(number)),
            write_through=not size,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    main()
