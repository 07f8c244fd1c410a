"""Cards, interviews of the past and sessions that a test needs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from interviewer.bank import Card
from interviewer.events import Answer, Event, Final, Graded, Regraded
from interviewer.grade import Evidence, Grade, Missing
from interviewer.planning import Practised
from interviewer.transcript import Header, Recorded

NOW = datetime(2031, 6, 15, 18, tzinfo=UTC)


def card(id: str, *competencies: str, **values: Any) -> Card:
    usual: dict[str, Any] = {"question": f"{id}?", "kind": "behavioural", "examples": 2}
    return Card(id=id, competencies=competencies, path=Path(f"{id}.md"), **(usual | values))


def practised(
    guide: str, days: float, points: Mapping[str, float] | None = None, **values: Any
) -> Practised:
    """Return an interview of `days` ago."""
    usual: dict[str, Any] = {
        "session": f"{guide}-{days}",
        "at": NOW - timedelta(days=days),
        "guide": guide,
        "question": f"{guide}?",
        "points": points or {},
        "overall": None,
    }
    return Practised(**(usual | values))


def guide(id: str, competencies: Mapping[str, str]) -> dict[str, Any]:
    """Return a guide as it stands in a header: goal id -> competency."""
    goals = [{"id": goal, "name": goal.capitalize(), "text": ""} for goal in competencies]
    return {
        "id": id,
        "question": f"{id.capitalize()}?",
        "goals": goals,
        "steps": [{"id": "lesson", "name": "Lesson", "text": ""}],
        "competencies": dict(competencies),
    }


def interview(
    number: int,
    guide: Mapping[str, Any],
    grade: Grade | None = None,
    *,
    answer: str | None = "I failed.",
    later: Sequence[Regraded] = (),
) -> Recorded:
    """Return an interview of a session, ten minutes long; without an answer if that is None."""
    events: list[Event] = []
    if answer is not None:
        events += [Answer(text=answer), Final(text=answer, kept=True)]
    events += [Graded(**grade.model_dump())] if grade else []
    header = Header(
        id=f"session/{number}",
        started_at=NOW - timedelta(minutes=40 - 10 * number),
        interviewer_version="0",
        guide=dict(guide),
        guide_source=str(guide["id"]),
        model="tiny",
        model_source="flag",
        options={"interview": number},
    )
    entries = [(600.0 * (at + 1) / len(events), event) for at, event in enumerate(events)]
    return Recorded(
        Path("x.jsonl"), header, [*entries, *((9e5, each) for each in later)], torn=False
    )


def graded(overall: float | None, **criteria: float | None) -> Grade:
    """Return a grade whose evidence names each goal that has points."""
    return Grade(
        overall=overall,
        criteria=criteria,
        steps={"lesson": False},
        evidence=[
            Evidence(target=goal, sentence=1, text=f"The sentence of {goal}.")
            for goal, points in criteria.items()
            if points
        ],
        missing=[
            Missing(target=goal, reason="the model could not say")
            for goal, points in {"overall": overall, **criteria}.items()
            if points is None
        ],
    )
