"""The package `autorubric`, a judge by criterion, beside our grader: same answers, same model.

    python benchmarks/peer_autorubric.py [--answers N] [--data FOLDER] [--model M] [--smoke]

The peer gets an environment of its own in the cache folder, and grades in it, in a process of its
own, six criteria that say the shipped guide's goals and steps in our words; its score of 0 to 1 is
read as 1 to 5 points, MET as 5 and UNMET as 1. A missing part is lower if its points fall by half
a point or it was met and is no more; a verdict that it abstains from is not met. Each is asked
through an engine of its own with the same weights, in turn for each answer, so that a busy machine
is as busy for the one as for the other; before that each gets one answer that does not count.
Nothing comes from kept replies.

With --smoke, one pair and one attack, and a peer that can't be installed is no failure.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.judgement import ERRORS, FAILURE, TARGETS, share, shown
from benchmarks.peers.environment import PeerError, installed
from interviewer.checks import Judge
from interviewer.cli.choices import load
from interviewer.errors import InterviewerError
from interviewer.grading import grade
from interviewer.guide import Guide
from interviewer.llm.client import Client
from interviewer.llm.local.catalogue import default, find
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import path_of
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of

PEER = "autorubric==1.6.1"
WIRE = "litellm==1.110.2"
"""What the peer asks endpoints with: the other package that decides what is sent."""
RUNNER = Path(__file__).parent / "peers" / "autorubric_runner.py"
CRITERIA = {
    "context": "Says briefly what the product was, who used it, what the candidate's role was "
    "and what the project was meant to reach",
    "accountability": "Names, in the first person, a decision or omission of the candidate's own "
    "that caused the failure, and blames nobody else for it",
    "outcome": "Says what happened as a result of the failure, with a figure or another concrete "
    "effect",
    "resilience": "Describes concrete steps that the candidate took soon after the failure was "
    "known, to repair the damage or to contain it",
    "learning": "States one specific lesson, and a habit, rule or process that the candidate "
    "changed because of it",
    "communication": "Tells the episode in order and in plain words, so that a stranger can follow "
    "it without guessing",
}
WARM = (
    "I ran the search of a library app for students. I switched its ranking in the week of the "
    "exams, without a test, and half of the searches found nothing. I switched it back the same "
    "day and wrote to every faculty. Since then nothing of mine changes while exams are on."
)
"""What both are asked first: of a usual answer's kind, and none of the data's."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same answer in full and without a part."""

    full: str
    """Id of the answer."""
    lacking: str
    part: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What both graders are asked."""

    answers: dict[str, str]
    pairs: list[Pair]
    ceilings: dict[str, float]
    """Attack -> the most points that it deserves."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a grader said about one answer."""

    overall: float
    """1 to 5 points; 0 where it gave no score."""
    parts: Mapping[str, tuple[float, bool]]
    """Part -> its points, and whether all of it is there."""
    seconds: float
    note: str = ""
    """Why something could not be judged."""


def evenly(rows: Sequence[Any], count: int, shift: float = 0) -> list[Any]:
    """Return `count` of the rows at equal distances; `shift`, 0 to 1, moves the first one."""
    count = min(count, len(rows))
    return [rows[int((at + shift) * len(rows) / count)] for at in range(count)]


