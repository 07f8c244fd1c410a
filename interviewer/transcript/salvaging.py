"""Reading whatever can be read of a transcript: torn, cut, shuffled, or with foreign lines in it.

Nothing is guessed: an event is given as far as it stands in the file, and all that is wrong is told
by line. Only a file without a header and without a single event is refused.
"""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from interviewer.errors import TranscriptError
from interviewer.events import EVENT, Event
from interviewer.transcript.lines import SCHEMA, SECONDS, Header, bytes_of, fault
from interviewer.transcript.migrating import STEPS, Fields, migrated, version_of

_BEGINS = re.compile(r'\{\s*"(?:at_s|event|transcript)"\s*:')
"""How a line begins, wherever a lost newline or foreign bytes have put it."""
_MOST_BEGINNINGS = 100
"""How many lines are looked for in one line; nothing that was ever whole has as many."""
_LONGEST_S = 366 * 24 * 3600.0
_UNKNOWN: Fields = {
    "id": "",
    "interviewer_version": "unknown",
    "guide": {},
    "guide_source": "unknown",
    "model": "unknown",
    "model_source": "the header is damaged",
}
"""What stands in a header for what can't be read of it."""
_NO_GUIDE: Fields = {"guide": {}, "guide_source": "unknown"}
"""What stands in a `begun` for what can't be read of it."""
_JSON = json.JSONDecoder(strict=False)  # a raw control character in a text is no reason to lose it


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, and what was made of it."""

    line: int
    """From 1."""
    what: str


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read of a transcript."""

    path: Path
    header: Header | None
    """None where none can be read."""
    entries: list[tuple[float, Event]]
    """(seconds since the start, event) in the order of their times."""
    faults: list[Fault]
    """In the order of their lines; empty for a file that `load_transcript` reads whole."""

    @property
    def events(self) -> list[Event]:
        """The events without their times."""
        return [event for _, event in self.entries]


def salvage_transcript(path: Path) -> Salvaged:
    """Read what can be read of `path`, and write nothing.

    Raises:
        TranscriptError: It can't be read at all, or nothing in it is of a transcript; names the
            line where a transcript would begin.
    """
    lines = bytes_of(path).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            reader.read(line, number)
    if reader.header is None and not reader.entries:
        raise TranscriptError(
            f"not a transcript: there is no header and no event in it ({_first(reader.faults)})",
            where=f"{path}:1",
            hint="interviewer replay --pick",
        )
    if reader.header is None:
        reader.add(1, "there is no header: guide and model are unknown")
    entries = _in_order(reader)
    return Salvaged(path, reader.header, entries, sorted(reader.faults, key=lambda each: each.line))


def _first(faults: list[Fault]) -> str:
    return f"line {faults[0].line}: {faults[0].what}" if faults else "it is empty"


@dataclass(slots=True)
class _Reader:
    """Takes lines in, in the order of the file."""

    header: Header | None = None
    entries: list[tuple[int, float, Event]] = field(default_factory=list)
    """(line, seconds since the start, event)."""
    faults: list[Fault] = field(default_factory=list)
    _version: int = min(STEPS)
    """Until a header is found, the oldest: a step leaves alone what is current."""
    _base_s: float = 0.0
    """Where the times of the session that is read begin; later in a file that holds several."""

    def add(self, line: int, what: str) -> None:
        self.faults.append(Fault(line, what))

    def read(self, line: bytes, number: int) -> None:
        try:
            self._take(from_json(line, allow_inf_nan=False), number)
        except ValueError as error:
            pieces = list(_pieces(line))
            if not pieces:
                self.add(
                    number, f"the line is not JSON: {error}".replace("line 1 column", "column")
                )
            for fields, whole in pieces:
                self._take(fields, number, "" if whole else "it breaks off")
            if pieces and all(whole for _, whole in pieces):
                self.add(number, "there is more in the line than one event")

    def _take(self, found: object, number: int, broken: str = "") -> None:
        if not isinstance(found, dict):
            self.add(number, "the line holds no event")
        elif "transcript" in found and "event" not in found:
            self._take_header(found, number, broken)
        else:
            self._take_event(found, number, broken)

    def _take_header(self, fields: Fields, number: int, broken: str) -> None:
        version = version_of(fields)
        header, lacks = _header_of(migrated(fields, version or 0))
        if header is None:
            self.add(number, f"the header is wrong: {broken or lacks}")
            return
        if version is not None and version > SCHEMA:
            lacks = f"written by a newer interviewer (schema {version}; this one reads {SCHEMA})"
        if why := broken or lacks:
            self.add(number, f"the header is read as far as it goes: {why}")
        if self.header is None:
            self.header, self._version = header, version or self._version
            if number > 1:
                self.add(number, "the header does not stand in the first line")
            return
        self.add(number, "a second header: what follows is shown after what came before")
        if header.id != self.header.id:
            self._version = version or self._version
            self._base_s = max((at_s for _, at_s, _ in self.entries), default=0.0)

    def _take_event(self, fields: Fields, number: int, broken: str) -> None:
        before_s = self.entries[-1][1] if self.entries else self._base_s
        at_s = _seconds(fields.pop("at_s", None))
        if at_s is None and "event" in fields:
            self.add(number, "the event has no time, and is given that of the one before")
        event, lacks = _event_of(migrated(fields, self._version))
        if event is None:
            self.add(number, f"{broken}: {lacks}" if broken else lacks)
            return
        if why := broken or lacks:
            self.add(number, f"the event is read as far as it goes: {why}")
        at_s = before_s if at_s is None else self._base_s + at_s
        self.entries.append((number, at_s, event))


