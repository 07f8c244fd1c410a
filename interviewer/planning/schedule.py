"""When to practise what again: spaced repetition over competencies.

Leitner's boxes (Sebastian Leitner, "So lernt man lernen", 1972): what went well moves on to a box
that is looked at half as often, what went badly goes back to the first. The intervals double from
a day to 64. There is nothing in it to be fitted, which a handful of grades could not do anyway;
SM-2 and FSRS want one's recall of single facts, and many reviews of each. One thing is ours: points
from 1 to 5 know a middle between good and bad, and there a competency stays where it is.

A grade from before it was due never moves a competency on: three interviews in one evening are no
spaced practice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from interviewer.bank import Card
from interviewer.planning.choosing import Planned, Wish, plan_session
from interviewer.planning.past import Practised
from interviewer.value import Timestamp, Value

GOOD, POOR = 3.5, 2.5
"""Points from which a review was good, and below which it was poor."""
BOXES = tuple(timedelta(days=2**box) for box in range(7))
"""The interval of each box."""
_EARLY = timedelta(hours=12)
"""How long before it is due a review counts as on time: days are not kept to the hour."""


class Scheduled(Value):
    """When a competency is due."""

    competency: str
    last: Timestamp
    """When it was practised last."""
    points: float
    """How it went then, 1 to 5."""
    interviews: int
    interval_days: int
    due: Timestamp


class Today(Value):
    """The one thing to practise now."""

    state: str
    """`new`: nothing was practised; `due`; `ahead`: nothing is due; `none`: no guide fits."""
    competency: str | None
    """None where no guide fits."""
    why: str
    """In a sentence for the candidate."""
    take: Planned | None
    """The guide to take."""
    schedule: tuple[Scheduled, ...] = ()
    """All competencies that were practised, the most overdue first."""


def box_after(box: int, points: float, *, early: bool) -> int:
    """Return the box that a competency is in after a review.

    A better grade never gives a lower box.

    Args:
        box: The one before, from 0.
        points: The grade, 1 to 5.
        early: Whether the review came before it was due.
    """
    if points < POOR:
        return 0
    if points < GOOD:
        return max(box, 1)
    return max(box if early else box + 1, 2) if box < len(BOXES) - 1 else box


def schedule_of(past: Iterable[Practised], now: datetime) -> list[Scheduled]:
    """Return when each competency that was ever graded is due, the most overdue first.

    Overdue is counted in intervals, not in days: a day late weighs more where it was due daily.
    """
    reviews: dict[str, list[tuple[datetime, str, float]]] = {}
    for each in past:
        for competency, points in each.points.items():
            reviews.setdefault(competency, []).append((each.at, each.session, points))
    found = [_scheduled(name, sorted(each)) for name, each in reviews.items()]
    return sorted(found, key=lambda each: (-_overdue(each, now), each.points, each.competency))


def _overdue(each: Scheduled, now: datetime) -> float:
    """Return the time since the last review in intervals."""
    return (now - each.last) / timedelta(days=each.interval_days)


def _scheduled(competency: str, reviews: Sequence[tuple[datetime, str, float]]) -> Scheduled:
    box, due = 0, reviews[0][0]
    for at, _, points in reviews:
        box = box_after(box, points, early=at < due - _EARLY)
        due = at + BOXES[box]
    return Scheduled(
        competency=competency,
        last=reviews[-1][0],
        points=reviews[-1][2],
        interviews=len(reviews),
        interval_days=BOXES[box].days,
        due=due,
    )


def due(past: Sequence[Practised], cards: Sequence[Card], now: datetime) -> Today:
    """Return the one thing to practise now.

    Args:
        past: Interviews that were held, in any order.
        cards: The guides that fit; a competency that none of them practises is passed over.
        now: The moment.
    """
    schedule = tuple(schedule_of(past, now))
    for each in schedule:
        if each.due <= now and (
            plan := plan_session(cards, past, Wish(many=1, competency=each.competency), now)
        ):
            return Today(state="due", competency=each.competency, why=plan[0].why, take=plan[0],
                         schedule=schedule)  # fmt: skip
    plan = plan_session(cards, past, Wish(many=1), now)
    return Today(
        state=("ahead" if schedule else "new") if plan else "none",
        competency=None,
        why=plan[0].why if plan else "No guide fits.",
        take=plan[0] if plan else None,
        schedule=schedule,
    )
