"""The vocabulary of a session: everything that happens in its interviews, in the order it happened.

The same values drive the state machine, are written to the transcript, drawn on the screen and
printed by `chat --json`. A field that is never needed again is not here.
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from interviewer.grade import Grade, Intent
from interviewer.value import Timestamp, Value


class Opening(Value):
    """The interviewer greets and says how the interview goes."""

    event: Literal["opening"] = "opening"
    text: str


class Question(Value):
    """The interviewer asks the guide's question."""

    event: Literal["question"] = "question"
    text: str


class Answer(Value):
    """The candidate answers the question or a probe."""

    event: Literal["answer"] = "answer"
    text: str
    to: str | None = None
    """Target of the probe it answers; None for the main question."""
    seconds: float | None = Field(default=None, ge=0)
    """How long the candidate took, where somebody typed."""


class Request(Value):
    """The candidate asks for something in place of an answer, or the input ended (`finish`)."""

    event: Literal["request"] = "request"
    kind: Intent
    text: str = ""


class Reply(Value):
    """The interviewer answers a request."""

    event: Literal["reply"] = "reply"
    kind: Intent
    text: str
    cut: bool = False
    """Whether the candidate stopped it."""


class Coverage(Value):
    """What the answers so far cover, and the gap that the machine picked."""

    event: Literal["coverage"] = "coverage"
    p: dict[str, float | None]
    """Goal or step id -> P(covered), 0 to 1; None where the model could not say."""
    gap: str | None
    """Target of the next probe; None where nothing is worth asking."""
    reason: str
    """Why this gap, or why none."""


class Probe(Value):
    """The interviewer asks about one gap."""

    event: Literal["probe"] = "probe"
    target: str
    text: str
    source: Literal["model", "template"]
    """Who worded it; a template steps in where the model's tries were not valid."""
    rejected: list[str] = Field(default_factory=list)
    """Tries that were not valid, each with the rule it broke."""
    tied_to: Literal["answer", "cv"] = "answer"
    """What it takes up: something that was said, or a line of the candidate's CV."""


class Invitation(Value):
    """The interviewer invites the candidate to give the final answer in full, or to score it."""

    event: Literal["invitation"] = "invitation"
    text: str


class Final(Value):
    """The final answer."""

    event: Literal["final"] = "final"
    text: str
    kept: bool
    """True where the candidate kept what was said: `text` is then all answers together."""
    seconds: float | None = Field(default=None, ge=0)


class Graded(Grade):
    """The grade of the final answer, with that of the first beside it."""

    event: Literal["grade"] = "grade"
    first: Grade | None = None
    """Grade of the first answer; None where it is the final one, or there is none."""


class SelfScored(Value):
    """The candidate's own scores, given before the grade is shown."""

    event: Literal["self-scored"] = "self-scored"
    criteria: dict[str, Annotated[int, Field(ge=1, le=5)]]
    """Goal id -> 1 (worst) to 5 (best); only the goals that the candidate scored."""


class Regraded(Grade):
    """A later grade of the final answer, by what was current then; the first one stays."""

    event: Literal["regraded"] = "regraded"
    at: Timestamp
    model: str
    model_source: str
    guide: dict[str, JsonValue] | None = None
    """The guide it was graded by; None: the transcript's own."""
    prompts: dict[str, str] = Field(default_factory=dict)
    """Template name -> the first 16 digits of its SHA-256."""
    first: Grade | None = None
    """Grade of the first answer; None where it is the final one, or there is none."""
    key: str = ""
    """Hash of the answer and of all that its grade depends on."""
    interview: int = Field(default=1, ge=1)
    """Which interview of its session it is about, by the number of its `Begun`."""


class Closing(Value):
    """The interviewer thanks and names what to practise next."""

    event: Literal["closing"] = "closing"
    text: str
    related: str | None = None


class Note(Value):
    """Something the program has to say about itself: a repaired line, a resumed session."""

    event: Literal["note"] = "note"
    text: str


class Begun(Value):
    """An interview of a planned session begins; all up to the next of its kind belongs to it."""

    event: Literal["begun"] = "begun"
    number: int = Field(ge=1)
    """From 1, in the order of the session."""
    of: int = Field(ge=1)
    """How many interviews the session has, as far as is known now."""
    at: Timestamp
    """When it began: days may lie between two interviews."""
    guide: dict[str, JsonValue]
    """The whole guide, so that the interview can go on without its file."""
    guide_source: str
    """Where the guide came from: a path or the name of one that ships."""
    why: str = ""
    """Why this question was chosen, in a sentence for the candidate."""
    model: str | None = None
    """Name of the model; None: the header's, as in the three below."""
    model_source: str | None = None
    interviewer_version: str | None = None
    prompts: dict[str, str] | None = None
    """Template name -> the first 16 digits of its SHA-256."""


class Passed(Value):
    """An interview of the plan is passed over; nothing of it was said."""

    event: Literal["passed"] = "passed"
    guide: str
    """The guide's id."""
    why: str
    """In a sentence."""


class Reviewed(Value):
    """The session is over; what its interviews have in common."""

    event: Literal["reviewed"] = "reviewed"
    reason: Literal["done", "time", "finished"]
    """The plan was gone through, the time was used up, or the candidate ended it in a break."""
    review: dict[str, JsonValue] = Field(default_factory=dict)
    """As `interviewer.planning` makes it."""


class End(Value):
    """The interview is over."""

    event: Literal["end"] = "end"
    reason: Literal["graded", "ungraded", "quit"]
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    cost: float | None = None
    """In the currency of the configured prices; None where no price is configured."""


Event = Annotated[
    Opening
    | Question
    | Answer
    | Request
    | Reply
    | Coverage
    | Probe
    | Invitation
    | Final
    | SelfScored
    | Graded
    | Regraded
    | Closing
    | Note
    | Begun
    | Passed
    | Reviewed
    | End,
    Field(discriminator="event"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Parses and prints any event."""
