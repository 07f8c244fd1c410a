"""Rows in, grades in the ledger out: as many at once as the endpoint takes, nothing lost.

What is there already and still holds is kept: the key of a result is a hash of the answer and of
all that its grade depends on. Identical answers are graded once. Everything is bounded: rows that
are read ahead, answers that are being graded, results that wait for the disk.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Literal

from interviewer.batch.grader import Grader, Graders, copied, graded, recalibrated
from interviewer.batch.ledger import Entry, Ledger
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.errors import InterviewerError, PendingError, SpentError, UnreachableError

PATIENCE = 3
"""Rows in a row that an unreachable endpoint may fail before the run stops."""
_AHEAD = 64
"""Rows that are read at once, in another thread."""
_UNWRITTEN = 256
"""Results that wait for the disk at most."""
_TOLD = 20
"""Failures that are remembered to be told at the end."""


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    graded: int = 0
    """By this run."""
    kept: int = 0
    """Graded before, and still valid."""
    copied: int = 0
    """Of `graded`: the same answer as another, whose grade they got."""
    failed: int = 0
    failures: list[Result] = field(default_factory=list)
    """The first few rows that failed."""
    pending: int = 0
    """Different answers that wait for replies of a batch service."""
    spent: bool = False
    """The run stopped before it used more than was allowed."""
    stopped: bool = False
    """It ended before all rows were looked at."""
    written: int = 0
    """Lines that the ledger grew by."""
    digest: str = ""
    """Hash of all rows and what their grades depend on, in order."""

    @property
    def total(self) -> int:
        """How many rows have a result."""
        return self.graded + self.kept + self.failed

    def count(self, fate: "Fate", result: Result | None) -> None:
        """Count one row."""
        if fate == "failed" and result:
            self.failed += 1
            if len(self.failures) < _TOLD:
                self.failures.append(result)
        elif fate == "kept":
            self.kept += 1
        else:
            self.graded += 1
            self.copied += fate == "copied"


Fate = Literal["graded", "copied", "kept", "failed"]
OnRow = Callable[[str, Fate, Result | None], None]
"""(id, what became of it, its result: None where one from before is kept) -> None."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run goes about its rows."""

    at_once: Callable[[], int] = lambda: 1
    """How many answers may be graded at the same time, now."""
    stopping: Callable[[], bool] = lambda: False
    """Whether to begin no more rows; what is in flight is finished."""
    force: bool = False
    """Grade what was graded before, too."""
    begin: int | None = None
    """Byte of the ledger from which results are this run's own, if it looks through the rows more
    than once; None: where the ledger ends now."""
    put_off: Callable[[Row, Grader, tuple[str, str]], None] | None = None
    """Takes the row, its grader and its keys where an answer is to be graded elsewhere: not by
    this run. Identical answers are each put off."""


async def run(
    rows: Iterable[Row | BadRow],
    graders: Graders,
    ledger: Ledger,
    on_row: OnRow,
    manner: Manner | None = None,
) -> Tally:
    """Grade what is missing, failed or changed; a row that fails does not stop the others.

    Raises:
        UnreachableError: The endpoint failed three rows in a row; all results so far are kept.
    """
    return await _Run(graders, ledger, on_row, manner or Manner()).all(rows)


