"""Grading sessions again: as many at once as the endpoint takes, each new grade kept at once.

Grades are made as in the interview itself (`grading.both`), with what the batch's `Grader` holds:
guide, rubric, model, prompts, calibration and the key that says what a grade depends on.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from interviewer.batch.grader import Grader, Graders, nothing_judged
from interviewer.batch.rows import Row
from interviewer.checks import Judge
from interviewer.comparing import Comparison, compare
from interviewer.errors import InterviewerError, ModelError, TranscriptError, UnreachableError
from interviewer.events import Regraded
from interviewer.grading.both import grade_both
from interviewer.grading.calibration import Calibration
from interviewer.guide import Guide
from interviewer.llm import Model, Usage, counted
from interviewer.prompts import Prompts
from interviewer.regrading.by_guide import guide_for
from interviewer.regrading.past import AnyGraded, Past, Source, graded_in, read_past
from interviewer.transcript import Transcript

PATIENCE = 3
"""Sessions in a row that an unreachable endpoint may fail before the run stops."""
_LOCKED_S = 5.0
"""How long to wait for somebody else who writes the same transcript."""


@dataclass(frozen=True, slots=True)
class Current:
    """What is current: what stored answers are graded by."""

    model: Model
    prompts: Prompts
    name: str
    """The model's, as the user knows it."""
    why: str
    """Why this model."""
    calibration: Calibration | None = None
    guide: Guide | None = None
    """None: each transcript's own."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run goes about its sessions."""

    at_once: Callable[[], int] = lambda: 1
    """How many may be graded at the same time, now."""
    stopping: Callable[[], bool] = lambda: False
    """Whether to begin no more; what is in flight is finished."""
    force: bool = False
    """Grade anew what was graded by the same, and by a guide of another question."""
    save: bool = True
    """Append new grades to the transcripts."""
    against: Literal["newest", "first"] = "newest"
    """Which grade before is compared with: the one just before, or the session's own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one interview."""

    source: Source
    status: Literal["graded", "kept", "failed"]
    """`kept`: its newest grade was made by the same model, guide, prompts and calibration."""
    old: AnyGraded | None = None
    new: Regraded | None = None
    past: Past | None = None
    guide: Guide | None = None
    """What the new grade was made by."""
    notes: tuple[str, ...] = ()
    """What there is to know before the two are compared."""
    error: str = ""
    """Why it failed; or, with a new grade, why that could not be kept."""
    used: Usage = field(default_factory=Usage)

    @property
    def path(self) -> Path:
        """The transcript's file."""
        return self.source.path

    @property
    def comparison(self) -> Comparison | None:
        """The two grades side by side; None where one is missing."""
        return compare(self.old, self.new) if self.old and self.new else None


def settled(sources: Sequence[Source | Path], current: Current, manner: Manner) -> list[Outcome]:
    """Return what can be said without the model: what can't be read, and what is kept.

    Args:
        sources: Interviews; those that are to be graded have no outcome yet.
        current: What to grade by; its model is not asked.
        manner: How.
    """
    desk = Desk(current, manner)
    return [done for each in _all(sources) if isinstance(done := desk.look(each), Outcome)]


async def regrade(
    sources: Sequence[Source | Path],
    current: Current,
    on_outcome: Callable[[Outcome], None],
    manner: Manner | None = None,
) -> list[Outcome]:
    """Grade the final answers of interviews again, and compare.

    Args:
        sources: Interviews; a path stands for all that were graded in it. One that can't be read
            or graded does not stop the others.
        current: What to grade by.
        on_outcome: Told of each interview as it is done.
        manner: How.

    Returns:
        The outcomes in the order of `sources`; fewer where `manner.stopping` ended it.

    Raises:
        UnreachableError: The endpoint failed three sessions in a row; what was graded is kept.
    """
    return await _Run(current, on_outcome, manner or Manner()).all(_all(sources))


def _all(sources: Sequence[Source | Path]) -> list[Source]:
    """Return every interview that is meant, once."""
    lists = ([each] if isinstance(each, Source) else graded_in(each) for each in sources)
    return list(dict.fromkeys(each for found in lists for each in found))


@dataclass(frozen=True, slots=True)
class Task:
    """A session that is to be graded."""

    past: Past
    grader: Grader
    key: str
    notes: tuple[str, ...]

    def outcome(self, status: Literal["graded", "kept"], **more: Any) -> Outcome:
        """Return what became of it."""
        guide = self.grader.guide
        return Outcome(
            self.past.source, status, past=self.past, guide=guide, notes=self.notes, **more
        )


