"""The study plan: what to practise in the week after a session."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from interviewer.bank import Card
from interviewer.planning.choosing import Wish, plan_session, shortfall
from interviewer.planning.past import Practised
from interviewer.review import StudyDay
from interviewer.text import many

DAYS = 7
MINUTES = 20
"""What an interview takes while nobody knows how long the candidate's do."""
_STEP = 5
_SHORTEST_S = 60
"""Interviews below it were broken off, or read from a file."""


def week_after(
    cards: Sequence[Card], past: Sequence[Practised], wish: Wish, now: datetime
) -> tuple[tuple[StudyDay, ...], str]:
    """Return one guide a day for the seven days after a session, and what is short of that.

    Args:
        cards: All guides there are.
        past: Interviews that were held, those of the session too, in any order.
        wish: What is asked for; how many and what comes first is the session's, not the week's.
        now: When the session ended, where the candidate is.

    Returns:
        The days, fewer than seven where too few guides fit, and then a sentence that says why.
    """
    week = replace(wish, many=DAYS, first=None)
    planned = plan_session(cards, past, week, now)
    questions = {card.id: card.question for card in cards}
    minutes = minutes_of(past)
    days = tuple(
        StudyDay(
            day=(now + timedelta(days=ahead)).date(),
            guide=each.guide,
            question=questions[each.guide],
            why=each.why,
            minutes=minutes,
        )
        for ahead, each in enumerate(planned, start=1)
    )
    if len(days) == DAYS:
        return days, ""
    plan = f"The study plan has {many(len(days), 'day')}" if days else "There is no study plan"
    why = shortfall(cards, past, week, now)
    return days, f"{plan}. {why}"


def minutes_of(past: Sequence[Practised]) -> int:
    """Return how long an interview of this candidate takes: the median, to five minutes."""
    found = [each.seconds for each in past if each.seconds >= _SHORTEST_S]
    return max(_STEP, _STEP * round(median(found) / 60 / _STEP)) if found else MINUTES
