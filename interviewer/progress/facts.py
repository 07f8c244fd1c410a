"""One session as progress counts it: its header and events, without the words.

A session that was graded again counts once, by its newest grade: whoever grades all of them again
by one model makes them comparable. A later grade by another guide is a trial of that guide, and
does not count. First and final answers are compared as the session itself graded them, for both
were graded by the same then.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from interviewer.events import Event, Graded, Regraded, SelfScored
from interviewer.grade import Delivery, Grade
from interviewer.transcript import Header

_JUDGED_BY = ("goals", "steps", "tips", "examples", "checks", "labels", "demonstrations")
"""Parts of a guide that a grade depends on."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A guide's names, and a hash of what a grade depends on."""

    id: str
    question: str
    goals: dict[str, str]
    """Id -> name, in the guide's order."""
    steps: dict[str, str]
    tips: dict[str, str]
    digest: str


@dataclass(frozen=True, slots=True)
class Grader:
    """Who gave a grade: scores of the same grader can be compared."""

    model: str
    guide: str
    """Digest of the guide that it went by."""
    calibration: str | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A grade without its words."""

    scores: dict[str, float | None]
    """`overall` and goal id -> points."""
    plain: float | None
    """Overall before any calibration."""
    uncertain: frozenset[str]
    kept: dict[str, bool | None]
    """Step or tip id -> covered or kept."""
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Facts:
    """One session."""

    id: str
    at: datetime
    """When it began."""
    guide: Outline
    events: int
    """How many it has."""
    grade: Scored | None
    """The one that counts; None where the session has none."""
    grader: Grader | None
    regraded: bool
    first: Scored | None
    """Of the first answer; None where it was the final one."""
    final: Scored | None
    """The session's own grade, which `first` can be compared with."""
    own: dict[str, int]
    """Goal id -> the candidate's own score."""


def facts_of(header: Header, events: Sequence[Event]) -> Facts:
    """Return what progress counts of a session.

    Args:
        header: Of its transcript.
        events: In the order they happened; the last of each kind counts.
    """
    guide = outline_of(header.guide)
    graded = _last_graded(events)
    own = next((each for each in reversed(events) if isinstance(each, SelfScored)), None)
    grade, grader = _counting(header, guide, events)
    return Facts(
        id=header.id,
        at=header.started_at,
        guide=guide,
        events=len(events),
        grade=_scored(grade),
        grader=grader,
        regraded=isinstance(grade, Regraded),
        first=_scored(graded.first) if graded else None,
        final=_scored(graded),
        own=dict(own.criteria) if own else {},
    )


def outline_of(guide: Mapping[str, Any]) -> Outline:
    """Return the names of a guide as it stands in a header; what is odd in it is left out."""
    judged_by = {part: guide.get(part) for part in _JUDGED_BY}
    return Outline(
        id=str(guide.get("id", "")),
        question=str(guide.get("question", "")),
        goals=_names(guide.get("goals")),
        steps=_names(guide.get("steps")),
        tips=_names(guide.get("tips")),
        digest=sha256(json.dumps(judged_by, sort_keys=True).encode()).hexdigest()[:16],
    )


def _names(items: object) -> dict[str, str]:
    return {
        str(item["id"]): str(item.get("name", item["id"]))
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict) and "id" in item
    }


def grade_of(header: Header, events: Sequence[Event]) -> Grade | None:
    """Return the grade that counts, with its words; None where there is none."""
    return _counting(header, outline_of(header.guide), events)[0]


def _counting(
    header: Header, guide: Outline, events: Sequence[Event]
) -> tuple[Grade | None, Grader | None]:
    """Return the newest grade by the session's guide, and who gave it."""
    for each in reversed(events):
        if isinstance(each, Regraded):
            by = outline_of(each.guide) if each.guide is not None else guide
            if by.id == guide.id:
                return each, Grader(each.model, by.digest, _calibration(each))
    graded = _last_graded(events)
    if graded is None:
        return None, None
    return graded, Grader(header.model, guide.digest, _calibration(graded))


def _last_graded(events: Sequence[Event]) -> Graded | None:
    return next((each for each in reversed(events) if isinstance(each, Graded)), None)


def _calibration(grade: Grade) -> str | None:
    return grade.calibrated.name if grade.calibrated else None


def _scored(grade: Grade | None) -> Scored | None:
    if grade is None:
        return None
    return Scored(
        scores={"overall": grade.overall, **grade.criteria},
        plain=grade.calibrated.plain if grade.calibrated else grade.overall,
        uncertain=frozenset(grade.uncertain),
        kept={**grade.steps, **grade.tips},
        delivery=grade.delivery,
    )
