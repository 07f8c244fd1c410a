"""Reads of a transcript what a list needs, and what was said; the rest is not even parsed.

A line that can't be read is counted and passed over: a list leaves nobody out for one torn line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field, StrictInt, ValidationError

from interviewer.events import Event
from interviewer.grade import Calibrated, uncertain_of
from interviewer.library.entry import Entry, Fault, OnScale, Reason
from interviewer.library.words import spoken
from interviewer.timeline import TurnCounter
from interviewer.transcript import SCHEMA
from interviewer.value import Points, Timestamp

Who = Literal["interviewer", "candidate"]

_LONGEST_HEADER = 8_000_000
"""Bytes; a first line beyond it is no header, however much memory there is."""
_KINDS = {kind.model_fields["event"].default for kind in get_args(get_args(Event)[0])}
_SPEAKERS: dict[str, Who] = {
    "question": "interviewer",
    "probe": "interviewer",
    "reply": "interviewer",
    "answer": "candidate",
    "request": "candidate",
    "final": "candidate",
}
"""Who says what; greetings and the like are the same in each session."""
_AFTERWARDS = {"note", "regraded"}
"""What may come after the end and changes neither that nor the length."""
_AFTER_A_BREAK = {"begun", "passed", "reviewed"}
"""What a break may stand before; nobody was interviewed meanwhile."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a session."""

    turn: int
    """From 1; see `timeline`."""
    who: Who
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds."""

    about: Entry | Fault
    spoken: bytes
    """What was said, as it is searched; empty of a fault."""


class _Guide(BaseModel):
    id: str = ""
    question: str = ""


class _Plan(BaseModel):
    interviews: list[Any] = Field(min_length=1)


class _Version(BaseModel):
    transcript: StrictInt = Field(ge=1)


class _Header(_Version):
    id: str
    started_at: Timestamp
    guide: _Guide
    plan: _Plan | None = None
    model: str


class _Line(BaseModel):
    at_s: float = Field(ge=0, allow_inf_nan=False)
    event: str
    text: str = ""
    kept: bool = False
    reason: Any = None
    overall: float | None = Field(default=None, ge=1, le=5)
    criteria: dict[str, Points | None] = Field(default_factory=dict)
    confidence: dict[str, float] = Field(default_factory=dict)
    calibrated: Calibrated | None = None
    guide: Any = None


def read(path: Path) -> Found:
    """Return what `path` holds. What is no transcript is a fault, never an error.

    Raises:
        FileNotFoundError: It is gone.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        return Found(Fault(path.parent, path.name, f"can't be read: {reason}"), b"")


def said(path: Path) -> list[Said]:
    """Return what was said in a session, in order; empty where `path` holds none any more."""
    try:
        with path.open("rb") as file:
            file.readline(_LONGEST_HEADER)
            session = _Session()
            session.take(file)
    except OSError:
        return []
    return session.said


def _read(path: Path) -> Found:
    with path.open("rb") as file:
        header = _header(path, file.readline(_LONGEST_HEADER))
        if isinstance(header, Fault):
            return Found(header, b"")
        session = _Session(planned=len(header.plan.interviews) if header.plan else 0)
        session.take(file)
    text = "\n".join(spoken(each.text) for each in session.said)
    return Found(session.entry(path, header), text.encode())


def _header(path: Path, line: bytes) -> _Header | Fault:
    try:
        version = _Version.model_validate_json(line).transcript
    except ValidationError:
        return Fault(path.parent, path.name, "not a transcript: it starts with no header")
    if version > SCHEMA:
        what = f"written by a newer interviewer (schema {version}; this one reads {SCHEMA})"
        return Fault(path.parent, path.name, what)
    try:
        return _Header.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        return Fault(path.parent, path.name, f"the header is wrong: {place}: {fault['msg']}")


def _guide_in(found: Any) -> _Guide:
    """Return the guide that an interview began with; what can't be read of it is empty."""
    try:
        return _Guide.model_validate(found)
    except ValidationError:
        return _Guide()


@dataclass(slots=True)
class _Session:
    """What the lines after the header add up to."""

    planned: int = 0
    """How many interviews it is to have, where it may hold several."""
    said: list[Said] = field(default_factory=list)
    _turns: TurnCounter = field(default_factory=TurnCounter)
    _last: int = 0
    _grades: list[_Line] = field(default_factory=list)
    _guides: list[_Guide] = field(default_factory=list)
    _seconds: float = 0.0
    _breaks: float = 0.0
    _reason: Reason | None = None
    _unreadable: int = 0

    def take(self, lines: Iterable[bytes]) -> None:
        """Take in lines, one event each."""
        for line in lines:
            if not line.strip():
                continue
            try:
                event = _Line.model_validate_json(line)
            except ValidationError:
                self._unreadable += 1
                continue
            if event.event in _KINDS:
                self._receive(event)
            else:
                self._unreadable += 1

    def _receive(self, event: _Line) -> None:
        turn = self._turns.take(event.event)
        if event.event in _AFTER_A_BREAK and self.planned:
            self._breaks += max(0.0, event.at_s - self._seconds)
        if event.event not in _AFTERWARDS:
            self._seconds = max(self._seconds, event.at_s)
            self._reason = None
        match event.event:
            case "grade":
                self._grades.append(event)
            case "begun":
                self._guides.append(_guide_in(event.guide))
            case "reviewed" if self.planned:
                self._reason = "graded" if self._grades else "ungraded"
            case "end" if event.reason in get_args(Reason):
                # Of several, the end of one is not that of the session.
                self._reason = event.reason if event.reason == "quit" or not self.planned else None
        who = _SPEAKERS.get(event.event)
        if who == "candidate":
            self._last = turn
        if who and event.text.strip() and not event.kept:  # what was kept was said before
            self.said.append(Said(turn, who, event.text))

    def entry(self, path: Path, header: _Header) -> Entry:
        grade = self._grades[-1] if self._grades and not self.planned else None
        scale = grade.calibrated if grade else None
        return Entry(
            folder=path.parent,
            name=path.name,
            id=header.id,
            started_at=header.started_at,
            guide="session" if self.planned else header.guide.id,
            question="; ".join(each.question for each in self._guides) or header.guide.question,
            model=header.model,
            turns=self._last,
            overall=self._overall(),
            calibrated=OnScale(scale.value, *scale.scale) if scale else None,
            criteria=grade.criteria if grade else {},
            uncertain=tuple(uncertain_of(grade.confidence)) if grade else (),
            seconds=round(self._seconds - self._breaks, 3),
            reason=self._reason,
            guides=tuple(each.id for each in self._guides) if self.planned else (),
            planned=self.planned,
            graded=len(self._scores()),
            unreadable=self._unreadable,
        )

    def _overall(self) -> float | None:
        """Return the score of the last grade; of several interviews, the mean of theirs."""
        scores = self._scores()
        return sum(scores) / len(scores) if scores else None

    def _scores(self) -> list[float]:
        grades = self._grades if self.planned else self._grades[-1:]
        return [each.overall for each in grades if each.overall is not None]
