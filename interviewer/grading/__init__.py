"""`grade(answer, judge)`: the waist of all three uses.

Scores are made from probabilities of small checks; nothing is guessed. What could not be judged
is missing, with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.checks import Judge, Turn, Verdict
from interviewer.grade import Advice, Evidence, Flag, Grade, Missing
from interviewer.grading.delivery import delivery_of
from interviewer.grading.guards import flags_of
from interviewer.probing import COVERED
from interviewer.rubric import Check, Kind, Rubric
from interviewer.text import inert, words

SHORTEST = 8
"""Words below which an answer is nothing that could be judged; it gets the lowest scores."""


@dataclass(frozen=True, slots=True)
class _Judged:
    p: dict[str, float | None]
    """Target -> P(shown), the mean over its checks."""
    reasons: dict[str, str]


async def cover(rubric: Rubric, judge: Judge, turns: Sequence[Turn]) -> dict[str, float | None]:
    """Say how far the turns cover each step and goal, steps first.

    Returns:
        Step or goal id -> P(covered), 0 to 1; None where the model could not say.

    Raises:
        UnreachableError: The endpoint is gone.
    """
    found: dict[str, float | None] = {}
    kinds: tuple[Kind, ...] = ("step", "goal")
    for kind in kinds:
        found |= (await _judge(rubric, judge, turns, kind)).p
    return found


async def grade(rubric: Rubric, judge: Judge, answer: str, *, brief: bool = False) -> Grade:
    """Grade one answer.

    Args:
        rubric: What it is graded on.
        judge: Asks the model.
        answer: The candidate's words.
        brief: Scores of criteria and steps only: no tips, evidence or advice.

    Raises:
        UnreachableError: The endpoint is gone; every other failure is a missing score.
    """
    if len(words(inert(answer))) < SHORTEST:
        return _nothing_said(rubric, answer)
    turns = [Turn(rubric.question, answer)]
    goals = await _judge(rubric, judge, turns, "goal")
    steps = await _judge(rubric, judge, turns, "step")
    none = _Judged({}, {})
    tips = none if brief else await _judge(rubric, judge, turns, "tip")
    evidence = [] if brief else await _evidence(rubric, judge, turns, (goals, steps))
    criteria = {target: _points(p) for target, p in goals.p.items()}
    overall = _overall(rubric, criteria, steps.p)
    return Grade(
        overall=overall,
        criteria=criteria,
        steps={target: _covered(p) for target, p in steps.p.items()},
        tips={target: _covered(p) for target, p in tips.p.items()},
        flags=flags_of(answer, rubric) + _flags(rubric, tips),
        evidence=evidence,
        advice=[] if brief else _advice(rubric, goals, steps),
        missing=_missing(overall, (goals, steps, tips)),
        delivery=delivery_of(answer),
        p={target: round(p, 4) for part in (goals, steps, tips) for target, p in _known(part)},
    )


def _nothing_said(rubric: Rubric, answer: str) -> Grade:
    """Too little for a judge to be asked: that is itself the judgement."""
    return Grade(
        overall=1.0,
        criteria={criterion.id: 1.0 for criterion in rubric.criteria},
        steps={step.id: False for step in rubric.steps},
        flags=[Flag(id="too-short", text=f"fewer than {SHORTEST} words: nothing to judge")],
        advice=[Advice(target=step.id, text=step.text or step.name) for step in rubric.steps[:2]],
        delivery=delivery_of(answer),
    )


async def _judge(rubric: Rubric, judge: Judge, turns: Sequence[Turn], kind: Kind) -> _Judged:
    # All baselines first: asked in turns, they and the answer would push each other from the cache.
    await judge.prepare(rubric.checks_of(kind))
    verdicts: dict[str, list[Verdict]] = {}
    for check in rubric.checks_of(kind):
        verdicts.setdefault(check.target, []).append(await judge.verdict(check, turns))
    p = {target: _mean([each.p for each in found]) for target, found in verdicts.items()}
    reasons = {
        target: next(each.reason for each in found if each.p is None)
        for target, found in verdicts.items()
        if p[target] is None
    }
    return _Judged(p, reasons)


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean; None if a single one is None, for the rest would mean something else."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _points(p: float | None) -> float | None:
    return None if p is None else round(1 + 4 * p, 2)


def _covered(p: float | None) -> bool | None:
    return None if p is None else p >= COVERED


def _overall(
    rubric: Rubric, criteria: dict[str, float | None], steps: dict[str, float | None]
) -> float | None:
    """Return the weighted mean of the criteria, half and half with the coverage of steps."""
    if any(value is None for value in (*criteria.values(), *steps.values())):
        return None
    weights = {criterion.id: criterion.weight for criterion in rubric.criteria}
    analytic = sum(weights[each] * (points or 0) for each, points in criteria.items())
    covered = _mean(list(steps.values()))
    return round((analytic / sum(weights.values()) + 1 + 4 * (covered or 0)) / 2, 2)


def _known(part: _Judged) -> list[tuple[str, float]]:
    return [(target, p) for target, p in part.p.items() if p is not None]


def _missing(overall: float | None, judged: Sequence[_Judged]) -> list[Missing]:
    found = [
        Missing(target=target, reason=reason)
        for part in judged
        for target, reason in part.reasons.items()
    ]
    if overall is None:
        found.insert(0, Missing(target="overall", reason="a goal or step could not be judged"))
    return found


def _flags(rubric: Rubric, tips: _Judged) -> list[Flag]:
    names = {tip.id: tip for tip in rubric.tips}
    return [
        Flag(id=target, text=names[target].text or names[target].name)
        for target, p in _known(tips)
        if p < COVERED
    ]


async def _evidence(
    rubric: Rubric, judge: Judge, turns: Sequence[Turn], judged: Sequence[_Judged]
) -> list[Evidence]:
    """Ask for the sentence behind each goal and step that counts as shown."""
    shown = {target for part in judged for target, p in _known(part) if p >= COVERED}
    first: dict[str, Check] = {}
    for check in rubric.checks_of("goal", "step"):
        if check.target in shown and not check.negative:
            first.setdefault(check.target, check)
    found = []
    for target, check in first.items():
        if place := await judge.evidence(check, turns):
            found.append(Evidence(target=target, sentence=place[0], text=place[1]))
    return found


def _advice(rubric: Rubric, goals: _Judged, steps: _Judged) -> list[Advice]:
    """Return the two weakest steps or goals, one line each: what to add."""
    texts = {item.id: item.text or item.name for item in rubric.steps}
    texts |= {each.id: each.text or each.name for each in rubric.criteria}
    weakest = sorted((*_known(steps), *_known(goals)), key=lambda pair: pair[1])
    return [Advice(target=target, text=texts[target]) for target, _ in weakest[:2]]
