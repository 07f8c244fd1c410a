"""A session that is held by a script, and everything that was heard of it."""

from typing import TypeVar

from interviewer.checks import Judge
from interviewer.events import (
    Event,
)
from interviewer.interview import Interview
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Manner, Session
from tests.scripted import (
    GUIDE,
    Ear,
    ScriptedCandidate,
    ScriptedModel,
)

T = TypeVar("T")


class Held:
    """A session and everything that was heard of it."""

    def __init__(
        self, model: ScriptedModel, *replies: str, limit: int = 1, manner: Manner | None = None
    ) -> None:
        self.events: list[Event] = []
        self.ear = Ear()
        self.candidate = ScriptedCandidate(*replies)
        self.session = Session(
            Interview(GUIDE, limit=limit),
            rubric_of(GUIDE),
            Judge(GUIDE, model, Prompts()),
            self.candidate,
            self.ear,
            [self.events.append],
            manner or Manner(),
        )

    async def to_the_end(self) -> "Held":
        await self.session.run()
        return self

    @property
    def names(self) -> list[str]:
        return [event.event for event in self.events]

    def all(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]
