"""Files of requests to the batch service and their outcomes back, whatever happens in between.

Each step is written to the journal, so any process can take it up where another left it.
"""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from interviewer.batch.journal import Journal, Standing
from interviewer.batch.replies import Collected, Replies
from interviewer.batch.requests import halved
from interviewer.errors import RefusedError
from interviewer.llm.batch_service import Batch, BatchService

QUEUE_FULL = "token_limit_exceeded"
"""Code of a batch that is refused because too much of the account's work waits already."""
Tell = Callable[[str], None]


class Submission:
    """What is under way at the service."""

    def __init__(
        self, folder: Path, journal: Journal, service: BatchService, replies: Replies, tell: Tell
    ) -> None:
        self._folder, self._journal, self._service = folder, journal, service
        self._replies, self._tell = replies, tell
        self._full = False
        """The account's queue takes nothing more until one of our batches has ended."""
        self.refusal: RefusedError | None = None
        """Why the service would not run a batch, or that somebody cancelled it."""

    @property
    def open(self) -> list[Standing]:
        """Files of which nothing was collected yet."""
        return list(self._journal.state.open.values())

    @property
    def _running(self) -> bool:
        return any(each.batch for each in self.open)

    async def step(self) -> bool:
        """Submit what waits, and collect what has ended.

        Returns:
            Whether anything has changed.

        Raises:
            UnreachableError: The service can't be reached; the same step again goes on.
            RefusedError: It refuses: key, file, batch.
        """
        before = repr(self._journal.state)
        for each in self.open:
            if not each.batch and not (self._full and self._running):
                await self._submit(each)
        for each in self.open:
            if each.batch:
                batch = await self._service.batch(each.batch)
                if batch.ended:
                    await self._ended(each, batch)
        return repr(self._journal.state) != before

    async def _submit(self, standing: Standing) -> None:
        path = standing.part.path
        if not standing.file:
            file = await self._service.upload(self._folder / path)
            self._journal.add("uploaded", part=path, file=file)
        found: Batch | None = None
        if standing.key:  # it may have been made by a process that is gone
            found = await self._service.find(standing.key)
        else:
            self._journal.add("creating", part=path, key=uuid4().hex)
        try:
            batch = found or await self._service.create(standing.file, standing.key)
        except RefusedError:
            self._journal.add("uploaded", part=path, file="")  # it may be gone: send it again
            raise
        self._journal.add("created", part=path, batch=batch.id)
        self._tell(f"{path}: {standing.part.requests} requests are the batch {batch.id}")

    async def _ended(self, standing: Standing, batch: Batch) -> None:
        if batch.status == "failed":
            self._failed(standing, batch)
        else:
            self._full = False
            await self._collect(standing, batch)

    async def _collect(self, standing: Standing, batch: Batch) -> None:
        requests = self._folder / standing.part.path
        outcomes = []
        for kind, id in (("output", batch.output_file_id), ("errors", batch.error_file_id)):
            if id:
                outcomes.append(requests.with_name(f"{kind}-of-{requests.name}"))
                await self._service.download(id, outcomes[-1])
        cancelled = batch.status == "cancelled"
        found = self._replies.collect(batch.id, requests, outcomes, blame=not cancelled)
        if cancelled:
            self.refusal = RefusedError(
                f"the batch {batch.id} was cancelled at the provider; what it had done is kept",
                hint="the same command again asks for the rest",
            )
        self._close(standing, batch, found)

    def _failed(self, standing: Standing, batch: Batch) -> None:
        """Find out what to do about a batch that was not begun: nothing of it was paid."""
        part = standing.part
        if any(fault.code == QUEUE_FULL for fault in batch.faults):
            self._journal.add("refused", part=part.path)
            self._tell(f"{part.path}: the account's queue of batches is full")
            if self._running:
                self._full = True
                return
            if part.requests > 1:
                parts = halved(self._folder, part)
                self._journal.add("split", part=part.path, parts=parts)
                return
        lines = {
            each.line: {"code": each.code, "message": each.message}
            for each in batch.faults
            if each.line
        }
        if 0 < len(lines) <= part.requests // 2 and len(lines) == len(batch.faults):
            self._replies.blame(batch.id, self._folder / part.path, lines)
        else:
            said = "; ".join(each.message or each.code or "" for each in batch.faults[:3])
            self.refusal = RefusedError(
                f"the provider would not begin the batch {batch.id}: {said or 'no reason given'}",
                hint="what it says, and then the same command again",
            )
        self._close(standing, batch, Collected(0, len(lines), part.requests - len(lines)))

    def _close(self, standing: Standing, batch: Batch, found: Collected) -> None:
        self._journal.add(
            "collected",
            part=standing.part.path,
            batch=batch.id,
            status=batch.status,
            replies=found.replies,
            failures=found.failures,
            missing=found.missing,
        )
        self._tell(
            f"{standing.part.path}: {batch.status}, {found.replies} replies, "
            f"{found.failures} failures, {found.missing} not run"
        )
