"""Sessions for programs."""

from collections.abc import Sequence
from typing import Any

from interviewer.library.entry import Entry, Fault
from interviewer.library.searching import Place


def entry_object(entry: Entry, found: Sequence[Place] | None = None) -> dict[str, Any]:
    """Return what is told of a session, and where something was found if that was looked for."""
    scale = entry.calibrated
    told = {
        "path": str(entry.path),
        "id": entry.id,
        "started_at": entry.started_at.isoformat(),
        "guide": entry.guide,
        "question": entry.question,
        "guides": list(entry.guides) or [entry.guide],
        "interviews": _interviews(entry),
        "model": entry.model,
        "turns": entry.turns,
        "overall": entry.overall,
        "calibrated": scale and {"value": scale.value, "scale": [scale.low, scale.high]},
        "criteria": entry.criteria,
        "uncertain": entry.uncertain,
        "seconds": entry.seconds,
        "reason": entry.reason,
        "resumable": entry.resumable,
        "unreadable": entry.unreadable,
    }
    if found is None:
        return told
    places = [{"turn": each.turn, "who": each.who, "text": each.snippet} for each in found]
    return {**told, "found": places}


def _interviews(entry: Entry) -> dict[str, int] | None:
    """Return how far a session of several has come; None of one interview."""
    if not entry.planned:
        return None
    return {"planned": entry.planned, "begun": len(entry.guides), "graded": entry.graded}


def fault_object(fault: Fault) -> dict[str, str]:
    """Return which file can't be listed, and why."""
    return {"path": str(fault.path), "fault": fault.what}
