"""Files of requests, as the batch service takes them: one JSON object a line, named by its hash."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from interviewer.batch.ledger import private
from interviewer.batch.writing import writing
from interviewer.errors import DataError, RefusedError
from interviewer.llm.batch_service import URL
from interviewer.llm.deferred import form_of
from interviewer.value import Value

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""What the service takes in one file."""
_NAME = 32
_HEAD = '{"custom_id":"'
_REST = f'","method":"POST","url":"{URL}","body":'
_TAIL = "}\n"


class Part(Value):
    """A file of requests: what becomes one batch."""

    path: str
    """Below the folder of the engine."""
    requests: int
    size: int
    """Bytes."""


class RequestFiles:
    """Writes the requests of one round after the other."""

    def __init__(
        self, folder: Path, *, requests: int = MOST_REQUESTS, size: int = MOST_BYTES
    ) -> None:
        """Write below `folder`, at most so many requests and bytes into one file."""
        self.folder = folder
        self._requests, self._size = requests, size
        self._round = ""
        self._parts: list[Part] = []
        self._file: IO[bytes] | None = None
        self._count = self._bytes = 0

    def begin(self, number: int) -> None:
        """Begin a round; what an earlier attempt at it wrote goes.

        Raises:
            DataError: The folder can't be written.
        """
        self.close()
        self._round, self._parts = f"round-{number:03}", []
        with writing(self.folder / self._round):
            (self.folder / self._round).mkdir(mode=0o700, exist_ok=True)
            for old in (self.folder / self._round).iterdir():
                old.unlink()

    def add(self, name: str, sent: str) -> None:
        """Write a request, in the next file if this one is full.

        Raises:
            RefusedError: It alone is larger than a file may be.
            DataError: It can't be written.
        """
        line = (_HEAD + name + _REST + sent + _TAIL).encode("utf-8", "replace")
        if len(line) > self._size:
            raise RefusedError(
                f"the request is larger than the {self._size} bytes that a batch may have",
                hint="a shorter answer",
            )
        if self._count == self._requests or self._bytes + len(line) > self._size:
            self._end()
        with writing(self.folder / self._round):
            if not self._file:
                path = self.folder / self._round / f"requests-{len(self._parts) + 1:03}.jsonl"
                self._file = open(path, "wb", opener=private)  # noqa: SIM115  closed by _end()
            self._file.write(line)
        self._count += 1
        self._bytes += len(line)

    def close(self) -> list[Part]:
        """Return the files of the round, once the disk has them."""
        if self._file:
            self._end()
        return self._parts

    def _end(self) -> None:
        file = self._file
        if not file:
            return
        with writing(self.folder / self._round), file:
            file.flush()
            os.fsync(file.fileno())
        path = Path(file.name).relative_to(self.folder).as_posix()
        self._parts.append(Part(path=path, requests=self._count, size=self._bytes))
        self._file, self._count, self._bytes = None, 0, 0


def read_requests(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, form) of each request in a file that was written here.

    Raises:
        DataError: It can't be read.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                name = line[len(_HEAD) : len(_HEAD) + _NAME]
                body = line[len(_HEAD) + _NAME + len(_REST) : -len(_TAIL)]
                yield name, form_of(body)
    except OSError as error:
        raise DataError(f"can't be read: {error.strerror}", where=path) from error


def halved(folder: Path, part: Part) -> list[Part]:
    """Return two files with the requests of one.

    Raises:
        DataError: They can't be read or written.
    """
    source = folder / part.path
    found: list[Part] = []
    with writing(source), source.open("rb") as lines:
        for mark, count in (("a", part.requests // 2), ("b", part.requests - part.requests // 2)):
            path = source.with_name(f"{source.stem}{mark}.jsonl")
            with open(path, "wb", opener=private) as file:
                for _ in range(count):
                    file.write(next(lines))
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            name = path.relative_to(folder).as_posix()
            found.append(Part(path=name, requests=count, size=size))
    return found
