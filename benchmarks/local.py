"""How near `interviewer grade` comes to what the embedded engine can do.

    python benchmarks/local.py [--answers N] [--weights FILE] [--smoke]

Grades made-up answers as the command does, and counts what the engine evaluated for them. Before
and after, the same engine reads short prompts, each in continuation of the last, as sentences of an
answer are; and cold ones of 800 tokens, which it reads faster, for it multiplies whole batches. So
there are two limits, the time that the tokens take at either speed, and a third measure that needs
no speed: the share of the time in which the engine was computing, by its own clock.

    of the limit    tokens evaluated / prompt speed + tokens generated / generation speed, over the
                    time that all answers took. The first token of a reply comes with the reading
                    of its prompt, so it is not counted as generated
    gain            tokens that an engine of its own reads in a second with so many short prompts
                    at the same time: what more slots would bring

It needs the embedded model, and an idle machine. Exits 1 where less than 90 % of the limit by short
prompts is reached, or the engine was computing in less than 90 % of the time; `--smoke` only
prints.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.latency import COLD_CHARACTERS, SHORT_CHARACTERS
from benchmarks.load.answers import answer, write_rows
from interviewer.batch.grader import Grader, Graders
from interviewer.batch.ledger import Ledger
from interviewer.batch.rows import read_rows
from interviewer.batch.run import Tally, run
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.llm.client import Client
from interviewer.llm.local.catalogue import default
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import is_present, path_of
from interviewer.prompts import Prompts
from interviewer.shipped import shipped_guides_folder

GOAL = 0.9
SPOKEN_TOKENS = 48
AT_ONCE = (1, 2, 3)

Timings = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Speeds:
    """Tokens a second."""

    short: float
    cold: float
    generated: float


@dataclass(frozen=True, slots=True)
class Work:
    """What the engine did for all answers."""

    answers: int
    seconds: float
    calls: int
    evaluated: int
    cached: int
    generated: int
    """Without the first token of each reply."""
    computing_s: float

    def limit_s(self, speed: float, speeds: Speeds) -> float:
        """Return the least time for these tokens at a prompt speed."""
        return self.evaluated / speed + self.generated / speeds.generated


def taken(client: Client) -> Timings:
    """Return the timings since the last time."""
    found = list(client.timings)
    client.timings.clear()
    return found


def speed_of(calls: Timings) -> float:
    tokens = sum(int(call["prompt_n"]) for call in calls)
    return tokens / (sum(float(call["prompt_ms"]) for call in calls) / 1000)


async def speeds_of(client: Client, times: int, salt: str) -> Speeds:
    """Measure them now; `salt` keeps its prompts apart from others'."""
    text = (shipped_guides_folder() / f"{DEFAULT_GUIDE}.md").read_text(encoding="utf-8")
    taken(client)
    for number in range(times):
        await client.read(f"{salt}{number}. {text[:COLD_CHARACTERS]}", 0)
    cold = taken(client)
    for step in range(1, 8 * times + 1):
        await client.read(f"{salt}0. {text[: COLD_CHARACTERS + step * SHORT_CHARACTERS]}", 0)
    short = taken(client)[1:]  # the first one may have to read the cold part again
    async with aclosing(client.stream("Count from 1 to 99.", max_tokens=SPOKEN_TOKENS)) as pieces:
        async for _ in pieces:
            pass
    spoken = taken(client)[-1]
    generated = 1000 * int(spoken["predicted_n"]) / float(spoken["predicted_ms"])
    return Speeds(speed_of(short), speed_of(cold), generated)


async def grade(client: Client, folder: Path, count: int) -> Work:
    """Grade `count` answers as the command does, one request at a time.

    Raises:
        InterviewerError: The engine is gone.
        SystemExit: An answer failed, so the figures would mean nothing.
    """
    grader = Grader(load(DEFAULT_GUIDE), client, Prompts(None), "embedded")
    calls: Timings = []
    answers = write_rows(folder / "answers.jsonl", count)
    with Ledger(folder / "out") as ledger:
        begun = time.perf_counter()
        tally: Tally = await run(
            read_rows(answers),
            Graders(grader),
            ledger,
            lambda *_: calls.extend(taken(client)),
        )
        seconds = time.perf_counter() - begun
    calls += taken(client)
    if tally.graded < count:
        sys.exit(f"{tally.graded} of {count} were graded: {tally.failures[:1]}")
    return Work(
        answers=count,
        seconds=seconds,
        calls=len(calls),
        evaluated=sum(int(call["prompt_n"]) for call in calls),
        cached=sum(int(call["cache_n"]) for call in calls),
        generated=sum(max(0, int(call["predicted_n"]) - 1) for call in calls),
        computing_s=sum(float(c["prompt_ms"]) + float(c["predicted_ms"]) for c in calls) / 1000,
    )


