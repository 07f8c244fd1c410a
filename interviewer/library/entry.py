"""What a session is listed with."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

Reason = Literal["graded", "ungraded", "quit"]


@dataclass(frozen=True, slots=True)
class OnScale:
    """An overall score on the scale of a calibration's raters."""

    value: float | None
    """None where the grade lacks a signal that the calibration needs."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in short."""

    folder: Path
    name: str
    """The file's name in its folder."""
    id: str
    started_at: datetime
    guide: str
    """The guide's id; `session` of a session of several interviews."""
    question: str
    model: str
    turns: int
    """Number of the last turn in which the candidate said anything; 0 where there is none."""
    overall: float | None
    """1 (worst) to 5 (best) of the session's own grade, the mean of several; None without one."""
    calibrated: OnScale | None
    """Where `overall` comes from a calibration."""
    criteria: dict[str, float | None]
    """Goal id -> 1.0 to 5.0, or None where it could not be judged; empty without a grade,
    and of several interviews."""
    uncertain: tuple[str, ...]
    """Goal ids and `overall` whose judgement is little better than a guess."""
    seconds: float
    """From the start to the last event; no time that a pause or a break took is counted."""
    reason: Reason | None
    """How it ended; None where it never did: killed, or going on."""
    guides: tuple[str, ...]
    """Of a session of several, the ids of the guides that were begun; empty of one interview."""
    planned: int
    """How many interviews the plan of a session of several has; 0 of one interview."""
    graded: int
    """How many grades have an overall score: of several, what `overall` is the mean of."""
    unreadable: int
    """Lines that can't be read, as the last one of a killed session."""

    @property
    def path(self) -> Path:
        """The transcript's file."""
        return self.folder / self.name

    @property
    def resumable(self) -> bool:
        """Whether the session can go on: it never ended, or the candidate quit."""
        return self.reason in {None, "quit"}

    def packed(self) -> list[Any]:
        """Return all but the folder and the name as JSON has it."""
        scale = self.calibrated
        return [
            self.id,
            self.started_at.isoformat(),
            self.guide,
            self.question,
            self.model,
            self.turns,
            self.overall,
            [scale.value, scale.low, scale.high] if scale else None,
            self.criteria,
            self.uncertain,
            self.seconds,
            self.reason,
            self.guides,
            self.planned,
            self.graded,
            self.unreadable,
        ]

    @classmethod
    def unpacked(cls, folder: Path, name: str, packed: Sequence[Any]) -> Self:
        """Return the entry that `packed` came from."""
        id_, started_at, guide, question, model, turns, overall, scale, criteria, *rest = packed
        uncertain, seconds, reason, guides, planned, graded, unreadable = rest
        return cls(
            folder,
            name,
            id_,
            datetime.fromisoformat(started_at),
            guide,
            question,
            model,
            turns,
            overall,
            OnScale(*scale) if scale else None,
            criteria,
            tuple(uncertain),
            seconds,
            reason,
            tuple(guides),
            planned,
            graded,
            unreadable,
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that holds no session, and why not."""

    folder: Path
    name: str
    what: str

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / self.name


class Stamp(NamedTuple):
    """What changes when a file does."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Self:
        """Return the stamp of a file whose state is `found`."""
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
