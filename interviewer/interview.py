"""The interview as a state machine: who speaks when.

Two rules hold everything here:

1. The machine does no I/O. `action` says what has to happen next; whoever drives it makes that
   happen and hands the event back to `receive`. Chat, replay and simulated candidates drive the
   same machine.
2. The state is made from events alone. Feed a transcript's events to a new machine and it stands
   where the interview stopped.

Most events have one consequence, listed in `TRANSITIONS`; those that choose are in `_choose`.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal

from interviewer.checks import Turn
from interviewer.errors import InterviewerError
from interviewer.events import (
    Answer,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Probe,
    Question,
    Regraded,
    Reply,
    Request,
    SelfScored,
)
from interviewer.guide import Guide
from interviewer.probing import Gap, choose_gap, gaps_of, measured_in


class State(Enum):
    """Where an interview stands; each name says what happens next."""

    OPENING = auto()
    ASKING = auto()
    LISTENING = auto()
    CHECKING = auto()
    PROBING = auto()
    REPLYING = auto()
    INVITING = auto()
    AWAITING_FINAL = auto()
    SETTLING = auto()
    ASKING_SCORES = auto()
    AWAITING_SCORES = auto()
    GRADING = auto()
    CLOSING = auto()
    ENDING = auto()
    DONE = auto()


TRANSITIONS: dict[tuple[State, type[Event]], State] = {
    (State.OPENING, Opening): State.ASKING,
    (State.ASKING, Question): State.LISTENING,
    (State.LISTENING, Answer): State.CHECKING,
    (State.PROBING, Probe): State.LISTENING,
    (State.INVITING, Invitation): State.AWAITING_FINAL,
    (State.ASKING_SCORES, Invitation): State.AWAITING_SCORES,
    (State.AWAITING_SCORES, SelfScored): State.GRADING,
    # A machine that was not told to ask for scores takes up a session that did.
    (State.GRADING, Invitation): State.AWAITING_SCORES,
    # And one that was told to takes up a session that did not.
    (State.ASKING_SCORES, Graded): State.CLOSING,
    (State.GRADING, Graded): State.CLOSING,
    (State.CLOSING, Closing): State.ENDING,
    (State.ENDING, End): State.DONE,
}


@dataclass(frozen=True, slots=True)
class Say:
    """Say fixed words; the event of the same name follows, an Invitation for `self-score`."""

    what: Literal["opening", "question", "invitation", "self-score", "closing"]


@dataclass(frozen=True, slots=True)
class Listen:
    """Listen to the candidate: an Answer, a Final or a Request follows."""

    purpose: Literal["answer", "final answer"]
    to: str | None = None
    """Target of the probe that waits for an answer."""


@dataclass(frozen=True, slots=True)
class Score:
    """Listen to the candidate's own scores; a SelfScored follows."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Check what the answers cover; a Coverage follows, made by `Interview.coverage`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask about a gap; a Probe follows."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class Respond:
    """Answer a request of the candidate; a Reply follows."""

    request: Request


@dataclass(frozen=True, slots=True)
class Keep:
    """Take what was said as the final answer; a Final follows."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Grade; a Graded follows."""

    final: str
    first: str | None
    """The first answer where it differs from the final one."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing is left to do but to say so; an End follows."""

    reason: Literal["graded", "ungraded"]


Action = Say | Listen | Score | Cover | Ask | Respond | Keep | Mark | Finish


