"""What can be said over a whole session, by code alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import combinations
from statistics import fmean

from interviewer.bank import Card
from interviewer.events import Answer, Final
from interviewer.grade import Grade
from interviewer.planning.choosing import Wish
from interviewer.planning.past import (
    Practised,
    competencies_of,
    practised_of,
    seconds_of,
)
from interviewer.planning.same_story import shared_by
from interviewer.planning.strength import WEAK
from interviewer.planning.week import week_after
from interviewer.progress.facts import grade_of
from interviewer.rare_words import rare_of
from interviewer.review import (
    Outcome,
    Review,
    SameStory,
    Skipped,
    Standing,
    Story,
    Telling,
    Unjudged,
)
from interviewer.transcript import Recorded, number_of

_EARLIER = 200
"""The newest earlier answers that a story is looked for in."""


def review_of(
    interviews: Sequence[Recorded | Skipped],
    *,
    cards: Sequence[Card],
    past: Sequence[Practised],
    wish: Wish,
    now: datetime,
) -> Review:
    """Return what is said over a session.

    Args:
        interviews: Those that began, each as if it had a transcript of its own, and those that
            were passed over.
        cards: All guides there are, for the study plan.
        past: Interviews of earlier sessions, in any order; those of this one are passed over.
        wish: What the session was asked to be; the study plan keeps to its role, level, kind and
            competency.
        now: When the session ended.
    """
    held = [_Held(each) for each in interviews if isinstance(each, Recorded)]
    practised = [each.practised for each in held if each.practised]
    these = {(each.session, each.number) for each in practised}
    earlier = [each for each in past if (each.session, each.number) not in these]
    scored = sorted((each for each in held if each.overall is not None), key=_Held.order)
    study, short = week_after(cards, [*earlier, *practised], wish, now)
    return Review(
        outcomes=tuple(each.outcome for each in held),
        skipped=tuple(each for each in interviews if isinstance(each, Skipped)),
        standings=_standings(held),
        best=scored[-1].story(best=True) if scored else None,
        weakest=scored[0].story(best=False) if len(scored) > 1 else None,
        same=tuple(_same(practised, earlier)),
        seconds=sum(each.outcome.seconds for each in held),
        study=study,
        notes=tuple(each for each in (short,) if each),
    )


@dataclass(frozen=True)
class _Held:
    """An interview that began."""

    recorded: Recorded

    @cached_property
    def practised(self) -> Practised | None:
        return practised_of(self.recorded)

    @cached_property
    def grade(self) -> Grade | None:
        return grade_of(self.recorded.header, self.recorded.events)

    @property
    def number(self) -> int:
        return number_of(self.recorded.header)

    @property
    def overall(self) -> float | None:
        return self.grade.overall if self.grade else None

    def order(self) -> tuple[float, int]:
        """Return what the best is last by; of two that are as good, the earlier one."""
        return self.overall or 0.0, -self.number

    @property
    def outcome(self) -> Outcome:
        header = self.recorded.header
        return Outcome(
            number=self.number,
            guide=str(header.guide.get("id", "")),
            question=header.question,
            overall=self.overall,
            seconds=seconds_of(self.recorded.entries),
            missing="" if self.overall is not None else self.reason("overall"),
        )

    def reason(self, target: str) -> str:
        """Return why there are no points for `overall` or a goal."""
        if self.grade:
            reasons = [each.reason for each in self.grade.missing if each.target == target]
            return reasons[0] if reasons else "the grade does not say"
        if any(isinstance(each, Answer | Final) for each in self.recorded.events):
            return "it was not graded"
        return "nothing was answered"

    def goals_by_competency(self) -> Mapping[str, list[str]]:
        """Return competency -> ids of the guide's goals that are cases of it."""
        header = self.recorded.header
        competencies = competencies_of(header)
        goals = header.guide.get("goals")
        found: dict[str, list[str]] = {}
        for goal in goals if isinstance(goals, list) else ():
            if isinstance(goal, dict) and isinstance(id := goal.get("id"), str):
                found.setdefault(competencies.get(id, id), []).append(id)
        return found

    def story(self, *, best: bool) -> Story:
        """Return it as the best or the weakest of a session; it has a grade with a score."""
        grade = self.grade or Grade()
        header = self.recorded.header
        lacking = _lacking(grade)
        return Story(
            number=self.number,
            question=header.question,
            score=grade.overall or 1.0,
            evidence=_evidence(grade, best=best),
            lacking=header.names.get(lacking, lacking),
        )


