"""What is said over a whole session, once all its interviews are done.

Values only; `interviewer.planning` makes them.
"""

from collections.abc import Mapping
from datetime import date

from pydantic import Field, JsonValue, ValidationError

from interviewer.value import Points, Timestamp, Value


class Outcome(Value):
    """What became of one interview of the session."""

    number: int = Field(ge=1)
    """Its place in the session, from 1."""
    guide: str
    question: str
    overall: Points | None
    """None where it has no grade; see `missing`."""
    seconds: float = Field(ge=0)
    """How long it took."""
    missing: str = ""
    """Why there is no overall score; empty where there is one."""


class Skipped(Value):
    """An interview of the plan that was passed over."""

    guide: str
    question: str
    why: str


class Unjudged(Value):
    """An interview that should tell about a competency and does not."""

    number: int = Field(ge=1)
    reason: str


class Standing(Value):
    """How a competency did in the session."""

    competency: str
    points: Points | None
    """Mean over the interviews that tell; None where none does, see `missing`."""
    interviews: tuple[int, ...]
    """Numbers of the interviews that the mean rests on."""
    missing: tuple[Unjudged, ...] = ()


class Story(Value):
    """The best or the weakest answer of the session."""

    number: int = Field(ge=1)
    question: str
    score: Points
    evidence: str
    """A sentence of the answer, verbatim as the grade has it; empty where it has none."""
    lacking: str
    """Name of the goal or step that was missing most; empty where nothing was."""


class Telling(Value):
    """A final answer, of this session or an earlier one."""

    number: int = Field(ge=1)
    """The interview's place in its session."""
    question: str
    session: str = ""
    """Id of an earlier session; empty: this one."""
    at: Timestamp | None = None
    """When the earlier session began; None: this one."""


class SameStory(Value):
    """Two final answers to different questions that tell the same story."""

    one: Telling
    """Of this session."""
    other: Telling
    shared: tuple[str, ...]
    """Rare words, names and figures that both hold, the most telling first: the reason."""


class StudyDay(Value):
    """What to practise on one day."""

    day: date
    guide: str
    question: str
    why: str
    """One sentence for the candidate."""
    minutes: int = Field(gt=0)


class Review(Value):
    """A session as a whole."""

    outcomes: tuple[Outcome, ...]
    """The interviews that began, in order."""
    skipped: tuple[Skipped, ...] = ()
    standings: tuple[Standing, ...] = ()
    """The weakest first; those without points last."""
    best: Story | None = None
    """None where no interview has a score."""
    weakest: Story | None = None
    """None where fewer than two interviews have one."""
    same: tuple[SameStory, ...] = ()
    seconds: float = Field(default=0, ge=0)
    """All interviews together."""
    study: tuple[StudyDay, ...] = ()
    """The study plan: at most one guide a day for the seven days after the session."""
    notes: tuple[str, ...] = ()
    """What the review can't say, and why, each in a sentence."""


def parse_review(fields: Mapping[str, JsonValue]) -> Review | None:
    """Return the review that a transcript holds; None where another version wrote it otherwise."""
    try:
        return Review.model_validate(fields)
    except ValidationError:
        return None
