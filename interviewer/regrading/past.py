"""What a transcript holds that can be graded again: the answers, the guide, the grades so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from interviewer.errors import InterviewerError, TranscriptError
from interviewer.events import End, Event, Graded, Regraded
from interviewer.guide import Guide
from interviewer.interview import Interview, Mark
from interviewer.transcript import Header, Recorded, interviews_of, load_transcript, number_of
from interviewer.transcript.lines import parse_header

AnyGraded = Graded | Regraded


@dataclass(frozen=True, slots=True)
class Source:
    """One interview in a transcript."""

    path: Path
    interview: int | None = None
    """Its number in a session of several; None: the only one."""

    @property
    def told(self) -> str:
        """What it is called."""
        return str(self.path) + self.place

    @property
    def place(self) -> str:
        """What follows the file's name in that."""
        return "" if self.interview is None else f", interview {self.interview}"


@dataclass(frozen=True, slots=True)
class Past:
    """An interview that was graded."""

    source: Source
    header: Header
    guide: Guide
    """As it was in the interview."""
    final: str
    first: str | None
    """The first answer where it is another than the final one."""
    grades: tuple[AnyGraded, ...]
    """All that were given, the interview's own first, the newest last."""

    @property
    def path(self) -> Path:
        """The transcript's file."""
        return self.source.path

    @property
    def last(self) -> AnyGraded:
        """The newest grade."""
        return self.grades[-1]

    def before(self, grade: AnyGraded) -> AnyGraded:
        """Return the grade that was given before one of `grades`; the first one for the first."""
        return self.grades[max(0, self.grades.index(grade) - 1)]


def load_one(source: Source) -> Recorded:
    """Read one interview, as if it had a transcript of its own.

    Raises:
        TranscriptError: It can't be read, or there is no such interview in it.
    """
    recorded, path = load_transcript(source.path), source.path
    found = {number_of(each.header): each for each in interviews_of(recorded)}
    if source.interview is None and len(found) == 1:
        return next(iter(found.values()))
    if source.interview in found:
        return found[source.interview]
    numbers = ", ".join(map(str, found))
    if source.interview is None and found:
        what = "it holds a session of several interviews, not one"
    else:
        what = "it holds no such interview" if found else "no interview of it has begun"
    raise TranscriptError(what, where=path, hint=f"--interview takes {numbers}" if found else "")


def graded_in(path: Path, interview: int | None = None) -> list[Source]:
    """Return what can be graded again in a file: of a session, each interview that has a grade.

    A file that can't be read, or in which nothing was graded, is given as it is: whoever reads it
    finds out why.
    """
    if interview is not None:
        return [Source(path, interview)]
    parts = _parts_in(path)
    graded = [Source(path, number_of(each.header)) for each in parts if _is_graded(each)]
    return graded or [Source(path, number_of(each.header)) for each in parts[:1]] or [Source(path)]


def ungraded_in(path: Path) -> list[int]:
    """Return the numbers of a session's interviews that have no grade."""
    return [number_of(each.header) for each in _parts_in(path) if not _is_graded(each)]


def _parts_in(path: Path) -> list[Recorded]:
    """Return the interviews of a session of several; none of any other file."""
    try:
        return interviews_of(load_transcript(path)) if holds_several(path) else []
    except TranscriptError:
        return []


def _is_graded(interview: Recorded) -> bool:
    return any(isinstance(event, Graded) for event in interview.events)


def holds_several(path: Path) -> bool:
    """Tell by the first line whether a file is the transcript of a session of several."""
    try:
        with path.open("rb") as file:
            return parse_header(file.readline(), path)[0].plan is not None
    except (OSError, ValueError, TranscriptError):
        return False


def read_past(source: Source | Path) -> Past:
    """Read what was graded in an interview; a path alone is that of the only one.

    Raises:
        TranscriptError: It can't be read, or there is no final answer, or no grade of it; or it
            holds several interviews and none is named.
    """
    source = source if isinstance(source, Source) else Source(source)
    path, recorded = source.path, load_one(source)
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
    return Past(source, header, guide, mark.final, mark.first or None, grades)


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
