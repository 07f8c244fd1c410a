"""Who sends the requests: the bare loop, our command, a peer. Each in a process of its own."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from benchmarks.load.conduct import Conduct
from benchmarks.load.running import INTERVIEWER, Command, Ran, RunError, Served
from benchmarks.load.serving import MODEL

BARE = Path(__file__).parent / "bare.py"
NO_SETTINGS = {"INTERVIEWER_TIMEOUT_S": "60", "OPENAI_API_KEY": "", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True, slots=True)
class Job:
    """What a contender is asked to do."""

    folder: Path
    """For what it writes."""
    answers: Path
    """Rows, as `interviewer grade` takes them."""
    bodies: Path
    """The same as requests of our grader, one a line."""
    count: int
    connections: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, seen from the endpoint and from outside."""

    rate: float
    """Answers a second in the middle of the run; 0 where it is too short to have one."""
    wall_s: float
    """From its start to its end."""
    cpu_s: float
    peak_mb: float
    before_s: float
    """Until its first request."""
    after_s: float
    """From the last reply to its end."""
    calls: int
    most_at_once: int
    endpoint_cpu_s: float


def grade_command(answers: Path, out: Path, base_url: str, connections: int) -> list[str]:
    """Return our command line; it has as many connections as others, where it can be told."""
    command = [INTERVIEWER, "grade", str(answers), "-o", str(out), "--base-url", base_url]
    command += ["--model", MODEL, "--quiet", "--json"]
    return command + (["--concurrency", str(connections)] if knows("--concurrency") else [])


@cache
def knows(option: str) -> bool:
    """Tell whether `interviewer grade` has an option."""
    said = subprocess.run([INTERVIEWER, "grade", "--help"], capture_output=True, text=True)
    return option in said.stdout


def ours(job: Job, served: Served) -> Command:
    """Start our command on a folder without results."""
    out = job.folder / "out"
    command = grade_command(job.answers, out, served.base_url, job.connections)
    return Command(command, NO_SETTINGS, job.folder / "ours.log")


def bare(job: Job, served: Served) -> Command:
    """Start the bare loop."""
    numbers = [str(job.connections), str(job.count)]
    command = [sys.executable, str(BARE), served.base_url, str(job.bodies), *numbers]
    return Command(command, {}, job.folder / "bare.log")


def window_of(count: int, connections: int) -> tuple[int, int] | None:
    """Return between which two answered requests the rate is taken.

    From the fourth round on, as long as all connections are busy; whole rounds, for with a fixed
    latency replies come in bursts.
    """
    begin = 4 * connections
    rounds = (count - connections - begin) // connections
    return (begin, begin + rounds * connections) if rounds > 0 else None


def measured(ran: Ran, served: Served, count: int, connections: int) -> Measured:
    """Return a run as it is compared.

    Raises:
        RunError: It failed, or not every answer was answered.
    """
    window = window_of(count, connections)
    stats = served.stats(f"window={window[0]},{window[1]}" if window else "")
    if ran.code or stats["outcomes"].get("answered", 0) < count:
        raise RunError(f"exit code {ran.code}, {stats['outcomes']} of {count}:\n{ran.said}")
    return Measured(
        rate=(window[1] - window[0]) / stats["window_s"] if window else 0.0,
        wall_s=ran.wall_s,
        cpu_s=ran.cpu_s,
        peak_mb=ran.peak_mb,
        before_s=stats["first_asked"] - ran.begun,
        after_s=ran.begun + ran.wall_s - stats["last_answered"],
        calls=stats["requests"],
        most_at_once=stats["most_at_once"],
        endpoint_cpu_s=stats["cpu_s"],
    )


def compare_bare(job: Job, conduct: Conduct) -> Measured:
    """Run the bare loop once; its processor time is the loop's alone.

    Raises:
        RunError: It failed.
    """
    with Served(conduct) as served:
        ran = bare(job, served).wait(600)
        found = measured(ran, served, job.count, job.connections)
    return replace(found, cpu_s=json.loads(ran.said.splitlines()[-1])["cpu_s"])


def compare_ours(job: Job, conduct: Conduct, *, timeout_s: float = 900) -> Measured:
    """Run our command once, into a folder that is emptied before.

    Raises:
        RunError: It failed.
    """
    shutil.rmtree(job.folder / "out", ignore_errors=True)
    with Served(conduct) as served:
        ran = ours(job, served).wait(timeout_s)
        return measured(ran, served, job.count, job.connections)
