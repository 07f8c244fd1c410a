"""`report.html`: what a coach looks at after a run, without a network and without this program.

Up to 500 answers stand in the page itself. More stand in pages of their own, in the folder
`report` beside it.
"""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from interviewer import __version__
from interviewer.batch.summary import Group, Pairs, Summary, summarize
from interviewer.batch.writing import writing
from interviewer.grading.guards import named
from interviewer.report.answers import Targets, answers_of
from interviewer.report.overview import overview_of
from interviewer.report.pages import write_page
from interviewer.rubric import Rubric

REPORT = "report.html"
FOLDER = "report"
_OURS = re.compile(r"page-\d{4,}\.html")
_CRITERIA = 8
"""Columns of criteria in the table; guides that have more together get none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one page holds."""

    whole: int = 500
    """Answers up to which all of them stand in `report.html`."""
    rows: int = 5000
    """Rows of its table."""
    answers: int = 250
    """Answers in each page of their own."""
    guides: int = 12
    """Guides whose figures are shown, those with most answers first."""


_USUAL = Limits()


def write_report(
    out: Path,
    pairs: Pairs,
    rubrics: Mapping[str, Rubric],
    summary: Summary | None = None,
    *,
    when: datetime | None = None,
    limits: Limits = _USUAL,
) -> list[Path]:
    """Write `report.html`, and the folder `report` where there are many answers.

    Pages of an earlier run that are no longer needed are removed.

    Args:
        out: The folder that `results.jsonl` is in.
        pairs: Rows and results.
        rubrics: `row.guide` -> its rubric; "" is the run's own.
        summary: Of the same answers, where it is known already.
        when: What the page says about its time; now where it is None.
        limits: How much one page holds.

    Returns:
        The files that were written, `report.html` last.

    Raises:
        DataError: A file can't be written.
    """
    found = summary or summarize(pairs, rubrics)
    targets = {guide: Targets(rubric) for guide, rubric in rubrics.items()}
    groups = sorted(found.groups.values(), key=lambda group: -group.graded)
    same = {
        "title": _title(groups, rubrics),
        "summary": found,
        "when": when or datetime.now().astimezone(),
        "version": __version__,
    }
    parts = _parts(found.total, limits) if found.total > limits.whole else []
    answers = answers_of(pairs, targets)
    files = [
        write_page(
            out / part.path,
            "page",
            part=part,
            parts=parts,
            answers=islice(answers, limits.answers),
            **same,
        )
        for part in parts
    ]
    report = write_page(
        out / REPORT,
        "report",
        groups=[overview_of(group) for group in groups[: limits.guides]],
        several=len(groups) > 1,
        columns=_columns(groups),
        flags=_flags(groups),
        rows=islice(answers_of(pairs, targets), limits.rows),
        limits=limits,
        parts=parts,
        answers=() if parts else answers_of(pairs, targets),
        **same,
    )
    _remove_others(out / FOLDER, files)
    return [*files, report]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of answers."""

    number: int
    first: int
    """Number of its first answer, from 1."""
    last: int

    @property
    def name(self) -> str:
        """Its file's name."""
        return f"page-{self.number:04}.html"

    @property
    def path(self) -> str:
        """Where it lies, seen from `report.html`."""
        return f"{FOLDER}/{self.name}"


def _parts(total: int, limits: Limits) -> list[Part]:
    size = limits.answers
    return [
        Part(number, first, min(total, first + size - 1))
        for number, first in enumerate(range(1, total + 1, size), start=1)
    ]


def _title(groups: Sequence[Group], rubrics: Mapping[str, Rubric]) -> str:
    """Return the question; where there are several, how many."""
    if len(groups) > 1:
        return f"Answers to {len(groups)} questions"
    rubric = groups[0].rubric if groups else rubrics.get("")
    return rubric.question if rubric else "Answers"


def _columns(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """Return id and name of each criterion that has a column in the table."""
    made = {each.id: each.name for group in groups for each in group.rubric.criteria}
    return list(made.items()) if len(made) <= _CRITERIA else []


def _flags(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """Return id and name of each flag that some answer has, by name."""
    made = {flag: named(flag, group.rubric.names) for group in groups for flag in group.flags}
    return sorted(made.items(), key=lambda each: each[1].casefold())


def _remove_others(folder: Path, kept: Sequence[Path]) -> None:
    """Remove pages of an earlier run, and the folder once it is empty."""
    names = {path.name for path in kept}
    with writing(folder):
        for path in sorted(folder.glob("page-*.html")):
            if _OURS.fullmatch(path.name) and path.name not in names:
                path.unlink(missing_ok=True)
    if not names:
        with contextlib.suppress(OSError):  # not there, or something else is in it
            folder.rmdir()
