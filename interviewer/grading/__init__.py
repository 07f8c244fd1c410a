"""`grade(rubric, judge, answer)`: the waist of all three uses.

Scores are made from probabilities of small questions; nothing is guessed. What could not be judged
is missing, with its reason.
"""

from collections.abc import Sequence

from interviewer.checks import Judge, Turn
from interviewer.grade import Advice, Delivery, Evidence, Flag, Grade, Missing
from interviewer.grading.delivery import delivery_of
from interviewer.grading.guards import cap_of, flags_of
from interviewer.grading.judging import Judged, Judgement, judge_answer
from interviewer.probing import COVERED
from interviewer.rubric import Rubric
from interviewer.text import inert, words

SHORTEST = 8
"""Words below which an answer is nothing that could be judged; it gets the lowest scores."""
_CLAIM = 2.0
"""What an answer may reach that tells no fact at all."""
_BARE = 0.55
"""What a part is worth that is there but hardly told, against one that is told in full."""


async def cover(rubric: Rubric, judge: Judge, turns: Sequence[Turn]) -> dict[str, float | None]:
    """Say how far the turns cover each step and goal, steps first.

    Returns:
        Step or goal id -> P(covered), 0 to 1; None where the model could not say.

    Raises:
        UnreachableError: The endpoint is gone.
    """
    found = await judge_answer(rubric, judge, turns, "step", "goal")
    return {target: each.p for target, each in found.targets.items()}


