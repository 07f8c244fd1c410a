"""A candidate who goes by a script: a persona's, with a story to tell.

It knows what a person would: what it was last asked, and what it has said. Which part of its story
a probe asks for it takes from the probe's target, as a person takes it from the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from interviewer.events import Event, Invitation, Probe, Question
from interviewer.guide import Guide
from interviewer.people import Typed
from interviewer.simulation.persona import Persona
from interviewer.simulation.speech import Speech, beginning
from interviewer.simulation.story import Part, Story

_PATIENCE = 30
"""Replies after which a candidate leaves: no interview goes on for ever."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said who does not type."""

    text: str
    seconds: float | None = None


@dataclass(slots=True)
class Scripted:
    """A candidate by a script; tell it what happens with `hear`."""

    persona: Persona
    guide: Guide
    story: Story | None
    """None where the persona tells nothing of one."""
    rng: Random
    _on: Event | None = None
    """What is on the table: the question, a probe or the invitation."""
    _told: dict[str, bool] = field(default_factory=dict)
    """Step -> whether it was told in full, and not only begun; in the order of telling."""
    _added: set[str] = field(default_factory=set)
    """Steps to which something was added."""
    _last: str = ""
    _replies: int = 0
    _decks: dict[str, list[str]] = field(default_factory=dict)
    _asked_first: bool = False

    def hear(self, event: Event) -> None:
        """Take in what the interviewer asks."""
        if isinstance(event, Question | Probe | Invitation):
            self._on = event

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:  # noqa: ARG002
        """Say the next thing.

        Raises:
            EOFError: It has had enough.
        """
        self._replies += 1
        if self._replies > _PATIENCE:
            raise EOFError
        match self._on:
            case Probe():
                text = self._answer(self._on.target)
            case Invitation():
                text = self._conclude()
            case _:
                text = self._begin()
        self._last = text
        return Said(text)

    def draft(self) -> str:
        """Return nothing: a script does not type."""
        return ""

    @property
    def _speech(self) -> Speech:
        return Speech(self.persona.fillers, self.persona.between, self.rng)

    @property
    def _parts(self) -> dict[str, Part]:
        return {part.step: part for part in self.story.parts} if self.story else {}

    def _begin(self) -> str:
        if self.persona.requests and not self._asked_first:
            self._asked_first = True
            return self._line("requests", self.persona.requests)
        chosen = self._chosen()
        if not chosen:
            return self._line("first", self.persona.first)
        brief = self.persona.briefly
        self._told = {part.step: not brief for part in chosen}
        told = [beginning(part.told) if brief else part.told for part in chosen]
        opening = [self._line("first", self.persona.first)] if self.persona.first else []
        return self._speech.of([*opening, *told])

    def _chosen(self) -> Sequence[Part]:
        """Return the parts that are told at first, in the order of the story."""
        parts = list(self._parts.values())
        count = round(self.persona.tells * len(parts))
        if parts and self.persona.tells > 0:
            count = max(1, count)
        kept = sorted(self.rng.sample(range(len(parts)), count))
        return [parts[at] for at in kept]

    def _answer(self, target: str) -> str:
        part = self._wanted(target) if self.persona.asked == "tells" else None
        if part and not self._told.get(part.step):
            self._told[part.step] = True
            more = [part.more] if self.persona.tells < 1 else []
            self._added.update([part.step] if more else [])
            return self._speech.of([part.told, *more])
        if part and part.more and part.step not in self._added:
            self._added.add(part.step)
            return self._speech.of([part.more])
        if self.persona.when_asked:
            return self._line("when_asked", self.persona.when_asked)
        return self._again()

    def _wanted(self, target: str) -> Part | None:
        """Return the part that a probe asks for: of a goal's, the first that is not told yet."""
        parts = self._parts
        if target in parts:
            return parts[target]
        linked = steps_of(self.guide, target)
        near = [part for part in parts.values() if part.step in linked]
        fresh = [part for part in near if not self._told.get(part.step)]
        addable = [part for part in near if part.more and part.step not in self._added]
        return next(iter([*fresh, *addable, *near]), None)

    def _again(self) -> str:
        told = [self._parts[step].told for step in self._told]
        return self._speech.of([self.rng.choice(told)]) if told else self._last

    def _conclude(self) -> str:
        if self.persona.final == "lines":
            return self._line("at_the_end", self.persona.at_the_end)
        if self.persona.final == "keep" or not self._told:
            return "keep"
        said = []
        for part in self._parts.values():
            if part.step in self._told:
                said.append(part.told)
            if part.step in self._added:
                said.append(part.more)
        return self._speech.of(said)

    def _line(self, deck: str, lines: Sequence[str]) -> str:
        """Return the next line of a deck that is shuffled once it is used up."""
        left = self._decks.setdefault(deck, [])
        if not left:
            left.extend(self.rng.sample(lines, len(lines)))
        return left.pop()


def steps_of(guide: Guide, goal: str) -> set[str]:
    """Return the steps that share a label with a goal; empty where no label connects them."""
    steps = {step.id for step in guide.steps}
    return {
        target
        for label in guide.labels
        if goal in label.shows
        for target in label.shows
        if target in steps
    }