def sample_of(data: Path, count: int) -> Sample:
    """Choose some pairs and attacks, 3 to 4, the pairs from every part and from many answers."""
    cases = {case["id"]: case for case in rows_of(data / "failure-ablations.jsonl")}
    attacks = rows_of(data / "adversarial.jsonl")
    wanted = max(1, count * 3 // 7)
    pairs: list[Pair] = []
    for at, part in enumerate(TARGETS):
        lacking = [key for key, case in cases.items() if part in case["missing"]]
        found = [Pair(f"{key.partition('.')[0]}.full", key, part) for key in lacking]
        found = [pair for pair in found if pair.full in cases]
        pairs += evenly(found, (wanted + len(TARGETS) - 1 - at) // len(TARGETS), at / len(TARGETS))
    chosen = evenly(attacks, max(1, count - wanted))
    both = [cases[key] for pair in pairs for key in (pair.full, pair.lacking)] + chosen
    answers = {case["id"]: case["answer"] for case in both}
    return Sample(answers, pairs, {case["id"]: case["max_overall"] for case in chosen})


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON lines; none where it is not there."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [json.loads(line) for line in lines if line.strip()]


async def ours(guide: Guide, client: Client, prompts: Prompts, answer: str) -> Judged:
    """Grade an answer with our grader, and a judge that knows nothing yet."""
    start = time.perf_counter()
    found = await grade(rubric_of(guide), Judge(guide, client, prompts), answer)
    seconds = time.perf_counter() - start
    note = "; ".join(f"{each.target}: {each.reason}" for each in found.missing)
    return Judged(found.overall or 0, {part: shown(found, part) for part in TARGETS}, seconds, note)


async def theirs(runner: Process, answer: str) -> Judged:
    """Grade an answer with the peer, and put what it said onto our scale.

    Raises:
        PeerError: It ended, or none of its calls came back.
    """
    assert runner.stdin and runner.stdout  # noqa: S101, PT018  two pipes, as asked
    runner.stdin.write(json.dumps(answer).encode() + b"\n")
    line = await runner.stdout.readline()
    if not line:
        raise PeerError(f"{PEER} ended with {await runner.wait()}; see above")
    said = json.loads(line)
    lost = [each for each in said["errors"] if each.startswith("infrastructure")]
    if len(lost) == len(CRITERIA):
        raise PeerError(f"{PEER} could not judge an answer: {lost[0]}")
    parts = {
        part: (5.0 if verdict == "MET" else 1.0, verdict == "MET")
        for part, verdict in said["verdicts"].items()
    }
    overall = 0 if said["score"] is None else 1 + 4 * said["score"]
    return Judged(overall, parts, said["seconds"], "; ".join(said["errors"]))


@asynccontextmanager
async def started(engine: Engine, guide: Guide, python: Path) -> AsyncIterator[Process]:
    """Run the peer in its own environment."""
    process = await asyncio.create_subprocess_exec(
        *(str(python), "-I", str(RUNNER)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={key: value for key, value in os.environ.items() if not key.startswith("OPENAI_")},
    )
    assert process.stdin  # noqa: S101  a pipe, as asked
    job: dict[str, Any] = {"base_url": engine.base_url, "api_key": engine.api_key}
    job |= {"question": guide.question, "criteria": CRITERIA}
    process.stdin.write(json.dumps(job).encode() + b"\n")
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def figures(name: str, sample: Sample, judged: Mapping[str, Judged]) -> tuple[list[str], float]:
    """Return a grader's column of the table, and its median seconds."""
    lower, held = [], []
    for pair in sample.pairs:
        before, after = (judged[key].parts[pair.part] for key in (pair.full, pair.lacking))
        lower.append(before[0] - after[0] >= 0.5 or (before[1] and not after[1]))
        if not lower[-1]:
            points = f"{before[0]:.2f} -> {after[0]:.2f}"
            print(f"  {name}: not lower: {pair.lacking} {pair.part}: {points}")
    for key, ceiling in sample.ceilings.items():
        held.append(judged[key].overall <= ceiling)
        if not held[-1]:
            print(f"  {name}: too high: {key} {judged[key].overall:.2f} > {ceiling}")
    for key, one in judged.items():
        if one.note:
            print(f"  {name}: not all judged: {key}: {one.note[:200]}")
    seconds = median(one.seconds for one in judged.values())
    return [share(lower), share(held), f"{seconds:.1f}"], seconds


async def run(arguments: argparse.Namespace, python: Path) -> list[tuple[str, ...]]:
    """Ask both graders and return the table's rows."""
    guide = load(FAILURE)
    sample = sample_of(arguments.data, 2 if arguments.smoke else arguments.answers)
    if not sample.pairs or not sample.ceilings:
        raise PeerError(f"{arguments.data}: no pairs of answers, or no attacks")
    weights = find(arguments.model or default().name)
    own, peer = {}, {}
    path = weights.path or path_of(weights.entry or default())
    # An engine each: ours keeps three slots for our prompts, which would slow any other client.
    async with Engine(path) as engine, Engine(path, slots=1) as plain:
        prompts = Prompts(None)
        client = Client(engine.endpoint, repair=lambda prompt, *_: prompt, slots=engine.slots)
        async with started(plain, guide, python) as runner, aclosing(client):
            await ours(guide, client, prompts, WARM)
            await theirs(runner, WARM)
            for key, answer in track(sample.answers.items(), "answers", console=ERRORS):
                own[key] = await ours(guide, client, prompts, answer)
                peer[key] = await theirs(runner, answer)
    one, own_s = figures("interviewer", sample, own)
    other, peer_s = figures(PEER, sample, peer)
    words = sum(len(answer.split()) for answer in sample.answers.values()) / len(sample.answers)
    answers = f"{len(sample.answers)} answers of {words:.0f} words"
    measures = ["a missing part is lower", "attacks held", f"seconds, median of {answers}"]
    ratio = ("seconds, as multiples of ours", "1", f"{peer_s / own_s:.1f}")
    return [*zip(measures, one, other, strict=True), ratio]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure autorubric beside our own grader.")
    parser.add_argument("--answers", type=int, default=14, help="pairs and attacks, 3 to 4")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "cases")
    parser.add_argument("--model", help="of the catalogue, or a GGUF file")
    parser.add_argument("--smoke", action="store_true", help="one pair and one attack")
    arguments = parser.parse_args()
    try:
        python = installed(PEER, WIRE, size="0.8 GB")
    except PeerError as error:
        print(f"Skipped: {error}" if arguments.smoke else error)
        sys.exit(0 if arguments.smoke else 1)
    try:
        rows = asyncio.run(run(arguments, python))
    except (PeerError, InterviewerError) as error:
        sys.exit(str(error))
    table = Table("measure", "interviewer", PEER)
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