class _Run:
    def __init__(self, graders: Graders, ledger: Ledger, on_row: OnRow, manner: Manner) -> None:
        self._graders, self._ledger, self._manner = graders, ledger, manner
        self._on_row = on_row
        self._tally = Tally()
        self._begin = ledger.size() if self._manner.begin is None else self._manner.begin
        self._tasks: set[asyncio.Task[None]] = set()
        self._freed = asyncio.Event()
        self._done: asyncio.Queue[tuple[Fate, Result] | None] = asyncio.Queue(_UNWRITTEN)
        self._digest = sha256()
        self._asked: dict[str, asyncio.Future[Result]] = {}
        """Hash of an answer that is being graded -> its result, for those that are the same."""
        self._unreachable = 0
        self._error: Exception | None = None

    async def all(self, rows: Iterable[Row | BadRow]) -> Tally:
        writer = asyncio.create_task(self._write())
        try:
            await self._feed(rows)
            while self._tasks and not self._error:
                await self._until_freed()
        finally:
            for task in (tasks := list(self._tasks)):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._done.put(None)
            await writer
        if self._error:
            raise self._error
        self._tally.digest = self._digest.hexdigest()[:32]
        return self._tally

    async def _feed(self, rows: Iterable[Row | BadRow]) -> None:
        async for row in _ahead(rows):
            while len(self._tasks) >= self._manner.at_once() and not self._ends():
                await self._until_freed()
            if self._ends():
                self._tally.stopped = True
                return
            if isinstance(row, BadRow):
                await self._bad(row)
            else:
                await self._begin_row(row)

    def _ends(self) -> bool:
        return bool(self._error or self._tally.spent or self._manner.stopping())

    async def _until_freed(self) -> None:
        self._freed.clear()
        await self._freed.wait()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            if isinstance(error, SpentError):
                self._tally.spent = True
            elif isinstance(error, PendingError):
                self._tally.pending += 1
            elif self._error is None and isinstance(error, Exception):
                self._error = error
        self._freed.set()

    async def _bad(self, row: BadRow) -> None:
        self._digest.update(f"{row.id}\0{row.error}\n".encode())
        result = Result(id=row.id, source=row.source, key="", status="failed", error=row.error)
        entry = self._ledger.find(row.id)
        if entry and self._ledger.read(entry) == result:
            self._count("failed", row.id, result)
        else:
            await self._done.put(("failed", result))

    async def _begin_row(self, row: Row) -> None:
        try:
            grader = self._graders.of(row)
        except InterviewerError as error:
            await self._bad(BadRow(row.id, row.source, str(error)))
            return
        keys = grader.keys(row)
        self._digest.update(f"{row.id}\0{keys[0]}\n".encode())
        entry = self._ledger.find(row.id)
        if entry and entry.status == "graded" and self._holds(entry):
            if entry.key == keys[0]:
                self._count("kept", row.id, None)
                return
            if entry.asked == keys[1]:
                found = self._ledger.read(entry).model_copy(
                    update={"key": keys[0], "source": row.source}
                )
                await self._done.put(("kept", recalibrated(found, grader.calibration)))
                return
        if entry and entry.status == "failed" and entry.key == keys[0] and entry.at >= self._begin:
            self._count("failed", row.id, self._ledger.read(entry))
            return
        await self._begin_grade(row, grader, keys)

    async def _begin_grade(self, row: Row, grader: Grader, keys: tuple[str, str]) -> None:
        asked = keys[1]
        if asked in self._asked:
            work = self._copy(row, grader, keys, self._asked[asked])
        elif (twin := self._ledger.twin(asked)) and self._holds(twin):
            await self._done.put(("copied", _copied(self._ledger.read(twin), row, grader, keys)))
            return
        elif self._manner.put_off:
            self._manner.put_off(row, grader, keys)
            return
        else:
            future = self._asked[asked] = asyncio.get_running_loop().create_future()
            work = self._grade(row, grader, keys, future)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _holds(self, entry: Entry) -> bool:
        return not self._manner.force or entry.at >= self._begin

    async def _grade(
        self, row: Row, grader: Grader, keys: tuple[str, str], future: asyncio.Future[Result]
    ) -> None:
        try:
            result, error = await graded(row, grader, self._graders.judge(grader), keys)
        except BaseException:
            del self._asked[keys[1]]
            future.cancel()  # those that are the same have no result either
            raise
        future.set_result(result)
        await self._done.put((result.status, result))
        self._unreachable = self._unreachable + 1 if isinstance(error, UnreachableError) else 0
        if self._unreachable == PATIENCE and error:
            raise error

    async def _copy(
        self, row: Row, grader: Grader, keys: tuple[str, str], future: asyncio.Future[Result]
    ) -> None:
        found = _copied(await future, row, grader, keys)
        await self._done.put(("copied" if found.status == "graded" else "failed", found))

    async def _write(self) -> None:
        """Write what is done, as many results at once as there are, and tell of them."""
        ended = broken = False
        while not ended:
            batch = [await self._done.get()]
            while not self._done.empty():
                batch.append(self._done.get_nowait())
            ended = None in batch
            # Once the disk failed nothing is written, but nobody may wait for the queue for ever.
            if not broken:
                try:
                    await self._keep([each for each in batch if each])
                except InterviewerError as error:
                    broken, self._error = True, error
                    self._freed.set()

    async def _keep(self, batch: list[tuple[Fate, Result]]) -> None:
        results = [result for _, result in batch]
        if results:
            places = await asyncio.to_thread(self._ledger.append, results)
            self._ledger.note(results, places)
        for fate, result in batch:
            self._asked.pop(result.asked, None)
            self._tally.written += 1
            self._count(fate, result.id, result)

    def _count(self, fate: Fate, id: str, result: Result | None) -> None:
        self._tally.count(fate, result)
        self._on_row(id, fate, result)


def _copied(result: Result, row: Row, grader: Grader, keys: tuple[str, str]) -> Result:
    own = result.model_copy(update={"id": row.id, "source": row.source, "key": keys[0]})
    return copied(own, grader.calibration)


async def _ahead(rows: Iterable[Row | BadRow]) -> AsyncIterator[Row | BadRow]:
    """Yield `rows`, read in another thread: a slow document holds nobody up."""
    found = iter(rows)
    while chunk := await asyncio.to_thread(lambda: list(islice(found, _AHEAD))):
        for row in chunk:
            yield row
