"""What `interviewer chat` puts together: model, guide, transcript, screen and keyboard."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from interviewer import __version__
from interviewer.checks import Judge
from interviewer.cli.choices import load
from interviewer.cli.models import Picked, connected, pick
from interviewer.cli.person import Interrupts, Person
from interviewer.errors import InterviewerError, TranscriptError, UsageError
from interviewer.events import End, Event, Note
from interviewer.grading.calibration import Calibration, load_calibration
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Candidate, Left, Manner, Session
from interviewer.settings import Settings, load_settings
from interviewer.transcript import (
    Header,
    Recorded,
    Transcript,
    default_folder,
    find_last,
)

if TYPE_CHECKING:
    from interviewer.terminal.screen import Screen


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asked for."""

    guide: str
    flags: Mapping[str, Any]
    """Settings given as flags; None where not given."""
    resume: str | None
    """None: a new interview; empty: the last unfinished one; else the file."""
    allow_pull: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    guide: Guide
    settings: Settings
    prompts: Prompts
    transcript: Transcript
    past: Recorded | None
    calibration: Calibration | None
    warning: str
    """What speaks against the calibration; empty where nothing does."""


def hold(choice: Choice) -> int:
    """Hold an interview and return the exit code.

    Raises:
        InterviewerError: It could not be started, or the model went away; what was said is saved.
    """
    settings, sources = load_settings(choice.flags)
    prompts = Prompts(settings.prompts)
    past_file = _resumed(choice, settings)
    guide = _for_this_job(load(choice.guide), settings) if past_file is None else None
    picked = pick(settings, sources, allow_pull=choice.allow_pull)
    past: Recorded | None = None
    if past_file is None:
        assert guide  # noqa: S101  loaded above
        _calibration(settings, guide, picked)  # what can't be used leaves no transcript behind
        header = _header(guide, choice, settings, prompts, picked)
        transcript = Transcript.create(_folder(settings), header)
    else:
        transcript, past = Transcript.resume(past_file)
        guide = Guide.model_validate(past.header.guide)
        settings = settings.model_copy(update=_kept(past.header.options, choice))
    with transcript:
        calibration, warning = _calibration(settings, guide, picked)
        plan = _Plan(guide, settings, prompts, transcript, past, calibration, warning)
        return asyncio.run(_hold(plan, choice, picked))


def _resumed(choice: Choice, settings: Settings) -> Path | None:
    if choice.resume is None:
        return None
    if choice.resume:
        return Path(choice.resume)
    folder = _folder(settings)
    if found := find_last(folder, unfinished=True):
        return found
    raise TranscriptError("there is no unfinished interview", where=folder, hint="interviewer chat")


def _folder(settings: Settings) -> Path:
    return settings.transcripts or default_folder(Path.cwd())


def _for_this_job(guide: Guide, settings: Settings) -> Guide:
    told = {"role": settings.role, "level": settings.level}
    return guide.model_copy(update={name: value for name, value in told.items() if value})


