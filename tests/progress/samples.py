"""Sessions with the scores that a test needs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from interviewer.events import Answer, Event, Final, Graded, Regraded, SelfScored
from interviewer.grade import Calibrated, Delivery, Grade
from interviewer.guide import Guide
from interviewer.progress import Facts, facts_of
from interviewer.transcript import Header
from tests.scripted import GUIDE

BEGAN = datetime(2031, 5, 1, 12, tzinfo=UTC)
TOLD = Delivery(
    words=100, speaking_s=43, fillers=4, hedges=0, i=6, we=2, figures=3, longest_sentence=20
)
OTHER = GUIDE.model_copy(update={"id": "conflict", "question": "Tell me about a conflict."})


def header(number: int = 0, *, guide: Guide = GUIDE, model: str = "tiny", **values: Any) -> Header:
    """Return the header of a session that began `number` days after the first."""
    usual: dict[str, Any] = {
        "id": f"session-{number}",
        "started_at": BEGAN + timedelta(days=number),
        "interviewer_version": "0",
        "guide": guide.model_dump(mode="json"),
        "guide_source": guide.id,
        "model": model,
        "model_source": "flag",
    }
    return Header(**(usual | values))


def grade(overall: float | None = 3.0, **values: Any) -> dict[str, Any]:
    """Return the fields of a grade that has all parts."""
    usual: dict[str, Any] = {
        "overall": overall,
        "criteria": {"honesty": overall, "growth": 2.0},
        "steps": {"context": True, "lesson": False},
        "tips": {"be-brief": True},
        "delivery": TOLD,
    }
    return usual | values


def session(
    number: int,
    overall: float | None = 3.0,
    *,
    first: float | None = None,
    own: dict[str, int] | None = None,
    graded: bool = True,
    again: Sequence[Regraded] = (),
    guide: Guide = GUIDE,
    model: str = "tiny",
    **values: Any,
) -> Facts:
    """Return a session, by what was said in it and how it was graded."""
    events: list[Event] = [Answer(text="I failed."), Final(text="I failed.", kept=True)]
    events += [SelfScored(criteria=own)] if own else []
    if graded:
        before = None if first is None else Grade(**grade(first))
        events.append(Graded(**grade(overall, **values), first=before))
    return facts_of(header(number, guide=guide, model=model), [*events, *again])


def regraded(overall: float, model: str = "large", **values: Any) -> Regraded:
    """Return a later grade."""
    named = {name: values.pop(name) for name in ("guide",) if name in values}
    at = BEGAN + timedelta(days=100)
    return Regraded(**grade(overall, **values), **named, at=at, model=model, model_source="flag")


def calibrated(overall: float, plain: float) -> dict[str, Any]:
    """Return what makes a grade a calibrated one."""
    found = Calibrated(value=overall + 1, scale=(1, 7), name="my-raters", plain=plain)
    return {"overall": overall, "calibrated": found}
