"""A candidate who says again what a transcript holds."""

from collections.abc import Iterator, Sequence

from interviewer.events import Answer, Event, Final, Request, SelfScored
from interviewer.own_scores import SKIPPED
from interviewer.session import Left
from interviewer.terminal.reading import Typed
from interviewer.transcript import Recorded


class Repeated:
    """Says what was said in a transcript, in the times that it took; then leaves as they left."""

    def __init__(self, past: Recorded, criteria: Sequence[str]) -> None:
        """Make one.

        Args:
            past: The transcript.
            criteria: Ids of the guide's goals, in the order in which scores are asked for.
        """
        self._criteria = criteria
        self._said = self._replies(past.events)
        self._leaves = past.resumable

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:  # noqa: ARG002
        """Return the next reply.

        Raises:
            EOFError: The input ended here.
            Left: The interview was left here.
        """
        typed = next(self._said, None)
        if typed is None and self._leaves:
            raise Left
        if typed is None or not typed.text:
            raise EOFError
        return typed

    def draft(self) -> str:
        """Return nothing: nobody types."""
        return ""

    def _replies(self, events: Sequence[Event]) -> Iterator[Typed]:
        for event in events:
            match event:
                case Answer() | Final(kept=False):
                    yield Typed(event.text, event.seconds)
                case Request():
                    yield Typed(event.text, None)  # without a text: the end of the input
                case SelfScored():
                    told = (event.criteria.get(each, SKIPPED) for each in self._criteria)
                    yield Typed(" ".join(map(str, told)), None)
                case _:
                    pass
