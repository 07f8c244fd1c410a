"""What a replay shows of a transcript: the chosen moments in their times, and the grade's notes."""

from dataclasses import dataclass

from interviewer.errors import UsageError
from interviewer.events import Begun, Graded, Regraded
from interviewer.timeline import Kind, Moment, between, chosen, moments, paced
from interviewer.transcript import Salvaged, names_in
from interviewer.turn_notes import Notes, notes_of


@dataclass(frozen=True, slots=True)
class Replay:
    """A transcript, ready to be drawn."""

    source: Salvaged
    moments: list[Moment]
    """`paced`."""
    notes: dict[int, Notes]
    """Place in `moments`, from 0 -> what the grade says about it."""

    @property
    def names(self) -> dict[str, str]:
        """Id of a goal, step or tip -> its name; an id that is not here stands for itself."""
        own = self.source.header.names if self.source.header else {}
        guides = [each.guide for each in self.source.events if isinstance(each, Begun)]
        return own | {id: name for guide in guides for id, name in names_in(guide).items()}

    @property
    def criteria(self) -> list[str]:
        """Ids of the criteria of the last grade, in its order."""
        grades = [each for each in self.source.events if isinstance(each, Graded | Regraded)]
        return list(grades[-1].criteria) if grades else []

    def shows(self, criterion: str) -> list[tuple[int, str]]:
        """Return where the evidence of a criterion stands: (place in `moments`, words) pairs."""
        return [
            (index, quote.text)
            for index, notes in self.notes.items()
            for quote in notes.quotes
            if criterion in quote.shows
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
        only: What to show alone; None: all that chat shows.
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
    )