def _kept(options: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    """Return the options of the transcript that no flag overrides."""
    return {
        name: value
        for name, value in options.items()
        if name in Settings.model_fields and choice.flags.get(name) is None
    }


def _calibration(
    settings: Settings, guide: Guide, picked: Picked
) -> tuple[Calibration | None, str]:
    """Return the calibration and what speaks against it.

    Raises:
        DataError: It can't be read, or was made for another guide.
    """
    if settings.calibration is None:
        return None, ""
    found = load_calibration(Path(settings.calibration))
    return found, found.check(guide=guide.id, model=picked.name)


def _header(
    guide: Guide, choice: Choice, settings: Settings, prompts: Prompts, picked: Picked
) -> Header:
    return Header(
        transcript=1,
        id=uuid4().hex,
        started_at=datetime.now(UTC),
        interviewer_version=__version__,
        guide=guide.model_dump(mode="json"),
        guide_source=choice.guide,
        model=picked.name,
        model_source=picked.why,
        options={
            "probes": settings.probes,
            "persona": settings.persona,
            "role": settings.role,
            "level": settings.level,
            "calibration": str(settings.calibration.resolve()) if settings.calibration else None,
        },
        prompts=prompts.hashes(),
    )


async def _hold(plan: _Plan, choice: Choice, picked: Picked) -> int:
    screen, draw = _screen(plan.guide, choice)
    interview = Interview(plan.guide, limit=plan.settings.probes)
    screen.header(
        plan.guide.question,
        plan.past.header.guide_source if plan.past else choice.guide,
        model=picked.name,
        why=picked.why,
    )
    if plan.past:
        with screen.echoing():
            _take_up(interview, plan.past, draw)
    if plan.warning:
        draw(Note(text=plan.warning))
    interrupts = Interrupts(_teller(screen))
    candidate, quiet = _candidate(screen, interrupts)
    with quiet:
        async with connected(picked, plan.prompts, screen.thinking) as model:
            session = Session(
                interview,
                rubric_of(plan.guide),
                Judge(plan.guide, model, plan.prompts, at_once=model.at_once),
                candidate,
                _Silent() if choice.as_json else screen,
                [plan.transcript.add, draw],
                Manner(
                    plan.settings.persona,
                    plan.settings.price_prompt,
                    plan.settings.price_completion,
                ),
                plan.calibration,
            )
            try:
                return await _until_the_end(session, interrupts)
            except InterviewerError as error:
                hint = f"{error.hint}; then: interviewer chat --resume {plan.transcript.path}"
                raise type(error)(error.what, where=error.where, hint=hint.lstrip("; ")) from error
            finally:
                if not choice.as_json:
                    screen.saved(plan.transcript.path)


async def _until_the_end(session: Session, interrupts: Interrupts) -> int:
    """Hold the session and return the exit code; who leaves early can resume it."""
    try:
        interrupted = await interrupts.run(session)
    except Left:
        interrupted = False
    else:
        if not interrupted:
            return 0
    end = session.end("quit")
    for listener in session.listeners:
        listener(end)
    return 130 if interrupted else 0


def _take_up(interview: Interview, past: Recorded, draw: Callable[[Event], None]) -> None:
    for event in past.events:
        if isinstance(event, End) and event.reason == "quit":
            continue
        interview.receive(event)
        draw(event)
    if interview.action is None:
        raise UsageError("this interview is over", where=past.path, hint="interviewer chat")
    draw(Note(text="Resumed: we go on where the interview stopped."))


def _screen(guide: Guide, choice: Choice) -> tuple["Screen", Callable[[Event], None]]:
    from interviewer.terminal.console import make_console
    from interviewer.terminal.jsonlines import JsonLines
    from interviewer.terminal.screen import Screen

    names = rubric_of(guide).names
    echo = not sys.stdin.isatty()
    if choice.as_json:
        errors = make_console(stderr=True)
        return Screen(errors, names=names), JsonLines().event
    screen = Screen(names=names, echo=echo)
    return screen, screen.event


def _candidate(
    screen: "Screen", interrupts: Interrupts
) -> tuple[Candidate, AbstractContextManager[None]]:
    """Return who answers, and what keeps the terminal quiet while nobody reads."""
    from interviewer.terminal.piped import Piped

    if not sys.stdin.isatty():
        return Piped(), nullcontext()
    from interviewer.terminal.keyboard import Keyboard

    keyboard = Keyboard()
    return Person(keyboard, interrupts, _teller(screen)), keyboard.hushed()


def _teller(screen: "Screen") -> Callable[[str], None]:
    return lambda text: screen.event(Note(text=text))


class _Silent:
    """A voice for those who read events, not speech."""

    def piece(self, text: str) -> None:
        """Say nothing."""

    def end_stream(self) -> None:
        """Say nothing."""

    def retract(self, instead: str) -> None:
        """Say nothing."""

    def thinking(self, what: str) -> nullcontext[None]:  # noqa: ARG002  the protocol names it
        """Show nothing."""
        return nullcontext()
