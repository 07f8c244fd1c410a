"""Transcripts: a session as JSON lines, appended event by event and picked up after any end.

The first line is a header with all that replaying or resuming needs: the guide itself, the model,
the options. Each further line is one event with its time. A line counts once its closing brace is
on the disk, so whatever a killed process leaves behind reads as the events before the kill.

Two rules keep a file whole: one writer at a time (a lock file beside it), and a line that could not
be written in full is taken back. Nothing here knows a model or a terminal.
"""

import contextlib
import json
import os
import re
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any, Literal, Self

from filelock import FileLock, Timeout
from platformdirs import user_data_path
from pydantic import (
    AwareDatetime,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic_core import from_json

from interviewer.errors import TranscriptError
from interviewer.events import EVENT, End, Event, Note
from interviewer.value import Value

SCHEMA = 1
"""Version of the file's schema; a reader refuses a later one."""

_SECRET_NAME = re.compile(r"key|token|secret|password|credential", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")
# What JSON leaves raw and a terminal would obey: DEL, C1 controls, invisible and direction marks.
_RAW = re.compile(r"[\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_STAMPED = re.compile(r"(\d{4}-\d\d-\d\d-\d{6})-.*?(?:-(\d+))?\.jsonl")
_SECONDS: TypeAdapter[float] = TypeAdapter(Annotated[float, Field(ge=0, allow_inf_nan=False)])


class Header(Value):
    """The first line: what a session was made of. No key ever stands in it."""

    transcript: Literal[1] = 1
    """Version of the schema."""
    id: str
    """Id of the session."""
    started_at: AwareDatetime
    interviewer_version: str
    guide: dict[str, JsonValue]
    """The whole guide, so that the session can go on without its file."""
    guide_source: str
    """Where the guide came from: a path or the name of one that ships."""
    model: str
    model_source: str
    """Why this model: the flag, setting or default that chose it."""
    options: dict[str, JsonValue] = Field(default_factory=dict)
    """What else was chosen: role, level, probes, persona."""
    prompts: dict[str, str] = Field(default_factory=dict)
    """Template name -> the first 16 digits of its SHA-256."""

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


@dataclass(frozen=True, slots=True)
class Recorded:
    """A transcript as it was read."""

    path: Path
    header: Header
    entries: list[tuple[float, Event]]
    """(seconds since the start, event) in the order they happened."""
    torn: bool
    """Whether the last line broke off; it is not among the entries."""

    @property
    def events(self) -> list[Event]:
        """The events without their times."""
        return [event for _, event in self.entries]

    @property
    def resumable(self) -> bool:
        """Whether the session can go on: it never ended, or the candidate quit."""
        ends = [event for event in self.events if isinstance(event, End)]
        return not ends or ends[-1].reason == "quit"


class Transcript:
    """An open transcript; made by `create` or `resume`."""

    def __init__(
        self,
        path: Path,
        file: IO[bytes],
        *,
        lock: FileLock,
        since_s: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._file, self._lock, self._clock = file, lock, clock
        self._zero_s = clock() - since_s
        self._size = file.seek(0, os.SEEK_END)

    @classmethod
    def create(
        cls, folder: Path, header: Header, *, clock: Callable[[], float] = time.monotonic
    ) -> Self:
        """Make a new file in `folder`, readable by its owner alone, with its header.

        Args:
            folder: Made where it does not exist.
            header: Its `started_at` and the guide's id name the file.
            clock: Seconds that only grow.

        Raises:
            TranscriptError: The folder or the file can't be written.
        """
        with _writing(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path, file = _new_file(folder, header)
        made = cls(path, file, lock=_locked(path), clock=clock)
        try:
            made._append(header.model_dump_json())
        except TranscriptError:
            made.close()
            path.unlink()  # nothing stands in it
            raise
        return made

    @classmethod
    def resume(
        cls,
        path: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        patience_s: float = 0.0,
    ) -> tuple[Self, Recorded]:
        """Open `path` to go on where it stopped; a torn last line is removed and noted.

        Args:
            path: The file, of a session that has ended or not.
            clock: Seconds that only grow.
            patience_s: How long to wait for another process that writes it.

        Returns:
            The open transcript, whose times continue after the last one, and what was in it.

        Raises:
            TranscriptError: Not a transcript, not writable, or another process writes it.
        """
        load_transcript(path)  # a file that is none of ours gets no lock file beside it
        lock = _locked(path, patience_s)
        try:
            recorded, whole = _load(path)
            with _writing(path):
                file = path.open("r+b", buffering=0)
        except TranscriptError:
            _unlock(lock)
            raise
        since_s = recorded.entries[-1][0] if recorded.entries else 0.0
        made = cls(path, file, lock=lock, since_s=since_s, clock=clock)
        made._repair(whole)
        return made, recorded

    def add(self, event: Event) -> None:
        """Write one line and wait until the disk has it.

        Raises:
            TranscriptError: It could not be written; what did get to the disk is taken back.
        """
        at_s = round(max(0.0, self._clock() - self._zero_s), 3)
        self._append(json.dumps({"at_s": at_s})[:-1] + ", " + event.model_dump_json()[1:])

    def close(self) -> None:
        """Close the file and let others write it."""
        self._file.close()
        _unlock(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, line: str) -> None:
        data = (_RAW.sub(lambda m: f"\\u{ord(m.group()):04x}", line) + "\n").encode()
        with _writing(self.path):
            try:
                self._write(data)
            except BaseException:
                with contextlib.suppress(OSError):
                    self._cut(self._size)
                raise
        self._size += len(data)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        os.fsync(self._file.fileno())

    def _cut(self, size: int) -> None:
        self._file.seek(size)
        self._file.truncate()

    def _repair(self, whole: int) -> None:
        """Make the file end after its last whole line, which is `whole` bytes from its start."""
        torn = self._size - whole
        try:
            with _writing(self.path):
                self._cut(whole)
                self._file.seek(max(0, whole - 1))
                if self._file.read(1) != b"\n":  # whole but for its newline
                    self._file.write(b"\n")
                self._size = self._file.tell()
            if torn:
                self.add(Note(text=f"the last line was torn ({torn} bytes) and was removed"))
        except TranscriptError:
            self.close()
            raise


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep all others from writing `path` meanwhile.

    Raises:
        TranscriptError: Another process writes it, or no lock file can be made beside it.
    """
    lock = _locked(path)
    try:
        yield
    finally:
        _unlock(lock)


def load_transcript(path: Path) -> Recorded:
    """Read `path`, and write nothing.

    Raises:
        TranscriptError: Not a transcript, or a line is wrong; names the file and the line.
    """
    return _load(path)[0]


def find_last(folder: Path, *, unfinished: bool) -> Path | None:
    """Return the newest transcript in `folder`, or None where there is none.

    Args:
        folder: Need not exist; what is not a transcript in it is passed over.
        unfinished: Whether to look only at sessions that never ended or that were quit.
    """
    for path in sorted(folder.glob("*.jsonl"), key=_age, reverse=True):
        with contextlib.suppress(TranscriptError):
            if load_transcript(path).resumable or not unfinished:
                return path
    return None


def default_folder(cwd: Path) -> Path:
    """Return where sessions are saved: in the checkout if `cwd` is in it, else the user's data."""
    root = Path(__file__).resolve().parent.parent
    if cwd.resolve().is_relative_to(root) and _is_checkout(root):
        return root / "transcripts"
    return user_data_path("interviewer", appauthor=False) / "transcripts"


def _is_checkout(root: Path) -> bool:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(project.get("project", {}).get("name") == "interviewer")


def _age(path: Path) -> tuple[str, int, str]:
    """Return what sorts older before newer: the stamp in the name, then the number after it."""
    match = _STAMPED.fullmatch(path.name)
    return (match[1], int(match[2] or 0), path.name) if match else ("", 0, path.name)


def _new_file(folder: Path, header: Header) -> tuple[Path, IO[bytes]]:
    guide = re.sub(r"[^a-z0-9]+", "-", str(header.guide.get("id", "")).lower()).strip("-")
    stem = f"{header.started_at:%Y-%m-%d-%H%M%S}-{guide[:60] or 'interview'}"
    number = 1
    while True:
        path = folder / (f"{stem}-{number}.jsonl" if number > 1 else f"{stem}.jsonl")
        try:
            # "x" is O_EXCL: of two sessions that start together each gets a file of its own.
            return path, open(path, "x+b", buffering=0, opener=_private)
        except FileExistsError:
            number += 1


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _locked(path: Path, patience_s: float = 0.0) -> FileLock:
    lock = FileLock(path.with_name(f".{path.name}.lock"), mode=0o600, thread_local=False)
    try:
        with _writing(path):
            lock.acquire(timeout=patience_s)
    except Timeout as error:
        raise TranscriptError(
            "another interviewer is writing this transcript",
            where=path,
            hint="go on in its window, or close it there first",
        ) from error
    return lock


def _unlock(lock: FileLock) -> None:
    """Remove the lock file while it is held, then release it."""
    with contextlib.suppress(OSError):
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except Timeout:  # an OSError too, but another story
        raise
    except OSError as error:
        raise TranscriptError(
            f"the transcript can't be written: {error.strerror or error}",
            where=path,
            hint="free some space, or save to another folder that you may write",
        ) from error


def _load(path: Path) -> tuple[Recorded, int]:
    """Return what is in `path`, and how many bytes of it are whole lines."""
    data = _bytes_of(path)
    lines = data.split(b"\n")
    header = _parse_header(lines[0], path)
    body, tail = lines[1:-1], lines[-1] if len(lines) > 1 else b""
    entries = [
        _parse_entry(line, f"{path}:{number}")
        for number, line in enumerate(body, start=2)
        if line.strip()
    ]
    try:  # a last line that lacks only its newline is whole
        entries += [_parse_entry(tail, str(path))] if tail.strip() else []
    except TranscriptError:
        return Recorded(path, header, entries, torn=True), len(data) - len(tail)
    return Recorded(path, header, entries, torn=False), len(data)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise TranscriptError("is not a file", where=path)
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError(f"the transcript can't be read: {reason}", where=path) from error


def _parse_header(line: bytes, path: Path) -> Header:
    try:
        return Header.model_validate_json(line)
    except ValidationError as error:
        raise _foreign(
            line, path, error.errors(include_url=False, include_context=False)
        ) from error


def _foreign(line: bytes, path: Path, faults: Sequence[Any]) -> TranscriptError:
    """Return why `line` is not a header, and what to do about it."""
    with contextlib.suppress(ValueError):
        version = found.get("transcript") if isinstance(found := from_json(line), dict) else None
        if isinstance(version, int) and version > SCHEMA:
            return TranscriptError(
                f"written by a newer interviewer (schema {version}; this one reads {SCHEMA})",
                where=path,
                hint="upgrade interviewer",
            )
        if version == SCHEMA:
            return TranscriptError(f"the header is wrong: {_fault(faults)}", where=f"{path}:1")
    return TranscriptError("not a transcript: it starts with no header", where=f"{path}:1")


def _parse_entry(line: bytes, where: str) -> tuple[float, Event]:
    try:
        fields = from_json(line, allow_inf_nan=False)
        if not isinstance(fields, dict):
            raise TranscriptError("the line holds no event", where=where)
        return _SECONDS.validate_python(fields.pop("at_s", None)), EVENT.validate_python(fields)
    except ValidationError as error:
        raise TranscriptError(
            f"the event is wrong: {_fault(error.errors())}", where=where
        ) from error
    except ValueError as error:
        raise TranscriptError(f"the line is not JSON: {error}", where=where) from error


def _fault(faults: Sequence[Any]) -> str:
    place = ".".join(str(part) for part in faults[0]["loc"])
    return f"{place}: {faults[0]['msg']}" if place else str(faults[0]["msg"])