async def gains(weights: Path, times: int) -> dict[int, float]:
    """Return at how many prompts at once an engine reads how many tokens a second."""
    found = {}
    async with Engine(weights, slots=max(AT_ONCE)) as engine:
        client = Client(engine.endpoint, repair=lambda prompt, *_: prompt)
        async with aclosing(client):
            for many in AT_ONCE:
                for slot in range(many):
                    await client.read(f"{many} {slot}. {answer(slot)}", slot)
                taken(client)
                begun = time.perf_counter()
                await asyncio.gather(
                    *(grow(client, f"{many} ", slot, times) for slot in range(many))
                )
                seconds = time.perf_counter() - begun
                found[many] = sum(int(call["prompt_n"]) for call in taken(client)) / seconds
    return found


async def grow(client: Client, salt: str, slot: int, times: int) -> None:
    """Have a slot read a text that grows by a sentence."""
    text = f"{salt}{slot}. {answer(slot)}"
    for step in range(times):
        text += " " + answer(1000 + 100 * slot + step)[:SHORT_CHARACTERS]
        await client.read(text, slot)


async def measure(weights: Path, count: int, times: int) -> tuple[Work, list[Speeds]]:
    """Return what was done, and the speeds before and after."""
    with tempfile.TemporaryDirectory() as folder:
        async with Engine(weights) as engine:
            make = partial(Client, engine.endpoint, repair=lambda prompt, *_: prompt)
            async with aclosing(make(slots=engine.slots)) as client:
                before = await speeds_of(client, times, "before ")
                work = await grade(client, Path(folder), count)
                after = await speeds_of(client, times, "after ")
    return work, [before, after]


def rows_of(work: Work, speeds: Sequence[Speeds], gain: dict[int, float]) -> list[tuple[str, str]]:
    each = work.answers
    mean = mean_of(speeds)
    read = work.cached + work.evaluated
    shown = [
        ("answers a minute", f"{60 * each / work.seconds:.1f}"),
        ("seconds an answer", f"{work.seconds / each:.2f}"),
        ("calls an answer", f"{work.calls / each:.1f}"),
        ("tokens evaluated an answer", f"{work.evaluated / each:.0f}"),
        ("from the cache", f"{work.cached / read:.1%}"),
        ("tokens generated an answer, first ones not counted", f"{work.generated / each:.1f}"),
    ]
    for name, take in (
        ("short prompts", "short"),
        ("cold prompts", "cold"),
        ("words", "generated"),
    ):
        told = " and ".join(f"{getattr(one, take):.0f}" for one in speeds)
        shown.append((f"tokens/s of {name}, before and after", told))
    return [
        *shown,
        ("of the limit by short prompts", f"{share(work, mean.short, mean):.2f}"),
        ("of the limit by cold prompts", f"{share(work, mean.cold, mean):.2f}"),
        ("of the time the engine was computing", f"{work.computing_s / work.seconds:.2f}"),
        *((f"gain: tokens/s of {n} prompts at once", f"{speed:.0f}") for n, speed in gain.items()),
    ]


def mean_of(speeds: Sequence[Speeds]) -> Speeds:
    """Return speeds that take the mean time for a token."""

    def mean(take: str) -> float:
        return len(speeds) / sum(1.0 / float(getattr(one, take)) for one in speeds)

    return Speeds(mean("short"), mean("cold"), mean("generated"))


def share(work: Work, speed: float, speeds: Speeds) -> float:
    return work.limit_s(speed, speeds) / work.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure grade with the embedded model.")
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--weights", type=Path, help="a GGUF file; else the default model's")
    parser.add_argument("--smoke", action="store_true", help="two answers, to see that it works")
    given = parser.parse_args()
    weights = given.weights or path_of(default())
    if given.weights is None and not is_present(default()):
        parser.error("the weights are not here: `interviewer model pull`, or --weights FILE")
    count, times = (2, 1) if given.smoke else (given.answers, 4)
    work, speeds = asyncio.run(measure(weights, count, times))
    gain = asyncio.run(gains(weights, 2 if given.smoke else 12))
    table = Table("measure", f"{count} answers")
    for row in rows_of(work, speeds, gain):
        table.add_row(*row)
    Console(width=90).print(table)
    mean = mean_of(speeds)
    reached = min(share(work, mean.short, mean), work.computing_s / work.seconds)
    print(f"goal: {GOAL} of the limit by short prompts and of the time; reached: {reached:.2f}")
    if reached < GOAL and not given.smoke:
        sys.exit(1)


if __name__ == "__main__":
    main()
