"""What was graded, on the disk: one line an answer, appended and never rewritten.

A run that was killed is picked up from it. Of several lines with one id the last one counts. The
results themselves stay on the disk: an index in a private temporary database says where each is,
so a ledger of a million lines needs no more memory than one of a thousand.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from filelock import FileLock, Timeout
from pydantic import ValidationError

from interviewer.batch.result import Result
from interviewer.batch.writing import writing
from interviewer.errors import DataError

NAME = "results.jsonl"
_GRADED = "graded"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the last line of an id is, and what decides whether it still holds."""

    key: str
    asked: str
    status: str
    at: int
    """Byte of the file at which the line begins."""


class Ledger:
    """The results in a folder; one process writes it at a time.

    Opening it takes the lock and mends a last line that was torn; close it, or use it in a `with`.

    Raises:
        DataError: The folder can't be written, another process writes it, or a line is none of
            ours.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        with writing(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(folder / f".{NAME}.lock", mode=0o600, thread_local=False)
        try:
            with writing(self.path):
                self._lock.acquire(timeout=0)
        except Timeout as error:
            raise DataError(
                "another interviewer is writing here",
                where=self.path,
                hint="wait for it, or name another folder with -o",
            ) from error
        try:
            with writing(self.path):
                self._file: IO[bytes] = open(self.path, "a+b", buffering=0, opener=private)  # noqa: SIM115  closed by close()
        except DataError:
            self._lock.release()
            raise
        self._reader = self.path.open("rb")  # closed by close()
        # "": a file of its own that is gone with the connection; what is old in it leaves memory.
        self._index = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        try:
            self._read()
        except DataError:
            self.close()
            raise

    def find(self, id: str) -> Entry | None:
        """Return where the result of a row is; None where there is none yet."""
        return self._entry("id = ?", id)

    def twin(self, asked: str) -> Entry | None:
        """Return where the grade of an identical answer is, whatever its id."""
        return self._entry("asked = ? and status = 'graded'", asked)

    def same(self, asked: str, since: int) -> Entry | None:
        """Return where an identical answer's result from byte `since` on is, even a failure."""
        return self._entry("asked = ? and at >= ?", asked, since)

    def size(self) -> int:
        """Return how many bytes are written."""
        return self._file.seek(0, os.SEEK_END)

    def read(self, entry: Entry) -> Result:
        """Return a result.

        Raises:
            DataError: The line is none of ours, or can't be read any more.
        """
        with writing(self.path):
            self._reader.seek(entry.at)
            line = self._reader.readline()
        try:
            return Result.model_validate_json(line)
        except ValidationError as error:
            raise _foreign(self.path, f"byte {entry.at}") from error

    def add(self, *results: Result) -> None:
        """Write a line for each, and wait until the disk has them."""
        self.note(results, self.append(results))

    def append(self, results: Sequence[Result]) -> list[int]:
        """Write a line for each and wait until the disk has them; `note` them afterwards.

        May run in another thread.

        Returns:
            The byte at which each begins.
        """
        lines = [line_of(each) for each in results]
        with writing(self.path):
            begin = self._file.seek(0, os.SEEK_END)
            rest = memoryview(b"".join(lines))
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        places = [begin]
        for line in lines[:-1]:
            places.append(places[-1] + len(line))
        return places

    def note(self, results: Sequence[Result], places: Sequence[int]) -> None:
        """Index what `append` wrote."""
        self._index.executemany(
            _INSERT,
            (
                (each.id, each.key, each.asked, each.status, at)
                for each, at in zip(results, places, strict=True)
            ),
        )

    def close(self) -> None:
        """Close the file and let others write it."""
        self._index.close()
        self._reader.close()
        self._file.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _entry(self, where: str, *values: str | int) -> Entry | None:
        row = self._index.execute(f"{_SELECT} {where} limit 1", values).fetchone()
        return Entry(*row) if row else None

    def _read(self) -> None:
        self._index.executescript(_TABLE)
        self._index.execute("begin")
        at, ended = 0, True
        with writing(self.path), self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                ended = line.endswith(b"\n")
                if line.strip():
                    try:
                        found = _fields(line)
                    except (ValueError, KeyError, TypeError, RecursionError) as error:
                        if not ended:  # torn: the process was killed while it wrote
                            break
                        raise _foreign(self.path, str(number)) from error
                    self._index.execute(_INSERT, (*found, at))
                at += len(line)
            else:
                if not ended:
                    self._file.write(b"\n")
                    at += 1
        self._index.execute("commit")
        if self.size() > at:
            with writing(self.path):
                self._file.truncate(at)


_TABLE = """
pragma journal_mode = off;
create table kept (id text primary key, key text, asked text, status text, at integer);
create index by_asked on kept (asked);
"""
_INSERT = "insert or replace into kept values (?, ?, ?, ?, ?)"
_SELECT = "select key, asked, status, at from kept where"


def _fields(line: bytes) -> tuple[str, str, str, str]:
    """Return id, key, asked and status: a look at each whole result would take far longer."""
    found = json.loads(line)
    fields = (found["id"], found["key"], found.get("asked", ""), found["status"])
    if not all(isinstance(each, str) for each in fields):
        raise TypeError
    return fields


def line_of(result: Result) -> bytes:
    """Return the line of the ledger that holds `result`."""
    return result.model_dump_json(ensure_ascii=True).encode() + b"\n"


def read_results(path: Path) -> Iterator[Result]:
    """Read the lines of a ledger, the earlier ones of an id too, and write nothing.

    Args:
        path: A `results.jsonl`, or the folder it is in.

    Raises:
        DataError: It can't be read, or a line is no result.
    """
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise DataError("there are no results here", where=file, hint="interviewer grade FILE -o")
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        yield Result.model_validate_json(line)
                    except ValidationError as error:
                        if line.endswith(b"\n"):
                            raise _foreign(file, str(number)) from error
    except OSError as error:
        raise DataError(f"can't be read: {error.strerror}", where=file) from error


def load_results(path: Path) -> dict[str, Result]:
    """Return id -> its last result, in the order in which the ids first appear.

    Raises:
        DataError: As `read_results`.
    """
    return {each.id: each for each in read_results(path)}


def _foreign(path: Path, place: str) -> DataError:
    return DataError(
        "this line is no result of interviewer grade",
        where=f"{path}:{place}",
        hint="remove the line, or name another folder with -o",
    )


def private(path: str, flags: int) -> int:
    """Open a file that nobody else may read: an opener for `open`."""
    return os.open(path, flags, 0o600)
