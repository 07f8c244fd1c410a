"""Runs of the engine against a provider of our own, from one folder to the next look at it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interviewer.batch.grader import Grader, Graders
from interviewer.batch.ledger import Ledger, load_results
from interviewer.batch.provider import Outcome, ProviderBatch, Terms, run_provider
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import Fate, Manner, Tally
from interviewer.guide import Guide
from interviewer.llm.retry import Sleep
from interviewer.prompts import Prompts
from tests.batch.provider_server import ProviderServer
from tests.scripted import LABELLED, TOLD


async def no_nap(_: float) -> None:
    """Wait for nothing."""


def plain_repair(prompt: str, reply: str, error: str) -> str:
    return f"{prompt}\nmend: {reply}\nfault: {error}"


def rows(count: int, *, unclear: Sequence[int] = ()) -> list[Row | BadRow]:
    """Return different answers; the model first leaves out a sentence of the `unclear` ones."""
    return [
        Row(
            f"r{number}",
            f"rows:{number}",
            f"{TOLD} It took {number} days." + " This is unclear to me." * (number in unclear),
        )
        for number in range(count)
    ]


@dataclass
class Runner:
    """Runs the engine on one folder, each time as a new process would."""

    server: ProviderServer
    out: Path
    guide: Guide = LABELLED
    terms: Terms = field(default_factory=Terms)
    told: list[str] = field(default_factory=list)
    seen: list[tuple[str, Fate]] = field(default_factory=list)

    async def run(
        self,
        answers: Sequence[Row | BadRow],
        *,
        sleep: Sleep = no_nap,
        stopping: Callable[[], bool] = lambda: False,
        force: bool = False,
        **endpoint: Any,
    ) -> tuple[Tally, Outcome]:
        self.seen = []

        def on_row(id: str, fate: Fate, _: Result | None) -> None:
            self.seen.append((id, fate))

        with Ledger(self.out) as ledger:
            async with ProviderBatch(
                self.out,
                self.server.endpoint(**{"attempts": 2} | endpoint),
                repair=plain_repair,
                terms=self.terms,
                tell=self.told.append,
                stopping=stopping,
                sleep=sleep,
            ) as engine:
                grader = Grader(self.guide, engine.model, Prompts(), "tiny")
                graders = Graders(grader, fresh=1)
                manner = Manner(stopping=stopping, force=force)
                return await run_provider(engine, lambda: answers, graders, ledger, on_row, manner)

    def results(self) -> dict[str, Result]:
        return load_results(self.out)
