"""Grading through the provider's own batch service: cheaper, and as slow as a day.

The grading itself is the same code as everywhere. Its model takes replies from a shelf, and what
is not there yet leaves one judgement open, as if the model could not say. So all rows are looked
through again and again: each time what they still want is noted, without repeating anything, sent
together, waited for and put on the shelf, until no row wants anything. An answer wants one call for
all its sentences, some want a second one; a round is not lost on the order in which a row asks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from interviewer.batch.grader import Graders
from interviewer.batch.journal import Journal
from interviewer.batch.ledger import Ledger
from interviewer.batch.replies import Replies
from interviewer.batch.requests import MOST_BYTES, MOST_REQUESTS, RequestFiles
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import Fate, Manner, OnRow, Tally, run
from interviewer.batch.submission import Submission, Tell
from interviewer.batch.writing import writing
from interviewer.errors import DataError, UnreachableError
from interviewer.llm.batch_service import BatchService
from interviewer.llm.client import Client, Repair
from interviewer.llm.deferred import DeferredWire
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.retry import Sleep

FOLDER = "provider-batch"
_LOST = 20
"""Looks in a row that may meet nobody, once the service has been met."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run goes about the service."""

    wait: bool = True
    """Stay until all is graded; else submit and collect what can be, and end."""
    rounds: int = 20
    """Rounds after which the answers that are still pending fail."""
    requests: int = MOST_REQUESTS
    size: int = MOST_BYTES
    """Requests and bytes in one batch at most."""
    first_s: float = 15.0
    longest_s: float = 300.0
    """Between two looks at a batch, at first and at most."""
    patience_s: float = 26 * 3600.0
    """How long nothing may change: the service promises a day."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    done: bool
    """Every row has a result."""
    batches: tuple[str, ...] = ()
    """Ids of those that are still running."""


class ProviderBatch:
    """The engine, on one folder. `model` is what rows are graded with; close it at the end.

    The caller holds the lock on the folder's results, so no other process is here.
    """

    def __init__(
        self,
        out: Path,
        endpoint: Endpoint,
        *,
        repair: Repair,
        terms: Terms | None = None,
        tell: Tell = lambda _: None,
        stopping: Callable[[], bool] = lambda: False,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Open what an earlier run has left in `out`; nothing is sent yet.

        Args:
            out: The folder of the results.
            endpoint: Of the provider; it names a model.
            repair: Renders the prompt that shows a reply and its fault.
            terms: How patient, and how much in one batch.
            tell: Is told of each batch, in a few words.
            stopping: Whether to end as soon as may be.
            sleep: Waits.

        Raises:
            DataError: The folder can't be used.
        """
        folder = out / FOLDER
        with writing(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._terms, self._stopping, self._sleep = terms or Terms(), stopping, sleep
        self._endpoint = endpoint
        self._files = RequestFiles(folder, requests=self._terms.requests, size=self._terms.size)
        self._journal = Journal(folder)
        self._replies = Replies(folder, self._files)
        self._service = BatchService(endpoint, sleep=sleep)
        self._submission = Submission(folder, self._journal, self._service, self._replies, tell)
        self._wire = DeferredWire(endpoint, self._replies, sleep=sleep)
        self.model = Client(endpoint, repair=repair, wire=self._wire)

    async def run(self, grade_all: Callable[[], Awaitable[Tally]]) -> Outcome:
        """Go round after round until every row has a result.

        Args:
            grade_all: Looks through all rows that have no result yet, and grades what can be
                graded with the replies that are there. It is called once a round.

        Raises:
            UnreachableError: The service can't be reached, or nothing has happened for too long.
            RefusedError: It refuses to run a batch, or somebody cancelled one.
            DataError: The folder belongs to another endpoint, or can't be written.
        """
        self._begin()
        while True:
            if not await self._settled():
                return self._left()
            number = self._journal.state.round + 1
            self._files.begin(number)
            self._replies.begin()
            if self._journal.state.rounds >= self._terms.rounds:
                self._wire.last_words = f"still wanted replies after {self._terms.rounds} rounds"
            found = await grade_all()
            parts = self._files.close()
            if found.stopped:
                return self._left()
            if not found.pending:
                self._journal.add("finished")
                return Outcome(done=True)
            if self._submission.refusal:
                raise self._submission.refusal
            self._journal.add("round", round=number, parts=parts)

    async def aclose(self) -> None:
        """Let go of connections and files."""
        await self.model.aclose()
        await self._service.aclose()
        self._files.close()
        self._replies.close()
        self._journal.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _begin(self) -> None:
        address, now = self._journal.state.address, self._endpoint.address
        if not address:
            self._replies.forget_failures()
            self._journal.add("began", address=now)
        elif address != now:
            raise DataError(
                f"batches of {address} are under way here, not of {now}",
                where=self._files.folder,
                hint="the same --base-url as before, or another folder with -o",
            )

    def _left(self) -> Outcome:
        running = (each.batch for each in self._submission.open)
        return Outcome(done=False, batches=tuple(each for each in running if each))

    async def _settled(self) -> bool:
        """Bring all that is under way to its end; False where that takes longer than is waited."""
        wait_s, idle_s, lost = self._terms.first_s, 0.0, 0
        while self._submission.open:
            try:
                moved = await self._submission.step()
            except UnreachableError:
                lost += 1
                if not (self._service.met and self._terms.wait) or lost > _LOST:
                    raise
            else:
                lost = 0
                idle_s = 0.0 if moved else idle_s
                wait_s = self._terms.first_s if moved else wait_s
            if not self._submission.open:
                break
            if not self._terms.wait or self._stopping():
                return False
            if idle_s >= self._terms.patience_s:
                raise UnreachableError(
                    f"no batch has ended for {idle_s / 3600:.0f} hours",
                    where=self._endpoint.address,
                    hint="the same command again goes on waiting",
                )
            if not await self._waited(wait_s):
                return False
            idle_s += wait_s
            wait_s = min(wait_s * 1.5, self._terms.longest_s)
        return True

    async def _waited(self, seconds: float) -> bool:
        """Wait, and look every second whether to stop; False: do."""
        while seconds > 0:
            if self._stopping():
                return False
            await self._sleep(min(1.0, seconds))
            seconds -= 1.0
        return True


async def run_provider(
    engine: ProviderBatch,
    rows: Callable[[], Iterable[Row | BadRow]],
    graders: Graders,
    ledger: Ledger,
    on_row: OnRow,
    manner: Manner | None = None,
) -> tuple[Tally, Outcome]:
    """Grade what is missing, failed or changed with an engine's model, in rounds.

    Args:
        engine: Open, on the folder of `ledger`.
        rows: Gives all rows, as often as it is called.
        graders: With the engine's model, and a fresh judge for each row: a judge that remembers
            that a reply is not there would not ask for it again.
        ledger: Where results are, and go to.
        on_row: Is told of each row once.
        manner: As in a run without rounds.

    Returns:
        What became of the rows, and whether all have a result.

    Raises:
        InterviewerError: As `ProviderBatch.run`.
    """
    begin = ledger.size()
    all_told = Tally()
    passes = 0

    async def grade_all() -> Tally:
        nonlocal all_told, passes
        since = ledger.size()

        def on_new(id: str, fate: Fate, result: Result | None) -> None:
            entry = ledger.find(id)
            is_new = entry is not None and entry.at >= since
            if passes == 0 or is_new:
                on_row(id, fate, result)

        how = replace(manner or Manner(), begin=begin)
        found = await run(rows(), graders, ledger, on_new, how)
        all_told = _together(all_told, found)
        passes += 1
        return found

    outcome = await engine.run(grade_all)
    return all_told, outcome


def _together(before: Tally, last: Tally) -> Tally:
    """Return what became of the rows after one more look at all of them."""
    graded = before.graded + last.graded
    return replace(
        last,
        graded=graded,
        kept=last.total - graded - last.failed,
        copied=before.copied + last.copied,
        written=before.written + last.written,
    )
