"""What a replay shows of a transcript: the chosen moments in their times, and the grade's notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interviewer.errors import UsageError
from interviewer.events import Begun, Event, Graded, Regraded, SelfScored
from interviewer.timeline import Kind, Moment, between, chosen, interviews_in, moments, paced
from interviewer.transcript import Salvaged, names_in
from interviewer.turn_notes import Notes, notes_of


@dataclass(frozen=True, slots=True)
class Chapter:
    """One interview of a replay; a transcript of one has one."""

    number: int
    """Its place in the session, from 1."""
    first: int
    """Its first place in the replay's moments, from 0."""
    end: int
    """The place after its last one; all that follows the last interview is in it."""
    names: Mapping[str, str]
    """Id of a goal, step or tip -> its name; an id that is not here stands for itself."""
    own: Mapping[str, int] = field(default_factory=dict)
    """Goal id -> the candidate's own score."""
    criteria: tuple[str, ...] = ()
    """Ids of the criteria of its last grade, in its order."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A transcript, ready to be drawn."""

    source: Salvaged
    moments: list[Moment]
    """`paced`."""
    notes: dict[int, Notes]
    """Place in `moments`, from 0 -> what the grade says about it."""
    chapters: tuple[Chapter, ...]
    """The interviews that anything is shown of, in order; never empty."""

    @property
    def of(self) -> int:
        """How many interviews the session has, as far as is known; 1 where it is no session."""
        header = self.source.header
        begun = [each.number for each in self.source.events if isinstance(each, Begun)]
        if not begun:
            return 1
        return max(*begun, len(header.plan.interviews) if header and header.plan else 1)

    def chapter(self, index: int) -> Chapter:
        """Return the interview that a moment belongs to; before the first one, that."""
        found = [each for each in self.chapters if each.first <= index]
        return found[-1] if found else self.chapters[0]

    def names_at(self, index: int) -> Mapping[str, str]:
        """Return id -> name as the interview of a moment has them; a later grade's by its own."""
        event = self.moments[index].event
        if isinstance(event, Regraded):
            about = next((each for each in self.chapters if each.number == event.interview), None)
            names = about.names if about else {}
            return {**names, **names_in(event.guide)} if event.guide else names
        return self.chapter(index).names

    def shows(self, chapter: Chapter, criterion: str) -> list[tuple[int, str]]:
        """Return where the evidence of a criterion stands: (place in `moments`, words) pairs."""
        return [
            (index, quote.text)
            for index, notes in self.notes.items()
            for quote in notes.quotes
            if criterion in quote.shows and chapter.first <= index < chapter.end
        ]


def replay_of(
    source: Salvaged,
    *,
    first: int | None = None,
    last: int | None = None,
    only: Kind | None = None,
    idle_limit_s: float | None = None,
) -> Replay:
    """Return what is shown of a transcript.

    Args:
        source: What was read of it.
        first: The turn to begin with, from 1; None: the first one.
        last: The turn to end with; None: the last one.
        only: What to show alone, each under the heading of its interview; None: all that chat
            shows.
        idle_limit_s: The longest pause between two moments; None: as long as it was.

    Raises:
        UsageError: There are no such turns.
    """
    try:
        parts = chosen(between(moments(source.entries), first, last), only)
    except UsageError as error:
        raise UsageError(error.what, where=source.path, hint=error.hint) from error
    notes = notes_of(source.events)
    shown = paced(parts, idle_limit_s=idle_limit_s)
    return Replay(
        source,
        shown,
        {n: notes[moment.number] for n, moment in enumerate(shown) if moment.number in notes},
        _chapters(source, shown),
    )


def _chapters(source: Salvaged, shown: Sequence[Moment]) -> tuple[Chapter, ...]:
    events = source.events
    found: list[Chapter] = []
    parts = interviews_in(events)
    for place, part in enumerate(parts, start=1):
        end = len(events) if place == len(parts) else part.stop
        places = [n for n, moment in enumerate(shown) if part.start <= moment.number < end]
        if places or len(parts) == 1:
            first = places[0] if places else 0
            found.append(
                _chapter(source, events[part.start : end], place, range(first, first + len(places)))
            )
    return tuple(found) or (Chapter(1, 0, 0, {}),)


def _chapter(source: Salvaged, events: Sequence[Event], place: int, shown: range) -> Chapter:
    begun = next((each for each in events if isinstance(each, Begun)), None)
    number = begun.number if begun else place
    own = next((each.criteria for each in reversed(events) if isinstance(each, SelfScored)), {})
    later = [
        each for each in source.events if isinstance(each, Regraded) and each.interview == number
    ]
    grades = [*(each for each in events if isinstance(each, Graded)), *later]
    header = source.header
    return Chapter(
        number,
        shown.start,
        shown.stop,
        names_in(begun.guide) if begun else header.names if header else {},
        own,
        tuple(grades[-1].criteria) if grades else (),
    )
