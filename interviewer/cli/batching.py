"""What `grade`, `agree`, `calibrate` and `guide test` put together: model, guide, ledger."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from interviewer.batch.grader import Grader, Graders
    from interviewer.batch.ledger import Ledger
    from interviewer.batch.result import Result
    from interviewer.batch.rows import BadRow, Row
    from interviewer.batch.run import Fate, OnRow, Tally
    from interviewer.cli.models import Picked
    from interviewer.grading.calibration import Calibration
    from interviewer.guide import Guide
    from interviewer.llm.allowance import Prices
    from interviewer.llm.client import Client
    from interviewer.prompts import Prompts
    from interviewer.terminal.batch_board import Board, Load

AT_ONCE = 256
"""Calls that an endpoint is sent at the same time, at most, if it takes so many."""
Engine = Literal["direct", "ray", "provider-batch"]
ENGINES = get_args(Engine)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setup:
    """Guide, model and prompts, chosen but not yet started."""

    guide: "Guide"
    picked: "Picked"
    prompts: "Prompts"
    calibration: "Calibration | None"
    runs: int = 1


def set_up(
    guide: str,
    flags: Mapping[str, Any],
    *,
    allow_pull: bool,
    runs: int = 1,
    needed: bool = True,
) -> Setup:
    """Choose all that a grade depends on; `needed` is False where no model will be asked.

    Raises:
        InterviewerError: The guide, the model, a template or the calibration can't be had.
    """
    from interviewer.cli.choices import load
    from interviewer.cli.models import pick
    from interviewer.grading.calibration import load_calibration
    from interviewer.prompts import Prompts
    from interviewer.settings import load_settings
    from interviewer.terminal.batch_view import draw_note

    settings, sources = load_settings(flags)
    found = load(guide)
    prompts = Prompts(settings.prompts)
    calibration = load_calibration(settings.calibration) if settings.calibration else None
    picked = pick(settings, sources, allow_pull=allow_pull, needed=needed)
    if calibration and (warning := calibration.check(guide=found.id, model=picked.name)):
        draw_note(f"note: {warning}", stderr=True)
    return Setup(found, picked, prompts, calibration, runs)


@asynccontextmanager
async def grader_of(
    setup: Setup, *, quiet: bool = False, at_once: int = 0
) -> AsyncIterator[tuple["Grader", "Client"]]:
    """Give a grader whose model is running, and the client behind it."""
    from interviewer.batch.grader import Grader
    from interviewer.cli.models import connected
    from interviewer.terminal.batch_view import draw_note

    def thinking(what: str) -> AbstractContextManager[None]:
        if not quiet:
            draw_note(f"{what} ...", stderr=True)
        return nullcontext()

    async with connected(setup.picked, setup.prompts, thinking, at_once=at_once) as client:
        yield (
            Grader(
                setup.guide, client, setup.prompts, setup.picked.name, setup.calibration, setup.runs
            ),
            client,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """Rows to grade, and how."""

    setup: Setup
    rows: Callable[[], "Iterable[Row | BadRow]"]
    total: int
    out: Path
    where: str
    """Where the rows are from, to be named if there are none."""
    quiet: bool = False
    at_once: int = AT_ONCE
    force: bool = False
    max_tokens: int | None = None
    max_cost: float | None = None
    engine: Engine = "direct"
    wait: bool = True
    """Stay until the provider's batches have ended."""
    ray_address: str | None = None
    ray_workers: int | None = None

    @property
    def prices(self) -> "Prices":
        """What tokens cost, as the user has set it."""
        from interviewer.llm.allowance import Prices

        settings = self.setup.picked.settings
        return Prices(settings.price_prompt, settings.price_completion)


@dataclass(frozen=True, slots=True)
class Done:
    """What a job came to, while its ledger is still open."""

    job: Job
    tally: "Tally"
    ledger: "Ledger"
    graders: "Graders"
    running: tuple[str, ...] | None = None
    """Ids of batches that were not waited for; None: every row was looked at."""

    def pairs(self) -> "Iterator[tuple[Row | BadRow, Result]]":
        """Yield each row with its result, in the sources' order."""
        for row in self.job.rows():
            if entry := self.ledger.find(row.id):
                yield row, self.ledger.read(entry)


