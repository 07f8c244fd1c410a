"""All that a grade depends on but for the answer, and the grading of one row with it."""

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from interviewer import __version__
from interviewer.batch.result import Result, Runs, Used
from interviewer.batch.rows import Row
from interviewer.checks import Judge
from interviewer.errors import InterviewerError, PendingError, SpentError
from interviewer.grade import Flag, Grade
from interviewer.grading import grade
from interviewer.grading.calibration import Calibration, rescored
from interviewer.guide import Guide
from interviewer.llm import Model, counted
from interviewer.prompts import Prompts
from interviewer.rubric import Rubric, rubric_of

_FRESH = 20
"""Rows that one judge grades: it remembers every prompt."""
_OTHERS = ("say/", "test/", "probe", "reply", "repair", "_manner")
"""Templates that no grade depends on."""


@dataclass(frozen=True)
class Grader:
    """A guide, a model, prompts and what they are used with."""

    guide: Guide
    model: Model
    prompts: Prompts
    name: str
    """The model's, as the user knows it."""
    calibration: Calibration | None = None
    runs: int = 1

    @cached_property
    def rubric(self) -> Rubric:
        """The guide's rubric."""
        return rubric_of(self.guide)

    def judge(self, seed: int = 0) -> Judge:
        """Return a judge that has not asked anything yet.

        Args:
            seed: 0: as the guide is; else its demonstrations stand in another order, the same
                for the same seed, so that a model that always says the same can be doubted.
        """
        guide = self.guide
        if seed:
            demonstrations = list(guide.demonstrations)
            random.Random(seed).shuffle(demonstrations)  # noqa: S311  no secret
            guide = guide.model_copy(update={"demonstrations": tuple(demonstrations)})
        return Judge(guide, self.model, self.prompts, at_once=self.model.at_once)

    def keys(self, row: Row) -> tuple[str, str]:
        """Return the hash of all that a result depends on, with and without the calibration."""
        said: Any = row.said if isinstance(row.said, str) else [[t.asked, t.said] for t in row.said]
        asked = _hash(f"[{json.dumps(__version__)}, {json.dumps(said)}, {self._rest}]")
        return _hash(f"[{json.dumps(asked)}, {self._calibrated}]"), asked

    @cached_property
    def _rest(self) -> str:
        """A hash of what `asked` depends on beside the answer."""
        hashes = self.prompts.hashes()
        usual = self.model.at_once != self.model.local
        rest = (
            self.guide.model_dump(mode="json"),
            {name: each for name, each in hashes.items() if grades_by(name)},
            self.name,
            self.runs,
            *(() if usual else (["at once", self.model.at_once],)),
        )
        return json.dumps(_hash(json.dumps(rest, sort_keys=True)))

    @cached_property
    def _calibrated(self) -> str:
        calibration = self.calibration
        found = calibration and calibration.model_dump(mode="json")
        return json.dumps(found, sort_keys=True)


def grades_by(template: str) -> bool:
    """Tell whether any grade depends on a template."""
    return not template.startswith(_OTHERS)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


class Graders:
    """The graders of one run: its own, and one for each other guide that rows ask for."""

    def __init__(
        self, own: Grader, find: Callable[[str], Guide] | None = None, *, fresh: int = _FRESH
    ) -> None:
        """Grade by `own` what names no guide.

        Args:
            own: The run's own grader.
            find: Path or name -> guide, for rows that name one.
            fresh: Rows that one judge grades.
        """
        self.own = own
        self._fresh = fresh
        self._find = find
        self._found: dict[str, Grader] = {}
        self._judges: dict[int, tuple[Judge, int]] = {}

    def of(self, row: Row) -> Grader:
        """Return the grader for a row.

        Raises:
            InterviewerError: Its guide can't be read, or the calibration is for another one.
        """
        if not row.guide or not self._find:
            return self.own
        if row.guide not in self._found:
            own, guide = self.own, self._find(row.guide)
            if own.calibration:
                own.calibration.check(guide=guide.id, model=own.name)
            self._found[row.guide] = Grader(
                guide, own.model, own.prompts, own.name, own.calibration, own.runs
            )
        return self._found[row.guide]

    def rubrics(self) -> dict[str, Rubric]:
        """Return what rows name as their guide -> its rubric; "": the run's own."""
        return {"": self.own.rubric} | {name: each.rubric for name, each in self._found.items()}

    def judge(self, grader: Grader) -> Judge:
        """Return a judge for the next row: the same one for a few rows, then a new one."""
        judge, uses = self._judges.get(id(grader), (None, self._fresh))
        if judge is None or uses == self._fresh:
            judge, uses = grader.judge(), 0
        self._judges[id(grader)] = (judge, uses + 1)
        return judge


