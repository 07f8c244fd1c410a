"""Whether `interviewer grade` keeps its books when nearly a third of all calls go wrong.

    python benchmarks/faults.py [--answers N] [--kills N] [--connections N] [--seed N] [--smoke]

The endpoint of `endpoint.py` does one of eleven faults in 30 % of calls (`load/conduct.py` lists
them: refusals, closed connections, silence, cut and torn replies, nonsense, HTML pages). First
one run to its end; then, into another folder, the same with `kill -9` at random moments, and the
command again each time, until a last run is let go to its end. After each, the ledger is held
against the answers:

    lost         an answer without a line, or failed without a reason
    doubled      two lines for an answer in one run, or graded twice
    paid again   answers whose own request was answered as it should be more than once: 0 without
                 kills; with them, what was in flight at a kill, so at most kills x connections

Exits 1 where any of that is not as it has to be, with `--smoke` too.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.load.answers import rows, write_rows
from benchmarks.load.audit import Audit, audit, lines_of
from benchmarks.load.bodies import own_keys
from benchmarks.load.conduct import Conduct
from benchmarks.load.contenders import NO_SETTINGS, grade_command
from benchmarks.load.running import Command, RunError, Served

SHARE = 0.3
LATENCY_S = 0.02
TIMEOUT_S = 2.0
"""Of the client: after that a stalled call is given up."""
LONGEST_S = 3600.0
_START_S = 1.0
"""About what the command needs until its first request."""


@dataclass(slots=True)
class Run:
    """The command, perhaps several times, into one folder."""

    out: Path
    seconds: float = 0.0
    runs: list[int] = field(default_factory=list)
    """Lines of the ledger when each began."""
    kills: int = 0
    code: int = 0
    """Exit code of the last one."""
    said: str = ""


def start(run: Run, answers: Path, served: Served, connections: int) -> Command:
    run.runs.append(len(lines_of(run.out)[0]))
    command = grade_command(answers, run.out, served.base_url, connections)
    environ = NO_SETTINGS | {"INTERVIEWER_TIMEOUT_S": str(TIMEOUT_S)}
    return Command(command, environ, run.out.with_suffix(".log"))


def finish(run: Run, answers: Path, served: Served, connections: int) -> None:
    """Run the command to its end."""
    begun = time.monotonic()
    ran = start(run, answers, served, connections).wait(LONGEST_S)
    run.seconds += time.monotonic() - begun
    run.code, run.said = ran.code, ran.said


def kill_often(
    run: Run, answers: Path, served: Served, connections: int, moments: list[float]
) -> None:
    """Run it and kill it so many seconds after each start; stops where it ends before."""
    for moment in moments:
        command = start(run, answers, served, connections)
        time.sleep(moment)
        command.kill()
        ran = command.wait(60)
        run.seconds += ran.wall_s
        if ran.code >= 0:
            return
        run.kills += 1


def draw(table: Table, name: str, run: Run, found: Audit, most: int) -> bool:
    """Add what was found; tell whether all is as it has to be."""
    right = not found.faults and found.paid_again <= most and run.code in {0, 1}
    table.add_row(
        name,
        f"{run.seconds:.0f}",
        str(run.kills),
        str(found.graded),
        str(found.failed),
        str(len(found.lost) + len(found.unexplained)),
        str(len(found.doubled)),
        f"{found.paid_again} of {most}",
        "yes" if right else "NO",
    )
    return right


def tell(name: str, run: Run, found: Audit, stats: dict[str, Any]) -> None:
    """Print what the table has no room for."""
    told = ", ".join(f"{times} {kind}" for kind, times in sorted(stats["outcomes"].items()))
    print(f"{name}: {stats['requests']} calls, {stats['most_at_once']} at once at most: {told}")
    for reason, times in found.reasons.most_common(6):
        print(f"  {times} failed: {reason}")
    wrong = {
        "lost": found.lost,
        "without a reason": found.unexplained,
        "doubled": found.doubled,
        "no answer of ours": found.strangers,
        "lines that can't be read": ["?"] * found.unreadable,
    }
    for what, ids in wrong.items():
        if ids:
            print(f"  {len(ids)} {what}: {', '.join(ids[:5])}")
    if run.code not in {0, 1}:
        print(f"  exit code {run.code}: {run.said[-600:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Grade with faults and kills; count what is lost.")
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="few answers, to see that it works")
    given = parser.parse_args()
    if given.smoke:
        given.answers, given.kills = 200, 3
    conduct = Conduct(latency_s=LATENCY_S, faults=SHARE, seed=given.seed)
    chance = random.Random(given.seed)  # noqa: S311  no secret
    ids = [row["id"] for row in rows(given.answers)]
    table = Table("run", "s", "kills", "graded", "failed", "lost", "doubled", "paid again", "right")
    right = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        answers = write_rows(folder / "answers.jsonl", given.answers)
        alone, killed = Run(folder / "alone"), Run(folder / "killed")
        for title, run in (("to its end", alone), ("with kills", killed)):
            record = run.out.with_suffix(".record")
            with Served(conduct, record) as served:
                if run is killed:
                    each_s = alone.seconds / max(1, given.kills)
                    moments = [
                        chance.uniform(0, _START_S + 1.4 * each_s) for _ in range(given.kills)
                    ]
                    kill_often(run, answers, served, given.connections, moments)
                finish(run, answers, served, given.connections)
                stats = served.stats("prompts=1")
            found = audit(run.out, ids, run.runs, own_keys(record), stats["prompts"])
            tell(title, run, found, stats)
            right = draw(table, title, run, found, run.kills * given.connections) and right
    Console(width=110).print(table)
    if not right:
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except RunError as error:
        sys.exit(str(error))
