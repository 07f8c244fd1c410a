"""How long the commands take to start, as a multiple of a bare interpreter's start.

    python benchmarks/startup.py [--runs N] [--smoke]

Runs of all commands alternate, so that a busy moment of the machine hits them alike. The time is
the median, from the start of the process to its end.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

INTERVIEWER = str(Path(sys.executable).with_name("interviewer"))
BARE = "python -c pass"
COMMANDS = {
    BARE: [sys.executable, "-c", "pass"],
    "interviewer --version": [INTERVIEWER, "--version"],
    "interviewer --help": [INTERVIEWER, "--help"],
}
GOALS = {"interviewer --version": 3.0, "interviewer --help": 6.0}


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def medians(runs: int) -> dict[str, float]:
    for command in COMMANDS.values():
        seconds(command)  # the first run fills the file cache and __pycache__
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast commands start.")
    parser.add_argument("--runs", type=int, default=31, help="of each command")
    parser.add_argument("--smoke", action="store_true", help="few runs, to see that it works")
    arguments = parser.parse_args()
    found = medians(3 if arguments.smoke else max(1, arguments.runs))
    print(f"{'command':<24}{'ms':>8}{'x bare':>9}{'goal':>7}")
    for name, median in found.items():
        goal = f"{GOALS[name]:g}x" if name in GOALS else ""
        print(f"{name:<24}{1000 * median:>8.1f}{median / found[BARE]:>9.2f}{goal:>7}")


if __name__ == "__main__":
    main()
