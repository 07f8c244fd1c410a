"""How fast, how cheap and how small `interviewer grade` is, beside a bare client loop and peers.

    python benchmarks/throughput.py [--answers N] [--latency S] [--spread S] [--repeat N] [--smoke]

All ask the local endpoint of `endpoint.py` about the same made-up answers, distinct ones of about
125 words, with the same requests and as many connections, each in a process of its own. Runs
alternate, and figures are medians, for the machine is noisy.

    rate          answers a second, by the endpoint's clock, between two replies: from the fourth
                  round of all connections to the last whole round. So the start of a process, its
                  first connections and what it does at its end are in no rate; they are told apart
    CPU a call    processor time, user and system, of a large run less that of a small one, by the
                  calls between. The bare loop's is taken within it: reading its requests is not in
    peak memory   of the process, or of all its processes together where it has several
    resume        the whole command, where every one of 10,000 small text files is graded already

The peers are installed into environments of their own in the cache folder (1.3 GB in all; 1 to 3
minutes). Exits 1 where a goal is missed; `--smoke` runs all of it with few answers and only prints.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.load.answers import write_files, write_rows
from benchmarks.load.bodies import record
from benchmarks.load.conduct import Conduct
from benchmarks.load.contenders import (
    NO_SETTINGS,
    Job,
    Measured,
    compare_bare,
    compare_ours,
    grade_command,
)
from benchmarks.load.peers import PEERS, install, run_peer
from benchmarks.load.running import RunError, Served, run

RATIOS = {64: 0.95, 256: 1.0}
"""Connections -> the least share of the bare loop's rate."""
MOST_CPU_MS = 0.2
MOST_GROWTH, MOST_MB = 1.5, 250.0
MOST_RESUME_S = 3.0
PEER_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    measure: str
    reached: str
    other: str = ""
    goal: str = ""
    met: bool | None = None
    """None: it has no goal."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    answers: int
    small: int
    """Of the run that is subtracted."""
    repeat: int
    memory: tuple[int, ...]
    files: int
    peer_answers: int


FULL = Sizes(6400, 1280, 3, (1_000, 10_000, 100_000), 10_000, 1600)
SMOKE = Sizes(640, 320, 1, (100, 400), 100, 400)


class Bench:
    """One run of it, in a folder of its own."""

    def __init__(self, folder: Path, sizes: Sizes, conduct: Conduct) -> None:
        self._folder = folder
        self._sizes = sizes
        self._conduct = conduct
        largest = max(self._large(connections) for connections in RATIOS)
        self._bodies = record(folder / "bodies.jsonl", max(largest, sizes.peer_answers))
        self._rates: dict[int, float] = {}

    def job(self, count: int, connections: int) -> Job:
        """Return the first `count` answers, to be asked about over so many connections."""
        path = self._folder / f"{count}.jsonl"
        if not path.exists():
            write_rows(path, count)
        return Job(self._folder, path, self._bodies, count, connections)

    def rates(self) -> Iterator[Line]:
        """Compare with the bare loop, in turns."""
        for connections, goal in RATIOS.items():
            counts = (self._large(connections), self._sizes.small)
            large, small = (self._turns(count, connections) for count in counts)
            rate = {who: median(each.rate for each in runs) for who, runs in large.items()}
            self._rates[connections] = rate["ours"]
            told = f"{connections} connections"
            ratio = rate["ours"] / rate["bare"]
            yield Line(
                f"answers a second, {told}",
                f"{rate['ours']:.0f}",
                f"{rate['bare']:.0f} bare",
                f"{goal:.2f} of bare",
                ratio >= goal,
            )
            yield Line("  of the bare loop's", f"{ratio:.3f}")
            if self._conduct.latency_s:
                limit = connections / self._conduct.latency_s
                yield Line("  of connections / latency", f"{rate['ours'] / limit:.3f}")
            at_once = {who: max(each.most_at_once for each in runs) for who, runs in large.items()}
            yield Line("  most at once", str(at_once["ours"]), f"{at_once['bare']} bare")
            yield from self._rest(large["ours"], large["bare"])
            yield self._cpu(large, small, told)

    def _large(self, connections: int) -> int:
        """Return the answers of a large run: at the least a few rounds of all connections."""
        return max(self._sizes.answers, 7 * connections)

    def _turns(self, count: int, connections: int) -> dict[str, list[Measured]]:
        found: dict[str, list[Measured]] = {"bare": [], "ours": []}
        job = self.job(count, connections)
        for _ in range(self._sizes.repeat):
            found["bare"].append(compare_bare(job, self._conduct))
            found["ours"].append(compare_ours(job, self._conduct))
        return found

    def _rest(self, own: list[Measured], other: list[Measured]) -> Iterator[Line]:
        """Tell what is in no rate."""
        parts: dict[str, Callable[[Measured], float]] = {
            "until the first request": lambda each: each.before_s,
            "after the last reply": lambda each: each.after_s,
            "from start to end": lambda each: each.wall_s,
        }
        for name, take in parts.items():
            mine, bare = (median(map(take, runs)) for runs in (own, other))
            yield Line(f"  seconds {name}", f"{mine:.2f}", f"{bare:.2f} bare")

    def _cpu(
        self, large: dict[str, list[Measured]], small: dict[str, list[Measured]], told: str
    ) -> Line:
        def each_ms(who: str) -> float:
            cpu_s = [median(one.cpu_s for one in runs[who]) for runs in (large, small)]
            calls = [median(one.calls for one in runs[who]) for runs in (large, small)]
            return 1000 * (cpu_s[0] - cpu_s[1]) / (calls[0] - calls[1])

        own, bare = each_ms("ours"), each_ms("bare")
        return Line(
            f"CPU ms a call beyond the bare loop, {told}",
            f"{own - bare:+.2f}",
            f"{own:.2f} - {bare:.2f} bare",
            f"{MOST_CPU_MS} at most",
            own - bare <= MOST_CPU_MS,
        )

    def peers(self, seconds: float) -> Iterator[Line]:
        """Compare with each peer on the same endpoint."""
        pythons = install(seconds)
        for connections in [min(RATIOS)] if self._sizes is SMOKE else RATIOS:
            job = self.job(max(self._sizes.peer_answers, 7 * connections), connections)
            for peer in PEERS:
                python = pythons[peer.requirement]
                found = run_peer(peer, python, job, self._conduct, seconds=PEER_SECONDS)
                name = f"times {peer.requirement}, {connections} connections"
                if found.why:
                    yield Line(name, "not measured", found.why, "ahead")
                    continue
                ratio = self._rates[connections] / found.rate
                told = f"{found.rate:.0f} a second, {found.most_at_once} at once"
                yield Line(name, f"{ratio:.2f}", told, "ahead", ratio > 1)

    def memory(self) -> Iterator[Line]:
        """Tell the peak of runs of several sizes; replies come at once."""
        first = 0.0
        for count in self._sizes.memory:
            found = compare_ours(self.job(count, 64), Conduct(), timeout_s=3600)
            first = first or found.peak_mb
            ratio = found.peak_mb / first
            last = count == self._sizes.memory[-1]
            yield Line(
                f"peak memory in MB, {count:,} answers",
                f"{found.peak_mb:.0f}",
                f"{ratio:.2f} x {self._sizes.memory[0]:,}'s",
                f"{MOST_GROWTH} x and {MOST_MB:.0f} MB at most" if last else "",
                ratio <= MOST_GROWTH and found.peak_mb <= MOST_MB if last else None,
            )

    def resume(self) -> Iterator[Line]:
        """Tell how long a run takes that finds nothing to do."""
        count = self._sizes.files
        folder, out = write_files(self._folder / "files", count), self._folder / "resumed"
        with Served(Conduct()) as served:
            command = grade_command(folder, out, served.base_url, 64)
            log = self._folder / "resume.log"
            first = run(command, log, environ=NO_SETTINGS, timeout_s=1800)
            before = served.stats()["requests"]
            times = max(2, self._sizes.repeat)
            again = [run(command, log, environ=NO_SETTINGS, timeout_s=600) for _ in range(times)]
            after = served.stats()["requests"]
        if first.code or any(each.code for each in again) or before != count or after != before:
            raise RunError(f"{before}, then {after} requests for {count} files:\n{first.said}")
        seconds = median(each.wall_s for each in again)
        yield Line(
            f"seconds of a resume, {count:,} files, nothing to do",
            f"{seconds:.2f}",
            "",
            f"{MOST_RESUME_S:.0f} at most",
            seconds <= MOST_RESUME_S,
        )


def lines_of(bench: Bench, parts: list[str], install_s: float) -> Iterator[Line]:
    yield from bench.rates()
    ways = {"peers": lambda: bench.peers(install_s), "memory": bench.memory, "resume": bench.resume}
    for name, way in ways.items():
        if name in parts:
            try:
                yield from way()
            except RunError as error:
                yield Line(name, "failed", str(error)[-400:], "runs", met=False)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure interviewer grade against an endpoint.")
    parser.add_argument("--answers", type=int, default=FULL.answers, help="of a large run")
    parser.add_argument("--latency", type=float, default=0.1, help="of the endpoint, in seconds")
    parser.add_argument("--spread", type=float, default=0.0, help="of a lognormal latency")
    parser.add_argument("--repeat", type=int, default=FULL.repeat, help="runs of each")
    parser.add_argument(
        "--parts",
        default="peers,memory,resume",
        help="what to measure beside the rates; by default peers,memory,resume",
    )
    parser.add_argument("--smoke", action="store_true", help="few answers, to see that it works")
    given = parser.parse_args()
    full = Sizes(given.answers, given.answers // 5, given.repeat, FULL.memory, FULL.files, 1600)
    sizes = SMOKE if given.smoke else full
    conduct = Conduct(latency_s=given.latency, spread=given.spread)
    table = Table("measure", "reached", "beside", "goal", "met")
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), sizes, conduct)
        for line in lines_of(bench, given.parts.split(","), 240 if given.smoke else 900):
            met = {None: "", True: "yes", False: "NO"}[line.met]
            missed += line.met is False
            print(f"{line.measure}: {line.reached} {line.other}", file=sys.stderr, flush=True)
            table.add_row(line.measure, line.reached, line.other, line.goal, met)
    Console(width=140).print(table)
    if missed and not given.smoke:
        sys.exit(1)


if __name__ == "__main__":
    main()
