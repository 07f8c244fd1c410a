"""How long `interviewer progress` takes over many sessions, as a multiple of parsing their JSON.

    python benchmarks/progress.py [--sessions N] [--smoke]

The sessions are the samples in `transcripts/`, copied with other ids, times and scores. Parsing
every line of them with the json module, in a process of its own, is the least that anybody who
reads them does. Each time is the least of five runs; runs of the two alternate.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "transcripts"
INTERVIEWER = str(Path(sys.executable).with_name("interviewer"))
PARSE = """
import json, pathlib, sys
for path in pathlib.Path(sys.argv[1]).glob("*.jsonl"):
    for line in path.read_bytes().splitlines():
        json.loads(line)
"""
RUNS = 5


def write_sessions(folder: Path, count: int) -> None:
    samples = [path.read_text("utf-8").splitlines() for path in SAMPLES.glob("sample-*.jsonl")]
    chooser = random.Random(1)  # noqa: S311
    for number in range(count):
        header, *events = (json.loads(line) for line in samples[number % len(samples)])
        began = datetime(2031, 1, 1, tzinfo=UTC) + timedelta(hours=7 * number)
        header |= {"id": uuid.UUID(int=number).hex, "started_at": began.isoformat()}
        for event in events:
            if event["event"] == "grade":
                event["overall"] = round(chooser.uniform(1, 5), 2)
        lines = [json.dumps(each) for each in (header, *events)]
        (folder / f"{number:06}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure progress over many sessions.")
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--smoke", action="store_true", help="few, to see that it works")
    arguments = parser.parse_args()
    count, runs = (20, 1) if arguments.smoke else (max(1, arguments.sessions), RUNS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "sessions"
        folder.mkdir()
        write_sessions(folder, count)
        page = str(Path(place) / "page.html")
        commands = {
            "parsing the JSON": [sys.executable, "-c", PARSE, str(folder)],
            "interviewer progress": [INTERVIEWER, "progress", str(folder)],
            "... with --html": [INTERVIEWER, "progress", str(folder), "--html", page],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(seconds(command))
    best = {name: min(found) for name, found in times.items()}
    parsing = next(iter(best.values()))
    print(f"{count:,} sessions{'s':>20}{'x parsing':>12}")
    for name, least in best.items():
        print(f"{name:<24}{least:>8.2f}{least / parsing:>12.1f}")


if __name__ == "__main__":
    main()
