"""Answers from a table: its records in, rows out; a bad row spoils no other.

A row has an id, and an answer or turns; its further columns are kept as they are.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interviewer.batch.ids import Ids
from interviewer.batch.tables import (
    HALF_CHARACTER,
    Record,
    RowError,
    Table,
    kind_of,
    no_number,
    records,
    table_of,
)
from interviewer.checks import Turn
from interviewer.text import words

BACK_CHANNEL = 4
"""Words from which an interviewer's remark between two turns of the candidate is a question."""
_TURN = 'turns such as {"role": "interviewer" or "candidate", "text": "..."}'


@dataclass(frozen=True, slots=True)
class Row:
    """An answer that can be graded."""

    id: str
    source: str
    """`file:line`, where the row begins; of a document the file."""
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


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what."""

    id: str = "id"
    answer: str = "answer"
    turns: str = "turns"
    guide: str = ""
    """Path or name of a row's guide; empty: there is no such column."""

    @property
    def answers(self) -> tuple[str, ...]:
        """The columns of which a table needs one."""
        return (self.answer, self.turns)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a table needs because they were asked for."""
        named = ((self.id, "id"), (self.guide, ""))
        return tuple(name for name, usual in named if name != usual)


USUAL = Columns()
"""The names that need no flag."""


def read_rows(path: Path) -> Iterator[Row | BadRow]:
    """Read the rows of a file in its order, by the ending of its name; else as JSON lines.

    Yields:
        A `BadRow` for what is broken, mistyped or there twice. Empty lines are passed over.

    Raises:
        DataError: The file can't be read, or its header names no answers.
    """
    with Ids() as ids:
        for row in rows_of(table_of(path)):
            yield unique(row, ids)


def rows_of(table: Table, columns: Columns = USUAL) -> Iterator[Row | BadRow]:
    """Read the rows of a table in its order; an id may come twice.

    Raises:
        DataError: It can't be read, or its header lacks a column.
    """
    for record in records(table, one_of=columns.answers, all_of=columns.needed):
        yield _row(table, record, columns)


def unique(row: Row | BadRow, ids: Ids, *, remedy: str = "expected one of its own") -> Row | BadRow:
    """Return the row, or a bad one with an id of its own where an earlier one has its id."""
    if ids.add(row.id):
        return row
    place = row.source.rpartition(":")[2] if ":" in row.source else row.source
    error = f"the id {row.id!r} stands in an earlier row; {remedy}"
    found = row.error if isinstance(row, BadRow) else error
    return BadRow(ids.own(f"{row.id}@{place}"), row.source, found)


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


def _row(table: Table, record: Record, columns: Columns) -> Row | BadRow:
    source, row_id = f"{table.name}:{record.number}", str(record.number)
    try:
        fields = record.read()
        if table.kind != "lines":
            fields = _without_empty(fields, columns)
        row_id = _id(fields.get(columns.id), row_id)
        said = _said(fields, columns)
        guide = _guide(fields.get(columns.guide)) if columns.guide else ""
    except RowError as fault:
        return BadRow(row_id, source, str(fault))
    used = {columns.id, columns.answer, columns.turns, columns.guide or columns.id}
    rest = {name: value for name, value in fields.items() if name not in used}
    return Row(row_id, source, said, rest, guide)


def _without_empty(fields: dict[str, Any], columns: Columns) -> dict[str, Any]:
    """Return the fields of a row of cells: its turns are JSON in a text, an empty cell is none."""
    found = dict(fields)
    for name in (columns.id, columns.turns):
        if isinstance(cell := found.get(name), str) and not cell.strip():
            del found[name]
    turns, answer = found.get(columns.turns), found.get(columns.answer)
    if turns is not None and isinstance(answer, str) and not answer.strip():
        del found[columns.answer]
    if isinstance(turns, str):
        try:
            found[columns.turns] = json.loads(turns, parse_constant=no_number)
        except (ValueError, RecursionError) as error:
            raise RowError(f"found turns that are no JSON ({error}); expected {_TURN}") from error
    return found


def _id(found: object, number: str) -> str:
    if found is None:
        return number
    if isinstance(found, float) and found.is_integer():  # as libraries write a column with gaps
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).strip():
        raise RowError(f"found {kind_of(found)} as the id; expected a text or a whole number")
    return _whole(str(found).strip())


def _guide(found: object) -> str:
    if found is None:
        return ""
    if not isinstance(found, str):
        raise RowError(f"found {kind_of(found)} as the guide; expected its path or name")
    return found.strip()


def _said(fields: Mapping[str, Any], columns: Columns) -> str | tuple[Turn, ...]:
    answer, turns = fields.get(columns.answer), fields.get(columns.turns)
    if answer is not None and turns is not None:
        raise RowError("found an answer and turns; expected one of them")
    if turns is not None:
        return _turns(turns)
    if isinstance(answer, str):
        return _whole(answer)
    found = "neither answer nor turns" if answer is None else f"{kind_of(answer)} as the answer"
    raise RowError(f"found {found}; expected a text in {columns.answer}, or {_TURN}")


def _turns(found: object) -> tuple[Turn, ...]:
    if not isinstance(found, list):
        raise RowError(f"found {kind_of(found)} as the turns; expected {_TURN}")
    made = joined(list(_pairs(found)))
    if not made:
        raise RowError(f"found no turn of the candidate; expected {_TURN}")
    return made


def _pairs(found: Iterable[object]) -> Iterator[tuple[str, str]]:
    for number, turn in enumerate(found, start=1):
        if not isinstance(turn, dict):
            raise RowError(f"found {kind_of(turn)} as turn {number}; expected {_TURN}")
        role, text = turn.get("role"), turn.get("text")
        if role not in ("interviewer", "candidate"):
            raise RowError(f"found the role {role!r:.40} in turn {number}; expected {_TURN}")
        if not isinstance(text, str):
            raise RowError(f"found {kind_of(text)} as the text of turn {number}; expected {_TURN}")
        yield role, _whole(text)


def _whole(text: str) -> str:
    """Return `text` with half characters, which JSON can hold, replaced."""
    return HALF_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)
