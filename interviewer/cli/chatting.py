"""What `interviewer chat` puts together: model, guide, transcript, screen and keyboard."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from interviewer import __version__
from interviewer.background import Background, projects_of
from interviewer.checks import Judge
from interviewer.cli.attending import (
    Silent,
    candidate_at,
    folder_of,
    for_this_job,
    kept,
    manner_of,
    saying_how_to_resume,
    screen_for,
    teller,
    until_the_end,
)
from interviewer.cli.backgrounds import chosen_by, read_background, told_of
from interviewer.cli.cassettes import NotedPrompts, Recipe, insert, picked_from, playing
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.cli.models import Picked, connected, pick
from interviewer.cli.person import Interrupts
from interviewer.cli.planned import Wanted
from interviewer.cli.repeated import Repeated
from interviewer.cli.sittings import begin_session, resume_session
from interviewer.errors import TranscriptError, UsageError
from interviewer.events import End, Event, Note
from interviewer.grading.calibration import Calibration, load_calibration
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Candidate, Session
from interviewer.settings import Settings, load_settings
from interviewer.transcript import (
    Header,
    Recorded,
    Transcript,
    find_last,
    load_transcript,
)

if TYPE_CHECKING:
    from interviewer.llm.cassette import Cassette
    from interviewer.llm.client import Client
    from interviewer.terminal.screen import Screen


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asked for."""

    guide: str | None
    """A path or a name; None: the default one, or the transcript's."""
    flags: Mapping[str, Any]
    """Settings given as flags; None where not given."""
    resume: str | None
    """None: a new interview; empty: the last unfinished one; else the file."""
    allow_pull: bool
    as_json: bool
    again: Path | None = None
    """The transcript whose guide, options and replies are used once more."""
    cassette: Path | None = None
    """Where the model's replies are recorded, or played from."""
    record: bool = False
    """Whether to record though the cassette exists."""
    wanted: Wanted | None = None
    """What a session of several interviews is to be; None: one interview."""
    cv: Path | None = None
    """A CV's file."""
    job: Path | None = None
    """A job posting's file."""


@dataclass(frozen=True, slots=True)
class _Plan:
    guide: Guide
    source: str
    """Where the guide came from."""
    settings: Settings
    prompts: Prompts
    transcript: Transcript
    background: Background | None
    """The candidate's CV and the job posting."""
    past: Recorded | None
    """What is resumed."""
    again: Recorded | None
    """What is said again."""
    cassette: "Cassette | None"
    calibration: Calibration | None
    notes: Sequence[str]
    """What there is to say before it begins, as what speaks against the calibration."""


def hold(choice: Choice) -> int:
    """Hold an interview and return the exit code.

    Raises:
        InterviewerError: It could not be started, or the model went away; what was said is saved.
    """
    _check(choice)
    settings, sources = load_settings(choice.flags)
    past_file = _resumed(choice, settings)
    if past_file and load_transcript(past_file).header.plan:
        return resume_session(choice, past_file, settings, sources)
    if choice.wanted:
        return begin_session(choice, settings, sources)
    return _interview(choice, settings, sources, past_file)


def _check(choice: Choice) -> None:
    """Find options that don't go together.

    Raises:
        UsageError: There are some.
    """
    if choice.again and (choice.resume is not None or choice.guide is not None):
        other = "--resume" if choice.guide is None else "a guide"
        raise UsageError(f"--again takes all from the transcript, so {other} can't be given too")
    if (choice.cv or choice.job) and (choice.again or choice.resume is not None):
        raise UsageError(
            f"a transcript has its CV and posting already, so --{'cv' if choice.cv else 'job'} "
            "can't be given too",
            hint=f"leave it out, or begin anew without --{'again' if choice.again else 'resume'}",
        )
    if choice.wanted and choice.resume is not None:
        raise UsageError(
            "what is resumed has its plan already", where="--session", hint="leave --session out"
        )


