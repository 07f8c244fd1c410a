"""Grades as a table for a spreadsheet or a course system: `grades.csv`.

Cells that a spreadsheet would take for a formula are made plain text: ids, columns and evidence
are the candidates' words.
"""

import csv
import json
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.summary import Pairs
from interviewer.batch.writing import replacing
from interviewer.errors import UsageError
from interviewer.grade import uncertain_of
from interviewer.grading.guards import named
from interviewer.rubric import Rubric

GRADES = "grades.csv"
OWN = "row."
"""Begins the name of a field that is a column of the row itself."""
_JUDGED = "guide."
"""Begins the name of a field that is a goal or step, where one of ours is called so too."""
_LONGEST = 16_000
"""Characters of a cell: half of what a spreadsheet's can hold, for some count as two."""
# What begins a formula, also after what nobody sees, also in full width; tab and line ends too.
_FORMULA = re.compile(
    r"[\t\r\n]|[\s\x00-\x20\xad\u200b-\u200f\u2060-\u2069\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]"
)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Names = Mapping[str, str]
"""Id of a goal, step or tip -> its name."""
_FIELDS: dict[str, Callable[[Row | BadRow, Result, Names], object]] = {
    "id": lambda row, _result, _names: row.id,
    "source": lambda row, _result, _names: row.source,
    "guide": lambda row, result, _names: result.guide or getattr(row, "guide", ""),
    "status": lambda _row, result, _names: result.status,
    "overall": lambda _row, result, _names: _points(result.overall),
    "calibrated": lambda _row, result, _names: (
        result.calibrated and _points(result.calibrated.value)
    ),
    "flags": lambda _row, result, names: "; ".join(named(flag, names) for flag in result.flags),
    "evidence": lambda _row, result, names: "\n".join(
        f"{names.get(each.target, each.target)}: {each.text}" for each in result.evidence
    ),
    "advice": lambda _row, result, names: "\n".join(
        f"{names.get(each.target, each.target)}: {each.text}" for each in result.advice
    ),
    "words": lambda _row, result, _names: result.delivery and result.delivery.words,
    "uncertain": lambda _row, result, names: "; ".join(
        names.get(each, each) for each in uncertain_of(result.confidence)
    ),
    "model": lambda _row, result, _names: result.model,
    "seconds": lambda _row, result, _names: result.seconds,
    "error": lambda _row, result, _names: result.error,
}
_FIRST = ("id", "source", "status", "overall")
_LAST = ("flags", "evidence", "advice", "words", "uncertain", "error")


def write_grades(
    path: Path,
    pairs: Pairs,
    rubrics: Mapping[str, Rubric],
    columns: Mapping[str, str] | None = None,
) -> None:
    """Write a row for each answer, in the sources' order.

    Args:
        path: Usually `OUT/grades.csv`.
        pairs: Rows and results.
        rubrics: `row.guide` -> its rubric; "" is the run's own.
        columns: Header -> field, in order, see `parse_columns`; None: all that is usual, a
            criterion's and a step's column called by its name.

    Raises:
        DataError: It can't be written; what was there before is there still.
    """
    shown = _usual(rubrics) if columns is None else columns
    nothing: Names = {}
    with replacing(path, encoding="utf-8-sig") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow([cell(header) for header in shown])
        for row, result in pairs():
            rubric = None if isinstance(row, BadRow) else rubrics.get(row.guide)
            names = rubric.names if rubric else nothing
            table.writerow([cell(_value(row, result, field, names)) for field in shown.values()])


def parse_columns(
    text: str, rubrics: Mapping[str, Rubric], own: Collection[str] = ()
) -> dict[str, str]:
    """Read which columns a course system wants: `Student=id,Points=overall,E-mail=row.email`.

    A part without `=` is a field that is its own header. A header that holds a comma is written
    in double quotes, with its field: `"Name, first=id"`.

    Args:
        text: What the user wrote.
        rubrics: Goals and steps are fields, by id or by name.
        own: Names of the rows' own further columns.

    Returns:
        Header -> field, in order.

    Raises:
        UsageError: A field does not exist, or a header is empty or there twice.
    """
    fields = _fields(rubrics, own)
    try:
        parts = next(csv.reader([text], strict=True, skipinitialspace=True), [])
    except csv.Error as error:
        raise _wrong(f"{text!r:.60} can't be read: {error}", fields) from error
    made: dict[str, str] = {}
    for part in parts:
        header, equals, asked = (each.strip() for each in part.rpartition("="))
        field = fields.get(asked) or fields.get(asked.casefold())
        if field is None:
            raise _wrong(f"there is no field {asked!r:.60}", fields)
        if not (header or not equals):
            raise _wrong(f"{part.strip()!r:.60} has no header", fields)
        if (header or asked) in made:
            raise _wrong(f"the header {header or asked!r:.60} is there twice", fields)
        made[header or asked] = field
    if not made:
        raise _wrong("names no column", fields)
    return made


def cell(value: object) -> str | int | float:
    """Return a value as it stands in a cell: a number as one, a text never as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\u2026"


def _value(row: Row | BadRow, result: Result, field: str, names: Names) -> object:
    if read := _FIELDS.get(field):
        return read(row, result, names)
    if field.startswith(OWN):
        return None if isinstance(row, BadRow) else row.columns.get(field.removeprefix(OWN))
    target = field.removeprefix(_JUDGED)
    if target in result.criteria:
        return _points(result.criteria[target])
    return result.steps.get(target)


def _points(score: float | None) -> float | None:
    return None if score is None else round(score, 2)


def _usual(rubrics: Mapping[str, Rubric]) -> dict[str, str]:
    """Return header -> field; where goals, steps and our fields share a name, its kind is added."""
    made = {field: field for field in _FIRST}
    if len(rubrics) > 1:
        made["guide"] = "guide"
    taken = {field.casefold() for field in (*_FIRST, *_LAST, "guide")}
    for target, name, kind in _targets(rubrics):
        if _judged(target) in made.values():
            continue
        free = (name, f"{name} ({kind})", f"{name} ({target})")
        header = next((each for each in free if each.casefold() not in taken), target)
        taken.add(header.casefold())
        made[header] = _judged(target)
    return made | {field: field for field in _LAST}


def _fields(rubrics: Mapping[str, Rubric], own: Collection[str]) -> dict[str, str]:
    """Return what a user may write -> the field; what stands first wins."""
    items = [(_judged(target), name) for target, name, _ in _targets(rubrics)]
    made: dict[str, str] = {}
    for names in (
        {name: name for name in _FIELDS},
        {target: target for target, _ in items},
        {name.casefold(): target for target, name in items},
        {name: f"{OWN}{name}" for name in own},
        {f"{OWN}{name}": f"{OWN}{name}" for name in own},
    ):
        made = made | {name: field for name, field in names.items() if name not in made}
    return made


def _targets(rubrics: Mapping[str, Rubric]) -> list[tuple[str, str, str]]:
    """Return id, name and kind of all goals and steps, goals first."""
    return [
        *((each.id, each.name, "criterion") for one in rubrics.values() for each in one.criteria),
        *((each.id, each.name, "step") for one in rubrics.values() for each in one.steps),
    ]


def _judged(target: str) -> str:
    return f"{_JUDGED}{target}" if target in _FIELDS else target


def _wrong(what: str, fields: Mapping[str, str]) -> UsageError:
    known = ", ".join(dict.fromkeys(fields.values()))
    return UsageError(
        what, where="--csv-columns", hint=f"HEADER=FIELD,HEADER=FIELD with fields of: {known}"
    )
