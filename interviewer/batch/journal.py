"""What was sent to the batch service, on the disk: appended before and after each step.

Whoever reads it knows, whenever the process was killed, what to go on with: which files are there
under which ids, which batches run, and whether a batch may have been made whose id was lost.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import ConfigDict, ValidationError

from interviewer.batch.ledger import private
from interviewer.batch.requests import Part
from interviewer.batch.writing import writing
from interviewer.errors import DataError
from interviewer.value import Value

NAME = "journal.jsonl"
Event = Literal[
    "began", "round", "uploaded", "creating", "created", "refused", "split", "collected", "finished"
]


class Entry(Value):
    """One line."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # later versions may know more

    event: Event
    time: str = ""
    address: str = ""
    """Of the endpoint, with `began`."""
    round: int = 0
    parts: Sequence[Part] = ()
    """The files of a `round`, or what one was `split` into."""
    part: str = ""
    """The file that all other events are about."""
    file: str = ""
    """Its id at the service, with `uploaded`; empty: it is not there any more."""
    key: str = ""
    """Ours, of the batch that is being made."""
    batch: str = ""
    status: str = ""
    """Of a batch that was `collected`."""
    replies: int = 0
    failures: int = 0
    missing: int = 0


@dataclass(slots=True)
class Standing:
    """How far a file of requests is."""

    part: Part
    file: str = ""
    key: str = ""
    batch: str = ""


@dataclass(slots=True)
class State:
    """What the journal says, all in all."""

    address: str = ""
    """Of the endpoint of the run that is under way; empty: none is."""
    round: int = 0
    """The last one of all runs."""
    rounds: int = 0
    """How many this run has had."""
    open: dict[str, Standing] = field(default_factory=dict)
    """Path of a file -> how far it is, for those that nothing was collected of yet."""

    def apply(self, entry: Entry) -> None:
        """Go on by one entry."""
        standing = self.open.get(entry.part)
        match entry.event:
            case "began":
                self.address, self.rounds = entry.address, 0
            case "finished":
                self.address = ""
            case "round":
                self.round, self.rounds = entry.round, self.rounds + 1
                self._add(entry.parts)
            case "collected":
                self.open.pop(entry.part, None)
            case "split":
                self.open.pop(entry.part, None)
                self._add(entry.parts)
            case "uploaded" if standing:
                standing.file = entry.file
            case "creating" if standing:
                standing.key = entry.key
            case "created" if standing:
                standing.batch = entry.batch
            case "refused" if standing:
                standing.key = standing.batch = ""
            case _:
                pass

    def _add(self, parts: Sequence[Part]) -> None:
        self.open |= {part.path: Standing(part) for part in parts}


class Journal:
    """The journal in a folder; one process writes it at a time.

    Raises:
        DataError: It can't be written, or a line is none of ours.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self.state = State()
        with writing(self._path):
            self._file: IO[bytes] = open(self._path, "a+b", buffering=0, opener=private)  # noqa: SIM115  closed by close()
            self._read()

    def add(self, event: Event, **values: object) -> None:
        """Write an entry and wait until the disk has it."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        entry = Entry.model_validate({"event": event, "time": now} | values)
        line = entry.model_dump_json(exclude_defaults=True).encode() + b"\n"
        with writing(self._path):
            self._file.write(line)
            os.fsync(self._file.fileno())
        self.state.apply(entry)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self) -> None:
        whole = 0
        self._file.seek(0)
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):  # torn: the process was killed while it wrote
                self._file.truncate(whole)
                break
            try:
                self.state.apply(Entry.model_validate_json(line))
            except ValidationError as error:
                self._file.close()
                raise DataError(
                    "this line is no entry of the journal of batches",
                    where=f"{self._path}:{number}",
                    hint="name another folder with -o: what runs at the provider can't be told",
                ) from error
            whole += len(line)
