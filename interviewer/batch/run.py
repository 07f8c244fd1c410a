"""Rows in, grades in the ledger out, one after another.

What is there already and still holds is kept: the key of a result is a hash of the answer and of
all that its grade depends on.
"""

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from interviewer import __version__
from interviewer.batch.ledger import Ledger, Result, Runs, Used
from interviewer.batch.rows import BadRow, Row
from interviewer.checks import Judge
from interviewer.errors import InterviewerError, UnreachableError
from interviewer.grade import Flag, Grade
from interviewer.grading import grade
from interviewer.grading.calibration import Calibration, rescored
from interviewer.guide import Guide
from interviewer.llm import Model
from interviewer.prompts import Prompts
from interviewer.rubric import Rubric, rubric_of

PATIENCE = 3
"""Rows in a row that an unreachable endpoint may fail before the run stops."""
_FRESH = 20
"""Rows that one judge grades: it remembers every prompt."""
_OTHERS = ("say/", "test/", "probe", "reply", "repair", "_manner")
"""Templates that no grade depends on."""


@dataclass(frozen=True, slots=True)
class Grader:
    """All that a grade depends on, but for the answer."""

    guide: Guide
    model: Model
    prompts: Prompts
    name: str
    """The model's, as the user knows it."""
    calibration: Calibration | None = None
    runs: int = 1

    def judge(self, seed: int = 0) -> Judge:
        """Return a judge that has not asked anything yet.

        Args:
            seed: 0: as the guide is; else its demonstrations stand in another order, the same
                for the same seed, so that a model that always says the same can be doubted.
        """
        demonstrations = list(self.guide.demonstrations)
        if seed:
            random.Random(seed).shuffle(demonstrations)  # noqa: S311  no secret
        guide = self.guide.model_copy(update={"demonstrations": tuple(demonstrations)})
        return Judge(guide, self.model, self.prompts, at_once=not self.model.local)


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    graded: int = 0
    """By this run."""
    kept: int = 0
    """Graded before, and still valid."""
    failed: list[Result] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    """All rows' results, in the file's order."""

    @property
    def total(self) -> int:
        """How many rows there were."""
        return len(self.results)


OnResult = Callable[[Result, bool], None]
"""(result, whether it was kept from before) -> None."""


async def run(
    rows: Iterable[Row | BadRow], grader: Grader, ledger: Ledger, on_result: OnResult
) -> Tally:
    """Grade what is missing, failed or changed; a row that fails does not stop the others.

    Raises:
        UnreachableError: The endpoint failed three rows in a row; all results so far are kept.
    """
    tally = Tally()
    rubric = rubric_of(grader.guide)
    judge = grader.judge()
    unreachable = 0
    error: InterviewerError | None = None
    for row in rows:
        if isinstance(row, BadRow):
            result, kept = _bad(row), False
            if ledger.results.get(row.id) != result:
                ledger.add(result)
        elif found := _reused(row, grader, ledger):
            result, kept = found, True
        else:
            if tally.graded % _FRESH == _FRESH - 1:
                judge = grader.judge()
            result, error = await _graded(row, grader, rubric, judge)
            kept = False
            ledger.add(result)
            unreachable = unreachable + 1 if isinstance(error, UnreachableError) else 0
        _count(tally, result, kept=kept)
        on_result(result, kept)
        if unreachable == PATIENCE and error:
            raise error
    return tally


def keys_of(row: Row, grader: Grader) -> tuple[str, str]:
    """Return the hash of all that a result depends on, with and without the calibration."""
    said: Any = row.said if isinstance(row.said, str) else [[t.asked, t.said] for t in row.said]
    hashes = grader.prompts.hashes()
    asked = _hash(
        __version__,
        said,
        grader.guide.model_dump(mode="json"),
        {name: each for name, each in hashes.items() if not name.startswith(_OTHERS)},
        grader.name,
        grader.runs,
    )
    calibration = grader.calibration
    return _hash(asked, calibration and calibration.model_dump(mode="json")), asked