def _evidence(grade: Grade, *, best: bool) -> str:
    """Return a sentence that the best goal rests on; of the weakest story, the weakest goal."""
    goals = [
        (points, each.text)
        for each in grade.evidence
        if (points := grade.criteria.get(each.target)) is not None
    ]
    if not goals:
        return grade.evidence[0].text if grade.evidence else ""
    choose = max if best else min
    return choose(goals, key=lambda each: each[0])[1]


def _lacking(grade: Grade) -> str:
    """Return the id of what was missing most: a weak goal, else a step; empty where nothing was."""
    weak = [(points, id) for id, points in grade.criteria.items() if points and points < WEAK]
    if weak:
        return min(weak)[1]
    left = [(grade.p.get(id, 0.0), id) for id, covered in grade.steps.items() if covered is False]
    return min(left)[1] if left else ""


def _standings(held: Iterable[_Held]) -> tuple[Standing, ...]:
    points: dict[str, list[tuple[int, float]]] = {}
    missing: dict[str, list[Unjudged]] = {}
    for each in held:
        judged = each.practised.points if each.practised else {}
        for competency, goals in each.goals_by_competency().items():
            told = points.setdefault(competency, [])
            if competency in judged:
                told.append((each.number, judged[competency]))
            else:
                gap = Unjudged(number=each.number, reason=each.reason(goals[0]))
                missing.setdefault(competency, []).append(gap)
    found = [
        Standing(
            competency=name,
            points=fmean(each for _, each in told) if told else None,
            interviews=tuple(number for number, _ in told),
            missing=tuple(missing.get(name, ())),
        )
        for name, told in points.items()
    ]
    # 6 is above all points: who has none comes last. Stable: else as the guides have them.
    return tuple(sorted(found, key=lambda each: 6 if each.points is None else each.points))


def _same(practised: Sequence[Practised], earlier: Sequence[Practised]) -> Iterable[SameStory]:
    """Yield the pairs of answers to different questions that tell one story.

    The same question answered again by the same story is practice, and nobody's mistake. Of the
    earlier answers that tell it, the newest is named.
    """
    newest = sorted(earlier, key=lambda each: (each.at, each.session), reverse=True)[:_EARLIER]
    rare = {id(each): rare_of(each.answer, asked=each.question) for each in (*practised, *newest)}

    def shared(one: Practised, other: Practised) -> tuple[str, ...]:
        different = one.guide != other.guide
        return shared_by(rare[id(one)], rare[id(other)]) if different else ()

    repeats: set[int] = set()
    for one, other in combinations(practised, 2):
        if id(other) not in repeats and (words := shared(one, other)):
            repeats.add(id(other))
            yield SameStory(one=_telling(one), other=_telling(other), shared=words)
    for one in practised:  # a story that is told twice here is looked for once
        told = ((other, shared(one, other)) for other in newest if id(one) not in repeats)
        if found := next(((other, words) for other, words in told if words), None):
            yield SameStory(
                one=_telling(one), other=_telling(found[0], ours=False), shared=found[1]
            )


def _telling(each: Practised, *, ours: bool = True) -> Telling:
    return Telling(
        number=each.number,
        question=each.question,
        session="" if ours else each.session,
        at=None if ours else each.at,
    )
