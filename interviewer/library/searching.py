"""Where in a session words were said."""

from dataclasses import dataclass

from interviewer.library.entry import Entry
from interviewer.library.reading import Who, said
from interviewer.library.words import Query, Span, snippet


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a session in which something was found."""

    turn: int
    who: Who
    snippet: str
    """A piece of the text, on one line."""
    marked: tuple[Span, ...]
    """Where in the snippet the words stand that were looked for."""


def places(entry: Entry, query: Query, *, width: int = 72) -> list[Place]:
    """Return each text of a session with any of the words, in order.

    Args:
        entry: Read again for this; nothing is found where the file is gone meanwhile.
        query: What is looked for.
        width: Of a snippet, in characters.
    """
    found: list[Place] = []
    for each in said(entry.path):
        if spans := query.places(each.text):
            piece = snippet(each.text, spans, width=width)
            found.append(Place(each.turn, each.who, piece.text, piece.marked))
    return found
