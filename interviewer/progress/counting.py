"""From sessions to progress: who can be compared with whom, and the figures of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from statistics import fmean

from interviewer.grade import Delivery
from interviewer.progress.facts import Facts, Grader, Outline, Scored
from interviewer.progress.trend import trend_of
from interviewer.progress.values import (
    Gain,
    GuideProgress,
    Item,
    Line,
    Own,
    Point,
    Progress,
    Share,
)

RECENT = 5
"""The newest sessions that tell what is still missing."""
OVERALL = "overall"


def progress_of(sessions: Iterable[Facts]) -> Progress:
    """Return what sessions have in common; their order does not matter.

    Two files may hold the same session, one copied earlier than the other: the longer one counts.
    """
    found = list(sessions)
    kept = _without_copies(found)
    graded = [each for each in kept if each.grade]
    told = [each for each in graded if each.grade and each.grade.delivery]
    return Progress(
        sessions=len(kept),
        graded=len(graded),
        regraded=sum(each.regraded for each in kept),
        copies=len(found) - len(kept),
        began=kept[0].at if kept else None,
        ended=kept[-1].at if kept else None,
        guides=tuple(_guide_progress(each) for each in _by_guide(kept)),
        told=_points(told),
        delivery=tuple(_delivery_line(name, told) for name in MEASURES) if told else (),
        gain=_gain(OVERALL, "Overall", graded),
    )


def _without_copies(sessions: Sequence[Facts]) -> list[Facts]:
    longest: dict[str, Facts] = {}
    for each in sessions:
        known = longest.get(each.id)
        if known is None or each.events > known.events:
            longest[each.id] = each
    return sorted(longest.values(), key=_age)


def _age(session: Facts) -> tuple[datetime, str]:
    return session.at, session.id


def _by_guide(sessions: Sequence[Facts]) -> list[list[Facts]]:
    """Return the sessions of each guide, the guide first that was practised last."""
    groups: dict[str, list[Facts]] = {}
    for each in sessions:
        groups.setdefault(each.guide.id, []).append(each)
    return sorted(groups.values(), key=lambda group: _age(group[-1]), reverse=True)


def _guide_progress(sessions: Sequence[Facts]) -> GuideProgress:
    graded = [each for each in sessions if each.grade]
    guide = (graded or sessions)[-1].guide
    targets = {OVERALL: "Overall", **guide.goals}
    return GuideProgress(
        guide=guide.id,
        question=guide.question,
        sessions=len(sessions),
        graded=len(graded),
        points=_points(graded),
        scores=tuple(_score_line(target, name, graded) for target, name in targets.items()),
        items=_items(guide, graded),
        gains=tuple(_gain(target, name, graded) for target, name in targets.items()),
        own=_own(guide, graded),
    )


def _points(graded: Sequence[Facts]) -> tuple[Point, ...]:
    made: list[Point] = []
    before: dict[str, Grader] = {}
    for each in graded:
        grader = _grader(each)
        changed = _changed(before.get(each.guide.id, grader), grader)
        before[each.guide.id] = grader
        made.append(
            Point(
                id=each.id,
                at=each.at,
                guide=each.guide.id,
                model=grader.model,
                calibration=grader.calibration,
                regraded=each.regraded,
                changed=changed,
            )
        )
    return tuple(made)


def _changed(before: Grader, after: Grader) -> tuple[str, ...]:
    return tuple(
        name
        for name in ("model", "guide", "calibration")
        if getattr(before, name) != getattr(after, name)
    )


def _grader(session: Facts) -> Grader:
    assert session.grader  # noqa: S101  who has a grade has a grader
    return session.grader


def _scored(session: Facts) -> Scored:
    assert session.grade  # noqa: S101  only called for graded sessions
    return session.grade


def _judge(session: Facts, target: str) -> tuple[str, ...]:
    """Return what has to be the same for two scores to be compared.

    A calibration changes the overall score alone.
    """
    grader = _grader(session)
    common = (grader.model, grader.guide)
    return (*common, grader.calibration or "") if target == OVERALL else common


def _alike(graded: Sequence[Facts], target: str) -> tuple[bool, ...]:
    return tuple(_judge(each, target) == _judge(graded[-1], target) for each in graded)


def _score_line(target: str, name: str, graded: Sequence[Facts]) -> Line:
    judges = [_judge(each, target) for each in graded]
    return _line(
        target,
        name,
        [_scored(each).scores.get(target) for each in graded],
        alike=_alike(graded, target),
        uncertain=tuple(target in _scored(each).uncertain for each in graded),
        breaks=tuple(at for at in range(1, len(judges)) if judges[at] != judges[at - 1]),
        best=True,
    )


def _line(
    id: str,
    name: str,
    values: Sequence[float | None],
    *,
    alike: tuple[bool, ...],
    uncertain: tuple[bool, ...],
    breaks: tuple[int, ...] = (),
    best: bool = False,
) -> Line:
    counted = [
        value for value, fits in zip(values, alike, strict=True) if fits and value is not None
    ]
    newest = [value for value, fits in zip(values, alike, strict=True) if fits][-1:]
    return Line(
        id=id,
        name=name,
        values=tuple(values),
        alike=alike,
        uncertain=uncertain,
        breaks=breaks,
        n=len(counted),
        last=newest[0] if newest else None,
        best=max(counted) if best and counted else None,
        mean=fmean(counted) if counted else None,
        trend=trend_of(counted),
    )


def _items(guide: Outline, graded: Sequence[Facts]) -> tuple[Item, ...]:
    steps = [_item(id, name, graded, kind="step") for id, name in guide.steps.items()]
    return (*steps, *(_item(id, name, graded, kind="tip") for id, name in guide.tips.items()))


def _item(id: str, name: str, graded: Sequence[Facts], *, kind: str) -> Item:
    kept = tuple(_scored(each).kept.get(id) for each in graded)
    alike = _alike(graded, id) if graded else ()
    known = [state for state, fits in zip(kept, alike, strict=True) if fits and state is not None]
    newest = known[-RECENT:]
    return Item(
        id=id,
        name=name,
        kind="step" if kind == "step" else "tip",
        kept=kept,
        alike=alike,
        lately=Share(newest.count(False), len(newest)),
        missing=Share(known.count(False), len(known)),
    )


def _gain(target: str, name: str, graded: Sequence[Facts]) -> Gain:
    pairs = tuple(_first_and_final(target, each) for each in graded)
    found = [pair for pair in pairs if pair]
    return Gain(
        id=target,
        name=name,
        pairs=pairs,
        n=len(found),
        first=fmean(first for first, _ in found) if found else None,
        final=fmean(final for _, final in found) if found else None,
        better=sum(round(final, 1) > round(first, 1) for first, final in found),
    )


def _first_and_final(target: str, session: Facts) -> tuple[float, float] | None:
    """Return both scores; overall before any calibration, which one of them may lack."""
    both = (session.first, session.final)
    values = [
        None if each is None else each.plain if target == OVERALL else each.scores.get(target)
        for each in both
    ]
    first, final = values
    return None if first is None or final is None else (first, final)


def _own(guide: Outline, graded: Sequence[Facts]) -> tuple[Own, ...]:
    each_pair: dict[str, list[tuple[float, float] | None]] = {
        goal: [_own_and_grade(goal, session) for session in graded] for goal in guide.goals
    }
    if not any(pair for pairs in each_pair.values() for pair in pairs):
        return ()
    together = [
        _mean_pair([pairs[at] for pairs in each_pair.values()]) for at in range(len(graded))
    ]
    alike = _alike(graded, "")
    return (
        _own_line(OVERALL, "All scored", together, alike),
        *(_own_line(goal, guide.goals[goal], pairs, alike) for goal, pairs in each_pair.items()),
    )


def _own_and_grade(goal: str, session: Facts) -> tuple[float, float] | None:
    own, grade = session.own.get(goal), _scored(session).scores.get(goal)
    return None if own is None or grade is None else (float(own), grade)


def _mean_pair(pairs: Sequence[tuple[float, float] | None]) -> tuple[float, float] | None:
    found = [pair for pair in pairs if pair]
    return (fmean(own for own, _ in found), fmean(grade for _, grade in found)) if found else None


def _own_line(
    id: str, name: str, pairs: Sequence[tuple[float, float] | None], alike: Sequence[bool]
) -> Own:
    found = [pair for pair, fits in zip(pairs, alike, strict=True) if fits and pair]
    return Own(
        id=id,
        name=name,
        pairs=tuple(pairs),
        n=len(found),
        own=fmean(own for own, _ in found) if found else None,
        grade=fmean(grade for _, grade in found) if found else None,
        last=found[-1][0] - found[-1][1] if found else None,
    )


def _in_100_words(count: int, told: Delivery) -> float | None:
    return 100 * count / told.words if told.words else None


MEASURES: Mapping[str, tuple[str, Callable[[Delivery], float | None]]] = {
    "speaking_s": ("Speaking time", lambda told: float(told.speaking_s)),
    "fillers": ("Fillers in 100 words", lambda told: _in_100_words(told.fillers, told)),
    "i": ("I, of I and we", lambda told: 100 * told.i / own if (own := told.i + told.we) else None),
    "figures": ("Figures in 100 words", lambda told: _in_100_words(told.figures, told)),
}
"""Id -> what a measure of delivery is called, and how it is counted."""


def _delivery_line(id: str, told: Sequence[Facts]) -> Line:
    name, count = MEASURES[id]
    values = [count(delivery) if (delivery := _scored(each).delivery) else None for each in told]
    every = (True,) * len(told)
    return _line(id, name, values, alike=every, uncertain=(False,) * len(told))
