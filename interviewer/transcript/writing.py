"""Writing a transcript: one line an event, on the disk before anything else happens.

Two rules keep a file whole: one writer at a time (a lock file beside it), and a line that could not
be written in full is taken back.
"""

import contextlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from interviewer.errors import TranscriptError
from interviewer.events import Event, Note
from interviewer.transcript.lines import Header
from interviewer.transcript.reading import Recorded, load_transcript, load_whole

if TYPE_CHECKING:
    from filelock import FileLock

# What JSON leaves raw and a terminal would obey: DEL, C1 controls, invisible and direction marks.
_RAW = re.compile(r"[\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Transcript:
    """An open transcript; made by `create` or `resume`."""

    def __init__(
        self,
        path: Path,
        file: IO[bytes],
        *,
        lock: "FileLock",
        since_s: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._file, self._lock, self._clock = file, lock, clock
        self._zero_s, self._last_s = clock() - since_s, since_s
        self._size = file.seek(0, os.SEEK_END)

    @classmethod
    def create(
        cls, folder: Path, header: Header, *, clock: Callable[[], float] = time.monotonic
    ) -> Self:
        """Make a new file in `folder`, readable by its owner alone, with its header.

        Args:
            folder: Made where it does not exist.
            header: Its `started_at` and the guide's id name the file, or `session` where it has a
                plan.
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
            recorded, whole = load_whole(path)
            with _writing(path):
                file = path.open("r+b", buffering=0)
        except TranscriptError:
            _unlock(lock)
            raise
        since_s = recorded.entries[-1][0] if recorded.entries else 0.0
        made = cls(path, file, lock=lock, since_s=since_s, clock=clock)
        made._repair(whole)
        return made, recorded

    def add(self, event: Event) -> float:
        """Write one line and wait until the disk has it.

        Returns:
            The event's time, in seconds since the start.

        Raises:
            TranscriptError: It could not be written; what did get to the disk is taken back.
        """
        at_s = round(max(0.0, self._clock() - self._zero_s), 3)
        self._append(json.dumps({"at_s": at_s})[:-1] + ", " + event.model_dump_json()[1:])
        self._last_s = at_s
        return at_s

    def go_on(self) -> None:
        """Let the time go on from the last event: what has passed since then counts for nobody."""
        self._zero_s = self._clock() - self._last_s

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


def _new_file(folder: Path, header: Header) -> tuple[Path, IO[bytes]]:
    name = "session" if header.plan else str(header.guide.get("id", ""))
    guide = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
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


def _locked(path: Path, patience_s: float = 0.0) -> "FileLock":
    from filelock import FileLock, Timeout  # those who only read need not wait for it

    lock = FileLock(path.with_name(f".{path.name}.lock"), mode=0o600, thread_local=False)
    with _writing(path):
        try:
            lock.acquire(timeout=patience_s)
        except Timeout as error:
            raise TranscriptError(
                "another interviewer is writing this transcript",
                where=path,
                hint="go on in its window, or close it there first",
            ) from error
    return lock


def _unlock(lock: "FileLock") -> None:
    """Remove the lock file while it is held, then release it."""
    with contextlib.suppress(OSError):
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TranscriptError(
            f"the transcript can't be written: {error.strerror or error}",
            where=path,
            hint="free some space, or save to another folder that you may write",
        ) from error
