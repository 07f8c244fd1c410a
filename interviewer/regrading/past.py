"""What a transcript holds that can be graded again: the answers, the guide, the grades so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from interviewer.errors import InterviewerError, TranscriptError
from interviewer.events import End, Event, Graded, Regraded
from interviewer.guide import Guide
from interviewer.interview import Interview, Mark
from interviewer.transcript import Header, Recorded, load_transcript

AnyGraded = Graded | Regraded


@dataclass(frozen=True, slots=True)
class Past:
    """A session that was graded."""

    path: Path
    header: Header
    guide: Guide
    """As it was in the session."""
    final: str
    first: str | None
    """The first answer where it is another than the final one."""
    grades: tuple[AnyGraded, ...]
    """All that were given, the session's own first, the newest last."""

    @property
    def last(self) -> AnyGraded:
        """The newest grade."""
        return self.grades[-1]

    def before(self, grade: AnyGraded) -> AnyGraded:
        """Return the grade that was given before one of `grades`; the first one for the first."""
        return self.grades[max(0, self.grades.index(grade) - 1)]


def load_single(path: Path) -> Recorded:
    """Read the transcript of one interview.

    Raises:
        TranscriptError: It can't be read, or holds a session of several.
    """
    recorded = load_transcript(path)
    if recorded.header.plan:
        raise TranscriptError("it holds a session of several interviews, not one", where=path)
    return recorded


def read_past(path: Path) -> Past:
    """Read what was graded in a session.

    Raises:
        TranscriptError: It can't be read, or there is no final answer, or no grade of it; or it
            holds several interviews.
    """
    recorded = load_single(path)
    header, events = recorded.header, recorded.events
    guide = guide_of(header, path)
    interview = Interview(guide)
    mark: Mark | None = None
    for event in going_on(events):
        try:
            interview.receive(event)
        except InterviewerError as error:
            raise TranscriptError(
                f"no interview goes like this: {error.what}", where=path
            ) from error
        if isinstance(action := interview.action, Mark):
            mark = action
    grades = tuple(each for each in events if isinstance(each, AnyGraded))
    remedy = f"go on with it first: interviewer chat --resume {path}"
    if mark is None:
        raise TranscriptError("there is no final answer to grade", where=path, hint=remedy)
    if not grades:
        raise TranscriptError("the final answer was never graded", where=path, hint=remedy)
    return Past(path, header, guide, mark.final, mark.first or None, grades)


def guide_of(header: Header, path: Path) -> Guide:
    """Return the guide that a transcript carries.

    Raises:
        TranscriptError: It is none that this version understands.
    """
    try:
        return Guide.model_validate(header.guide)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"])) or "guide"
        raise TranscriptError(
            f"the guide in it can't be used: {place}: {fault['msg']}", where=f"{path}:1"
        ) from error


def going_on(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events but for the ends of those who left and came back."""
    return (each for each in events if not (isinstance(each, End) and each.reason == "quit"))