@dataclass(slots=True)
class Interview:
    """One interview about one guide.

    Attributes:
        guide: The document that everything is about.
        limit: How many probes may be asked.
        self_score: Whether the candidate is asked for their own scores before the grade.
    """

    guide: Guide
    limit: int = 4
    self_score: bool = False
    state: State = State.OPENING
    turns: list[Turn] = field(default_factory=list)
    """Questions and what was said to them, the last one perhaps not answered yet."""
    probes: list[Probe] = field(default_factory=list)
    _request: Request | None = None
    _resting: State = State.LISTENING
    _final: str = ""
    _gap: str | None = None
    _graded: bool = False

    @property
    def action(self) -> Action | None:
        """What has to happen next; None once the interview is over."""
        match self.state:
            case State.OPENING:
                return Say("opening")
            case State.ASKING:
                return Say("question")
            case State.LISTENING:
                return Listen("answer", self.probes[-1].target if self.probes else None)
            case State.AWAITING_FINAL:
                return Listen("final answer")
            case State.CHECKING:
                return Cover()
            case State.PROBING:
                return Ask(gaps_of(self.guide)[self._gap or ""])
            case State.REPLYING:
                return Respond(self._request or Request(kind="repeat"))
            case State.INVITING:
                return Say("invitation")
            case State.SETTLING:
                return Keep()
            case State.ASKING_SCORES:
                return Say("self-score")
            case State.AWAITING_SCORES:
                return Score()
            case State.GRADING:
                return self.mark
            case State.CLOSING:
                return Say("closing")
            case State.ENDING:
                return Finish("graded" if self._graded else "ungraded")
            case State.DONE:
                return None

    @property
    def said(self) -> list[Turn]:
        """The turns that the candidate has answered."""
        return [turn for turn in self.turns if turn.said]

    @property
    def asked(self) -> str:
        """The question that is on the table."""
        return self.turns[-1].asked if self.turns else self.guide.question

    @property
    def mark(self) -> Mark:
        """How the final answer is to be graded, once it is given."""
        return Mark(self._final, self._first())

    @property
    def graded(self) -> bool:
        """Whether a grade was given."""
        return self._graded

    def coverage(self, p: dict[str, float | None]) -> Coverage:
        """Pick the gap to ask about, from target -> P(covered) in the order of probing."""
        if len(self.probes) >= self.limit:
            return Coverage(p=p, gap=None, reason=f"the limit of {self.limit} probes is reached")
        names = {each.id: each.name for each in gaps_of(self.guide).values()}
        measured = measured_in(self.guide)
        open_ = {target: each for target, each in p.items() if target not in measured}
        gap, reason = choose_gap(open_, [probe.target for probe in self.probes], names)
        return Coverage(p=p, gap=gap, reason=reason)

    def receive(self, event: Event) -> None:
        """Take an event in.

        Raises:
            InterviewerError: It can't happen now, so the caller or the transcript is wrong.
        """
        if isinstance(event, Note | Regraded):
            return
        if isinstance(event, SelfScored) and self.state is not State.AWAITING_SCORES:
            return  # of somebody who was not asked: it changes nothing
        after = TRANSITIONS.get((self.state, type(event))) or self._choose(event)
        if after is None:
            raise InterviewerError(
                f"the event {event.event!r} can't follow in the state {self.state.name.lower()}"
            )
        self._remember(event)
        self.state = after

    def _choose(self, event: Event) -> State | None:
        match self.state, event:
            case ((State.AWAITING_FINAL | State.SETTLING), Final()):
                return State.ASKING_SCORES if self.self_score else State.GRADING
            case State.CHECKING, Coverage(gap=None):
                return State.INVITING
            case State.CHECKING, Coverage():
                return State.PROBING if event.gap in gaps_of(self.guide) else None
            case ((State.LISTENING | State.AWAITING_FINAL), Request(kind="finish")):
                return State.SETTLING if self.said else State.CLOSING
            case State.AWAITING_FINAL, Request(kind="skip"):
                return State.SETTLING
            case ((State.LISTENING | State.AWAITING_FINAL), Request()):
                return State.REPLYING
            case State.REPLYING, Reply():
                return self._after_reply(event)
            case _:
                return None

    def _after_reply(self, reply: Reply) -> State:
        """Go on after a request: a skipped probe is over, a skipped question ends it all."""
        if self._resting is State.LISTENING and self.probes and reply.kind in {"skip", "unsure"}:
            return State.CHECKING
        if reply.kind == "skip" and not self.said:
            return State.CLOSING
        return self._resting

    def _remember(self, event: Event) -> None:
        match event:
            case Question() | Probe():
                if isinstance(event, Probe):
                    self.probes.append(event)
                self.turns.append(Turn(event.text))
            case Answer():
                self.turns[-1] = Turn(self.turns[-1].asked, event.text)
            case Request():
                self._request, self._resting = event, self.state
            case Coverage():
                self._gap = event.gap
            case Final():
                self._final = event.text
            case Graded():
                self._graded = True

    def _first(self) -> str | None:
        first = self.said[0].said if self.said else None
        return first if first != self._final else None
