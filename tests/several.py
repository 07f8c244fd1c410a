"""A session of several interviews, held by scripts: two guides that call one goal differently."""

import asyncio
import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from interviewer import __version__
from interviewer.agenda import Agenda, Begin, Hold
from interviewer.checks import Judge
from interviewer.events import Event
from interviewer.guide import Guide
from interviewer.people import Left
from interviewer.planning import review_of
from interviewer.planning.choosing import Wish as PlanningWish
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Manner, Session
from interviewer.silence import Silence
from interviewer.sitting import Sitting, Wish
from interviewer.transcript import (
    Header,
    Plan,
    Planned,
    Transcript,
    interviews_of,
    load_transcript,
)
from tests.scripted import LABELLED, PROBE, TOLD, Labeller, ScriptedCandidate
from tests.transcript.samples import START

CONFLICT = LABELLED.model_copy(
    update={
        "id": "conflict",
        "question": "Tell me about a conflict.",
        "goals": (
            LABELLED.goals[0].model_copy(update={"name": "Candour"}),
            LABELLED.goals[1].model_copy(update={"name": "Repair"}),
        ),
    }
)
LAUNCH = LABELLED.model_copy(update={"id": "launch", "question": "Tell me about a launch."})
GUIDES = {each.id: each for each in (LABELLED, CONFLICT, LAUNCH)}
HALF = "The background is a bakery that I launched in Braga."
"""A first answer that leaves most of it open."""
MORE = "My mistake was that I asked nobody in Braga before I launched it."
SAID = (HALF, MORE, f"{HALF} {MORE} The lesson is to ask first.", TOLD, "keep", HALF, "skip")
"""Interview 1 is probed once and has a final answer of its own, 2 keeps its answers."""
BREAK_S = 900.0


@dataclass
class Clock:
    """Each look at it is half a second later; a break takes long."""

    now_s: float = 100.0

    def __call__(self) -> float:
        self.now_s += 0.5
        return self.now_s


@dataclass
class Stage:
    """A host whose guides and candidate are scripted."""

    said: Sequence[str]
    clock: Clock
    path: Path
    wishes: list[Wish] = field(default_factory=list)
    model: Labeller = field(default_factory=lambda: Labeller([PROBE] * 9))

    def __post_init__(self) -> None:
        self.candidate = ScriptedCandidate(*self.said)

    def load(self, guide: str) -> tuple[Guide, str]:
        return GUIDES[guide], guide

    def about(self) -> dict[str, JsonValue]:
        return {}

    def open(self, step: Hold, listeners: list[Callable[[Event], object]]) -> Session:
        interview = copy.deepcopy(step.interview)
        return Session(
            interview,
            rubric_of(interview.guide),
            Judge(interview.guide, self.model, Prompts()),
            self.candidate,
            Silence(),
            listeners,
            Manner(number=step.begun.number, of=step.begun.of),
            before=replace(self.model.usage),
        )

    async def rest(self, step: Begin, guide: Guide) -> Wish:  # noqa: ARG002  the protocol names them
        self.clock.now_s += BREAK_S
        return self.wishes.pop(0) if self.wishes else "go on"

    def review(self) -> dict[str, JsonValue]:
        found = interviews_of(load_transcript(self.path))
        made = review_of(found, cards=(), past=(), wish=PlanningWish(), now=START)
        return made.model_dump(mode="json")


def header(*guides: str, **about: Any) -> Header:
    planned = tuple(Planned(guide=each, why=f"Because of {each}.") for each in guides)
    usual: dict[str, Any] = {
        "id": "5e55",
        "started_at": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        "interviewer_version": __version__,
        "guide": {},
        "guide_source": "",
        "plan": Plan(interviews=planned, role="Product Manager"),
        "model": "scripted",
        "model_source": "a test",
        "options": {"probes": 1, "persona": "neutral", "role": None, "level": None},
        "prompts": Prompts().hashes(),
    }
    return Header(**usual | about)


async def hold(
    folder: Path,
    *said: str,
    guides: Sequence[str] = ("failure", "conflict"),
    wishes: Sequence[Wish] = (),
    **about: Any,
) -> Path:
    """Hold a session until its candidate has nothing more to say, and return its transcript."""
    clock, first = Clock(), header(*guides, **about)
    assert first.plan
    with Transcript.create(folder, first, clock=clock) as transcript:
        stage = Stage(said or SAID, clock, transcript.path, list(wishes))
        sitting = Sitting(Agenda(first.plan, limit=1), stage, transcript.add, lambda _: None)
        try:
            await sitting.run()
        except Left:
            sitting.leave()
    return transcript.path


def held(folder: Path, *said: str, **how: Any) -> Path:
    """Do the same where nothing is awaited."""
    return asyncio.run(hold(folder, *said, **how))
