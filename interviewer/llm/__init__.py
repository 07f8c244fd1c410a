"""Three verbs to a language model, and no more: stream, fill, decide.

Everything that is built on a model asks for a `Model`; `connect` in `connect.py` makes one for any
OpenAI-compatible endpoint, the embedded engine included.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel

T = TypeVar("T", bound=BaseModel)


@dataclass(slots=True)
class Usage:
    """What calls have used, in tokens; grows with every call."""

    prompt: int = 0
    cached: int = 0
    """Of `prompt`, how many the endpoint took from its cache."""
    completion: int = 0
    calls: int = 0
    pending: int = 0
    """How often a reply was not there yet, where replies are waited for together."""

    def add(self, prompt: int, cached: int, completion: int) -> None:
        """Count one call, here and for whoever counts with `counted`."""
        for usage in (self, _COUNTED.get()):
            if usage:
                usage.prompt += prompt
                usage.cached += cached
                usage.completion += completion
                usage.calls += 1

    def since(self, before: "Usage") -> "Usage":
        """Return what was used after `before` was."""
        return Usage(
            self.prompt - before.prompt,
            self.cached - before.cached,
            self.completion - before.completion,
            self.calls - before.calls,
            self.pending - before.pending,
        )

    def miss(self) -> None:
        """Count a reply that is not there yet, here and for whoever counts with `counted`."""
        for usage in (self, _COUNTED.get()):
            if usage:
                usage.pending += 1


_COUNTED: ContextVar[Usage | None] = ContextVar("_COUNTED", default=None)


@contextmanager
def counted() -> Iterator[Usage]:
    """Count the calls that are made within, by this task and those it starts."""
    usage = Usage()
    token = _COUNTED.set(usage)
    try:
        yield usage
    finally:
        _COUNTED.reset(token)


class Model(Protocol):
    """A language model that can be talked to in three ways."""

    name: str
    usage: Usage
    local: bool
    """Runs on this machine, so that reading ahead costs nobody anything."""
    at_once: bool
    """Is asked about all sentences of an answer in one call."""

    def stream(self, prompt: str, *, max_tokens: int = 200) -> AsyncIterator[str]:
        """Say something, piece by piece."""
        ...

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:
        """Fill a schema."""
        ...

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        """Choose among `options`: option -> probability, summing to 1."""
        ...

    async def warm(self, prompt: str) -> None:
        """Have the endpoint read `prompt` ahead of its use, where that is free."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...
