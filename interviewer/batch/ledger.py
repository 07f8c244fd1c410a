"""What was graded, on the disk: one line an answer, appended and never rewritten.

A run that was killed is picked up from it. Of several lines with one id the last one counts.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal, Self

from filelock import FileLock, Timeout
from pydantic import ConfigDict, Field, ValidationError

from interviewer.errors import DataError
from interviewer.grade import Advice, Calibrated, Delivery, Evidence, Missing
from interviewer.value import Value

NAME = "results.jsonl"


class Used(Value):
    """What an answer's grade cost, in tokens."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    calls: int = 0


class Runs(Value):
    """The scores of an answer that was graded several times, before any calibration."""

    overall: list[float | None]
    criteria: dict[str, list[float | None]]
    spread: dict[str, float | None]
    """`overall` or goal id -> highest less lowest score; None where fewer than two are known."""


class Result(Value):
    """The grade of one row, or why there is none."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # later versions may know more

    id: str
    source: str
    """`file:line` of the row."""
    key: str
    """Hash of the answer and of all that its grade depends on; empty for a bad row."""
    asked: str = ""
    """The same without the calibration, which asks no model."""
    guide: str = ""
    """Id of the guide that it was graded by; empty for a bad row."""
    status: Literal["graded", "failed"]
    overall: float | None = Field(default=None, ge=1, le=5)
    criteria: dict[str, float | None] = Field(default_factory=dict)
    steps: dict[str, bool | None] = Field(default_factory=dict)
    tips: dict[str, bool | None] = Field(default_factory=dict)
    flags: list[str] = Field(default_factory=list)
    """Ids of tips that were not kept and of guards that found something."""
    evidence: list[Evidence] = Field(default_factory=list)
    advice: list[Advice] = Field(default_factory=list)
    missing: list[Missing] = Field(default_factory=list)
    delivery: Delivery | None = None
    signals: dict[str, float] = Field(default_factory=dict)
    """Name -> number that the scores were made from."""
    confidence: dict[str, float] = Field(default_factory=dict)
    """Target or `overall` -> 0 to 1."""
    runs: Runs | None = None
    calibrated: Calibrated | None = None
    usage: Used = Field(default_factory=Used)
    seconds: float = 0.0
    model: str = ""
    error: str | None = None
    """Why a row failed."""


class Ledger:
    """The results in a folder; one process writes it at a time.

    Opening it takes the lock and mends a last line that was torn; close it, or use it in a `with`.

    Raises:
        DataError: The folder can't be written, another process writes it, or a line is none of
            ours.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        with _writing(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(folder / f".{NAME}.lock", mode=0o600, thread_local=False)
        try:
            with _writing(self.path):
                self._lock.acquire(timeout=0)
        except Timeout as error:
            raise DataError(
                "another interviewer is writing here",
                where=self.path,
                hint="wait for it, or name another folder with -o",
            ) from error
        try:
            with _writing(self.path):
                self._file: IO[bytes] = open(self.path, "a+b", buffering=0, opener=_private)  # noqa: SIM115  closed by close()
        except DataError:
            self._lock.release()
            raise
        try:
            self.results = self._read()
        except DataError:
            self.close()
            raise

    results: dict[str, Result]
    """Id -> its last result."""

    def add(self, result: Result) -> None:
        """Write one line and wait until the disk has it."""
        data = json.dumps(result.model_dump(mode="json"), ensure_ascii=True).encode() + b"\n"
        with _writing(self.path):
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        self.results[result.id] = result

    def close(self) -> None:
        """Close the file and let others write it."""
        self._file.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> dict[str, Result]:
        results, whole, ended = _parse(self.path)
        with _writing(self.path):
            self._file.truncate(whole)
            if not ended:
                self._file.write(b"\n")
        return results


def load_results(path: Path) -> dict[str, Result]:
    """Read results, and write nothing.

    Args:
        path: A `results.jsonl`, or the folder it is in.

    Returns:
        Id -> its last result, in the order in which the ids first appear.

    Raises:
        DataError: It can't be read, or a line is no result.
    """
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise DataError("there are no results here", where=file, hint="interviewer grade FILE -o")
    return _parse(file)[0]


def _parse(path: Path) -> tuple[dict[str, Result], int, bool]:
    """Return the results, how many bytes of the file are whole lines, and whether the last ends."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"can't be read: {error.strerror}", where=path) from error
    lines = data.split(b"\n")
    tail = lines.pop()
    results: dict[str, Result] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                _keep(results, line)
            except (ValidationError, ValueError) as error:
                raise DataError(
                    "this line is no result of interviewer grade",
                    where=f"{path}:{number}",
                    hint="remove the line, or name another folder with -o",
                ) from error
    if tail:
        try:
            _keep(results, tail)
        except (ValidationError, ValueError):  # torn: the process was killed while it wrote
            return results, len(data) - len(tail), True
    return results, len(data), not tail


def _keep(results: dict[str, Result], line: bytes) -> None:
    fields: Any = json.loads(line)
    found = Result.model_validate(fields)
    results[found.id] = found


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except Timeout:  # an OSError too, but another story
        raise
    except OSError as error:
        raise DataError(
            f"can't be written: {error.strerror or error}",
            where=path,
            hint="free some space, or name a folder that you may write with -o",
        ) from error
