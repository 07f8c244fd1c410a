"""A run whose answers are graded by the workers of a cluster, whatever the cluster is.

Three steps. The rows are looked through once: what is there already is kept, and what is new goes
to shards, identical answers once. The cluster grades the shards, and as each is done its results
go to the ledger. Then those that are the same get their copies. So outputs, keys and resuming are
those of a run in one process; and what a cluster says is not relied on: a shard is done when the
ledger holds each of its answers, and is given out again if it does not.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from interviewer.batch.grader import Graders, copied
from interviewer.batch.ledger import Ledger
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import Fate, Manner, OnRow, Tally, run
from interviewer.batch.shards import Recipe, Shards, Twin, adopt, take
from interviewer.batch.worker import Report
from interviewer.errors import ClusterError

LARGEST = 64
"""Answers in a shard, at most: that many a worker reads again when another one died."""
_EACH = 8
"""Shards that a worker gets at least, where there are so many answers: none waits for the last."""
_COPIES = 256
"""Copies that are written at once."""


class Farm(Protocol):
    """Workers that see the folder of the run."""

    def grade(self, folder: Path, names: Sequence[str]) -> AsyncGenerator[Report, None]:
        """Have shards graded, and yield a report as each attempt has ended, in any order.

        Ends early once the run is to stop and what was in flight is finished.

        Raises:
            ClusterError: The workers can't be had, or are gone.
        """

    def close(self) -> None:
        """Let go of the workers; what they still do may be lost."""


def shard_size(total: int, workers: int) -> int:
    """Return how many answers go into a shard, of so many rows for so many workers."""
    return min(LARGEST, max(1, total // (_EACH * workers)))


async def run_spread(
    rows: Iterable[Row | BadRow],
    graders: Graders,
    ledger: Ledger,
    on_row: OnRow,
    farm: Farm,
    manner: Manner | None = None,
    *,
    size: int = LARGEST,
    prompts: Path | None = None,
) -> Tally:
    """Grade by the workers of a farm what is missing, failed or changed.

    Args:
        rows: All of them.
        graders: The run's; their model is not asked.
        ledger: Where results are, and go to; its folder is on storage that all workers see.
        on_row: Is told of each row once.
        farm: The workers. It is closed at the end.
        manner: Whether to stop, and whether to grade all anew.
        size: Answers in a shard.
        prompts: Folder whose templates override the shipped ones.

    Raises:
        UnreachableError: The endpoint failed several rows in a row; all results so far are kept.
        ClusterError: The workers can't be had or are gone, or grade otherwise than this process.
        DataError: The folder can't be written, or a worker does not see it.
    """
    manner = manner or Manner()
    out = ledger.path.parent
    adopt(out, ledger)
    begin, own = ledger.size(), graders.own
    recipe = Recipe(name=own.name, calibration=own.calibration, runs=own.runs)
    spread = _Spread(graders, ledger, on_row, farm, manner)
    try:
        with Shards(out, begin, size, recipe, prompts) as shards:
            how = replace(manner, begin=begin, put_off=shards.add)
            tally = await run(rows, graders, ledger, on_row, how)
        if not tally.stopped:
            await spread.grade(shards, tally)
        return tally
    finally:
        farm.close()
        adopt(out, ledger)


class _Spread:
    def __init__(
        self, graders: Graders, ledger: Ledger, on_row: OnRow, farm: Farm, manner: Manner
    ) -> None:
        self._graders, self._ledger, self._farm = graders, ledger, farm
        self._on_row, self._manner = on_row, manner

    async def grade(self, shards: Shards, tally: Tally) -> None:
        left = shards.names
        while left and not tally.stopped:
            written = tally.written
            left = await self._round(shards, left, tally)
            tally.stopped = self._manner.stopping() and bool(left)
            if left and tally.written == written and not tally.stopped:
                raise ClusterError(
                    f"{len(left)} shards came back without their grades",
                    where=shards.folder,
                    hint="the same command again goes on",
                )
        if not tally.stopped:
            await self._copy(shards, tally)

    async def _round(self, shards: Shards, names: Sequence[str], tally: Tally) -> list[str]:
        """Have shards graded once, and return those of which an answer is left."""
        left = dict.fromkeys(names)
        async with aclosing(self._farm.grade(shards.folder, names)) as reports:
            async for report in reports:
                shard = shards.folder / report.shard
                new, open_ = await asyncio.to_thread(take, shard, self._ledger, shards.begin)
                for result in new:
                    self._count(result.status, result, tally)
                if not open_:
                    left.pop(report.shard, None)
                if report.problem:
                    raise report.problem.error()
        return list(left)

    async def _copy(self, shards: Shards, tally: Tally) -> None:
        twins = shards.twins()
        while some := list(islice(twins, _COPIES)):
            results = [self._copied(twin, shards.begin) for twin in some]
            await asyncio.to_thread(self._ledger.add, *results)
            for result in results:
                self._count("copied" if result.status == "graded" else "failed", result, tally)

    def _copied(self, twin: Twin, begin: int) -> Result:
        entry = self._ledger.same(twin.asked, begin)
        if entry is None:
            raise ClusterError("an answer came back without a grade", where=twin.source)
        own = {"id": twin.id, "source": twin.source, "key": twin.key}
        return copied(
            self._ledger.read(entry).model_copy(update=own), self._graders.own.calibration
        )

    def _count(self, fate: Fate, result: Result, tally: Tally) -> None:
        tally.written += 1
        tally.count(fate, result)
        self._on_row(result.id, fate, result)
