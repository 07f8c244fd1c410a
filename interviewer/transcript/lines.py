"""One line of a transcript: the header or an event, from bytes to a value."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic_core import from_json

from interviewer.background import Background
from interviewer.errors import TranscriptError
from interviewer.events import EVENT, Event
from interviewer.text import many
from interviewer.transcript.migrating import SCHEMA, migrated, version_of
from interviewer.value import Timestamp, Value

__all__ = [
    "SCHEMA",
    "SECONDS",
    "Header",
    "Plan",
    "Planned",
    "bytes_of",
    "fault",
    "names_in",
    "parse_entry",
    "parse_header",
]

_SECRET_NAME = re.compile(r"key|token|secret|password|credential", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")
SECONDS: TypeAdapter[float] = TypeAdapter(Annotated[float, Field(ge=0, allow_inf_nan=False)])
"""Parses the time of an event."""


class Planned(Value):
    """One interview of a plan."""

    guide: str
    """The guide's id."""
    why: str = ""
    """Why it was chosen, in a sentence for the candidate."""


class Plan(Value):
    """The interviews of a session, and what they were chosen by."""

    interviews: tuple[Planned, ...] = Field(min_length=1)
    """In their order, each guide once."""
    minutes: float | None = Field(default=None, gt=0)
    """How long they may take together, breaks not counted; None: as long as they take."""
    role: str | None = None
    kind: str | None = None
    level: str | None = None

    @property
    def told(self) -> str:
        """How many questions it has, and how much time."""
        questions = many(len(self.interviews), "question")
        if self.minutes is None:
            return questions
        return f"{questions}, {self.minutes:g} minute{'s' * (self.minutes != 1)} at the most"

    @property
    def chosen_by(self) -> str:
        """What the questions were chosen by; empty where by nothing."""
        return ", ".join(each for each in (self.role, self.kind, self.level) if each)


class Header(Value):
    """The first line: what a session was made of. No key ever stands in it."""

    transcript: Literal[3] = 3
    """Version of the schema."""
    id: str
    """Id of the session."""
    started_at: Timestamp
    interviewer_version: str
    guide: dict[str, JsonValue]
    """The whole guide, so that the session can go on without its file; empty with a plan."""
    guide_source: str
    """Where the guide came from: a path or the name of one that ships. With a plan, that of the
    guide that was named to begin with; else empty."""
    plan: Plan | None = None
    """Of a session of several interviews, each of which brings its own guide (`Begun`)."""
    background: Background | None = None
    """The candidate's CV and the job posting, where they were given."""
    model: str
    model_source: str
    """Why this model: the flag, setting or default that chose it."""
    options: dict[str, JsonValue] = Field(default_factory=dict)
    """What else was chosen: role, level, probes, persona."""
    prompts: dict[str, str] = Field(default_factory=dict)
    """Template name -> the first 16 digits of its SHA-256."""

    @property
    def question(self) -> str:
        """The guide's question; empty where the guide has none."""
        found = self.guide.get("question")
        return found if isinstance(found, str) else ""

    @property
    def about(self) -> str:
        """What the session is about: the guide's question, or what its plan is."""
        return self.plan.told if self.plan else self.question

    @property
    def names(self) -> dict[str, str]:
        """Id of a goal, step or tip -> its name, as far as the guide tells them."""
        return names_in(self.guide)

    @field_validator("options")
    @classmethod
    def _no_secret_is_an_option(cls, options: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if secret := [name for name in options if _SECRET_NAME.search(name)]:
            raise ValueError(f"a transcript holds no secrets, so no option {secret[0]!r}")
        return options

    @field_validator("model", "model_source", "guide_source")
    @classmethod
    def _no_password_in_a_url(cls, text: str) -> str:
        return _SECRET_IN_URL.sub("", text)


def names_in(guide: Mapping[str, JsonValue]) -> dict[str, str]:
    """Return id of a goal, step or tip -> its name, as far as a guide in a transcript tells."""
    lists = (guide.get(kind) for kind in ("goals", "steps", "tips"))
    items = (item for each in lists if isinstance(each, list) for item in each)
    pairs = ((item.get("id"), item.get("name")) for item in items if isinstance(item, dict))
    return {id: name for id, name in pairs if isinstance(id, str) and isinstance(name, str)}


def bytes_of(path: Path) -> bytes:
    """Return what stands in a file.

    Raises:
        TranscriptError: It is none, or can't be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise TranscriptError("is not a file", where=path)
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError(f"the transcript can't be read: {reason}", where=path) from error


def parse_header(line: bytes, path: Path) -> tuple[Header, int]:
    """Return the header in the first line of a transcript, and the schema that it was written in.

    Raises:
        TranscriptError: It holds none, or a wrong one, or one of a newer interviewer.
    """
    fields: object = None
    with contextlib.suppress(ValueError):
        fields = from_json(line)
    version = version_of(fields) if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or version is None:
        raise TranscriptError("not a transcript: it starts with no header", where=f"{path}:1")
    if version > SCHEMA:
        raise TranscriptError(
            f"written by a newer interviewer (schema {version}; this one reads {SCHEMA})",
            where=path,
            hint="upgrade interviewer",
        )
    try:
        return Header.model_validate(migrated(fields, version)), version
    except ValidationError as error:
        raise TranscriptError(
            f"the header is wrong: {fault(error.errors())}", where=f"{path}:1"
        ) from error


def parse_entry(line: bytes, where: str, version: int) -> tuple[float, Event]:
    """Return the time and event of a line that was written in schema `version`, or a later one.

    Raises:
        TranscriptError: It holds none.
    """
    try:
        fields = from_json(line, allow_inf_nan=False)
        if not isinstance(fields, dict):
            raise TranscriptError("the line holds no event", where=where)
        at_s = SECONDS.validate_python(fields.pop("at_s", None))
        return at_s, EVENT.validate_python(migrated(fields, version))
    except ValidationError as error:
        raise TranscriptError(
            f"the event is wrong: {fault(error.errors())}", where=where
        ) from error
    except ValueError as error:
        raise TranscriptError(f"the line is not JSON: {error}", where=where) from error


def fault(faults: Sequence[Any]) -> str:
    """Return the first of pydantic's complaints, with its place."""
    place = ".".join(str(part) for part in faults[0]["loc"])
    return f"{place}: {faults[0]['msg']}" if place else str(faults[0]["msg"])
