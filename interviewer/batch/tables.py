"""Tables: JSON lines, CSV or Parquet in, one record at a time out.

A record is read when it is asked for, so that counting reads no cell, and a broken one spoils no
other. What the fields of a record mean is `rows.py`'s.
"""

import contextlib
import csv
import io
import json
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal, NoReturn

from interviewer.errors import DataError
from interviewer.extras import missing
from interviewer.plain_files import open_regular, reason_of

LARGEST_CELL = 16 * 1024 * 1024
"""Characters that a cell of a CSV file may have."""
LARGEST_LINE = 64 * 1024 * 1024
"""Bytes that a line may have; a longer one is no table's."""
EXPECTED = "a JSON object with an id, and an answer or turns"
TableKind = Literal["csv", "lines", "parquet"]
KINDS: dict[str, TableKind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".parquet": "parquet",
}
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""What JSON can hold and UTF-8 can't; it also stands for a byte that is not UTF-8."""
BOM = b"\xef\xbb\xbf"
_BATCH = 256
"""Rows of a Parquet file that are in memory at once."""
_BUFFER = 1024 * 1024
"""Bytes of each of its columns that are read ahead."""


class RowError(Exception):
    """What is wrong with one row."""


@dataclass(frozen=True, slots=True)
class Table:
    """Where rows are read from, as often as it takes."""

    name: str
    """As messages name it: a path."""
    kind: TableKind
    open: Callable[[], BinaryIO]
    delimiter: str = ""
    """What separates the cells of a CSV file; empty: what its first line has most of."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row, not read yet."""

    number: int
    """Line where it begins, or its place in a Parquet file; from 1."""
    read: Callable[[], dict[str, Any]]
    """Returns its fields, or raises a `RowError`."""


def table_of(path: str | Path, name: str = "") -> Table:
    """Return the table in a file, of the kind that its name ends in; else JSON lines."""
    suffix = Path(path).suffix.lower()
    delimiter = "\t" if suffix == ".tsv" else ""
    kind = KINDS.get(suffix, "lines")
    return Table(name or str(path), kind, partial(open_regular, path), delimiter)


def records(table: Table, *, one_of: Collection[str], all_of: Collection[str]) -> Iterator[Record]:
    """Read a table's records in its order. Empty lines are passed over.

    Args:
        table: Where from.
        one_of: Columns of which a header names one at least, those of the answers.
        all_of: Columns that a header has to name. JSON lines have no header to check.

    Raises:
        DataError: It can't be read, or its header lacks a column.
    """
    find = {"csv": _csv_records, "lines": _json_records, "parquet": _parquet_records}[table.kind]
    check = partial(_check_header, table=table, one_of=one_of, all_of=all_of)
    try:
        yield from find(table, check)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        what = f"can't be read: {reason_of(error)}"
        raise DataError(what, where=table.name, hint="name a file") from error


def counts(table: Table, *, one_of: Collection[str], all_of: Collection[str]) -> Iterator[int]:
    """Yield numbers whose sum is how many records a table has, without reading one.

    Raises:
        DataError: It can't be read further, or its header lacks a column.
    """
    if table.kind != "parquet":
        for _ in records(table, one_of=one_of, all_of=all_of):
            yield 1
        return
    with _parquet(table) as file:
        _check_header(file.schema_arrow.names, table, one_of, all_of)
        yield int(file.metadata.num_rows)


Check = Callable[[Iterable[str]], None]
"""Names of columns -> None, or a DataError."""


def _check_header(
    header: Iterable[str], table: Table, one_of: Collection[str], all_of: Collection[str]
) -> None:
    header = list(header)
    where = f"{table.name}:1"
    if one_of and not set(one_of) & set(header):
        raise DataError(
            f"the header names no answers; found {', '.join(header)[:200]}",
            where=where,
            hint=f"a column called {', or '.join(one_of)}",
        )
    if lacking := [name for name in all_of if name not in header]:
        raise DataError(
            f"there is no column {lacking[0]!r}; found {', '.join(header)[:200]}",
            where=where,
            hint="name one that is there",
        )
    if twice := {name for name in header if name and header.count(name) > 1}:
        raise DataError(f"two columns are called {min(twice)!r}", where=where)