async def graded(
    row: Row, grader: Grader, judge: Judge, keys: tuple[str, str]
) -> tuple[Result, InterviewerError | None]:
    """Grade one row.

    Returns:
        What became of it, and the error if the whole answer could not be graded.

    Raises:
        SpentError: The next call could use more than is allowed: no result.
        PendingError: Replies are not there yet: no result.
    """
    key, asked = keys
    begun = time.monotonic()
    values: dict[str, Any] = {}
    error: InterviewerError | None = None
    with counted() as used:
        try:
            grades = [await grade(grader.rubric, judge, row.said)]
            for seed in range(1, grader.runs):
                other = shuffled(grader.rubric, seed)
                grades.append(await grade(other, grader.judge(seed), row.said, brief=True))
            values = _values(grades[0])
            if grader.runs > 1:
                values["runs"] = _runs(grades)
            if reason := nothing_judged(grades[0]):
                values["error"] = reason
        except SpentError:
            raise
        except InterviewerError as found:
            error = found
            values = {"error": str(found)}
    if used.pending and not error:
        raise PendingError(f"{used.pending} replies are not there yet")
    result = Result(
        id=row.id,
        source=row.source,
        guide=grader.guide.id,
        key=key,
        asked=asked,
        status="failed" if values.get("error") else "graded",
        seconds=round(time.monotonic() - begun, 3),
        usage=Used(
            prompt=used.prompt, cached=used.cached, completion=used.completion, calls=used.calls
        ),
        model=grader.name,
        **values,
    )
    return recalibrated(result, grader.calibration), error


def recalibrated(result: Result, calibration: Calibration | None) -> Result:
    """Return `result` as `calibration` has it, whatever calibration it had before."""
    if result.status != "graded" or not (calibration or result.calibrated):
        return result
    kept = ("overall", "tips", "missing", "signals", "calibrated")
    plain = Grade(
        flags=[Flag(id=each, text="") for each in result.flags],
        **{name: getattr(result, name) for name in kept},
    )
    found = rescored(plain, calibration)
    return result.model_copy(update={name: getattr(found, name) for name in kept})


def copied(result: Result, calibration: Calibration | None) -> Result:
    """Return the result of an identical answer, given to another: it cost nothing."""
    free = result.model_copy(update={"usage": Used(), "seconds": 0.0})
    return recalibrated(free, calibration)


def shuffled(rubric: Rubric, seed: int) -> Rubric:
    """Return the rubric with its checks in another order; the same seed gives the same order."""
    checks = list(rubric.checks)
    random.Random(seed).shuffle(checks)  # noqa: S311  no secret
    return rubric.model_copy(update={"checks": tuple(checks)})


def spread_of(scores: Iterable[float | None]) -> float | None:
    """Return the highest less the lowest score; None where fewer than two are known."""
    known = [score for score in scores if score is not None]
    return round(max(known) - min(known), 4) if len(known) > 1 else None


def nothing_judged(grade: Grade) -> str:
    """Return why nothing at all could be judged; empty where something was."""
    if grade.overall is not None or any(each is not None for each in grade.criteria.values()):
        return ""
    # Why a part could not be judged says more than that the whole could not.
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
