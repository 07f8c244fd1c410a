"""How fast a long transcript opens for replay, and how well its playback keeps the recorded times.

    python benchmarks/replay.py [--runs N] [--turns N] [--seconds N] [--smoke]

Both are measured in a real pseudo-terminal, and worth something on an idle machine only. Opening
lasts from the start of the process to the moment when the first words of the interview stand on the
screen; runs alternate with runs of `interviewer --version`, whose time is the start-up. Playback
runs at speed 1; how late each event comes on the screen is measured from the first one. Exits 1
where a goal is missed, but not with --smoke.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pexpect
import pyte

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "transcripts" / "sample-complete-answer.jsonl"
INTERVIEWER = str(Path(sys.executable).with_name("interviewer"))
OPENING_GOAL_S = 0.3
DRIFT_GOAL_S, DRIFT_GOAL = 0.05, 0.01
LONGEST_S = 60.0
ANSWER = (
    "In turn {turn} I tell what happened. I decided to ship without a test with customers. "
    "We lost 40 orders in two days, so I rolled it back and called each of them."
)


def events_of(turns: int) -> list[dict[str, Any]]:
    """Return a session of so many turns, each with all that a turn leaves in a transcript."""
    gaps = {f"step-{number}": 0.5 for number in range(9)}
    events: list[dict[str, Any]] = [
        {"event": "opening", "text": "Hello."},
        {"event": "question", "text": "Tell me about a failure."},
    ]
    for turn in range(1, turns):
        events += [
            {"event": "answer", "text": ANSWER.format(turn=turn)},
            {"event": "coverage", "p": gaps, "gap": "step-1", "reason": "the least covered"},
            {"event": "probe", "target": "step-1", "text": f"And {turn}?", "source": "model"},
        ]
    final = " ".join(ANSWER.format(turn=turn) for turn in range(5))
    return [*events, {"event": "final", "text": final, "kept": False}, _grade(), _end()]


def _grade() -> dict[str, Any]:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    return next(found for found in map(json.loads, lines) if found.get("event") == "grade")


def _end() -> dict[str, Any]:
    return {"event": "end", "reason": "graded"}


def write(path: Path, timed: list[tuple[float, dict[str, Any]]]) -> Path:
    header = SAMPLE.read_text(encoding="utf-8").splitlines()[0]
    lines = [header, *(json.dumps({**event, "at_s": at_s}) for at_s, event in timed)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Watched:
    """A command in a pseudo-terminal, and what stands on its screen."""

    def __init__(self, *args: str) -> None:
        self.began = self._heard_at = time.perf_counter()
        environ = {**os.environ, "TERM": "xterm-256color"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
        self._child = pexpect.spawn(
            INTERVIEWER, list(args), dimensions=(24, 100), env=environ, encoding="utf-8"
        )
        self._screen = pyte.Screen(100, 24)
        self._stream = pyte.Stream(self._screen)

    def shows(self, what: str) -> float:
        """Wait until something is on the screen, and return when that was, by `perf_counter`."""
        end = time.perf_counter() + LONGEST_S
        while not any(what in line for line in self._screen.display):
            if time.perf_counter() > end:
                raise TimeoutError(f"never showed {what!r}")
            with suppress(pexpect.TIMEOUT):
                heard = self._child.read_nonblocking(100_000, timeout=0.5)
                self._heard_at = time.perf_counter()
                self._stream.feed(heard)
        return self._heard_at

    def leave(self) -> None:
        """Press q and wait for the end."""
        with suppress(OSError):  # it has ended already
            self._child.send("q")
        self._child.expect(pexpect.EOF)
        self._child.close()


def seconds(args: tuple[str, ...], shows: str) -> float:
    """Return how long a command takes until it shows something."""
    watched = Watched(*args)
    found = watched.shows(shows) - watched.began
    watched.leave()
    return found


def opening(folder: Path, turns: int, runs: int) -> float:
    """Print how long opening takes, and return the seconds beyond start-up."""
    numbered = enumerate(events_of(turns))
    file = write(folder / "long.jsonl", [(float(number), event) for number, event in numbered])
    commands = {
        "interviewer --version": (("--version",), "interviewer "),
        "interviewer replay": (("replay", str(file)), "Hello."),
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, (args, shows) in commands.items():
            found = seconds(args, shows)
            if run:  # the first one fills the file cache
                times[name].append(found)
    start_s, open_s = (statistics.median(found) for found in times.values())
    size = file.stat().st_size / 1e6
    print(f"{turns} turns, {size:.1f} MB: on the screen after {open_s:.3f} s, ", end="")
    print(
        f"--version {start_s:.3f} s ({open_s / start_s:.1f}x); beyond it {open_s - start_s:.3f} s"
    )
    return open_s - start_s


def drift(folder: Path, length_s: float) -> bool:
    """Print how late events come on the screen, and tell whether the goal is kept."""
    pauses = [0.0, 0.37, 1.21, 0.08, 2.4, 0.003, 0.9]
    timed: list[tuple[float, dict[str, Any]]] = []
    at_s = 3.0
    while not timed or at_s - 3.0 < length_s:
        at_s += pauses[len(timed) % len(pauses)]
        timed.append((at_s, {"event": "note", "text": f"mark{len(timed):04}."}))
    watched = Watched("replay", str(write(folder / "timed.jsonl", timed)))
    seen = [watched.shows(str(event["text"])) for _, event in timed]
    watched.leave()
    asked = [at_s - timed[0][0] for at_s, _ in timed]
    late = [at - seen[0] - due for at, due in zip(seen, asked, strict=True)]
    worst = max(map(abs, late))
    print(
        f"{len(timed)} events in {asked[-1]:.1f} s at speed 1: off by {1000 * worst:.0f} ms at the "
        f"most, {1000 * statistics.median(map(abs, late)):.0f} ms in the median, "
        f"{1000 * late[-1]:+.0f} ms at the end ({abs(late[-1]) / asked[-1]:.2%})"
    )
    pairs = zip(late, asked, strict=True)
    return all(abs(off) <= max(DRIFT_GOAL_S, DRIFT_GOAL * due) for off, due in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how replay opens and keeps time.")
    parser.add_argument("--runs", type=int, default=15, help="of each command")
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30.0, help="of playback")
    parser.add_argument("--smoke", action="store_true", help="little, to see that it works")
    given = parser.parse_args()
    runs, length_s = (2, 3.0) if given.smoke else (max(1, given.runs), given.seconds)
    with tempfile.TemporaryDirectory() as folder:
        beyond_s = opening(Path(folder), given.turns, runs)
        in_time = drift(Path(folder), length_s)
    good = beyond_s <= OPENING_GOAL_S and in_time
    print(
        f"goals: {OPENING_GOAL_S} s beyond start-up; {DRIFT_GOAL_S * 1000:.0f} ms or 1 % of drift",
        end="",
    )
    print(": kept" if good else ": missed")
    return 0 if good or given.smoke else 1


if __name__ == "__main__":
    sys.exit(main())
