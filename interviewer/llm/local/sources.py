"""What the sources of weights have in common: who listens, and how they fail."""

from dataclasses import dataclass
from typing import Protocol


class SourceError(Exception):
    """One source can't give the file; the next one may."""


class Listener(Protocol):
    """Hears how a pull goes."""

    def said(self, note: str) -> None:
        """Hear one line on what happens now."""
        ...

    def moved(self, done: int, total: int) -> None:
        """Hear that `done` of `total` bytes are here. May go back where a source starts over."""
        ...


@dataclass(frozen=True, slots=True)
class Silence:
    """A listener that does nothing."""

    def said(self, note: str) -> None:
        """Hear nothing."""

    def moved(self, done: int, total: int) -> None:
        """Hear nothing."""
