"""What can be said over a whole session, by code alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import fmean

from interviewer.events import Answer, Final, Graded, Regraded
from interviewer.grade import Grade
from interviewer.planning.cards import Card
from interviewer.planning.choosing import Wish, plan_session
from interviewer.planning.past import (
    Practised,
    number_of,
    practised_of,
    seconds_of,
)
from interviewer.review import Outcome, Review, Skipped, Standing, StudyDay
from interviewer.transcript import Recorded


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
        past: Interviews of earlier sessions, in any order.
        wish: What the session was asked to be; the study plan keeps to its role and level.
        now: When the session ended.
    """
    begun = [each for each in interviews if isinstance(each, Recorded)]
    outcomes = tuple(_outcome(each) for each in begun)
    practised = [found for each in begun if (found := practised_of(each))]
    return Review(
        outcomes=outcomes,
        skipped=tuple(each for each in interviews if isinstance(each, Skipped)),
        standings=_standings(practised),
        seconds=sum(each.seconds for each in outcomes),
        study=_study(cards, [*past, *practised], wish, now),
    )


def _grade(recorded: Recorded) -> Grade | None:
    found = [each for each in recorded.events if isinstance(each, Graded | Regraded)]
    return found[-1] if found else None


def _outcome(recorded: Recorded) -> Outcome:
    grade = _grade(recorded)
    overall = grade.overall if grade else None
    return Outcome(
        number=number_of(recorded.header),
        guide=str(recorded.header.guide.get("id", "")),
        question=recorded.header.question,
        overall=overall,
        seconds=seconds_of(recorded.entries),
        missing="" if overall is not None else _missing(recorded, grade),
    )


def _missing(recorded: Recorded, grade: Grade | None) -> str:
    if grade:
        reasons = [each.reason for each in grade.missing if each.target == "overall"]
        return reasons[0] if reasons else "the grade has no overall score"
    if not any(isinstance(each, Answer | Final) for each in recorded.events):
        return "nothing was answered"
    return "it was not graded"


def _standings(practised: Sequence[Practised]) -> tuple[Standing, ...]:
    points: dict[str, list[tuple[int, float]]] = {}
    for each in practised:
        for competency, found in each.points.items():
            points.setdefault(competency, []).append((each.number, found))
    return tuple(
        Standing(
            competency=name,
            points=fmean(each for _, each in found),
            interviews=tuple(number for number, _ in found),
        )
        for name, found in points.items()
    )


def _study(
    cards: Sequence[Card], past: Sequence[Practised], wish: Wish, now: datetime
) -> tuple[StudyDay, ...]:
    questions = {card.id: card.question for card in cards}
    week = replace(wish, many=7, first=None)
    return tuple(
        StudyDay(
            day=(now + timedelta(days=ahead)).date(),
            guide=each.guide,
            question=questions[each.guide],
            why=each.why,
            minutes=20,
        )
        for ahead, each in enumerate(plan_session(cards, past, week, now), start=1)
    )
