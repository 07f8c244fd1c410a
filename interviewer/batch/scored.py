"""People's scores beside the machine's: which column means what, and the pairs to compare."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, read_rows
from interviewer.batch.summary import score_of
from interviewer.errors import DataError, UsageError
from interviewer.grading.agreement import (
    Agreement,
    agreement,
    agreement_of_several,
    onto,
)

OVERALL = "overall"
SCALES = ((1.0, 5.0), (1.0, 7.0), (1.0, 10.0), (0.0, 10.0), (0.0, 100.0))
"""What is tried where no scale is given: the first one that holds every score."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The human scores of a file of answers."""

    raters: dict[str, list[str]]
    """`overall` or goal id -> the columns that score it, in the file's order."""
    scores: dict[str, dict[str, float]]
    """Row id -> column -> score."""
    notes: list[str] = field(default_factory=list)
    """Columns that were left out, and why."""

    def mean(self, row: str, target: str) -> float | None:
        """Return the mean of the raters' scores of a row; None where nobody scored it."""
        scores = self.scores.get(row, {})
        known = [scores[each] for each in self.raters.get(target, []) if each in scores]
        return sum(known) / len(known) if known else None

    def all(self) -> list[float]:
        """Return every score that has a target."""
        columns = {column for each in self.raters.values() for column in each}
        return [
            score
            for row in self.scores.values()
            for column, score in row.items()
            if column in columns
        ]


@dataclass(frozen=True, slots=True)
class Compared:
    """One target's agreement."""

    machine: Agreement
    """The mean of the raters with the machine."""
    humans: Agreement | None
    """The raters with each other: of two, one with the other; of more, each with the mean of
    the others, averaged. None where there is one rater."""
    pairs: list[tuple[float, float]]
    """(human, machine) on the raters' scale."""
    lacking: int
    """Rows with a human score and none of the machine."""


def read_scored(file: Path, goals: Sequence[str], human: Sequence[str] = ()) -> Scored:
    """Read the human scores of a file.

    Args:
        file: JSON lines or CSV.
        goals: Ids of the guide's goals.
        human: Columns, each as `COLUMN` or `COLUMN=TARGET`; empty: every numeric column whose
            name starts with `human`.

    Raises:
        DataError: The file can't be read, or has no human scores.
        UsageError: A column or target that was named does not exist.
    """
    table: dict[str, dict[str, object]] = {}
    for row in read_rows(file):
        if not isinstance(row, BadRow):
            table[row.id] = dict(row.columns)
    columns = list(dict.fromkeys(name for fields in table.values() for name in fields))
    named = dict(_named(each, columns, goals) for each in human)
    by_name = {name: target_of(name, goals) for name in columns if name.startswith("human")}
    made = Scored({}, {row: {} for row in table})
    for column, target in (named or by_name).items():
        _add(made, table, column, target)
    if not made.raters:
        found = "; ".join(made.notes) or f"found the columns {', '.join(columns) or '(none)'}"
        raise DataError(
            f"there are no human scores: {found}",
            where=file,
            hint="columns such as human_overall, or --human COLUMN=TARGET",
        )
    return made


def target_of(column: str, goals: Sequence[str]) -> str | None:
    """Return what a column scores, by its name; None where it names nothing of the guide.

    `human_overall`, `human_own_the_outcome`; with several raters `human_overall_1` and so on.
    """
    targets = {goal.replace("-", "_"): goal for goal in goals} | {OVERALL: OVERALL, "": OVERALL}
    rest = column.removeprefix("human").removeprefix("_").replace("-", "_").lower()
    if rest in targets:
        return targets[rest]
    return targets.get(re.sub(r"_?\d+$", "", rest))


def scale_of(scores: Sequence[float]) -> tuple[float, float]:
    """Guess the raters' scale: the first usual one that holds every score.

    Raises:
        UsageError: None does.
    """
    for low, high in SCALES:
        if all(low <= score <= high for score in scores):
            return low, high
    raise UsageError("the raters' scale can't be guessed", hint="--scale LOWEST HIGHEST")


def compare(
    scored: Scored, results: Mapping[str, Result], scale: tuple[float, float]
) -> dict[str, Compared]:
    """Return the agreement of every target that people scored, overall first.

    Raises:
        UsageError: A score lies outside the scale.
        InterviewerError: The extra `agree` is not installed.
    """
    targets = sorted(scored.raters, key=lambda target: target != OVERALL)
    return {target: _compare(scored, results, scale, target) for target in targets}


def _compare(
    scored: Scored, results: Mapping[str, Result], scale: tuple[float, float], target: str
) -> Compared:
    pairs: list[tuple[float, float]] = []
    lacking = 0
    for row in scored.scores:
        human = scored.mean(row, target)
        if human is None:
            continue
        found = results.get(row)
        score = score_of(found, target) if found and found.status == "graded" else None
        if score is None:
            lacking += 1
        else:
            pairs.append((human, onto(score, scale)))
    humans = _between_raters(scored, target)
    return Compared(
        machine=agreement(pairs, scale=scale),
        humans=agreement_of_several(humans, scale=scale) if humans else None,
        pairs=pairs,
        lacking=lacking,
    )


def _between_raters(scored: Scored, target: str) -> list[list[tuple[float, float]]]:
    """Return one list of pairs for each rater, of the rows that all of them scored."""
    raters = scored.raters[target]
    if len(raters) < 2:
        return []
    rows = [each for each in scored.scores.values() if all(name in each for name in raters)]
    if len(raters) == 2:
        return [[(row[raters[0]], row[raters[1]]) for row in rows]]
    return [
        [
            (row[one], sum(row[each] for each in raters if each != one) / (len(raters) - 1))
            for row in rows
        ]
        for one in raters
    ]


def _add(
    made: Scored, table: Mapping[str, Mapping[str, object]], column: str, target: str | None
) -> None:
    """Take the scores of a column, or note why they are left out."""
    if target is None:
        made.notes.append(f"{column} is left out: it names neither overall nor a goal of the guide")
        return
    found: dict[str, float] = {}
    for row, fields in table.items():
        value = fields.get(column)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        number = _number(value)
        if number is None:
            made.notes.append(f"{column} is left out: {str(value)[:30]!r} (row {row}) is no number")
            return
        found[row] = number
    if not found:
        made.notes.append(f"{column} is left out: it is empty")
        return
    made.raters.setdefault(target, []).append(column)
    for row, number in found.items():
        made.scores[row][column] = number


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _named(given: str, columns: Sequence[str], goals: Sequence[str]) -> tuple[str, str]:
    """Return column and target of a `COLUMN` or `COLUMN=TARGET`; overall where neither says."""
    column, _, target = (given, "", "") if given in columns else given.rpartition("=")
    if column not in columns:
        raise UsageError(
            f"there is no column {column or given!r}",
            where="--human",
            hint=f"one of: {', '.join(columns)}",
        )
    if target and target not in (OVERALL, *goals):
        raise UsageError(
            f"{target!r} is no goal of the guide",
            where="--human",
            hint=f"one of: {', '.join((OVERALL, *goals))}",
        )
    return column, target or target_of(column, goals) or OVERALL
