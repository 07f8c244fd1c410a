"""Answers from a file: JSON lines or CSV in, one row at a time; a bad row spoils no other.

A row has an `id`, and an `answer` or `turns`; its further columns are kept as they are.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from interviewer.checks import Turn
from interviewer.errors import DataError
from interviewer.text import words

BACK_CHANNEL = 4
"""Words from which an interviewer's remark between two turns of the candidate is a question."""
LARGEST_CELL = 16 * 1024 * 1024
"""Characters that a cell of a CSV file may have."""
_EXPECTED = "a JSON object with an id, and an answer or turns"
_TURN = 'turns such as {"role": "interviewer" or "candidate", "text": "..."}'
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """An answer that can be graded."""

    id: str
    source: str
    """`file:line`, where the row begins."""
    said: str | tuple[Turn, ...]
    """One answer, or a whole interview."""
    columns: Mapping[str, Any] = field(default_factory=dict)
    """What else stands in the row: cells of a CSV file as text."""
    guide: str = ""
    """Path or name of the guide that the row asks for; empty: the run's own."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be graded."""

    id: str
    source: str
    error: str
    """What was found and what was expected."""


class _RowError(Exception):
    """What is wrong with one row."""


def read_rows(path: Path) -> Iterator[Row | BadRow]:
    """Read the rows of a file in its order: CSV where its name ends so, else JSON lines.

    Yields:
        A `BadRow` for what is broken, mistyped or there twice. Empty lines are passed over.

    Raises:
        DataError: The file can't be read, or a CSV file's header names no answers.
    """
    seen: set[str] = set()
    find = _csv_rows if path.suffix.lower() in {".csv", ".tsv"} else _json_rows
    try:
        for row in find(path):
            if row.id in seen:
                error = f"the id {row.id!r} stands in an earlier row; expected one of its own"
                yield BadRow(f"{row.id}@{row.source.rpartition(':')[2]}", row.source, error)
            else:
                seen.add(row.id)
                yield row
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"can't be read: {reason}", where=path, hint="name a file") from error


def joined(turns: Sequence[tuple[str, str]]) -> tuple[Turn, ...]:
    """Make questions and answers of (role, text) pairs.

    Turns of one role in a row are one. A remark of the interviewer in fewer than four words and
    without a question mark ("mhm", "ok, great") between two turns of the candidate asks nothing,
    so it is left out. So is a last question that was not answered.
    """
    made: list[list[str]] = []
    asked: list[str] = []
    for at, (role, text) in enumerate(turns):
        if role == "candidate":
            if asked or not made:
                made.append([" ".join(asked), text.strip()])
            else:
                made[-1][1] = f"{made[-1][1]} {text.strip()}".strip()
            asked = []
        elif text.strip() and not (asked or _is_back_channel(turns, at)):
            asked = [text.strip()]
        elif asked and text.strip():
            asked.append(text.strip())
    return tuple(Turn(question, answer) for question, answer in made)


def _is_back_channel(turns: Sequence[tuple[str, str]], at: int) -> bool:
    text = turns[at][1]
    between = 0 < at < len(turns) - 1 and all(
        turns[beside][0] == "candidate" for beside in (at - 1, at + 1)
    )
    return between and "?" not in text and len(words(text)) < BACK_CHANNEL


