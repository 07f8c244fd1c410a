"""What `grade`, `agree`, `calibrate` and `guide test` put together: model, guide, ledger."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from interviewer.batch.ledger import Result
    from interviewer.batch.run import Grader, Tally
    from interviewer.cli.models import Picked
    from interviewer.grading.calibration import Calibration
    from interviewer.guide import Guide
    from interviewer.prompts import Prompts

Command = TypeVar("Command", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)
_MODEL_OPTIONS = (
    click.option("--model", help="An embedded model's name, a GGUF file, or an endpoint's model."),
    click.option("--base-url", help="Address of an OpenAI-compatible endpoint."),
    click.option("--prompts", type=_PATH, help="Folder whose templates override the shipped ones."),
    click.option("--no-pull", is_flag=True, help="Never download a model."),
)


def model_options(command: Command) -> Command:
    """Add the options that choose a model and its prompts."""
    for option in reversed(_MODEL_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Setup:
    """Guide, model and prompts, chosen but not yet started."""

    guide: "Guide"
    picked: "Picked"
    prompts: "Prompts"
    calibration: "Calibration | None"
    runs: int = 1


def set_up(guide: str, flags: Mapping[str, Any], *, allow_pull: bool, runs: int = 1) -> Setup:
    """Choose all that a grade depends on.

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
    picked = pick(settings, sources, allow_pull=allow_pull)
    if calibration and (warning := calibration.check(guide=found.id, model=picked.name)):
        draw_note(f"note: {warning}", stderr=True)
    return Setup(found, picked, prompts, calibration, runs)


@asynccontextmanager
async def grader_of(setup: Setup, *, quiet: bool = False) -> AsyncIterator["Grader"]:
    """Give a grader whose model is running."""
    from interviewer.batch.run import Grader
    from interviewer.cli.models import connected
    from interviewer.terminal.batch_view import draw_note

    def thinking(what: str) -> AbstractContextManager[None]:
        if not quiet:
            draw_note(f"{what} ...", stderr=True)
        return nullcontext()

    async with connected(setup.picked, setup.prompts, thinking) as model:
        yield Grader(
            setup.guide, model, setup.prompts, setup.picked.name, setup.calibration, setup.runs
        )


def grade_file(file: Path, setup: Setup, out: Path, *, quiet: bool) -> "Tally":
    """Grade the rows of a file into `out`; what is there already is kept.

    Raises:
        InterviewerError: File or folder can't be used, or the endpoint is gone.
    """
    from interviewer.batch.ledger import Ledger
    from interviewer.batch.rows import read_rows
    from interviewer.batch.run import run
    from interviewer.errors import DataError, UnreachableError
    from interviewer.terminal.batch_view import draw_note, steps_of

    total = sum(1 for _ in read_rows(file))
    if not total:
        raise DataError("there are no rows", where=file, hint="one JSON object a line, or CSV")

    async def work() -> "Tally":
        with Ledger(out) as ledger, steps_of(total, quiet=quiet) as steps:
            async with grader_of(setup, quiet=quiet) as grader:
                return await run(
                    read_rows(file),
                    grader,
                    ledger,
                    lambda result, kept: steps.step(result.id, told(result, kept=kept)),
                )

    try:
        return asyncio.run(work())
    except KeyboardInterrupt:
        draw_note(
            f"interrupted; what was graded is kept in {out}, and the same command goes on",
            stderr=True,
        )
        raise
    except UnreachableError as error:
        hint = f"{error.hint}; then the same command again goes on".lstrip("; ")
        raise UnreachableError(error.what, where=error.where, hint=hint) from error


def cache_of(file: Path, setup: Setup) -> Path:
    """Return the folder that grades of `file` are kept in where no other is named."""
    from platformdirs import user_cache_path

    about = "\0".join((str(file.resolve()), setup.guide.id, setup.picked.name, str(setup.runs)))
    return user_cache_path("interviewer", appauthor=False) / "graded" / _name(file, about)


def _name(file: Path, about: str) -> str:
    return f"{file.stem[:40]}-{sha256(about.encode('utf-8', 'replace')).hexdigest()[:12]}"


def told(result: "Result", *, kept: bool) -> str:
    """Say in a few words what became of a row."""
    from interviewer.grade import uncertain_of

    if result.status == "failed":
        return f"failed: {result.error}"
    score = "no overall score" if result.overall is None else f"{result.overall:.1f} of 5"
    if result.overall is not None and "overall" in uncertain_of(result.confidence):
        score += " ?"
    return f"{score} (kept)" if kept else f"{score} ({result.seconds:.1f} s)"
