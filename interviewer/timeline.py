"""A session as moments in time: what happened, in which turn, and when a replay shows it.

Each function takes moments and returns moments, so a replay is a chain of them:

    paced(chosen(between(moments(entries), 2, 3), "answers"), idle_limit_s=2)

Turn 1 is the main question with its answer, each probe begins a further turn, and the final answer
is the last one, with the grade and all that follows. A session of several interviews counts on: the
next question begins a further turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from typing import Literal

from interviewer.errors import UsageError
from interviewer.events import (
    Answer,
    Begun,
    Coverage,
    Event,
    Final,
    Graded,
    Passed,
    Probe,
    Regraded,
    Reviewed,
    SelfScored,
)

Kind = Literal["probes", "answers", "grade"]
KINDS: dict[Kind, tuple[type, ...]] = {
    "probes": (Probe,),
    "answers": (Answer, Final),
    "grade": (SelfScored, Graded, Regraded),
}
BREAK_S = 2.0
"""How long a replay waits at the most before what follows a break."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a session."""

    event: Event
    number: int
    """Of the event in its session, from 0."""
    turn: int
    """From 1."""
    recorded_s: float
    """When it happened, in seconds since the session began."""
    at_s: float = 0.0
    """When a replay at speed 1 shows it, in seconds since its start; see `paced`."""


@dataclass(slots=True)
class Starts:
    """Tells where the interviews of a session start while its events come by.

    Each does so with a `begun`; in a damaged file that has lost it, with its opening.
    """

    count: int = 0
    """How many have started."""
    _several: bool = False
    """Whether any `begun` came by: without one, it is a single interview."""
    _open: bool = False
    """Whether an opening would be that of the interview that started last."""

    def take(self, kind: str) -> bool:
        """Tell whether the next event, of which only the kind is told, starts an interview."""
        begun = kind == "begun"
        lost = kind == "opening" and not self._open and (self._several or not self.count)
        self.count += begun or lost
        self._several = self._several or begun
        self._open = begun or (self._open and kind in {"note", "regraded"})
        return begun or lost


@dataclass(slots=True)
class TurnCounter:
    """Counts the turns of a session while its events come by."""

    turn: int = 0
    """Of the last event, from 1; 0 before the first one."""
    _ended: bool = False
    _starts: Starts = field(default_factory=Starts)

    def take(self, kind: str) -> int:
        """Return the turn of the next event, of which only the name of its kind is told."""
        begins = self._starts.take(kind) and self._starts.count > 1
        self._ended = self._ended and not begins
        # A second invitation asks for own scores; that is no turn of the interview.
        ends = kind in ("invitation", "final") and not self._ended
        if not self.turn or kind == "probe" or ends or begins:
            self.turn += 1
        self._ended = self._ended or ends
        return self.turn


def interviews_in(events: Sequence[Event]) -> list[range]:
    """Return the numbers of the events of each interview, from 0.

    What comes before the first of several is none's.
    """
    if not any(isinstance(event, Begun) for event in events):
        return [range(len(events))]
    starts = Starts()
    begins = [at for at, event in enumerate(events) if starts.take(event.event)]
    return [range(first, end) for first, end in pairwise([*begins, len(events)])]


def turns_of(events: Iterable[Event]) -> list[int]:
    """Return the turn of each event, from 1."""
    counter = TurnCounter()
    return [counter.take(event.event) for event in events]


def moments(entries: Sequence[tuple[float, Event]]) -> list[Moment]:
    """Return all that happened; entries are (seconds since the start, event) in their order."""
    turns = turns_of([event for _, event in entries])
    return [
        Moment(event, number, turn, at_s)
        for number, (turn, (at_s, event)) in enumerate(zip(turns, entries, strict=True))
    ]


def between(found: Sequence[Moment], first: int | None, last: int | None) -> list[Moment]:
    """Return the moments of the turns from `first` to `last`, both included; None is no limit.

    Raises:
        UsageError: There is no such turn.
    """
    turns = max((moment.turn for moment in found), default=0)
    low, high = first or 1, turns if last is None else last
    if found and (low > turns or high < low):
        raise UsageError(
            f"there are no turns from {low} to {high}",
            hint=f"--from and --to take 1 to {turns}, and --from is not after --to",
        )
    return [moment for moment in found if low <= moment.turn <= high]


def chosen(found: Sequence[Moment], only: Kind | None) -> list[Moment]:
    """Return the moments of a kind; None: all that is drawn, which what the machine thought isn't.

    A replay without details draws nothing for a `Coverage`. Of several interviews, what is chosen
    stands below the heading of its own.
    """
    if only is None:
        return [moment for moment in found if not isinstance(moment.event, Coverage)]
    return [moment for moment in found if isinstance(moment.event, (Begun, *KINDS[only]))]


def paced(found: Sequence[Moment], *, idle_limit_s: float | None = None) -> list[Moment]:
    """Return the moments with the time at which a replay shows each; the first one at once.

    Nobody waits for the end of a break between two interviews.

    Args:
        found: In the order that they are shown in.
        idle_limit_s: The longest pause between two; None: as long as it was.
    """
    at_s, timed = 0.0, list(found[:1])
    for before, moment in pairwise(found):
        pause_s = max(0.0, moment.recorded_s - before.recorded_s)
        at_s += min(pause_s, longest_before(moment.event, idle_limit_s))
        timed.append(replace(moment, at_s=at_s))
    return timed


def longest_before(event: Event, idle_limit_s: float | None = None) -> float:
    """Return how long the pause before an event may be at the most, in seconds."""
    limit_s = inf if idle_limit_s is None else idle_limit_s
    return min(limit_s, BREAK_S) if isinstance(event, Begun | Passed | Reviewed) else limit_s