def _json_rows(path: Path) -> Iterator[Row | BadRow]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            data = line.removeprefix(_BOM) if number == 1 else line
            if data.strip():
                yield _row(path, number, partial(_object, data))


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise _RowError(f"found the byte 0x{line[error.start]:02x}; expected UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise _RowError(f"found no JSON ({error}); expected {_EXPECTED}") from error
    if not isinstance(found, dict):
        raise _RowError(f"found {_kind(found)}; expected {_EXPECTED}")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _csv_rows(path: Path) -> Iterator[Row | BadRow]:
    csv.field_size_limit(LARGEST_CELL)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        head = file.readline()
        file.seek(0)
        reader = csv.reader(file, strict=True, delimiter=_delimiter(head))
        header: list[str] | None = None
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                fault = _RowError(f"found broken CSV ({error}); expected a row of cells")
                yield BadRow(str(number), f"{path}:{number}", str(fault))
                continue
            if not any(cells):
                continue
            if header is None:
                header = _header(cells, path)
            else:
                yield _row(path, number, partial(_cells, cells, header))


def _delimiter(head: str) -> str:
    """Return what separates cells: spreadsheets write semicolons where commas are decimal."""
    return max(",;\t", key=head.count)


def _header(cells: list[str], path: Path) -> list[str]:
    header = [cell.strip() for cell in cells]
    if not {"answer", "turns"} & set(header):
        raise DataError(
            f"the header names no answers; found {', '.join(header)[:200]}",
            where=f"{path}:1",
            hint="a column called answer, or turns",
        )
    if twice := {name for name in header if name and header.count(name) > 1}:
        raise DataError(f"two columns are called {min(twice)!r}", where=f"{path}:1")
    return header


def _cells(cells: list[str], header: list[str]) -> dict[str, Any]:
    if len(cells) != len(header):
        raise _RowError(f"found {len(cells)} cells; expected {len(header)}, as in the header")
    if any("\ud800" <= mark <= "\udfff" for cell in cells for mark in cell):
        raise _RowError("found bytes that are not UTF-8; expected UTF-8")
    found: dict[str, Any] = {name: cell for name, cell in zip(header, cells, strict=True) if name}
    if not found.get("id", "").strip():
        found.pop("id", None)
    turns = found.pop("turns", "").strip()
    if turns:
        try:
            found["turns"] = json.loads(turns, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise _RowError(f"found turns that are no JSON ({error}); expected {_TURN}") from error
        if not found.get("answer", "").strip():
            found.pop("answer", None)
    return found


def _row(path: Path, number: int, read: Callable[[], dict[str, Any]]) -> Row | BadRow:
    source, row_id = f"{path}:{number}", str(number)
    try:
        fields = read()
        row_id = _id(fields, row_id)
        said = _said(fields)
    except _RowError as fault:
        return BadRow(row_id, source, str(fault))
    rest = {name: value for name, value in fields.items() if name not in {"id", "answer", "turns"}}
    return Row(row_id, source, said, rest)


def _id(fields: Mapping[str, Any], number: str) -> str:
    found = fields.get("id")
    if found is None:
        return number
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).strip():
        raise _RowError(f"found {_kind(found)} as the id; expected a text or a whole number")
    return _whole(str(found).strip())


def _said(fields: Mapping[str, Any]) -> str | tuple[Turn, ...]:
    answer, turns = fields.get("answer"), fields.get("turns")
    if answer is not None and turns is not None:
        raise _RowError("found an answer and turns; expected one of them")
    if turns is not None:
        return _turns(turns)
    if isinstance(answer, str):
        return _whole(answer)
    found = "neither answer nor turns" if answer is None else f"{_kind(answer)} as the answer"
    raise _RowError(f"found {found}; expected a text in answer, or {_TURN}")


def _turns(found: object) -> tuple[Turn, ...]:
    if not isinstance(found, list):
        raise _RowError(f"found {_kind(found)} as the turns; expected {_TURN}")
    made = joined(list(_pairs(found)))
    if not made:
        raise _RowError(f"found no turn of the candidate; expected {_TURN}")
    return made


def _pairs(found: Iterable[object]) -> Iterator[tuple[str, str]]:
    for number, turn in enumerate(found, start=1):
        if not isinstance(turn, dict):
            raise _RowError(f"found {_kind(turn)} as turn {number}; expected {_TURN}")
        role, text = turn.get("role"), turn.get("text")
        if role not in ("interviewer", "candidate"):
            raise _RowError(f"found the role {role!r:.40} in turn {number}; expected {_TURN}")
        if not isinstance(text, str):
            raise _RowError(f"found {_kind(text)} as the text of turn {number}; expected {_TURN}")
        yield role, _whole(text)


def _whole(text: str) -> str:
    """Return `text` with half characters, which JSON can hold, replaced."""
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else f"the number {value!r:.20}")
