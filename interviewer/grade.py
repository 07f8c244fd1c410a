"""A grade: what an answer is worth, and the sentences that show it.

Values only; `interviewer.grading` makes them.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from interviewer.value import Points, Value

UNCERTAIN = 0.3
"""Confidence below which a judgement is shown as uncertain."""
DOUBT = "? marks what the model is hardly surer of than of a coin's toss"
"""What the mark of an uncertain judgement means."""


class Evidence(Value):
    """The sentence of the answer that a judgement rests on, verbatim."""

    target: str
    """Id of the goal or step that the sentence shows."""
    sentence: int = Field(ge=1)
    """Number of the sentence in the graded answer, from 1."""
    text: str


class Missing(Value):
    """A judgement that could not be obtained. It is never replaced by a number."""

    target: str
    """Id of a goal, step or tip, or `overall`."""
    reason: str


class Flag(Value):
    """Something the candidate, or a coach, should look at."""

    id: str
    """Id of the tip that was not kept, or of the guard that found something."""
    text: str
    """What was found, in a sentence."""


class Advice(Value):
    """One change that would improve the answer."""

    target: str
    """Id of the goal or step that it serves."""
    text: str


class Delivery(Value):
    """How an answer is told, counted by code."""

    words: int
    speaking_s: int
    """Estimated time to say it aloud, in seconds, at 140 words a minute."""
    fillers: int
    hedges: int
    i: int
    """Occurrences of I, me, my, mine, myself."""
    we: int
    """Occurrences of we, us, our, ours, ourselves."""
    figures: int
    """Numbers named, in digits or in words."""
    longest_sentence: int
    """Its length in words."""


class Calibrated(Value):
    """The score on the raters' scale, and what it replaced."""

    value: float | None
    """None where the grade lacks a signal that the calibration needs."""
    scale: tuple[float, float]
    name: str
    """The calibration's."""
    plain: float | None
    """The overall score before it, 1 to 5."""


class Grade(Value):
    """The judgement of one answer by one rubric."""

    overall: float | None = Field(default=None, ge=1, le=5)
    """1 (worst) to 5 (best); None where too little could be judged, see `missing`."""
    criteria: dict[str, Points | None] = Field(default_factory=dict)
    """Goal id -> 1.0 to 5.0, or None with its reason in `missing`."""
    steps: dict[str, bool | None] = Field(default_factory=dict)
    """Step id -> covered or not, or None with its reason in `missing`."""
    tips: dict[str, bool | None] = Field(default_factory=dict)
    """Tip id -> kept or not, or None with its reason in `missing`."""
    flags: list[Flag] = Field(default_factory=list)
    evidence: list[Evidence] = Field(default_factory=list)
    advice: list[Advice] = Field(default_factory=list)
    """At most two, the most useful first."""
    missing: list[Missing] = Field(default_factory=list)
    delivery: Delivery | None = None
    p: dict[str, float] = Field(default_factory=dict)
    """Goal, step or tip id -> P(shown), 0 to 1: what the scores were made from."""
    confidence: dict[str, float] = Field(default_factory=dict)
    """Goal or step id, or `overall` -> 0 (a coin's toss) to 1 (certain)."""
    signals: dict[str, float] = Field(default_factory=dict)
    """Name -> what a calibration may learn from: probabilities and rates of delivery."""
    calibrated: Calibrated | None = None
    """Where `overall` comes from a calibration; None where it is plain."""

    @property
    def uncertain(self) -> list[str]:
        """Return the targets whose judgement is little better than a guess."""
        return uncertain_of(self.confidence)


def uncertain_of(confidence: Mapping[str, float]) -> list[str]:
    """Return the targets whose confidence is below `UNCERTAIN`."""
    return [target for target, sure in confidence.items() if sure < UNCERTAIN]


Intent = Literal["clarify", "hint", "repeat", "unsure", "skip", "finish", "quit"]
"""What a candidate may ask for in place of an answer."""
