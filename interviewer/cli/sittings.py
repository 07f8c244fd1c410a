"""What `interviewer chat --session` puts together: a plan, its interviews, breaks, the review."""

import asyncio
import copy
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import JsonValue

from interviewer import __version__
from interviewer.agenda import Agenda, Begin, Hold
from interviewer.background import projects_of
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
from interviewer.cli.backgrounds import leaning_of, read_background, told_of
from interviewer.cli.breaks import HOW, wish_of
from interviewer.cli.choices import load, load_all
from interviewer.cli.models import Picked, connected, pick
from interviewer.cli.person import Interrupts, Person
from interviewer.cli.planned import Wanted, fitting, plan_of, role_of, usable
from interviewer.cli.planned import wish_of as planning_wish
from interviewer.cli.practising import past_in
from interviewer.errors import GuideError, InterviewerError, TranscriptError, UsageError
from interviewer.events import Begun, End, Event, Note, Passed
from interviewer.guide import Guide
from interviewer.people import Candidate, Voice
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Session
from interviewer.settings import Settings
from interviewer.sitting import Sitting, Wish
from interviewer.transcript import (
    Header,
    Plan,
    Recorded,
    Transcript,
    interviews_of,
    load_transcript,
)

if TYPE_CHECKING:
    from interviewer.bank import Bank, Card
    from interviewer.cli.chatting import Choice
    from interviewer.llm.client import Client
    from interviewer.terminal.screen import Screen

Given = tuple[Guide, str]
"""A guide, and where it came from."""


@dataclass(frozen=True)
class _World:
    """What a session has to do with besides its events."""

    settings: Settings
    prompts: Prompts
    picked: Picked
    transcript: Transcript
    header: Header
    given: Given | None
    """The guide that was named to begin with."""
    known: "Bank | None" = None
    """The bank, where it was read already."""

    @cached_property
    def bank(self) -> "Bank":
        """All guides there are."""
        return self.known or load_all()

    @cached_property
    def projects(self) -> tuple[str, ...]:
        """What the candidate did, as far as a CV tells."""
        background = self.header.background
        return projects_of(background.cv) if background else ()

    @property
    def wanted(self) -> Wanted:
        """What the session was asked to be."""
        plan = self.plan
        many = len(plan.interviews)
        return Wanted(many, role=plan.role, kind=plan.kind, level=plan.level)

    @property
    def plan(self) -> Plan:
        """The session's."""
        assert self.header.plan  # noqa: S101  or it were no session of several
        return self.header.plan


def begin_session(choice: "Choice", settings: Settings, sources: dict[str, Any]) -> int:
    """Plan a session, hold it, and return the exit code.

    Raises:
        InterviewerError: It could not be started, or the model went away; what was said is saved.
    """
    assert choice.wanted  # noqa: S101  or it were no session of several
    _refuse(choice, settings)
    background = read_background(choice.cv, choice.job)
    prompts = Prompts(settings.prompts)
    wanted = replace(choice.wanted, role=settings.role, level=settings.level)
    bank, given = load_all(), _given(choice.guide)
    cards = _cards(wanted, bank, given)
    past = past_in(folder_of(settings), bank)
    plan, short = plan_of(
        wanted,
        cards,
        past.practised,
        first=given and given[0].id,
        leaning=leaning_of(background, bank),
    )
    settings = settings.model_copy(update={"role": role_of(settings.role, cards)})
    picked = pick(settings, sources, allow_pull=choice.allow_pull)
    header = _header(plan, settings, prompts, picked)
    told = {"background": background, "guide_source": _place_of(given)}
    header = header.model_copy(update=told)
    notes = [each for each in (short, usable(bank), *told_of(background)) if each]
    with Transcript.create(folder_of(settings), header) as transcript:
        world = _World(settings, prompts, picked, transcript, header, given, bank)
        return asyncio.run(_hold(world, choice, None, notes))


