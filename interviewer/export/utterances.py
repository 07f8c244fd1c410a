"""What was said in a session, utterance by utterance, and the gaps that were asked about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from interviewer.events import (
    Answer,
    Closing,
    Coverage,
    Event,
    Final,
    Invitation,
    Opening,
    Probe,
    Question,
    Reply,
    Request,
)
from interviewer.probing import COVERED, SURE
from interviewer.timeline import turns_of

Role = Literal["interviewer", "candidate"]
Closed = Literal["closed", "partly closed", "still open", "not known"]

_ASKS = Opening | Question | Probe | Reply | Invitation | Closing
_SAYS = Answer | Request | Final


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody said at once."""

    number: int
    """Its place among all utterances, from 1."""
    turn: int
    """The turn that it belongs to, from 1; see `timeline`."""
    at_s: float
    """Seconds since the session began."""
    role: Role
    kind: str
    """The name of its event: opening, question, answer, request, reply, probe and so on."""
    text: str
    target: str | None = None
    """Id of the goal or step that a probe asks about, or that an answer is to."""
    intent: str | None = None
    """What a request asks for, or a reply gives."""
    seconds: float | None = None
    """How long the candidate took, where it is known."""
    kept: bool = False
    """Whether it is a final answer that is all that was said before."""
    cut: bool = False
    """Whether the candidate stopped it."""

    @property
    def shown(self) -> str:
        """What a reader sees of it: a final answer that was kept stands above already."""
        return "(what I have said stands)" if self.kept else self.text or f"({self.intent})"


KINDS = {"question": "question", "probe": "follow-up", "final": "final answer"}
"""Kind of an utterance -> what it is called; nothing of those whose words say it all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A gap that was asked about."""

    target: str
    name: str
    probe: Utterance
    answers: tuple[Utterance, ...]
    """What the candidate said to it."""
    before: float | None
    """P(covered) when it was picked, 0 to 1; None where it is not known."""
    after: float | None
    """P(covered) after what was said to it."""

    @property
    def closed(self) -> Closed:
        """Whether what was said closed it: nothing would be asked about it any more."""
        if self.after is None:
            return "not known"
        if self.after >= SURE:
            return "closed"
        return "partly closed" if self.after >= COVERED else "still open"


def utterances_of(entries: Sequence[tuple[float, Event]]) -> tuple[Utterance, ...]:
    """Return all that was said, in order, from (seconds, event) pairs."""
    turns = turns_of(event for _, event in entries)
    said = [
        (turn, at_s, event)
        for turn, (at_s, event) in zip(turns, entries, strict=True)
        if isinstance(event, _ASKS | _SAYS)
    ]
    return tuple(_utterance(number, *each) for number, each in enumerate(said, start=1))


def gaps_in(
    events: Iterable[Event], said: Iterable[Utterance], names: Mapping[str, str]
) -> Iterator[Asked]:
    """Yield the gaps that were asked about, in order.

    Args:
        events: Of a session.
        said: What `utterances_of` made of them.
        names: Id of a goal or step -> its name.
    """
    rest = iter(said)
    known: Mapping[str, float | None] = {}
    asked: _Open | None = None
    for event in events:
        utterance = next(rest) if isinstance(event, _ASKS | _SAYS) else None
        if asked and isinstance(event, Coverage | Probe | Invitation):
            yield asked.over(event.p if isinstance(event, Coverage) else {}, names)
            asked = None
        if isinstance(event, Coverage):
            known = event.p
        elif isinstance(event, Probe) and utterance:
            asked = _Open(utterance, event.target, known.get(event.target))
        elif asked and utterance and _answers(event):
            asked.answers.append(utterance)
    if asked:
        yield asked.over({}, names)


@dataclass(slots=True)
class _Open:
    """A probe of which it is not known yet what became of it."""

    probe: Utterance
    target: str
    before: float | None
    answers: list[Utterance] = field(default_factory=list)

    def over(self, after: Mapping[str, float | None], names: Mapping[str, str]) -> Asked:
        name = names.get(self.target, self.target)
        answers, found = tuple(self.answers), after.get(self.target)
        return Asked(self.target, name, self.probe, answers, self.before, found)


def _answers(event: Event) -> bool:
    """Whether it is what the candidate says to a probe; who asks for a hint says nothing yet."""
    if isinstance(event, Request):
        return event.kind in {"unsure", "skip"}
    return isinstance(event, Answer)


def _utterance(number: int, turn: int, at_s: float, event: _ASKS | _SAYS) -> Utterance:
    role: Role = "candidate" if isinstance(event, _SAYS) else "interviewer"
    return Utterance(
        number,
        turn,
        at_s,
        role,
        event.event,
        event.text,
        target=_target(event),
        intent=event.kind if isinstance(event, Request | Reply) else None,
        seconds=event.seconds if isinstance(event, Answer | Final) else None,
        kept=isinstance(event, Final) and event.kept,
        cut=isinstance(event, Reply) and event.cut,
    )


def _target(event: _ASKS | _SAYS) -> str | None:
    if isinstance(event, Probe):
        return event.target
    return event.to if isinstance(event, Answer) else None
