"""Interviews of the past as planning needs them: what was asked, when, and how it went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from interviewer.events import Answer, Event, Final
from interviewer.progress.facts import Facts, facts_of
from interviewer.transcript import Header, Recorded, number_of

LONGEST = 20_000
"""Characters of a final answer that are kept."""
_AFTERWARDS = {"regraded", "note"}
"""What may come long after the end."""

Mapped = Callable[[str], Mapping[str, str]]
"""Guide id -> its goals' competencies as they are known now; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Practised:
    """One interview of the past in which the candidate answered."""

    session: str
    """Id of the session."""
    at: datetime
    """When it began."""
    guide: str
    """Id of the guide."""
    question: str
    points: Mapping[str, float]
    """Competency -> 1 to 5, the mean of its goals; only what could be judged."""
    overall: float | None
    """1 to 5; None where it has no grade."""
    seconds: float = 0.0
    """How long it took."""
    answer: str = ""
    """The final answer, of a very long one the beginning; empty where there is none."""
    number: int = 1
    """Its place in its session."""


def practised_of(recorded: Recorded, mapped: Mapped = lambda _: {}) -> Practised | None:
    """Return what planning needs of one interview; None where nothing was answered in it.

    Args:
        recorded: One interview, as if it had a transcript of its own.
        mapped: Asked for what a guide's goals are a case of where the recorded guide, an older
            one, does not say.
    """
    events = recorded.events
    if not any(isinstance(each, Answer | Final) for each in events):
        return None
    header = recorded.header
    facts = facts_of(header, events)
    finals = [each.text for each in events if isinstance(each, Final)]
    return Practised(
        session=facts.id,
        at=facts.at,
        guide=facts.guide.id,
        question=facts.guide.question,
        points=points_of(facts, competencies_of(header, mapped)),
        overall=facts.grade.scores.get("overall") if facts.grade else None,
        seconds=seconds_of(recorded.entries),
        answer=finals[-1][:LONGEST] if finals else "",
        number=number_of(header),
    )


def competencies_of(header: Header, mapped: Mapped = lambda _: {}) -> Mapping[str, str]:
    """Return goal id -> competency as the recorded guide says, or else as the guide says now."""
    own = header.guide.get("competencies")
    if isinstance(own, dict) and own:
        return {goal: each for goal, each in own.items() if isinstance(each, str)}
    return mapped(str(header.guide.get("id", "")))


def points_of(facts: Facts, competencies: Mapping[str, str]) -> dict[str, float]:
    """Return competency -> mean points of its goals; a goal without one is its own."""
    if facts.grade is None:
        return {}
    found: dict[str, list[float]] = {}
    for goal in facts.guide.goals:
        points = facts.grade.scores.get(goal)
        if points is not None:
            found.setdefault(competencies.get(goal, goal), []).append(points)
    return {competency: fmean(points) for competency, points in found.items()}


def seconds_of(entries: Sequence[tuple[float, Event]]) -> float:
    """Return how long an interview took; what came after its end does not count."""
    return max((at for at, event in entries if event.event not in _AFTERWARDS), default=0.0)