def resume_session(
    choice: "Choice", path: Path, settings: Settings, sources: dict[str, Any]
) -> int:
    """Go on with a session, and return the exit code.

    Raises:
        InterviewerError: As `begin_session`; or the session is over.
    """
    _refuse(choice, settings)
    prompts = Prompts(settings.prompts)
    picked = pick(settings, sources, allow_pull=choice.allow_pull)
    transcript, past = Transcript.resume(path)
    with transcript:
        settings = kept(settings, past, choice.flags)
        given = None
        with suppress(GuideError):  # gone meanwhile: the bank may still know its name
            given = _given(past.header.guide_source or None)
        world = _World(settings, prompts, picked, transcript, past.header, given)
        return asyncio.run(_hold(world, choice, past, []))


def _refuse(choice: "Choice", settings: Settings) -> None:
    """Find what can't be had together with a session of several interviews.

    Raises:
        UsageError: There is something.
    """
    if choice.again or choice.cassette or choice.record:
        name = "again" if choice.again else "cassette" if choice.cassette else "record"
        raise UsageError(
            "a cassette holds one interview, not a session of several",
            where=f"--{name}",
            hint=f"leave --{name} out, or hold one interview",
        )
    if settings.calibration:
        raise UsageError(
            "a calibration is for one guide, and a session has several",
            where="--calibration",
            hint="leave it out, also in interviewer config; replay --regrade takes it later",
        )


def _given(name_or_path: str | None) -> Given | None:
    return None if name_or_path is None else (load(name_or_path), name_or_path)


def _place_of(given: Given | None) -> str:
    """Return where the guide that was named is found again, from whatever folder; else nothing."""
    if given is None:
        return ""
    path = Path(given[1])
    return str(path.absolute()) if path.is_file() else given[1]


def _cards(wanted: Wanted, bank: "Bank", given: Given | None) -> "list[Card]":
    """Return the guides to choose from: those that fit, and the one that was named."""
    from interviewer.bank import Card

    found = fitting(wanted, bank.cards)
    if given is None or any(card.id == given[0].id for card in found):
        return found
    guide, source = given
    asked = bank.get(guide.id)
    made = Card(
        id=guide.id,
        question=guide.question,
        role=guide.role,
        kind=guide.kind,
        level=guide.level,
        competencies=tuple(dict.fromkeys(guide.competency_of(goal.id) for goal in guide.goals)),
        path=Path(source),
    )
    return [*found, asked or made]


def _header(plan: Plan, settings: Settings, prompts: Prompts, picked: Picked) -> Header:
    return Header(
        id=uuid4().hex,
        started_at=datetime.now(UTC),
        interviewer_version=__version__,
        guide={},
        guide_source="",
        plan=plan,
        model=picked.name,
        model_source=picked.why,
        options={
            "probes": settings.probes,
            "persona": settings.persona,
            "self_score": settings.self_score,
            "role": settings.role,
            "level": settings.level,
        },
        prompts=prompts.hashes(),
    )


async def _hold(world: _World, choice: "Choice", past: Recorded | None, notes: list[str]) -> int:
    screen, draw = screen_for({}, as_json=choice.as_json, echo=False)
    settings, picked, path = world.settings, world.picked, world.transcript.path
    agenda = Agenda(world.plan, limit=settings.probes, self_score=settings.self_score)
    plan = world.plan
    screen.header(plan.told, plan.chosen_by, model=picked.name, why=picked.why, what="Session")
    for note in notes:
        draw(Note(text=note))
    if past:
        with screen.echoing():
            _take_up(agenda, past, draw, whole=choice.as_json)
    interrupts = Interrupts(teller(screen))
    candidate, quiet = candidate_at(screen, interrupts)
    with quiet:
        async with connected(picked, world.prompts, screen.thinking) as model:
            voice: Voice = Silent(screen.tell) if choice.as_json else screen
            world.transcript.go_on()  # loading a model takes none of the candidate's time
            host = _Host(world, agenda, screen, candidate, voice, model)
            sitting = Sitting(agenda, host, world.transcript.add, draw)
            try:
                with saying_how_to_resume(path):
                    code = await until_the_end(sitting, interrupts)
                if agenda.action is not None and not choice.as_json:
                    screen.to_go_on(path)
                return code
            finally:
                if not choice.as_json:
                    screen.saved(path)


