"""When to practise what again: spaced repetition over competencies.

Leitner's boxes (Sebastian Leitner, "So lernt man lernen", 1972): what went well moves on to a box
that is looked at half as often, what went badly goes back to the first. The intervals double from
a day to 64. There is nothing in it to be fitted, which a handful of grades could not do anyway;
SM-2 and FSRS want one's recall of single facts, and many reviews of each. One thing is ours: points
from 1 to 5 know a middle between good and bad, and there a competency stays where it is.

A grade from before it was due moves a competency on to the first intervals at most, which any such
grade gives: three interviews in one evening are no spaced practice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from interviewer.bank import Card
from interviewer.planning.choosing import Wish, plan_session
from interviewer.planning.past import Practised
from interviewer.planning.strength import plain
from interviewer.transcript import Planned
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

    state: Literal["new", "due", "ahead", "none"]
    """Nothing was practised yet; something is due; nothing is due yet; no guide fits."""
    competency: str | None = None
    """What is due; None in the other states."""
    why: str
    """What is said of the state, in a sentence or two for the candidate."""
    take: Planned | None = None
    """The guide to take; where nothing is due, what is worth it all the same."""
    question: str = ""
    """The guide's."""
    schedule: tuple[Scheduled, ...] = ()
    """All competencies that were ever graded, the most overdue first."""

    @property
    def next(self) -> Scheduled | None:
        """What is due first."""
        return min(self.schedule, key=lambda each: each.due, default=None)


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


def due(
    past: Sequence[Practised], cards: Sequence[Card], now: datetime, *, start: str | None = None
) -> Today:
    """Return the one thing to practise now.

    Args:
        past: Interviews that were held, in any order.
        cards: The guides that fit; a competency that none of them practises is passed over.
        now: The moment, where the candidate is.
        start: Id of the guide to begin with where nothing was practised yet, if it fits.
    """
    schedule = tuple(schedule_of(past, now))
    for each in schedule:
        if each.due <= now and (take := _guide_for(each.competency, past, cards, now)):
            why = _told(each, now)
            return _today("due", why, take, cards, schedule, competency=each.competency)
    if not schedule:
        first = start if any(card.id == start for card in cards) else None
        plan = plan_session(cards, past, Wish(many=1, first=first), now)
        why = "Nothing of yours was graded yet, so begin with any question."
        if plan:
            take = plan[0].model_copy(update={"why": "A good one to begin with."})
            return _today("new", why, take, cards, schedule)
    elif plan := plan_session(cards, past, Wish(many=1), now):
        return _today("ahead", _nothing_due(schedule, now), plan[0], cards, schedule)
    elif cards:
        why = f"{_nothing_due(schedule, now)} All guides that fit were asked lately."
        return Today(state="ahead", why=why, schedule=schedule)
    return Today(state="none", why="There is no such guide.", schedule=schedule)


def _guide_for(
    competency: str, past: Sequence[Practised], cards: Sequence[Card], now: datetime
) -> Planned | None:
    """Return the guide to practise a competency with; None where there is none.

    Where each was asked lately, that is the one asked longest ago.
    """
    asked = {each.guide: each.at for each in sorted(past, key=lambda each: each.at)}
    if plan := plan_session(cards, past, Wish(many=1, competency=competency), now):
        guide = plan[0].guide
        when = f"asked {ago(asked[guide], now)}" if guide in asked else "never asked"
        return Planned(guide=guide, why=f"It practises {plain(competency)} and was {when}.")
    found = [card for card in cards if competency in card.competencies and card.id in asked]
    if not found:
        return None
    longest = min(found, key=lambda card: (card.draft, asked[card.id], card.id))
    why = (
        f"All guides for it were asked lately; this one longest ago, {ago(asked[longest.id], now)}."
    )
    return Planned(guide=longest.id, why=why)


def _today(
    state: Literal["new", "due", "ahead"],
    why: str,
    take: Planned,
    cards: Sequence[Card],
    schedule: tuple[Scheduled, ...],
    *,
    competency: str | None = None,
) -> Today:
    questions = {card.id: card.question for card in cards}
    return Today(
        state=state,
        competency=competency,
        why=why,
        take=take,
        question=questions[take.guide],
        schedule=schedule,
    )


def _told(each: Scheduled, now: datetime) -> str:
    """Return when a competency was practised last, how it went, and when it was due."""
    return (
        f"You practised it {ago(each.last, now)}, with {each.points:.1f} of 5, and it was due "
        f"{ago(each.due, now)}."
    )


def _nothing_due(schedule: Sequence[Scheduled], now: datetime) -> str:
    """Return what is due next, among what a guide may be there for or not."""
    first = min(schedule, key=lambda each: each.due)
    if first.due <= now:
        return f"No guide that fits practises {plain(first.competency)}, which is due."
    return f"Nothing is due. Next is {plain(first.competency)}, {ahead(first.due, now)}."


def ago(then: datetime, now: datetime) -> str:
    """Return how many calendar days ago something was, in words."""
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days:,} days ago"


def ahead(then: datetime, now: datetime) -> str:
    """Return in how many calendar days something is, in words."""
    days = (then.astimezone(now.tzinfo).date() - now.date()).days
    return "later today" if days <= 0 else "tomorrow" if days == 1 else f"in {days:,} days"