def _interview(
    choice: Choice, settings: Settings, sources: Mapping[str, str], past_file: Path | None
) -> int:
    """Hold one interview and return the exit code."""
    again = _again(choice)
    if again:
        settings = kept(settings, again, choice.flags)
    background = again.header.background if again else read_background(choice.cv, choice.job)
    cassette = insert(choice.cassette, anew=choice.record)
    prompts = NotedPrompts(settings.prompts, cassette) if cassette else Prompts(settings.prompts)
    begun, why = (None, "") if past_file else _guide(choice, settings, again, background)
    picked = _picked(choice, settings, sources, cassette)
    past: Recorded | None = None
    if begun:
        guide, source = begun
        _calibration(settings, guide, picked)  # what can't be used leaves no transcript behind
        header = _header(guide, source, settings, prompts, picked)
        header = header.model_copy(update={"background": background})
        transcript = Transcript.create(folder_of(settings), _marked(header, cassette))
    else:
        assert past_file  # noqa: S101  else it was begun
        transcript, past = Transcript.resume(past_file)
    with transcript:
        if past:
            begun, settings = _kept_guide(past), kept(settings, past, choice.flags)
            background = past.header.background
        assert begun  # noqa: S101  or resumed
        guide, source = begun
        calibration, warning = _calibration(settings, guide, picked)
        plan = _Plan(
            guide=guide,
            source=source,
            settings=settings,
            prompts=prompts,
            transcript=transcript,
            background=background,
            past=past,
            again=again,
            cassette=cassette,
            calibration=calibration,
            notes=[each for each in (warning, why, *(() if past else told_of(background))) if each],
        )
        return asyncio.run(_hold(plan, choice, picked))


def _picked(
    choice: Choice,
    settings: Settings,
    sources: Mapping[str, str],
    cassette: "Cassette | None",
) -> Picked:
    if cassette and cassette.plays:
        return picked_from(cassette, settings, choice.flags.get("model"))
    return pick(settings, sources, allow_pull=choice.allow_pull)


def _again(choice: Choice) -> Recorded | None:
    """Return what is said again.

    Raises:
        TranscriptError: It can't be read.
        UsageError: It holds several interviews.
    """
    if choice.again is None:
        return None
    found = load_transcript(choice.again)
    if found.header.plan:
        raise UsageError(
            "it holds a session of several interviews; one interview can be held again",
            where=choice.again,
            hint="the transcript of one interview",
        )
    return found


def _guide(
    choice: Choice, settings: Settings, again: Recorded | None, background: Background | None
) -> tuple[tuple[Guide, str], str]:
    """Return the guide of a new interview with where it came from, and why it was chosen."""
    if again:
        return _kept_guide(again), ""
    source, why = choice.guide or DEFAULT_GUIDE, ""
    if background and background.job and choice.guide is None:
        source, why = chosen_by(background, settings)
    return (for_this_job(load(source), settings), source), why


def _kept_guide(recorded: Recorded) -> tuple[Guide, str]:
    """Return the guide that a transcript carries, and where it came from."""
    from interviewer.regrading.past import guide_of

    return guide_of(recorded.header, recorded.path), recorded.header.guide_source


def _resumed(choice: Choice, settings: Settings) -> Path | None:
    if choice.resume is None:
        return None
    if choice.resume:
        return Path(choice.resume)
    folder = folder_of(settings)
    if found := find_last(folder, unfinished=True):
        return found
    raise TranscriptError("there is no unfinished interview", where=folder, hint="interviewer chat")


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
    guide: Guide, source: str, settings: Settings, prompts: Prompts, picked: Picked
) -> Header:
    return Header(
        id=uuid4().hex,
        started_at=datetime.now(UTC),
        interviewer_version=__version__,
        guide=guide.model_dump(mode="json"),
        guide_source=source,
        model=picked.name,
        model_source=picked.why,
        options={
            "probes": settings.probes,
            "persona": settings.persona,
            "self_score": settings.self_score,
            "role": settings.role,
            "level": settings.level,
            "calibration": str(settings.calibration.resolve()) if settings.calibration else None,
        },
        prompts=prompts.hashes(),
    )