def _json_records(table: Table, _check: Check) -> Iterator[Record]:
    with table.open() as file:
        number = 0
        while line := file.readline(LARGEST_LINE):
            number += 1
            if len(line) == LARGEST_LINE and not line.endswith(b"\n"):
                _skip_line(file)
                yield Record(number, _too_long)
                continue
            data = line.removeprefix(BOM) if number == 1 else line
            if data.strip():
                yield Record(number, partial(_object, data))


def _skip_line(file: BinaryIO) -> None:
    while (line := file.readline(LARGEST_LINE)) and not line.endswith(b"\n"):
        pass


def _too_long() -> NoReturn:
    size = LARGEST_LINE // 1024 // 1024
    raise RowError(f"found a line of more than {size} MB; expected {EXPECTED}")


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8"), parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise RowError(f"found the byte 0x{line[error.start]:02x}; expected UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise RowError(f"found no JSON ({error}); expected {EXPECTED}") from error
    if not isinstance(found, dict):
        raise RowError(f"found {kind_of(found)}; expected {EXPECTED}")
    return found


def no_number(name: str) -> NoReturn:
    """Refuse what Python reads as JSON and nobody else: NaN, Infinity."""
    raise ValueError(f"{name} is no number")


def _csv_records(table: Table, check: Check) -> Iterator[Record]:
    csv.field_size_limit(LARGEST_CELL)
    with (
        table.open() as data,
        io.TextIOWrapper(data, "utf-8-sig", errors="surrogateescape", newline="") as file,
    ):
        while (head := file.readline(LARGEST_LINE)).isspace():
            pass
        file.seek(0)
        delimiter = table.delimiter or _delimiter(head)
        reader = csv.reader(_short_lines(file), strict=True, delimiter=delimiter)
        header: list[str] | None = None
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                yield Record(number, partial(_broken, str(error)))
                continue
            if not any(cells) or (header is None and not "".join(cells).strip()):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                check(header)
            else:
                yield Record(number, partial(_cells, cells, header))


def _short_lines(file: io.TextIOWrapper) -> Iterator[str]:
    while line := file.readline(LARGEST_LINE):
        if len(line) == LARGEST_LINE and not line.endswith("\n"):
            raise ValueError(f"a line of more than {LARGEST_LINE // 1024 // 1024} MB")
        yield line


def _delimiter(head: str) -> str:
    """Return what separates cells: spreadsheets write semicolons where commas are decimal."""
    return max(",;\t", key=head.count)


def _broken(reason: str) -> NoReturn:
    raise RowError(f"found broken CSV ({reason}); expected a row of cells")


def _cells(cells: list[str], header: list[str]) -> dict[str, Any]:
    if len(cells) != len(header):
        raise RowError(f"found {len(cells)} cells; expected {len(header)}, as in the header")
    if any(map(HALF_CHARACTER.search, cells)):
        raise RowError("found bytes that are not UTF-8; expected UTF-8")
    return {name: cell for name, cell in zip(header, cells, strict=True) if name}


def _parquet_records(table: Table, check: Check) -> Iterator[Record]:
    with _parquet(table) as file:
        check(file.schema_arrow.names)
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            for fields in batch.to_pylist():
                number += 1
                yield Record(number, partial(_plain, fields))


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in fields.items() if name}


def _plain_value(value: object) -> Any:
    """Return a value as JSON has it: dates and the like as text, what is no number as nothing."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list):
        return [_plain_value(each) for each in value]
    if isinstance(value, dict):
        return {str(name): _plain_value(each) for name, each in value.items()}
    return str(value)


@contextlib.contextmanager
def _parquet(table: Table) -> Iterator[Any]:
    """Open a Parquet file so that a batch of rows is in memory, not a group of them."""
    if fault := missing("parquet", "pyarrow", "pyarrow"):
        raise DataError(fault.what, where=table.name, hint=fault.hint)
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with (
            table.open() as data,
            ParquetFile(data, pre_buffer=False, buffer_size=_BUFFER) as file,
        ):
            yield file
    except (ArrowException, OSError, ValueError) as error:
        first = str(reason_of(error)).partition("\n")[0]
        raise DataError(
            f"can't be read: {first[:200]}", where=table.name, hint="a whole Parquet file"
        ) from error


def kind_of(value: object) -> str:
    """Return what a value is, in words."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else f"the number {value!r:.20}")
