"""Which sessions are meant, by what is known of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from interviewer.library.entry import Entry

State = Literal["graded", "unfinished"]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a session has to be; None: anything."""

    guide: str | None = None
    """A part of the guide's id, in any case."""
    model: str | None = None
    """A part of the model's name, in any case."""
    since: datetime | None = None
    until: datetime | None = None
    """Sessions that began before it."""
    state: State | None = None
    """`graded`: it has an overall score; `unfinished`: it can go on."""
    least: float | None = None
    """Overall score, 1 to 5; a session without one is not meant."""
    most: float | None = None

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries that are meant, in the order they came."""
        return [entry for entry in entries if self._means(entry)]

    def _means(self, entry: Entry) -> bool:
        return (
            any(_is_part(self.guide, each) for each in (entry.guide, *entry.guides))
            and _is_part(self.model, entry.model)
            and (self.since is None or entry.started_at >= self.since)
            and (self.until is None or entry.started_at < self.until)
            and (self.state != "graded" or entry.overall is not None)
            and (self.state != "unfinished" or entry.resumable)
            and self._scores(entry.overall)
        )

    def _scores(self, overall: float | None) -> bool:
        if overall is None:
            return self.least is None and self.most is None
        return (self.least is None or overall >= self.least) and (
            self.most is None or overall <= self.most
        )


def _is_part(part: str | None, whole: str) -> bool:
    return part is None or part.casefold() in whole.casefold()
