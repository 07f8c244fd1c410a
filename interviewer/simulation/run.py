"""Many simulated interviews, one after the other: which ones there are, and what came of each."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from interviewer.guide import Guide
from interviewer.simulation.measures import Measures, Script, measure
from interviewer.simulation.persona import Persona
from interviewer.simulation.scene import Held, Scene, Stage, hold
from interviewer.simulation.story import Story


@dataclass(frozen=True, slots=True)
class Topic:
    """A guide, and the story about it."""

    guide: Guide
    source: str
    """Where the guide came from."""
    story: Story | None
    """None where there is none: then a model has to play."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An interview and what it shows."""

    held: Held
    measures: Measures

    @property
    def path(self) -> Path:
        """Its transcript."""
        return self.held.path


def scenes_of(
    topics: Iterable[Topic],
    personas: Sequence[Persona],
    *,
    n: int = 1,
    seed: int = 0,
    played: bool = False,
) -> Iterator[Scene]:
    """Yield the interviews to hold, guide by guide: what a guide's prompts begin with is read once.

    A script that nothing varies in is held once, however many are asked for.

    Args:
        topics: What they are about.
        personas: Who is interviewed.
        n: How many for each guide and persona.
        seed: Of the first; each further one has the next.
        played: Whether a model plays them all; where there is no story it does anyway.
    """
    for topic in topics:
        for persona in personas:
            by_model = played or (topic.story is None and persona.needs_story)
            count = n if persona.varies or by_model else 1
            for number in range(count):
                yield Scene(
                    topic.guide, topic.source, persona, topic.story, seed + number, by_model
                )


def measured(held: Held, probes: int) -> Measures:
    """Measure an interview that was held with at most so many probes."""
    scene = held.scene
    story = None if scene.played else scene.story or Story(guide=scene.guide.id, parts=())
    return measure(Script(scene.guide, scene.persona, story, probes, held.seconds), held.events)


async def simulate(scenes: Iterable[Scene], stage: Stage) -> AsyncIterator[Outcome]:
    """Hold interviews, and yield each with its measures.

    Raises:
        ModelError, TranscriptError: As `hold` does; what was held before stays.
    """
    for scene in scenes:
        held = await hold(scene, stage)
        yield Outcome(held, measured(held, stage.probes))
