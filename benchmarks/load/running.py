"""Processes of a measurement: the endpoint, and commands whose time and memory are taken."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import ProxyHandler, build_opener

from benchmarks.load.conduct import Conduct

ENDPOINT = Path(__file__).parents[1] / "endpoint.py"
INTERVIEWER = str(Path(sys.executable).with_name("interviewer"))
_OPENER = build_opener(ProxyHandler({}))
_TICK_S = 0.2


class RunError(Exception):
    """A process of a measurement did not do what it was to do."""


class Served:
    """An endpoint in a process of its own, for the length of a `with`."""

    base_url: str
    port: int

    def __init__(self, conduct: Conduct, record: Path | None = None) -> None:
        options = {
            "--latency": conduct.latency_s,
            "--spread": conduct.spread,
            "--most-at-once": conduct.most_at_once,
            "--most-a-second": conduct.most_a_second,
            "--faults": conduct.faults,
            "--retry-after": conduct.retry_after_s,
            "--seed": conduct.seed,
        }
        self._command = [sys.executable, str(ENDPOINT), "--leashed"]
        self._command += [part for name, value in options.items() for part in (name, str(value))]
        self._command += ["--record", str(record)] if record else []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout  # noqa: S101  a pipe, as asked
        line = self._process.stdout.readline()
        if not line:
            raise RunError("the endpoint did not start; see above")
        self.base_url = json.loads(line)["base_url"]
        self.port = int(self.base_url.rpartition(":")[2].removesuffix("/v1"))
        return self

    def stats(self, query: str = "") -> dict[str, Any]:
        """Return what it counted; see `endpoint.py` for the query."""
        address = f"http://127.0.0.1:{self.port}/stats?{query}"
        with _OPENER.open(address, timeout=60) as response:
            found: dict[str, Any] = json.load(response)
        return found

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin  # noqa: S101  a pipe, as asked
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command took, its children that it waited for included."""

    code: int
    """Its exit code; negative: the signal that ended it."""
    wall_s: float
    cpu_s: float
    peak_mb: float
    """The most that it held in memory, in 10^6 bytes: the sum over its processes, where there are
    several at once, each page that they share counted once."""
    begun: float
    """On the machine's monotonic clock."""
    said: str
    """The end of what it printed."""


class Command:
    """A command that runs; `wait` for it, or kill it."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self._log = log
        self.begun = time.monotonic()
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environ},
                start_new_session=True,  # so that a kill takes its children too
            )
        self._several_mb = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watched, daemon=True)
        self._watch.start()

    def kill(self) -> None:
        """End it and its children at once, as `kill -9` does."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, timeout_s: float) -> Ran:
        """Wait for its end.

        Raises:
            RunError: It was still running, and was killed.
        """
        timer = threading.Timer(timeout_s, self.kill)
        timer.start()
        _, status, used = os.wait4(self._process.pid, 0)
        late = not timer.is_alive()
        timer.cancel()
        wall_s = time.monotonic() - self.begun
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._over.set()
        self._watch.join()
        if late:
            raise RunError(f"still running after {timeout_s:.0f} s, killed:\n{self._said()}")
        return Ran(
            code=self._process.returncode,
            wall_s=wall_s,
            cpu_s=used.ru_utime + used.ru_stime,
            peak_mb=max(self._several_mb, _peak_mb(used)),
            begun=self.begun,
            said=self._said(),
        )

    def _said(self) -> str:
        return self._log.read_bytes()[-2000:].decode("utf-8", "replace")

    def _watched(self) -> None:
        """Add up the memory of its processes while there are several (Linux alone tells)."""
        while not self._over.wait(_TICK_S):
            processes = _family(self._process.pid)
            if len(processes) > 1:
                self._several_mb = max(self._several_mb, sum(map(_held_mb, processes)))


def _peak_mb(used: resource.struct_rusage) -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return used.ru_maxrss * unit / 1e6


def _family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for each in found:
        for path in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(child) for child in path.read_text(encoding="ascii").split()]
    return found


def _held_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def run(
    command: Sequence[str],
    log: Path,
    *,
    environ: Mapping[str, str] | None = None,
    timeout_s: float = 600,
) -> Ran:
    """Run a command to its end.

    Raises:
        RunError: It was still running after `timeout_s`, and was killed.
    """
    return Command(command, environ or {}, log).wait(timeout_s)