class Desk:
    """Finds out what is to be done about each session: it holds a grader for each guide."""

    def __init__(self, current: Current, manner: Manner) -> None:
        self._current, self._manner = current, manner
        self._found: dict[str, Grader] = {}
        self._graders: Graders | None = None
        self._making = Lock()  # files are read in threads

    def look(self, source: Source) -> Task | Outcome:
        """Return what is to be graded, or what became of an interview that needs no grading."""
        try:
            return self._task(read_past(source))
        except InterviewerError as error:
            return failed(source, error)

    def judge(self, grader: Grader) -> Judge:
        """Return a judge for the next session."""
        assert self._graders  # noqa: S101  made with the first grader
        return self._graders.judge(grader)

    def before(self, past: Past, grade: AnyGraded | None = None) -> AnyGraded:
        """Return what a new grade, or one that is there already, is compared with."""
        if self._manner.against == "first":
            return past.grades[0]
        return past.before(grade) if grade else past.last

    def _task(self, past: Past) -> Task | Outcome:
        guide, note = guide_for(past, self._current.guide, force=self._manner.force)
        grader = self._grader(guide)
        by = grader.calibration
        warning = by.check(guide=guide.id, model=grader.name) if by else ""
        key, _ = grader.keys(Row("", str(past.path), past.final))
        task = Task(past, grader, key, tuple(each for each in (note, warning) if each))
        last = past.last
        if isinstance(last, Regraded) and last.key == key and not self._manner.force:
            return task.outcome("kept", old=self.before(past, last), new=last)
        if self._manner.save:
            _check_writable(past.path)
        return task

    def _grader(self, guide: Guide) -> Grader:
        """Return the grader by a guide: the same one for the same guide."""
        name, by = guide.model_dump_json(), self._current
        with self._making:
            if name not in self._found:
                made = Grader(guide, by.model, by.prompts, by.name, by.calibration)
                self._found[name] = made
                self._graders = self._graders or Graders(made)
            return self._found[name]


class _Run:
    def __init__(
        self, current: Current, on_outcome: Callable[[Outcome], None], manner: Manner
    ) -> None:
        self._current, self._manner, self._on_outcome = current, manner, on_outcome
        self._desk = Desk(current, manner)
        self._done: dict[Source, Outcome] = {}
        self._unreachable = 0
        self._error: InterviewerError | None = None

    async def all(self, sources: Sequence[Source]) -> list[Outcome]:
        tasks: set[asyncio.Task[None]] = set()
        try:
            for source in sources:
                while len(tasks) >= self._manner.at_once():
                    done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                    await asyncio.gather(*done)  # raises what no session may fail with
                if self._error or self._manner.stopping():
                    break
                tasks.add(asyncio.create_task(self._one(source)))
                await asyncio.sleep(0)
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._error:
            raise self._error
        return [self._done[source] for source in sources if source in self._done]

    async def _one(self, source: Source) -> None:
        found = await asyncio.to_thread(self._desk.look, source)
        outcome = found if isinstance(found, Outcome) else await self._graded(found)
        self._done[source] = outcome
        self._on_outcome(outcome)

    async def _graded(self, task: Task) -> Outcome:
        source = task.past.source
        try:
            with counted() as used:
                event = await self._grade(task)
        except InterviewerError as error:
            if isinstance(error, UnreachableError):
                self._unreachable += 1
                self._error = error if self._unreachable >= PATIENCE else self._error
            return failed(source, error)
        self._unreachable = 0
        fault = await self._kept(source.path, event) if self._manner.save else ""
        old = self._desk.before(task.past)
        return task.outcome("graded", old=old, new=event, error=fault, used=used)

    async def _grade(self, task: Task) -> Regraded:
        past, grader = task.past, task.grader
        final, first = await grade_both(
            grader.rubric, self._desk.judge(grader), (past.final, past.first), grader.calibration
        )
        if reason := nothing_judged(final):
            raise ModelError(reason)
        return Regraded(
            **final.model_dump(),
            at=datetime.now(UTC),
            model=grader.name,
            model_source=self._current.why,
            guide=None if grader.guide == past.guide else grader.guide.model_dump(mode="json"),
            prompts=grader.prompts.hashes(),
            first=first,
            key=task.key,
            interview=past.source.interview or 1,
        )

    async def _kept(self, path: Path, event: Regraded) -> str:
        """Append the grade to its transcript; return why that can't be."""
        try:
            # Shielded: who leaves now must not lose a grade that is there.
            anew = self._manner.force
            await asyncio.shield(asyncio.to_thread(_append, path, event, anew=anew))
        except InterviewerError as error:
            return f"its new grade could not be kept: {_told(error, path)}"
        return ""


def failed(source: Source, error: InterviewerError) -> Outcome:
    """Return that an interview could not be graded."""
    return Outcome(source, "failed", error=_told(error, source.path))


def _check_writable(path: Path) -> None:
    """Find out before anybody is asked whether a grade could be kept.

    Raises:
        TranscriptError: It could not.
    """
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        hint = "--no-save compares, and keeps nothing"
        raise TranscriptError("you may not write it, or not in its folder", where=path, hint=hint)


def _append(path: Path, event: Regraded, *, anew: bool) -> None:
    """Append a grade, unless another process has just given the same; `anew`: even then."""
    transcript, recorded = Transcript.resume(path, patience_s=_LOCKED_S)
    with transcript:
        given = [
            each.key
            for each in recorded.events
            if isinstance(each, Regraded) and each.interview == event.interview
        ]
        if anew or given[-1:] != [event.key]:
            transcript.add(event)


def _told(error: InterviewerError, path: Path) -> str:
    """Return an error of one file in a line; the file itself is named beside it."""
    where = error.where.removeprefix(str(path)).lstrip(":")
    place = f"line {where}: " if where.isdigit() else f"{where}: " if where else ""
    return f"{place}{error.what}" + (f" ({error.hint})" if error.hint else "")