async def grade(
    rubric: Rubric, judge: Judge, answer: str | Sequence[Turn], *, brief: bool = False
) -> Grade:
    """Grade one answer, or all that was said in an interview.

    Args:
        rubric: What it is graded on.
        judge: Asks the model.
        answer: The candidate's words, or questions and what was said to them.
        brief: Scores of criteria and steps, and what guards found: no tips, evidence or advice.

    Raises:
        UnreachableError: The endpoint is gone; every other failure is a missing score.
    """
    turns = [Turn(rubric.question, answer)] if isinstance(answer, str) else list(answer)
    said = "\n\n".join(turn.said for turn in turns)
    if len(words(inert(said))) < SHORTEST:
        return _nothing_said(rubric, said)
    found = await judge_answer(rubric, judge, turns, "goal", "step", "tip")
    delivery = delivery_of(said)
    facts = _facts(rubric, found)
    guards = flags_of(said, rubric) + _claims(rubric, facts)
    cap = min(cap_of(guards), max(_CLAIM, 1 + 4 * facts))
    criteria = {each: _capped(_points(found.targets[each]), cap) for each in rubric.ids("goal")}
    overall = _capped(_overall(rubric, found), cap)
    scores = Grade(
        overall=overall,
        criteria=criteria,
        steps={each: _covered(found.targets[each].p) for each in rubric.ids("step")},
        flags=guards,
        missing=_missing(overall, found),
        delivery=delivery,
        p={each: round(p, 4) for each, p in _known(found, rubric.names)},
        confidence=_confidence(rubric, found),
        signals=_signals(rubric, found, delivery),
    )
    if brief:
        return scores
    return scores.model_copy(
        update={
            "tips": {each: _covered(found.targets[each].p) for each in rubric.ids("tip")},
            "flags": guards + _habits(rubric, found),
            "evidence": await _evidence(rubric, judge, turns, found),
            "advice": _advice(rubric, found),
        }
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


def _facts(rubric: Rubric, found: Judgement) -> float:
    """Return P(some sentence tells a fact that makes the answer a story), 1 if none is asked for.

    Who claims a lesson, and tells neither where it was nor what it cost, has told nothing that
    could be graded.
    """
    told = [label.word for label in rubric.labels if label.fact]
    if not told or not found.labelled:
        return 1.0
    return max(each.p[word] for each in found.labelled for word in told)


def _claims(rubric: Rubric, facts: float) -> list[Flag]:
    if facts >= COVERED:
        return []
    told = "; ".join(label.about for label in rubric.labels if label.fact)
    return [Flag(id="no-facts", text=f"no sentence surely tells this: {told}")]


def _worth(each: Judged) -> float | None:
    """Return 0 to 1: how likely it is shown, and how fully it is told.

    Where a sentence shows it, the odds are squared: what is unlikely counts for little, what is
    likely for nearly all. Else many small doubts would add up to a middling grade for an answer
    that shows nothing.
    """
    if each.p is None or each.evidence is None:
        return each.p
    likely, not_likely = each.p**2, (1 - each.p) ** 2
    return likely / (likely + not_likely) * (_BARE + (1 - _BARE) * each.detail)


def _points(each: Judged) -> float | None:
    worth = _worth(each)
    return None if worth is None else round(1 + 4 * worth, 2)


def _covered(p: float | None) -> bool | None:
    return None if p is None else p >= COVERED


def _capped(points: float | None, cap: float) -> float | None:
    return None if points is None else min(points, cap)


def _overall(rubric: Rubric, found: Judgement) -> float | None:
    """Return the weighted mean of the criteria, half and half with the coverage of steps."""
    worth = {each: _worth(judged) for each, judged in found.targets.items()}
    goals = [(criterion.weight, worth[criterion.id]) for criterion in rubric.criteria]
    steps = [worth[step.id] for step in rubric.steps]
    if any(each is None for each in (*(value for _, value in goals), *steps)):
        return None
    analytic = sum(w * (value or 0) for w, value in goals) / sum(w for w, _ in goals)
    covered = sum(value or 0 for value in steps) / len(steps)
    return round(1 + 2 * (analytic + covered), 2)


def _known(found: Judgement, targets: Sequence[str] | dict[str, str]) -> list[tuple[str, float]]:
    pairs = ((target, found.targets[target].p) for target in targets)
    return [(target, p) for target, p in pairs if p is not None]


def _confidence(rubric: Rubric, found: Judgement) -> dict[str, float]:
    """Say how far from a coin's toss each judgement is; `overall` is the mean of all."""
    known = _known(found, [*rubric.ids("goal"), *rubric.ids("step")])
    sure = {target: round(abs(2 * p - 1), 2) for target, p in known}
    mean = round(sum(sure.values()) / len(sure), 2) if sure else 0.0
    return {**sure, "overall": mean}


def _signals(rubric: Rubric, found: Judgement, delivery: Delivery) -> dict[str, float]:
    """Return what scores were made from, by name, for a calibration to learn from."""
    many = max(1, delivery.words) / 100
    signals = {f"p/{target}": p for target, p in _known(found, list(found.targets))}
    for each in rubric.labels if found.labelled else ():
        if each.shows or each.against:
            kind = "label" if each.shows else "against"
            signals[f"{kind}/{each.word}"] = max(one.p[each.word] for one in found.labelled)
    for name in ("fillers", "hedges", "i", "we", "figures"):
        signals[f"delivery/{name}"] = getattr(delivery, name) / many
    signals["delivery/words"] = float(delivery.words)
    return {name: round(value, 4) for name, value in signals.items()}


def _missing(overall: float | None, found: Judgement) -> list[Missing]:
    missing = [
        Missing(target=target, reason=each.reason)
        for target, each in found.targets.items()
        if each.p is None
    ]
    if overall is None:
        missing.insert(0, Missing(target="overall", reason="a goal or step could not be judged"))
    return missing


def _habits(rubric: Rubric, found: Judgement) -> list[Flag]:
    """Return a flag for each tip that was not kept."""
    names = {tip.id: tip for tip in rubric.tips}
    return [
        Flag(id=target, text=names[target].text or names[target].name)
        for target, p in _known(found, list(names))
        if p < COVERED
    ]


async def _evidence(
    rubric: Rubric, judge: Judge, turns: Sequence[Turn], found: Judgement
) -> list[Evidence]:
    """Return the sentence behind each goal and step that counts as shown."""
    evidence = []
    for target, p in _known(found, [*rubric.ids("goal"), *rubric.ids("step")]):
        if p >= COVERED and (place := await _place(rubric, judge, turns, (target, found))):
            evidence.append(Evidence(target=target, sentence=place[0], text=place[1]))
    return evidence


async def _place(
    rubric: Rubric, judge: Judge, turns: Sequence[Turn], of: tuple[str, Judgement]
) -> tuple[int, str] | None:
    target, found = of
    if found.targets[target].evidence or target in rubric.labelled:
        return found.targets[target].evidence
    asked = (c for c in rubric.checks_of("goal", "step") if c.target == target and c.statement)
    check = next((c for c in asked if not c.negative), None)
    # All that was said as one text: in a conversation each turn would have letters of its own.
    whole = [Turn(rubric.question, "\n\n".join(turn.said for turn in turns))]
    return await judge.evidence(check, turns if len(turns) == 1 else whole) if check else None


def _advice(rubric: Rubric, found: Judgement) -> list[Advice]:
    """Return the two weakest steps or goals, one line each: what to add."""
    texts = {item.id: item.text or item.name for item in rubric.steps}
    texts |= {each.id: each.text or each.name for each in rubric.criteria}
    weakest = sorted(_known(found, list(texts)), key=lambda pair: pair[1])
    return [Advice(target=target, text=texts[target]) for target, _ in weakest[:2]]
