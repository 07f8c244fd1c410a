"""What became of one row: its grade, or why there is none. A line of the ledger."""

from typing import Literal

from pydantic import ConfigDict, Field

from interviewer.grade import Advice, Calibrated, Delivery, Evidence, Missing
from interviewer.value import Value


class Used(Value):
    """What an answer's grade cost, in tokens."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    calls: int = 0


class Runs(Value):
    """The scores of an answer that was graded several times, before any calibration."""

    overall: list[float | None]
    criteria: dict[str, list[float | None]]
    spread: dict[str, float | None]
    """`overall` or goal id -> highest less lowest score; None where fewer than two are known."""


class Result(Value):
    """The grade of one row, or why there is none."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # later versions may know more

    id: str
    source: str
    """The file, and for a row of a table `file:line`."""
    guide: str = ""
    """Id of the guide that it was graded by."""
    key: str
    """Hash of the answer and of all that its grade depends on; empty for a bad row."""
    asked: str = ""
    """The same without the calibration, which asks no model."""
    status: Literal["graded", "failed"]
    overall: float | None = Field(default=None, ge=1, le=5)
    criteria: dict[str, float | None] = Field(default_factory=dict)
    steps: dict[str, bool | None] = Field(default_factory=dict)
    tips: dict[str, bool | None] = Field(default_factory=dict)
    flags: list[str] = Field(default_factory=list)
    """Ids of tips that were not kept and of guards that found something."""
    evidence: list[Evidence] = Field(default_factory=list)
    advice: list[Advice] = Field(default_factory=list)
    missing: list[Missing] = Field(default_factory=list)
    delivery: Delivery | None = None
    signals: dict[str, float] = Field(default_factory=dict)
    """Name -> number that the scores were made from."""
    confidence: dict[str, float] = Field(default_factory=dict)
    """Target or `overall` -> 0 to 1."""
    runs: Runs | None = None
    calibrated: Calibrated | None = None
    usage: Used = Field(default_factory=Used)
    """Nothing where an identical answer had been graded already."""
    seconds: float = 0.0
    model: str = ""
    error: str | None = None
    """Why a row failed."""
