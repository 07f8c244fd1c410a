"""Grading a shard: what each worker of a cluster does, whatever the cluster is."""

import asyncio
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from interviewer.batch.grader import Grader, Graders, graded
from interviewer.batch.run import PATIENCE
from interviewer.batch.shards import FIRST_GUIDE, Attempt, OpenRow, is_done, read_guide, read_recipe
from interviewer.errors import ClusterError, DataError, InterviewerError, UnreachableError
from interviewer.guide import Guide
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.pace import Pace
from interviewer.prompts import Prompts
from interviewer.value import Value

Kind = Literal["unreachable", "data", "cluster"]
_KINDS: dict[Kind, type[InterviewerError]] = {
    "unreachable": UnreachableError,
    "data": DataError,
    "cluster": ClusterError,
}


class Problem(Value):
    """Why a worker gave up."""

    kind: Kind = "cluster"
    what: str
    where: str = ""
    hint: str = ""

    @classmethod
    def of(cls, error: InterviewerError) -> "Problem":
        """Return an error as a value."""
        kinds = {each: kind for kind, each in _KINDS.items()}
        kind = kinds.get(type(error), "cluster")
        return cls(kind=kind, what=error.what, where=error.where, hint=error.hint)

    def error(self) -> InterviewerError:
        """Return it as an error."""
        return _KINDS[self.kind](self.what, where=self.where, hint=self.hint)


class Report(Value):
    """That an attempt at a shard has ended; its results are on the storage."""

    shard: str
    """The folder's name."""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a worker does at this moment."""

    answers: int = 0
    """That it is grading."""
    active: int = 0
    """Calls under way."""
    limit: int = 0
    """Calls that may be under way."""
    paused_s: float = 0.0
    """For how long its endpoint asked to wait."""


class Worker:
    """Grades shards of one run, several at the same time; used on one event loop."""

    def __init__(self, folder: Path, endpoint: Endpoint, at_once: int) -> None:
        """Make ready to grade.

        Args:
            folder: The run's, with its shards.
            endpoint: Of the model.
            at_once: Calls at the same time, at most.
        """
        self.stopping = False
        """Begin no more answers."""
        self._folder = folder
        self._endpoint = endpoint
        self._pace = Pace(at_once)
        self._client: Client | None = None
        self._graders: Graders | None = None
        self._answers = 0
        self._freed = asyncio.Condition()
        self._unreachable = 0

    def pulse(self) -> Pulse:
        """Return what it does now."""
        return Pulse(self._answers, self._pace.active, self._pace.limit, self._pace.paused_s)

    async def grade(self, name: str) -> Report:
        """Grade what is left of a shard; its results are on the storage when this returns.

        Returns:
            A report; with a problem if no other attempt or worker would fare better.
        """
        try:
            await self._attempt(name)
        except ExceptionGroup as group:
            error = group.exceptions[0]
            if not isinstance(error, InterviewerError):
                raise error from group
            return Report(shard=name, problem=Problem.of(error))
        except InterviewerError as error:
            return Report(shard=name, problem=Problem.of(error))
        return Report(shard=name)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._client:
            await self._client.aclose()

    async def _attempt(self, name: str) -> None:
        shard = self._folder / name
        try:
            attempt = Attempt(shard)
        except DataError:
            if is_done(shard):
                return
            raise
        try:
            graders = self._graders or self._made()
            async with asyncio.TaskGroup() as tasks:
                for row in attempt.left:
                    async with self._freed:
                        await self._freed.wait_for(self._has_room)
                        if self.stopping:
                            break
                        self._answers += 1
                    tasks.create_task(self._grade(row, graders, attempt))
        finally:
            attempt.close()

    def _has_room(self) -> bool:
        # A few more than there may be calls, so that the end of one answer holds up no call.
        most = self._pace.limit + self._pace.limit // 4 + 1
        return self.stopping or self._answers < most

    async def _grade(self, open_row: OpenRow, graders: Graders, attempt: Attempt) -> None:
        try:
            row = open_row.row()
            grader = graders.of(row)
            keys = grader.keys(row)
            if keys != (open_row.key, open_row.asked):
                raise ClusterError(
                    "a worker would grade by other prompts, or with another version of interviewer",
                    where=platform.node(),
                    hint="install the same version on every machine of the cluster",
                )
            result, error = await graded(row, grader, graders.judge(grader), keys)
            attempt.add(result)
            self._unreachable = self._unreachable + 1 if isinstance(error, UnreachableError) else 0
            if self._unreachable >= PATIENCE and error:
                raise error
        finally:
            self._answers -= 1
            async with self._freed:
                self._freed.notify_all()

    def _made(self) -> Graders:
        """Make graders as the run's recipe has it; on the event loop that they are used on.

        Raises:
            InterviewerError: A template can't be used here.
        """
        recipe, override = read_recipe(self._folder)
        prompts = Prompts(override)

        def repair(prompt: str, reply: str, error: str) -> str:
            return prompts.render("repair", prompt=prompt, reply=reply, error=error)

        def find(name: str) -> Guide:
            return read_guide(self._folder, name)

        self._client = Client(self._endpoint, repair=repair, pace=self._pace)
        first = Grader(
            find(FIRST_GUIDE), self._client, prompts, recipe.name, recipe.calibration, recipe.runs
        )
        self._graders = Graders(first, find)
        return self._graders
