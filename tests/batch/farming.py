"""Workers in this process, some of which die, lie or come twice."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from interviewer.batch.grader import Grader, Graders
from interviewer.batch.ledger import Ledger, load_results
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import Fate, Manner, Tally, run
from interviewer.batch.shards import Attempt
from interviewer.batch.spread import run_spread
from interviewer.batch.worker import Report, Worker
from interviewer.grading.calibration import Calibration
from interviewer.guide import Guide
from interviewer.llm import Model
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.prompts import Prompts
from tests.batch.providing import plain_repair
from tests.fake_endpoint import Answer, FakeEndpoint, tokens
from tests.scripted import ANSWER, GUIDE, ScriptedModel


def rows(number: int, *, first: int = 0) -> list[Row]:
    return [
        Row(f"r{each}", f"rows:{each}", f"{ANSWER} It was week {each}.")
        for each in range(first, first + number)
    ]


def judged(body: dict[str, Any]) -> Answer:
    """Answer the same words always the same way, and others otherwise."""
    number = sha256(json.dumps(body["messages"]).encode()).digest()[0] / 255
    return tokens(("Yes", -0.2 - number), ("No", -1.2 + number))


@dataclass
class Farm:
    """One worker after the other, and what befalls them."""

    endpoint: Endpoint
    at_once: int = 4
    dies_after: int | None = None
    """Results after which the first worker dies, once."""
    both: bool = False
    """Each shard is graded by two workers at the same time, and reported by both."""
    lazy: Callable[[str], bool] = lambda _: False
    """Shards that are reported, but not graded."""
    meddle: Callable[[Path], None] = lambda _: None
    """Is given the folder before anybody grades."""
    given: list[list[str]] = field(default_factory=list)
    """The names of shards, each time that some were given out."""
    closed: int = 0

    async def grade(self, folder: Path, names: Sequence[str]) -> AsyncGenerator[Report, None]:
        self.given.append(list(names))
        self.meddle(folder)
        workers = [Worker(folder, self.endpoint, self.at_once) for _ in range(2)]
        try:
            for name in names:
                if self.lazy(name):
                    yield Report(shard=name)
                    continue
                if self.dies_after is not None:
                    await self._die(workers[0], folder, name)
                if self.both:
                    for report in await asyncio.gather(*(each.grade(name) for each in workers)):
                        yield report
                yield await workers[1].grade(name)
        finally:
            for worker in workers:
                await worker.aclose()

    def close(self) -> None:
        self.closed += 1

    async def _die(self, worker: Worker, folder: Path, name: str) -> None:
        """Have a worker begin a shard, and end it in the middle of a line."""
        task = asyncio.create_task(worker.grade(name))
        while sum(map(_lines, (folder / name).glob("done-*"))) < (self.dies_after or 0):
            await asyncio.sleep(0.001)
            if task.done():
                break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for path in (folder / name).glob("done-*"):
            with path.open("ab") as torn:
                torn.write(b'{"id": "r0", "sour')
        self.dies_after = None


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


@dataclass
class Runner:
    """Runs on one folder, each time as a new process would."""

    fake: FakeEndpoint
    out: Path
    guide: Guide = GUIDE
    find: Callable[[str], Guide] | None = None
    calibration: Calibration | None = None
    prompts: Path | None = None
    runs: int = 1
    seen: list[tuple[str, Fate]] = field(default_factory=list)

    def farm(self, **how: Any) -> Farm:
        return Farm(self.fake.endpoint(), **how)

    async def spread(
        self, given: Sequence[Row | BadRow], farm: Farm, *, size: int = 4, **manner: Any
    ) -> Tally:
        with Ledger(self.out) as ledger:
            return await run_spread(
                given,
                self.graders(),
                ledger,
                self._see,
                farm,
                Manner(**manner),
                size=size,
                prompts=self.prompts,
            )

    async def alone(self, given: Sequence[Row | BadRow], out: Path) -> dict[str, Any]:
        """Return what a run in one process makes of the rows."""
        client = Client(self.fake.endpoint(), repair=plain_repair)
        with Ledger(out) as ledger:
            await run(
                given, self.graders(client), ledger, lambda *_: None, Manner(at_once=lambda: 4)
            )
        await client.aclose()
        return as_graded(load_results(out))

    def graded(self) -> dict[str, Any]:
        return as_graded(load_results(self.out))

    def graders(self, model: Model | None = None) -> Graders:
        """Return what grades by `model`; without one it can be asked for keys alone."""
        model = model or ScriptedModel(at_once=True)  # as an endpoint is asked
        prompts, scale = Prompts(self.prompts), self.calibration
        return Graders(Grader(self.guide, model, prompts, "tiny", scale, self.runs), self.find)

    def _see(self, id: str, fate: Fate, _result: Result | None) -> None:
        self.seen.append((id, fate))


def as_graded(results: dict[str, Result]) -> dict[str, Any]:
    """Return the results without how long they took and who paid."""
    return {
        id: each.model_dump(mode="json", exclude={"seconds", "usage"})
        for id, each in results.items()
    }


def graded_by(shard: Path, *results: Result) -> None:
    """Leave results as a worker does."""
    attempt = Attempt(shard)
    for result in results:
        attempt.add(result)
    attempt.close()