def _hash(*parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def shuffled(rubric: Rubric, seed: int) -> Rubric:
    """Return the rubric with its checks in another order; the same seed gives the same order."""
    checks = list(rubric.checks)
    random.Random(seed).shuffle(checks)  # noqa: S311  no secret
    return rubric.model_copy(update={"checks": tuple(checks)})


def _reused(row: Row, grader: Grader, ledger: Ledger) -> Result | None:
    """Return the result from before where it still holds, calibrated anew if need be."""
    found = ledger.results.get(row.id)
    if found is None or found.status != "graded":
        return None
    key, asked = keys_of(row, grader)
    if found.key == key:
        return found
    if found.asked != asked:
        return None
    moved = found.model_copy(update={"key": key, "source": row.source})
    result = recalibrated(moved, grader.calibration)
    ledger.add(result)
    return result


def recalibrated(result: Result, calibration: Calibration | None) -> Result:
    """Return `result` as `calibration` has it, whatever calibration it had before."""
    if result.status != "graded":
        return result
    kept = ("overall", "tips", "missing", "signals", "calibrated")
    plain = Grade(
        flags=[Flag(id=each, text="") for each in result.flags],
        **{name: getattr(result, name) for name in kept},
    )
    found = rescored(plain, calibration)
    return result.model_copy(update={name: getattr(found, name) for name in kept})


async def _graded(
    row: Row, grader: Grader, rubric: Rubric, judge: Judge
) -> tuple[Result, InterviewerError | None]:
    key, asked = keys_of(row, grader)
    begun, before = time.monotonic(), _used(grader.model)
    values: dict[str, Any] = {}
    error: InterviewerError | None = None
    try:
        grades = [await grade(rubric, judge, row.said)]
        for seed in range(1, grader.runs):
            other = shuffled(rubric, seed)
            grades.append(await grade(other, grader.judge(seed), row.said, brief=True))
        values = _values(grades[0])
        if grader.runs > 1:
            values["runs"] = _runs(grades)
        if _is_nothing(grades[0]):
            values["error"] = _reason(grades[0])
    except InterviewerError as found:
        error = found
        values = {"error": str(found)}
    after = _used(grader.model)
    result = Result(
        id=row.id,
        source=row.source,
        key=key,
        asked=asked,
        guide=grader.guide.id,
        status="failed" if values.get("error") else "graded",
        seconds=round(time.monotonic() - begun, 3),
        usage=Used(**{name: after[name] - before[name] for name in after}),
        model=grader.name,
        **values,
    )
    return recalibrated(result, grader.calibration), error


def _is_nothing(grade: Grade) -> bool:
    """Tell whether nothing at all could be judged."""
    return grade.overall is None and not any(
        points is not None for points in grade.criteria.values()
    )


def _reason(grade: Grade) -> str:
    """Return why a part could not be judged, rather than that the whole could not."""
    reasons = {each.target: each.reason for each in grade.missing}
    parts = [reason for target, reason in reasons.items() if target != "overall"]
    return next(iter([*parts, *reasons.values()]), "nothing could be judged")


def _values(grade: Grade) -> dict[str, Any]:
    return {
        "overall": grade.overall,
        "criteria": grade.criteria,
        "steps": grade.steps,
        "tips": grade.tips,
        "flags": [flag.id for flag in grade.flags],
        "evidence": grade.evidence,
        "advice": grade.advice,
        "missing": grade.missing,
        "delivery": grade.delivery,
        "signals": grade.signals,
        "confidence": grade.confidence,
    }


def _runs(grades: Sequence[Grade]) -> Runs:
    overall = [each.overall for each in grades]
    criteria = {
        target: [each.criteria.get(target) for each in grades] for target in grades[0].criteria
    }
    return Runs(
        overall=overall,
        criteria=criteria,
        spread={
            target: spread_of(scores) for target, scores in {"overall": overall, **criteria}.items()
        },
    )


def spread_of(scores: Iterable[float | None]) -> float | None:
    """Return the highest less the lowest score; None where fewer than two are known."""
    known = [score for score in scores if score is not None]
    return round(max(known) - min(known), 4) if len(known) > 1 else None


def _used(model: Model) -> dict[str, int]:
    usage = model.usage
    return {
        "prompt": usage.prompt,
        "cached": usage.cached,
        "completion": usage.completion,
        "calls": usage.calls,
    }


def _bad(row: BadRow) -> Result:
    return Result(id=row.id, source=row.source, key="", status="failed", error=row.error)


def _count(tally: Tally, result: Result, *, kept: bool) -> None:
    tally.results.append(result)
    if result.status == "failed":
        tally.failed.append(result)
    elif kept:
        tally.kept += 1
    else:
        tally.graded += 1
