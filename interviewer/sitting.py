"""A session of several interviews, held: the agenda's actions -> interviews, breaks, the review.

Each interview is held by a `Session` of its own; this is what happens around them. Everything that
happens is told once: to the transcript, which gives it its time, to the agenda, and to the screen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from pydantic import JsonValue

from interviewer.agenda import Agenda, Begin, Hold, Review
from interviewer.errors import InterviewerError
from interviewer.events import Begun, Event, Passed, Reviewed
from interviewer.guide import Guide
from interviewer.session import Session

Wish = Literal["go on", "skip", "finish"]
"""What a candidate wants after a break: the next interview, the one after it, or the review."""


class Host(Protocol):
    """What a sitting needs of the world."""

    def load(self, guide: str) -> tuple[Guide, str]:
        """Return the guide that an id means, for the job, and where it came from.

        Raises:
            InterviewerError: There is none, or it has faults.
        """
        ...

    def about(self) -> dict[str, JsonValue]:
        """Return what else `Begun` tells of an interview that begins now: model, prompts."""
        ...

    def open(self, step: Hold, listeners: list[Callable[[Event], object]]) -> Session:
        """Return who holds an interview, from where it stands."""
        ...

    async def rest(self, step: Begin, guide: Guide) -> Wish:
        """Have a break before an interview.

        Raises:
            Left: The candidate leaves; the session can be resumed.
        """
        ...

    def review(self) -> dict[str, JsonValue]:
        """Return what there is to say over all interviews that were held."""
        ...


@dataclass(slots=True)
class Sitting:
    """One session of several interviews with everybody who takes part in it."""

    agenda: Agenda
    host: Host
    record: Callable[[Event], float]
    """Writes an event down and returns its time, in seconds."""
    draw: Callable[[Event], None]
    _session: Session | None = None

    async def run(self) -> None:
        """Hold the session to its end.

        Raises:
            ModelError: The model is out of reach; everything up to there is recorded.
            Left: The candidate leaves.
        """
        while step := self.agenda.action:
            match step:
                case Begin():
                    await self._begin(step)
                case Hold():
                    self._session = self.host.open(step, [self._tell])
                    await self._session.run()
                    self._session = None
                case Review():
                    self._review(step.reason)

    def stop_talking(self) -> bool:
        """Cut what the interviewer is saying; False where it says nothing."""
        return self._session is not None and self._session.stop_talking()

    def leave(self) -> None:
        """Tell that the candidate left; in a break there is nothing to tell."""
        if self._session:
            self._session.leave()

    async def _begin(self, step: Begin) -> None:
        id = step.planned.guide
        try:
            guide, source = self.host.load(id)
        except InterviewerError as error:
            self._tell(Passed(guide=id, why=f"it can't be used: {error.what}"))
            return
        wish = await self.host.rest(step, guide) if step.number > 1 else "go on"
        if wish == "finish":
            self._review("finished")
        elif wish == "skip":
            self._tell(Passed(guide=id, why="you left it out"))
        else:
            told = {"number": step.number, "of": step.of, "why": step.planned.why}
            made = guide.model_dump(mode="json")
            self._tell(
                Begun.model_validate(
                    {**told, "at": datetime.now(UTC), "guide": made, "guide_source": source}
                    | self.host.about()
                )
            )

    def _review(self, reason: Literal["done", "time", "finished"]) -> None:
        self._tell(Reviewed(reason=reason, review=self.host.review()))

    def _tell(self, event: Event) -> None:
        self.agenda.receive(event, self.record(event))
        self.draw(event)
