"""What a run grades: paths in, rows out, one after another and as often as they are asked for.

A file that can't be read is a bad row; what can't be found is the command line's fault. Nothing is
held in memory but one document, or a few rows of a table, and the names in one folder.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Self

from interviewer.batch.ids import Ids
from interviewer.batch.listing import Folder, Found, Walk, named, shown
from interviewer.batch.recorded import count_transcript, is_transcript, read_transcript
from interviewer.batch.rows import USUAL, BadRow, Columns, Row, rows_of, unique
from interviewer.batch.spool import Spool
from interviewer.batch.tables import Table, counts, table_of
from interviewer.documents import UnreadableError, read_document
from interviewer.errors import DataError
from interviewer.plain_files import reason_of

__all__ = ["Columns", "Sources"]


class Sources:
    """The answers in files, folders, globs and standard input; close it, or use it in a `with`.

    Args:
        paths: Files, folders (with all below), globs that the shell left as they are, and `-`
            for standard input.
        columns: Which column of a table holds what.
        stdin: Standard input; None: the process's own. It is read when it is first needed.

    Raises:
        DataError: A path does not exist, or a glob matches nothing.
    """

    def __init__(
        self, paths: Sequence[str], columns: Columns = USUAL, *, stdin: BinaryIO | None = None
    ) -> None:
        self._named = named(paths)
        self._columns = columns
        self._stdin = stdin
        self._spool: Spool | None = None
        self._passed_over: int | None = None

    def rows(self) -> Iterator[Row | BadRow]:
        """Read all rows: the paths in their order, what is in a folder by name.

        Yields:
            Rows with ids of their own, and a `BadRow` for what can't be graded.

        Raises:
            DataError: A table that is the only path, or standard input, can't be read.
        """
        with Ids() as ids:
            for found in self._files():
                is_file = found is not None and found.kind != "table"
                remedy = "name the folder that holds both" if is_file else "expected one of its own"
                for row in self._rows_in(found):
                    yield unique(row, ids, remedy=remedy)

    def count(self) -> int:
        """Return how many rows there are; documents are not opened, cells not read.

        Raises:
            DataError: As for `rows`.
        """
        return sum(self._count_in(found) for found in self._files())

    @property
    def passed_over(self) -> int:
        """How many files in the folders are of no kind that holds answers."""
        if self._passed_over is None:
            for _ in self._files():
                pass
        return self._passed_over or 0

    def close(self) -> None:
        """Forget what came from standard input."""
        if self._spool:
            self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _alone(self) -> bool:
        """Whether one file is all that was named: if it is a table, it fails as a whole."""
        return len(self._named) == 1 and not isinstance(self._named[0], Folder)

    def _files(self) -> Iterator[Found | None]:
        """Yield all files; None for standard input."""
        passed_over = 0
        for each in self._named:
            if isinstance(each, Folder):
                walk = Walk(each.path)
                yield from walk
                passed_over += walk.passed_over
            else:
                yield each
        self._passed_over = passed_over

    def _rows_in(self, found: Found | None) -> Iterator[Row | BadRow]:
        if found is None:
            yield from self._table_rows(self._standard_input(), "stdin")
            return
        source = shown(found.path)
        try:
            if found.fault:
                raise UnreadableError(found.fault)
            if found.kind == "table" and not is_transcript(found.path):
                table = table_of(found.path, source)
                folder = str(Path(found.path).parent)
                yield from self._table_rows(table, found.id, folder, found.guide)
            elif found.kind == "table":
                for told in read_transcript(found.path):
                    row_id = f"{found.id}:{told.number}" if told.number else found.id
                    yield Row(row_id, source, told.turns, guide=told.guide or found.guide)
            elif found.kind != "unknown":
                text = read_document(found.path, found.kind)
                yield Row(found.id, source, text, guide=found.guide)
        except UnreadableError as error:
            yield BadRow(found.id, source, str(error))
        except OSError as error:
            yield self._failed(DataError(f"can't be read: {reason_of(error)}"), found.id, source)

    def _table_rows(
        self, table: Table, table_id: str, folder: str = "", guide: str = ""
    ) -> Iterator[Row | BadRow]:
        """Yield a table's rows; with its own id before theirs, where there are other sources."""
        prefix = "" if self._alone else f"{table_id}:"
        empty = True
        try:
            for row in rows_of(table, self._columns):
                empty = False
                row_id = f"{prefix}{row.id}"
                if isinstance(row, BadRow):
                    yield replace(row, id=row_id)
                else:
                    asked = _beside(folder, row.guide) if row.guide else guide
                    yield replace(row, id=row_id, guide=asked)
        except DataError as error:
            yield self._failed(error, table_id, table.name)
            return
        if empty and not self._alone:
            yield BadRow(table_id, table.name, "found no rows; expected answers")

    def _failed(self, error: DataError, table_id: str, source: str) -> BadRow:
        """Return a table that failed as a bad row; where it is all there is, that is an error."""
        if self._alone:
            raise error
        return BadRow(table_id, source, f"{error.what}; {error.hint}".removesuffix("; "))

    def _count_in(self, found: Found | None) -> int:
        if found is not None:
            try:
                if found.fault or found.kind != "table":
                    return 1
                if is_transcript(found.path):
                    return count_transcript(found.path)
            except OSError as error:
                self._failed(DataError(f"can't be read: {reason_of(error)}"), found.id, found.path)
                return 1
        table = self._standard_input() if found is None else table_of(found.path)
        number = 0
        try:
            for more in counts(table, one_of=self._columns.answers, all_of=self._columns.needed):
                number += more
        except DataError as error:
            self._failed(error, "", "")
            return number + 1
        return number or (0 if self._alone else 1)

    def _standard_input(self) -> Table:
        if self._spool is None:
            self._spool = Spool(self._stdin or sys.stdin.buffer)
        return self._spool.table()


@lru_cache(maxsize=1024)
def _beside(folder: str, guide: str) -> str:
    """Return a table's guide: the file beside it where there is one, else what the row says."""
    path = Path(folder, guide)
    try:
        return str(path) if path.is_file() else guide
    except (OSError, ValueError):  # no such name can be a file's
        return guide
