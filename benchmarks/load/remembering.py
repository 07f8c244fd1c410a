"""A client that keeps every reply on disk, with what it cost: a run can be cut, and goes on."""

import json
import sqlite3
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from interviewer.llm import Usage
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.local.catalogue import default, find
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import path_of
from interviewer.llm.slots import Slots

_TABLES = """
create table if not exists replies (key text primary key, p text);
create table if not exists costs
    (key text primary key, seconds real, prompt integer, cached integer, completion integer);
"""


class Remembering(Client):
    """Keeps each decision and each stream, keyed by the whole prompt; counts what they cost.

    A reply that is taken from the disk counts as it did when it was made, so figures of a run that
    went on are those of one that was never cut.
    """

    replies: sqlite3.Connection
    weights: str
    """What replies depend on beside the prompt: the model."""
    spent_s: float = 0.0
    """Seconds that the model took, for kept replies as well."""

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        """Take the reply from the disk, or ask and keep it."""
        key = self._key([self.weights, prompt, list(options)])
        if (kept := self._kept(key)) is not None:
            return dict(json.loads(kept))
        with self._costing(key):
            p = await super().decide(prompt, options, floor=floor)
        self._keep(key, json.dumps(p))
        return p

    async def stream(self, prompt: str, *, max_tokens: int = 200) -> AsyncGenerator[str, None]:
        """Take the words from the disk, or say and keep them, as far as they are listened to."""
        key = self._key([self.weights, prompt, "stream", max_tokens])
        if (kept := self._kept(key)) is not None:
            yield kept
            return
        said = ""
        with self._costing(key):
            async with aclosing(super().stream(prompt, max_tokens=max_tokens)) as pieces:
                try:
                    async for piece in pieces:
                        said += piece
                        yield piece
                except GeneratorExit:  # the listener has heard enough
                    self._keep(key, said)
                    raise
        self._keep(key, said)

    def _key(self, parts: list[object]) -> str:
        return sha256(json.dumps(parts).encode()).hexdigest()

    def _kept(self, key: str) -> str | None:
        row = self.replies.execute("select p from replies where key = ?", (key,)).fetchone()
        if row is None:
            return None
        asked = "select seconds, prompt, cached, completion from costs where key = ?"
        if cost := self.replies.execute(asked, (key,)).fetchone():
            self.spent_s += cost[0]
            self.usage.add(*cost[1:])
        return str(row[0])

    def _keep(self, key: str, reply: str) -> None:
        self.replies.execute("insert or replace into replies values (?, ?)", (key, reply))
        self.replies.commit()

    @contextmanager
    def _costing(self, key: str) -> Iterator[None]:
        """Note what a reply costs that is whole or was closed by its listener, not a failed one."""
        start, before = time.perf_counter(), replace(self.usage)
        try:
            yield
        except GeneratorExit:
            self._cost(key, start, before)
            raise
        self._cost(key, start, before)

    def _cost(self, key: str, start: float, before: Usage) -> None:
        seconds, now = time.perf_counter() - start, self.usage
        self.spent_s += seconds
        used = (
            now.prompt - before.prompt,
            now.cached - before.cached,
            now.completion - before.completion,
        )
        self.replies.execute(
            "insert or replace into costs values (?, ?, ?, ?, ?)", (key, seconds, *used)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which model is asked."""

    model: str | None
    """Of the catalogue, or the endpoint's."""
    base_url: str | None
    key: str
    at_once: bool
    replies: Path
    """Where replies are kept."""


@asynccontextmanager
async def remembering(asked: Asked) -> AsyncIterator[tuple[Remembering, Endpoint, Slots | None]]:
    """Give a client that remembers, its engine running if the model is embedded."""
    asked.replies.parent.mkdir(parents=True, exist_ok=True)
    replies = sqlite3.connect(asked.replies)
    replies.executescript(_TABLES)
    engine: Engine | None = None
    if asked.base_url:
        endpoint = Endpoint(asked.base_url, asked.model or "", asked.key, at_once=asked.at_once)
    else:
        weights = find(asked.model or default().name)
        path = weights.path or path_of(weights.entry or default())
        engine = await Engine(path).start()
        endpoint = engine.endpoint
    slots = engine.slots if engine else None
    client = Remembering(endpoint, repair=lambda prompt, *_: prompt, slots=slots)
    client.replies, client.weights = replies, asked.model or default().name
    if asked.base_url:  # elsewhere, one name is another model
        client.weights = f"{asked.base_url} {asked.model or ''}"
    try:
        yield client, endpoint, slots
    finally:
        await client.aclose()
        replies.close()
        if engine:
            await engine.stop()
