"""The grades of one session side by side: first answer, final answer, own scores, later grades."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from pydantic import ValidationError

from interviewer.export.account import Account
from interviewer.grade import Grade, uncertain_of
from interviewer.guide import Guide
from interviewer.report.answers import Target, Targets
from interviewer.rubric import rubric_of


@dataclass(frozen=True, slots=True)
class Cell:
    """One score, or whether a step is covered."""

    text: str
    """As it is shown; a dash where there is nothing."""
    score: float | None = None
    """None for a step, and where there is no score."""
    uncertain: bool = False
    change: str = ""
    """How far a final score is from the first one; empty where it is the same."""


@dataclass(frozen=True, slots=True)
class Column:
    """Whose scores, and when."""

    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A goal, a step or `overall` in all columns."""

    badge: str
    """Empty for `overall`."""
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table of all that was scored."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def compared(account: Account) -> Comparison:
    """Return every score of a session; with one column where there is one grade."""
    sides = [*_sides(account)]
    scored = dict.fromkeys(target for _, side in sides for target in side)
    known = Targets(account.rubric).by_id
    foreign = _names_of(account)
    listed = [
        Target("overall", "Overall", ""),
        *(each for each in known.values() if each.id in scored),
        *(
            Target(target, foreign.get(target, target), "")
            for target in scored
            if target != "overall" and target not in known
        ),
    ]
    return Comparison(
        tuple(column for column, _ in sides),
        tuple(
            Row(each.badge, each.name, tuple(side.get(each.id, _NOTHING) for _, side in sides))
            for each in listed
        ),
    )


_NOTHING = Cell("\u2013")
_Side = Mapping[str, Cell]
"""Id of a goal or step, or `overall` -> what one column says of it."""


def _sides(account: Account) -> Iterator[tuple[Column, _Side]]:
    if account.first:
        yield Column("First"), _graded(account.first)
    if account.graded:
        first = _graded(account.first) if account.first else {}
        yield Column("Final" if first else "Score"), _against(first, _graded(account.graded))
    if account.own is not None:
        yield Column("Own"), {goal: Cell(str(n), float(n)) for goal, n in account.own.items()}
    for later in account.regraded:
        yield Column(f"{later.at:%Y-%m-%d}", later.model), _graded(later)


def _against(first: _Side, final: _Side) -> _Side:
    """Return the final scores with what they gained or lost."""
    return {target: _changed(first.get(target, _NOTHING), cell) for target, cell in final.items()}


def _changed(first: Cell, final: Cell) -> Cell:
    if first.score is None or final.score is None or first.text == final.text:
        return final
    change = round(final.score, 1) - round(first.score, 1)
    return replace(final, change=f"{change:+.1f}")


def _names_of(account: Account) -> dict[str, str]:
    """Return the names of goals and steps of guides that were only graded by later."""
    names: dict[str, str] = {}
    for later in account.regraded:
        with suppress(ValidationError):
            names |= rubric_of(Guide.model_validate(later.guide)).names
    return names


def _graded(grade: Grade) -> _Side:
    doubts = {*uncertain_of(grade.confidence)}
    points = {"overall": grade.overall, **grade.criteria}
    scores = {
        target: _NOTHING if score is None else Cell(f"{score:.1f}", score, target in doubts)
        for target, score in points.items()
    }
    words = {True: "covered", False: "not covered", None: "unknown"}
    steps = {
        step: Cell(words[covered], None, covered is not None and step in doubts)
        for step, covered in grade.steps.items()
    }
    return {**scores, **steps}
