"""One simulated interview: the real machine and session, with a candidate who goes by a script."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Protocol
from uuid import uuid4

from interviewer import __version__
from interviewer.checks import Judge
from interviewer.events import Event
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.llm import Model, T, Usage, counted
from interviewer.people import Candidate, Left
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Manner, Session
from interviewer.silence import Silence
from interviewer.simulation.candidate import Scripted
from interviewer.simulation.persona import Persona
from interviewer.simulation.played import Played
from interviewer.simulation.story import Story
from interviewer.transcript import Header, Transcript


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is interviewed about what."""

    guide: Guide
    source: str
    """Where the guide came from."""
    persona: Persona
    story: Story | None
    seed: int = 0
    """Varies what a script leaves open: which parts are told, which lines are said."""
    played: bool = False
    """Whether a model plays the persona in place of its script."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What all interviews of a run have in common."""

    model: Model
    prompts: Prompts
    folder: Path
    """Where transcripts are written."""
    name: str
    """The model's."""
    why: str = ""
    """Why this model."""
    probes: int = 4
    manner: Manner = field(default_factory=Manner)


@dataclass(frozen=True, slots=True)
class Held:
    """What came of a scene."""

    scene: Scene
    path: Path
    events: tuple[Event, ...]
    seconds: float
    used: Usage


class _Hearing(Candidate, Protocol):
    def hear(self, event: Event) -> None:
        """Take in what happens."""
        ...


async def hold(scene: Scene, stage: Stage) -> Held:
    """Hold a simulated interview to its end; each event is on the disk before the next.

    Raises:
        ModelError: The model is out of reach; the transcript holds what was said up to there.
        TranscriptError: The transcript can't be written.
    """
    events: list[Event] = []
    start = time.perf_counter()
    with counted() as used, Transcript.create(stage.folder, _header(scene, stage)) as transcript:
        model = Metered(stage.model, used)
        candidate = _candidate(scene, model, stage.prompts)
        session = Session(
            Interview(scene.guide, limit=stage.probes),
            rubric_of(scene.guide),
            Judge(scene.guide, model, stage.prompts, at_once=model.at_once),
            candidate,
            Silence(),
            [transcript.add, events.append, candidate.hear],
            stage.manner,
            timeless=True,  # nobody types, so there is nothing to read ahead of
        )
        try:
            await session.run()
        except Left:  # by a line such as /quit
            session.leave()
        return Held(scene, transcript.path, tuple(events), time.perf_counter() - start, used)


def _candidate(scene: Scene, model: Model, prompts: Prompts) -> _Hearing:
    if scene.played:
        return Played(scene.persona, scene.guide, scene.story, model, prompts)
    rng = Random(f"{scene.seed} {scene.persona.id} {scene.guide.id}")  # noqa: S311  no secret
    return Scripted(scene.persona, scene.guide, scene.story, rng)


def _header(scene: Scene, stage: Stage) -> Header:
    return Header(
        id=uuid4().hex,
        started_at=datetime.now(UTC),
        interviewer_version=__version__,
        guide=scene.guide.model_dump(mode="json"),
        guide_source=scene.source,
        model=stage.name,
        model_source=stage.why,
        options={
            "probes": stage.probes,
            "persona": stage.manner.persona,
            "simulated": scene.persona.id,
            "seed": scene.seed,
        },
        prompts=stage.prompts.hashes(),
    )


class Metered:
    """A model with the usage of one interview, where many share it."""

    def __init__(self, model: Model, usage: Usage) -> None:
        """Stand before `model`, whose calls are counted in `usage`."""
        self._model, self.usage = model, usage
        self.name, self.local, self.at_once = model.name, model.local, model.at_once

    def stream(self, prompt: str, *, max_tokens: int = 200) -> AsyncIterator[str]:
        """Say something, piece by piece."""
        return self._model.stream(prompt, max_tokens=max_tokens)

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:
        """Fill a schema."""
        return await self._model.fill(prompt, schema, max_tokens=max_tokens)

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        """Choose among `options`."""
        return await self._model.decide(prompt, options, floor=floor)

    async def warm(self, prompt: str) -> None:
        """Have the endpoint read ahead."""
        await self._model.warm(prompt)

    async def aclose(self) -> None:
        """Do nothing: the connections are those of all."""