def _take_up(agenda: Agenda, past: Recorded, draw: Callable[[Event], None], *, whole: bool) -> None:
    """Take the events of a session in, and draw those of the interview that it stopped in."""
    entries = past.entries
    for at_s, event in entries:
        try:
            agenda.receive(event, at_s)
        except InterviewerError as error:
            raise TranscriptError(
                f"no session goes like this: {error.what}", where=past.path
            ) from error
    if agenda.action is None:
        raise UsageError(
            "this session is over", where=past.path, hint="interviewer chat --session 3"
        )
    begins = [at for at, (_, event) in enumerate(entries) if isinstance(event, Begun)]
    first = 0 if whole else begins[-1] if isinstance(agenda.action, Hold) else len(entries)
    for _, event in entries[first:]:
        if whole or not (isinstance(event, End) and event.reason == "quit"):
            draw(event)
    draw(Note(text="Resumed: we go on where the session stopped."))


@dataclass(slots=True)
class _Host:
    """The world as a `Sitting` needs it."""

    world: _World
    agenda: Agenda
    screen: "Screen"
    candidate: Candidate
    voice: Voice
    model: "Client"
    _loaded: dict[str, Given] = field(default_factory=dict)

    def load(self, guide: str) -> Given:
        """Return the guide that an id means, for the job, and where it came from."""
        given = self.world.given
        if given and given[0].id == guide:
            found, source = given
        else:
            card = self.world.bank.get(guide)
            if card is None:
                raise GuideError(f"there is no guide {guide!r} any more")
            found, source = load(str(card.path)), card.path.stem
        return for_this_job(found, self.world.settings), source

    def about(self) -> dict[str, JsonValue]:
        """Return what is not as the session's header has it: days may lie between."""
        header, picked = self.world.header, self.world.picked
        told: dict[str, Any] = {
            "model": picked.name,
            "model_source": picked.why,
            "interviewer_version": __version__,
            "prompts": self.world.prompts.hashes(),
        }
        return {name: value for name, value in told.items() if value != getattr(header, name)}

    def open(self, step: Hold, listeners: list[Callable[[Event], object]]) -> Session:
        """Return who holds an interview, from where it stands."""
        # A copy: both the agenda and who holds the interview hear each event once.
        interview, world = copy.deepcopy(step.interview), self.world
        guide = interview.guide
        return Session(
            interview,
            rubric_of(guide),
            Judge(guide, self.model, world.prompts, at_once=self.model.at_once),
            self.candidate,
            self.voice,
            listeners,
            manner_of(world.settings, number=step.begun.number, of=step.begun.of),
            before=replace(self.model.usage),
            projects=world.projects,
        )

    async def rest(self, step: Begin, guide: Guide) -> Wish:
        """Have a break before an interview."""
        from interviewer.terminal.break_view import BreakView

        how = HOW if isinstance(self.candidate, Person) else ""
        self.screen.rest(BreakView(self.agenda, step, guide.question, how))
        return await wish_of(self.candidate, teller(self.screen))

    def review(self) -> dict[str, JsonValue]:
        """Return what there is to say over all interviews that were held."""
        from interviewer.planning import review_of
        from interviewer.review import Skipped

        world = self.world
        recorded = load_transcript(world.transcript.path)
        try:
            cards = fitting(world.wanted, world.bank.cards)
        except UsageError:  # guides are gone meanwhile
            cards = list(world.bank.cards)
        questions = {card.id: card.question for card in world.bank.cards}
        passed = [event for event in recorded.events if isinstance(event, Passed)]
        skipped = (
            Skipped(guide=each.guide, question=questions.get(each.guide, ""), why=each.why)
            for each in passed
        )
        review = review_of(
            [*interviews_of(recorded), *skipped],
            cards=cards,
            past=past_in(world.transcript.path.parent, world.bank).practised,
            wish=planning_wish(world.wanted),
            now=datetime.now(UTC).astimezone(),  # days are the candidate's
        )
        return review.model_dump(mode="json")