def _seconds(found: object) -> float | None:
    """Return a time, or None where it is none, or later than any session lasts."""
    try:
        at_s = SECONDS.validate_python(found)
    except ValidationError:
        return None
    return at_s if at_s <= _LONGEST_S else None


def _in_order(reader: _Reader) -> list[tuple[float, Event]]:
    """Return the entries by their times; those that stand too late in the file are told."""
    latest_s = 0.0
    for line, at_s, _ in reader.entries:
        if at_s < latest_s:
            reader.add(line, f"its time, {at_s:g} s, is before that of a line above; put in order")
        latest_s = max(latest_s, at_s)
    return [(at_s, event) for _, at_s, event in sorted(reader.entries, key=lambda each: each[1])]


def _pieces(line: bytes) -> Iterator[tuple[Fields, bool]]:
    """Return the objects in a line that is not one, and whether each is whole."""
    text = line.decode("utf-8", "replace")
    starts = [found.start() for found in _BEGINS.finditer(text)][:_MOST_BEGINNINGS]
    end = 0
    for start, after in pairwise([*starts, len(text)]):
        if start < end:  # in a text of the one before
            continue
        try:
            found, end = _JSON.raw_decode(text, start)
            yield found, True
        except (ValueError, RecursionError):
            found = _torn(text[start:after]) or (_torn(text[start:]) if after < len(text) else None)
            if found:
                yield found, False


def _torn(text: str) -> Fields | None:
    """Return what stands in an object that breaks off; None where it is broken otherwise."""
    try:
        found = from_json(text, allow_inf_nan=False, allow_partial="trailing-strings")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _header_of(fields: Fields) -> tuple[Header | None, str]:
    """Return a header, what can't be read of it unknown, and what is wrong; None without a date."""
    try:
        return Header.model_validate(fields), ""
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
        first = fault(error.errors())
    kept = {name: value for name, value in fields.items() if name not in wrong}
    try:
        return Header.model_validate({**_UNKNOWN, **kept}), first
    except ValidationError as error:
        return None, fault(error.errors())


def _event_of(fields: Fields) -> tuple[Event | None, str]:
    """Return an event without what is not known of it, and what is wrong; None where it is none."""
    if "event" not in fields:
        return None, "the line holds no event"
    try:
        return EVENT.validate_python(fields), ""
    except ValidationError as error:
        faults = error.errors()
    if faults[0]["type"] == "union_tag_invalid":
        return None, f"unknown event {str(fields['event'])[:40]!r}"
    extra = [each["loc"][1:] for each in faults if each["type"] == "extra_forbidden"]
    kept = _without(fields, extra)
    if fields["event"] == "begun":  # without its guide it still tells where an interview begins
        wrong = {str(each["loc"][1]) for each in faults if len(each["loc"]) > 1}
        kept = _NO_GUIDE | {name: each for name, each in kept.items() if name not in wrong}
    try:
        return EVENT.validate_python(kept), fault(faults)
    except ValidationError as error:
        return None, f"the event is wrong: {fault(error.errors())}"


def _without(fields: Fields, places: list[tuple[Any, ...]]) -> Fields:
    """Return `fields` without what stands at these places; names and numbers lead to each."""
    kept = deepcopy(fields)
    for *way, last in places:
        inside: Any = kept
        for step in way:
            inside = inside[step]
        del inside[last]
    return kept
