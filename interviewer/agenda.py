"""A session of several interviews as a state machine: which comes next, and when it is over.

It stands above the interview and keeps its rules: no I/O, and a state made of events alone, with
their times. Each interview is a machine of its own, which hears its events through this one.

The time that is used is that of the interviews. Breaks don't count, nor do the days between two
sittings: a transcript's times go on where they stopped. No interview is cut; whether there is time
for another is asked between two, and what was told to be the last one is.
"""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import ValidationError

from interviewer.errors import InterviewerError
from interviewer.events import (
    Begun,
    End,
    Event,
    Graded,
    Note,
    Passed,
    Regraded,
    Reviewed,
)
from interviewer.grade import Grade
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.transcript import Plan, Planned

SENSIBLE = 0.5
"""Of what an interview of this session took so far: how much has to be left to begin another."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin an interview: a Begun follows, a Passed, or in a break a Reviewed."""

    planned: Planned
    number: int
    """From 1."""
    of: int
    """How many there will be, as far as plan and time tell."""

    @property
    def last(self) -> bool:
        """Whether no other is going to follow."""
        return self.number == self.of


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold an interview to its end, from where it stands."""

    interview: Interview
    begun: Begun


@dataclass(frozen=True, slots=True)
class Review:
    """Say what there is to say over the whole; a Reviewed follows."""

    reason: Literal["done", "time"]


Step = Begin | Hold | Review


@dataclass(slots=True)
class Held:
    """An interview that began."""

    begun: Begun
    guide: Guide
    since_s: float
    """When it began, in the transcript's time."""
    until_s: float
    """When the last thing happened in it."""
    grade: Grade | None = None
    over: bool = False

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return max(0.0, self.until_s - self.since_s)


@dataclass(slots=True)
class Agenda:
    """One session of several interviews.

    Attributes:
        plan: The interviews, and how long they may take.
        limit: How many probes may be asked in each.
        self_score: Whether the candidate is asked for own scores before each grade.
        held: The interviews that began, in order; the last one perhaps not over yet.
    """

    plan: Plan
    limit: int = 4
    self_score: bool = False
    held: list[Held] = field(default_factory=list)
    _interview: Interview | None = None
    _gone: set[str] = field(default_factory=set)
    """Ids of guides that were begun or passed over."""
    _reviewed: bool = False

    @property
    def action(self) -> Step | None:
        """What has to happen next; None once the session is over."""
        if self._reviewed:
            return None
        if self._interview:
            return Hold(self._interview, self.held[-1].begun)
        left = self._left
        if not left:
            return Review("done")
        if self._was_last or not self._is_worth_it(self.left_s):
            return Review("time")
        number = len(self.held) + 1
        last = self._is_last(left)
        return Begin(left[0], number, number if last else number + len(left) - 1)

    @property
    def used_s(self) -> float:
        """How long the interviews took together, in seconds."""
        return sum(each.seconds for each in self.held)

    @property
    def left_s(self) -> float | None:
        """What is left of the time, in seconds, never below 0; None where it has no limit."""
        minutes = self.plan.minutes
        return None if minutes is None else max(0.0, minutes * 60 - self.used_s)

    def receive(self, event: Event, at_s: float) -> None:
        """Take an event in, and its time in the transcript.

        Raises:
            InterviewerError: It can't happen now, so the caller or the transcript is wrong.
        """
        match event:
            case Note() | Regraded():
                return
            case Begun():
                self._refuse(event, unless=not self._interview)
                self._begin(event, at_s)
            case Passed():
                self._refuse(event, unless=not self._interview)
                self._gone.add(event.guide)
            case Reviewed():
                self._refuse(event, unless=not self._interview)
                self._reviewed = True
            case _:
                self._go_on(event, at_s)

    def _begin(self, event: Begun, at_s: float) -> None:
        try:
            guide = Guide.model_validate(event.guide)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            place = ".".join(map(str, fault["loc"])) or "guide"
            raise InterviewerError(
                f"the guide of interview {event.number} can't be used: {place}: {fault['msg']}"
            ) from error
        self._interview = Interview(guide, limit=self.limit, self_score=self.self_score)
        # The plan's next, whatever the guide's file calls itself by now: it is not begun again.
        self._gone |= {guide.id, *(each.guide for each in self._left[:1])}
        self.held.append(Held(event, guide, at_s, at_s))

    def _go_on(self, event: Event, at_s: float) -> None:
        if self._interview is None:
            if isinstance(event, End):  # of somebody who left in a break
                return
            raise InterviewerError(f"the event {event.event!r} is of no interview")
        held = self.held[-1]
        if not (isinstance(event, End) and event.reason == "quit"):
            self._interview.receive(event)
        held.until_s = at_s
        if isinstance(event, Graded):
            held.grade = event
        if self._interview.action is None:
            held.over, self._interview = True, None

    def _refuse(self, event: Event, *, unless: bool) -> None:
        if self._reviewed or not unless:
            when = "after the session" if self._reviewed else "in an interview"
            raise InterviewerError(f"the event {event.event!r} can't follow {when}")

    @property
    def _left(self) -> list[Planned]:
        return [each for each in self.plan.interviews if each.guide not in self._gone]

    @property
    def _was_last(self) -> bool:
        """Whether the one before was told to be the last: it is, even if it took less time."""
        return bool(self.held) and self.held[-1].begun.number == self.held[-1].begun.of

    @property
    def _pace_s(self) -> float:
        """How long an interview takes in this session; 0 where none was graded yet."""
        took = [each.seconds for each in self.held if each.over and each.grade]
        return sum(took) / len(took) if took else 0.0

    def _is_worth_it(self, left_s: float | None) -> bool:
        """Whether so much time is left that a further interview makes sense."""
        return left_s is None or left_s > SENSIBLE * self._pace_s

    def _is_last(self, left: list[Planned]) -> bool:
        known = self._pace_s > 0 and self.left_s is not None
        return len(left) == 1 or (
            known and not self._is_worth_it((self.left_s or 0) - self._pace_s)
        )
