"""A session of several interviews, as a reader wants it: an `Account` for each, and the review."""

from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from interviewer.errors import TranscriptError
from interviewer.events import Begun, Note, Passed, Reviewed
from interviewer.export.account import Account, account_of
from interviewer.review import Review, parse_review
from interviewer.text import many
from interviewer.transcript import Header, Plan, Recorded, interviews_of


@dataclass(frozen=True, slots=True)
class Part:
    """One interview of a session."""

    begun: Begun
    account: Account

    @property
    def number(self) -> int:
        """Its place in the session, from 1."""
        return self.begun.number

    @property
    def anchor(self) -> str:
        """Where a page has it."""
        return f"interview-{self.number}"


@dataclass(frozen=True)
class SessionAccount:
    """A session that was read; made by `session_account_of`."""

    recorded: Recorded
    plan: Plan
    parts: tuple[Part, ...]
    """The interviews that began, in order."""

    @property
    def header(self) -> Header:
        """What the session was made of."""
        return self.recorded.header

    @property
    def title(self) -> str:
        """What the session is called."""
        return f"A session of {many(len(self.plan.interviews), 'question')}"

    @property
    def reviewed(self) -> Reviewed | None:
        """Its end; None where it stopped before."""
        ends = [each for each in self.recorded.events if isinstance(each, Reviewed)]
        return ends[-1] if ends else None

    @cached_property
    def review(self) -> Review | None:
        """What was said over all of it; None where it has none, or another version's."""
        return parse_review(self.reviewed.review) if self.reviewed else None

    @property
    def unreviewed(self) -> str:
        """Why there is no review to show."""
        if self.reviewed is None:
            return "The session is not over, so there is no review yet."
        return "Its review is of another version and can't be shown."

    @property
    def passed(self) -> list[Passed]:
        """What was passed over."""
        return [each for each in self.recorded.events if isinstance(each, Passed)]

    @property
    def scores(self) -> list[float]:
        """The overall scores that there are, 1 to 5."""
        grades = [each.account.grade for each in self.parts]
        return [each.overall for each in grades if each and each.overall is not None]

    @property
    def overall(self) -> float | None:
        """Their mean; None where there is none."""
        return fmean(self.scores) if self.scores else None

    @property
    def mean_of(self) -> str:
        """What the overall score is the mean of."""
        return f"mean of {many(len(self.scores), 'interview')}"

    @property
    def length_s(self) -> float:
        """How long the interviews took together, in seconds; breaks don't count."""
        return sum(each.account.length_s for each in self.parts)

    @property
    def notes(self) -> list[str]:
        """What the program had to say about itself before the first interview."""
        found: list[str] = []
        for event in self.recorded.events:
            if isinstance(event, Begun):
                break
            found += [event.text] if isinstance(event, Note) else []
        return found


def session_account_of(recorded: Recorded) -> SessionAccount:
    """Return what the transcript of a session of several interviews holds.

    Raises:
        TranscriptError: Nothing was begun in it, or the guide of an interview is none.
    """
    plan = recorded.header.plan
    begun = [each for each in recorded.events if isinstance(each, Begun)]
    if plan is None or not begun:
        hint = f"interviewer chat --resume {recorded.path}"
        raise TranscriptError("no interview of it has begun", where=recorded.path, hint=hint)
    pairs = zip(begun, interviews_of(recorded), strict=True)
    return SessionAccount(
        recorded, plan, tuple(Part(each, _account(each, one)) for each, one in pairs)
    )


def _account(begun: Begun, recorded: Recorded) -> Account:
    try:
        return account_of(recorded)
    except TranscriptError as error:
        what = f"interview {begun.number}: {error.what}"
        raise TranscriptError(what, where=recorded.path, hint=error.hint) from error