def _marked(header: Header, cassette: "Cassette | None") -> Header:
    """Return a header that tells whether its session was played: nobody practised then."""
    if cassette is None:
        return header
    told = {"cassette": "played" if cassette.plays else "recorded"}
    return header.model_copy(update={"options": {**header.options, **told}})


async def _hold(plan: _Plan, choice: Choice, picked: Picked) -> int:
    names, echo = rubric_of(plan.guide).names, choice.again is not None
    screen, draw = screen_for(names, as_json=choice.as_json, echo=echo)
    interview = Interview(
        plan.guide, limit=plan.settings.probes, self_score=plan.settings.self_score
    )
    screen.header(plan.guide.question, plan.source, model=picked.name, why=picked.why)
    if plan.past:
        with screen.echoing():
            _take_up(interview, plan.past, draw)
    for note in plan.notes:
        draw(Note(text=note))
    interrupts = Interrupts(teller(screen))
    candidate, quiet = _candidate(screen, interrupts, plan)
    with quiet:
        async with _connected(plan, picked, screen) as model:
            session = Session(
                interview,
                rubric_of(plan.guide),
                Judge(plan.guide, model, plan.prompts, at_once=model.at_once),
                candidate,
                Silent(screen.tell) if choice.as_json else screen,
                _listeners(plan, draw),
                manner_of(plan.settings),
                plan.calibration,
                timeless=plan.cassette is not None,
                projects=projects_of(plan.background.cv) if plan.background else (),
            )
            try:
                with saying_how_to_resume(plan.transcript.path):
                    code = await until_the_end(session, interrupts)
                _tell_unplayed(plan.cassette, draw)
                if interview.action is not None and not choice.as_json:
                    screen.to_go_on(plan.transcript.path)
                return code
            finally:
                if not choice.as_json:
                    screen.saved(plan.transcript.path)
                    if plan.cassette and plan.cassette.recorded:
                        screen.saved(plan.cassette.path, what="Cassette")


def _connected(
    plan: _Plan, picked: Picked, screen: "Screen"
) -> "AbstractAsyncContextManager[Client]":
    if plan.cassette is None:
        return connected(picked, plan.prompts, screen.thinking)
    recipe = Recipe(plan.guide.id, plan.settings, len(plan.past.entries) if plan.past else 0)
    return playing(plan.cassette, picked, plan.prompts, screen.thinking, recipe)


def _listeners(plan: _Plan, draw: Callable[[Event], None]) -> list[Callable[[Event], object]]:
    told: list[Callable[[Event], object]] = [plan.transcript.add, draw]
    if plan.cassette:
        for event in plan.past.events if plan.past else ():
            plan.cassette.hear(event)
        told.append(plan.cassette.hear)
    return told


def _tell_unplayed(cassette: "Cassette | None", draw: Callable[[Event], None]) -> None:
    if cassette and cassette.plays and (left := cassette.unplayed):
        replies = "reply" if left == 1 else "replies"
        draw(Note(text=f"the cassette holds {left} more {replies} that nothing asked for"))


def _take_up(interview: Interview, past: Recorded, draw: Callable[[Event], None]) -> None:
    for event in past.events:
        if isinstance(event, End) and event.reason == "quit":
            continue
        interview.receive(event)
        draw(event)
    if interview.action is None:
        raise UsageError("this interview is over", where=past.path, hint="interviewer chat")
    draw(Note(text="Resumed: we go on where the interview stopped."))


def _candidate(
    screen: "Screen", interrupts: Interrupts, plan: _Plan
) -> tuple[Candidate, AbstractContextManager[None]]:
    """Return who answers, and what keeps the terminal quiet while nobody reads."""
    if plan.again:
        return Repeated(plan.again, [goal.id for goal in plan.guide.goals]), nullcontext()
    return candidate_at(screen, interrupts)
