"""Whether a model can judge a guide: its own examples against answers that are worth nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from interviewer.batch.grader import Grader
from interviewer.errors import DataError
from interviewer.grade import Grade
from interviewer.grading import grade as grade_answer
from interviewer.guide import Guide
from interviewer.prompts import Prompts
from interviewer.rubric import Rubric, rubric_of

MARGIN = 0.5
"""Points that must lie between two kinds of answers."""
Kind = Literal["strong", "example", "weak", "worthless"]
_RANK: dict[Kind, int] = {"strong": 2, "example": 1, "weak": 1, "worthless": 0}
"""An example whose label is silent must only beat the worthless ones."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer whose place is known."""

    name: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What the model made of it."""

    trial: Trial
    grade: Grade


def trials_of(guide: Guide, prompts: Prompts) -> list[Trial]:
    """Return the guide's examples, the strong ones first, and three answers worth nothing.

    Raises:
        DataError: The guide has no example.
    """
    if not guide.examples:
        raise DataError(
            "has no example answers, so there is nothing to test a model on",
            where=f"the guide {guide.id}",
            hint="add a strong and a weak one; see interviewer guide show",
        )
    kinds: dict[bool | None, Kind] = {False: "strong", None: "example", True: "weak"}
    examples = [Trial(each.id, kinds[each.weak], each.text) for each in guide.examples]
    order = list(kinds.values())
    return [
        *sorted(examples, key=lambda trial: order.index(trial.kind)),
        Trial("off-topic", "worthless", prompts.render("test/off-topic")),
        Trial("injected", "worthless", prompts.render("test/injected", guide=guide)),
        Trial("empty", "worthless", ""),
    ]


async def try_out(grader: Grader, on_tried: Callable[[Tried], None]) -> list[Tried]:
    """Grade every trial.

    Raises:
        DataError: The guide has no example.
        UnreachableError: The endpoint is gone.
    """
    rubric = copied_ok(rubric_of(grader.guide))
    judge = grader.judge()
    found = []
    for trial in trials_of(grader.guide, grader.prompts):
        grade = await grade_answer(rubric, judge, trial.text, brief=True)
        found.append(Tried(trial, grade))
        on_tried(found[-1])
    return found


def copied_ok(rubric: Rubric) -> Rubric:
    """Return the rubric without examples, so that no guard finds an answer copied from them."""
    return rubric.model_copy(update={"examples": ()})


def faults_of(tried: Sequence[Tried]) -> list[str]:
    """Return what is wrong with the order, one line each; empty where the model can judge."""
    faults = [f"{each.trial.name} got no overall score" for each in tried if _score(each) is None]
    scored = [(each, score) for each in tried if (score := _score(each)) is not None]
    for better, high in scored:
        for worse, low in scored:
            if _RANK[better.trial.kind] > _RANK[worse.trial.kind] and high - low < MARGIN - 1e-9:
                faults.append(
                    f"{_named(better)} got {high:.2f}, {_named(worse)} {low:.2f}: it should be "
                    f"at least {MARGIN} higher"
                )
    return faults


def _score(tried: Tried) -> float | None:
    return tried.grade.overall


def _named(tried: Tried) -> str:
    kind = tried.trial.kind
    return tried.trial.name if kind in ("worthless", "example") else f"{tried.trial.name} ({kind})"
