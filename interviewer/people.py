"""Who takes part in an interview: a candidate, a voice to be heard by, an interviewer's manner."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from interviewer.llm import Usage


class Typed(Protocol):
    """What a candidate said at once."""

    @property
    def text(self) -> str:
        """The words."""
        ...

    @property
    def seconds(self) -> float | None:
        """How long it took; None where nobody typed."""
        ...


class Candidate(Protocol):
    """Somebody who answers: a keyboard, a pipe, a simulation."""

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:
        """Return the next reply.

        Args:
            purpose: What is asked for, as it stands after "Your".
            optional: Whether an empty reply will do.

        Raises:
            EOFError: No more will come.
        """
        ...

    def draft(self) -> str:
        """Return what is typed so far and not yet sent; empty where nobody types."""
        ...


class Voice(Protocol):
    """Where the interviewer can be heard while it still speaks or thinks."""

    def piece(self, text: str) -> None:
        """Say a piece of a sentence."""
        ...

    def end_stream(self) -> None:
        """End the sentence."""
        ...

    def retract(self, instead: str) -> None:
        """Take back the sentence that has just ended; where that can't be, say `instead`."""
        ...

    def tell(self, text: str) -> None:
        """Say what is no part of the interview: that something can't be understood."""
        ...

    def thinking(self, what: str) -> AbstractContextManager[None]:
        """Show that something takes time."""
        ...


class Left(Exception):  # noqa: N818  not an error
    """The candidate leaves before the end; the interview can be resumed."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the interviewer behaves."""

    persona: str = "neutral"
    price_prompt: float | None = None
    """Price of a million prompt tokens; with `price_completion`, None: no cost is shown."""
    price_completion: float | None = None
    number: int = 0
    """Of this interview in its session, from 1; 0: it stands alone."""
    of: int = 0
    """How many interviews the session has, as far as is known."""

    def cost_of(self, usage: Usage) -> float | None:
        """Return what was used in the currency of the prices; None where there are none."""
        prices = (self.price_prompt, self.price_completion)
        if all(price is None for price in prices):
            return None
        return (usage.prompt * (prices[0] or 0) + usage.completion * (prices[1] or 0)) / 1e6
