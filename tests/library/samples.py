"""Transcripts to list, and the commands that list them."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from interviewer.events import (
    Answer,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Opening,
    Probe,
    Question,
)
from interviewer.grade import Calibrated
from interviewer.library import Query, Shelf, look
from interviewer.transcript import Header, Transcript

START = datetime(2031, 5, 8, 14, 30, tzinfo=UTC)


def header(
    day: int = 0, *, guide: str = "failure", model: str = "small", began: datetime = START
) -> Header:
    return Header(
        id=f"session-{day}",
        started_at=began + timedelta(days=day),
        interviewer_version="1.0",
        guide={"id": guide, "question": "Tell me about a failure.", "goals": [{"id": "owns"}]},
        guide_source=guide,
        model=model,
        model_source="default",
    )


def session(
    answer: str = "We lost the orders of a week.",
    *,
    overall: float | None = 3.25,
    scale: Calibrated | None = None,
    confidence: float = 0.9,
) -> list[Event]:
    """Return a graded session of three turns: question, one probe, final answer."""
    return [
        Opening(text="Hello."),
        Question(text="Tell me about a failure."),
        Answer(text=answer, seconds=4),
        Coverage(p={"owns": 0.2}, gap="owns", reason="the least covered"),
        Probe(target="owns", text="What was your own part in it?", source="model"),
        Answer(text="I had not asked anybody.", to="owns", seconds=3),
        Invitation(text="Your final answer, please."),
        Final(text="It was my mistake, and I keep a checklist now.", kept=False),
        Graded(
            overall=overall,
            criteria={"owns": overall},
            confidence={"overall": confidence},
            calibrated=scale,
        ),
        End(reason="graded"),
    ]


class Clock:
    """Each look at it is half a second later."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        self.now_s += 0.5
        return self.now_s


def write(folder: Path, events: Sequence[Event] | None = None, day: int = 0, **about: Any) -> Path:
    """Write a session as chat does, and return its file."""
    with Transcript.create(folder, header(day, **about), clock=Clock()) as transcript:
        for event in session() if events is None else events:
            transcript.add(event)
    return transcript.path


def rewrite(path: Path, old: bytes, new: bytes) -> None:
    """Change a file in place, its inode and its modification time kept."""
    about = path.stat()
    with path.open("r+b") as file:
        changed = file.read().replace(old, new)
        file.seek(0)
        file.write(changed)
        file.truncate()
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


NOWHERE = Path("/dev/null/index")
"""Where no index can be."""


def fresh(folder: Path, words: str | None = None) -> Shelf:
    """Return what a look without an index finds."""
    return look([folder], None if words is None else Query.of(words), index=NOWHERE)


def names(shelf: Shelf) -> list[str]:
    return [entry.name for entry in shelf.entries]
