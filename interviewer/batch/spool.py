"""Standard input as a table that can be read again: it is kept in a nameless temporary file."""

import io
import shutil
import tempfile
from threading import Lock
from typing import IO, Any, BinaryIO, cast

from interviewer.batch.tables import BOM, Table, TableKind
from interviewer.errors import DataError
from interviewer.plain_files import reason_of

_CHUNK = 1024 * 1024


class Spool:
    """What came in; nothing of it is left once it is closed, or the process is killed.

    Raises:
        DataError: It can't be read, or the disk is full.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._lock = Lock()
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by close()
            try:
                shutil.copyfileobj(source, self._file, _CHUNK)
                self._file.flush()
            except BaseException:
                self._file.close()
                raise
        except OSError as error:
            what = f"can't be read or kept: {reason_of(error)}"
            raise DataError(
                what, where="standard input", hint="free space for temporary files"
            ) from error

    def table(self) -> Table:
        """Return it as JSON lines where it begins with a brace or is blank, else as CSV."""
        kind: TableKind = "lines" if self._first() in (b"", b"{") else "csv"
        return Table("stdin", kind, self._open)

    def close(self) -> None:
        """Forget it."""
        self._file.close()

    def _first(self) -> bytes:
        """Return the first byte that is no white space; empty where there is none."""
        with self._open() as file:
            chunk = file.read(_CHUNK).removeprefix(BOM)
            while chunk and not chunk.strip():
                chunk = file.read(_CHUNK)
            return chunk.strip()[:1]

    def _open(self) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(_Reader(self._file, self._lock)))


class _Reader(io.RawIOBase):
    """One reader of a file that several read, each from a place of its own."""

    def __init__(self, file: IO[bytes], lock: Lock) -> None:
        self._file, self._lock, self._at = file, lock, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with self._lock:
            before = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}
            start = before[whence] if whence in before else self._file.seek(0, io.SEEK_END)
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        with self._lock:
            self._file.seek(self._at)
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