def grade_rows(job: Job, then: Callable[[Done], T]) -> tuple["Tally", T]:
    """Grade the rows of a job into its folder; what is there already is kept.

    Ctrl-C ends it once what is in flight is finished; a second one ends it now.

    Args:
        job: What and how.
        then: Called once all rows are done, or as many as may be; not where Ctrl-C ended it.

    Raises:
        InterviewerError: The folder can't be used, or the endpoint is gone.
        KeyboardInterrupt: Ctrl-C; all that was graded is kept.
        StillRunning: The provider's batches are not waited for.
    """
    from interviewer.batch.ledger import Ledger
    from interviewer.batch.shards import adopt
    from interviewer.cli.providing import StillRunning, by_provider
    from interviewer.cli.spreading import by_ray
    from interviewer.errors import DataError, UnreachableError
    from interviewer.terminal.batch_board import board
    from interviewer.terminal.batch_view import draw_note

    async def work(ledger: Ledger) -> Done:
        with board(job.total, quiet=job.quiet) as shown:
            if job.engine == "provider-batch":
                return await by_provider(job, ledger, shown)
            if job.engine == "ray":
                return await by_ray(job, ledger, shown)
            async with grader_of(job.setup, quiet=job.quiet, at_once=job.at_once) as made:
                return await _graded(job, ledger, shown, made)

    if not job.total:
        raise DataError(
            "there is nothing to grade", where=job.where, hint="name files with answers"
        )
    stop = f"interrupted; what was graded is kept in {job.out}, and the same command goes on"
    with Ledger(job.out) as ledger:
        adopt(job.out, ledger)  # what workers of a run that was killed have left
        try:
            done = asyncio.run(work(ledger))
        except (KeyboardInterrupt, asyncio.CancelledError):
            draw_note(stop, stderr=True)
            raise KeyboardInterrupt from None
        except UnreachableError as error:
            hint = f"{error.hint}; then the same command again goes on".lstrip("; ")
            raise UnreachableError(error.what, where=error.where, hint=hint) from error
        if done.tally.stopped and not done.tally.spent:
            draw_note(stop, stderr=True)
            raise KeyboardInterrupt
        if done.running is not None:
            raise StillRunning(done.running)
        return done.tally, then(done)


async def _graded(
    job: Job, ledger: "Ledger", shown: "Board", made: tuple["Grader", "Client"]
) -> Done:
    from interviewer.batch.grader import Graders
    from interviewer.batch.run import Manner, run
    from interviewer.cli.choices import load
    from interviewer.llm.allowance import Allowance

    grader, client = made
    if job.max_tokens is not None or job.max_cost is not None:
        client.allow(
            Allowance(client.usage, tokens=job.max_tokens, cost=job.max_cost, prices=job.prices)
        )
    shown.load = lambda: _load(client, job.prices)
    graders = Graders(grader, load)
    async with interruptible(shown) as stopping:
        manner = Manner(
            at_once=lambda: answers_at_once(client),
            stopping=stopping,
            force=job.force,
        )
        tally = await run(job.rows(), graders, ledger, telling(shown), manner)
    return Done(job, tally, ledger, graders)


def answers_at_once(client: "Client") -> int:
    """Return how many answers may be graded at the same time, now."""
    # One request at a time is what the embedded engine gains from: see benchmarks/local.py.
    return 1 if client.local else client.pace.limit + client.pace.limit // 4 + 1


def telling(shown: "Board") -> "OnRow":
    """Return what shows the fate of each row."""

    def on_row(id: str, fate: "Fate", result: "Result | None") -> None:
        shown.row(id, told(fate, result), failed=fate == "failed", kept=fate == "kept")

    return on_row


@asynccontextmanager
async def interruptible(shown: "Board") -> AsyncIterator[Callable[[], bool]]:
    """Give what tells whether Ctrl-C was pressed; pressed again, it ends the task."""
    from interviewer.cli.signals import on_sigint

    pressed = 0
    task = asyncio.current_task()

    def interrupted() -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1 and task:
            task.cancel()
        else:
            shown.note("finishing what is in flight; Ctrl-C again stops now")

    async with on_sigint(interrupted):
        yield lambda: pressed > 0


def _load(client: "Client", prices: "Prices") -> "Load":
    from interviewer.terminal.batch_board import Load

    usage, pace = client.usage, client.pace
    return Load(
        usage.prompt + usage.completion,
        prices.cost(usage.prompt, usage.completion) if prices.known else None,
        pace.active,
        0 if client.local else pace.limit,
        pace.paused_s,
    )


def cache_of(file: Path, setup: Setup) -> Path:
    """Return the folder that grades of `file` are kept in where no other is named."""
    from platformdirs import user_cache_path

    about = "\0".join((str(file.resolve()), setup.guide.id, setup.picked.name, str(setup.runs)))
    return user_cache_path("interviewer", appauthor=False) / "graded" / _name(file, about)


def _name(file: Path, about: str) -> str:
    return f"{file.stem[:40]}-{sha256(about.encode('utf-8', 'replace')).hexdigest()[:12]}"


def told(fate: "Fate", result: "Result | None") -> str:
    """Say in a few words what became of a row."""
    from interviewer.grade import uncertain_of

    if result is None:
        return fate
    if fate == "failed":
        return f"failed: {result.error}"
    score = "no overall score" if result.overall is None else f"{result.overall:.1f} of 5"
    if result.overall is not None and "overall" in uncertain_of(result.confidence):
        score += " ?"
    how = {"copied": "as an identical answer", "kept": "kept"}.get(fate, f"{result.seconds:.1f} s")
    return f"{score} ({how})"
