"""What the embedded engine remembers: which of its slots reads a prompt, and from where on.

A slot holds the prompt that it read last, and reads of the next one only what differs. Left alone,
the engine starts wherever two prompts happen to part, and a number that was computed in another
batch is not quite the same number. Here each prompt starts at a mark that its template sets, so
that the same answer gets the same grade, whoever was graded before.

What stands before the first mark of a template is the same for every candidate (how to label, with
demonstrations: over a thousand tokens). The engine reads it once and keeps its state in a file; the
next interview takes it from there in milliseconds. Nothing of a candidate's is in such a file.
"""

import asyncio
import os
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Protocol

from interviewer.text import beginnings

FILES = 12
"""States that are kept, 10 to 40 MB each; the one that was used longest ago goes first."""


class Hands(Protocol):
    """What a client does for its slots."""

    async def read(self, text: str, slot: int) -> None:
        """Have `slot` read `text`; ModelError where it can't."""
        ...

    async def move(self, action: str, slot: int, name: str) -> bool:
        """`save` the state of `slot` in the file `name`, or `restore` it; False where it failed."""
        ...


class Slots:
    """The slots of one engine.

    One request at a time: whoever asks holds `lock` from before `place` to the reply's end.
    """

    def __init__(self, number: int, folder: Path, engine: str) -> None:
        """Describe slots that hold nothing yet.

        Args:
            number: How many the engine has.
            folder: Where it keeps its states.
            engine: Tells this library and these weights from others, whose states are foreign.
        """
        self.lock = asyncio.Lock()
        self._folder, self._engine = folder, engine
        self._held = [""] * number
        self._used = [0] * number
        self._clock = count(1)

    async def place(self, prompt: str, hands: Hands) -> int | None:
        """Return the slot that is to read `prompt`, with its beginning in it; None: any slot.

        Raises:
            ModelError: The engine is gone.
        """
        texts = beginnings(prompt)
        return await self._place(texts, prompt, hands) if texts else None

    async def warm(self, prompt: str, hands: Hands) -> None:
        """Have a slot read `prompt` up to its last mark.

        Raises:
            ModelError: The engine is gone.
        """
        if texts := beginnings(prompt):
            slot = await self._place(texts, texts[-1], hands)
            if len(texts) > 1:
                await hands.read(texts[-1], slot)

    async def _place(self, texts: list[str], prompt: str, hands: Hands) -> int:
        slots = range(len(self._held))
        slot = max(slots, key=lambda at: (self._shared(at, texts), -self._used[at]))
        self._used[slot] = next(self._clock)
        # What shares no more than the template's own beginning was another answer.
        if self._shared(slot, texts) < 2:
            self._held[slot] = texts[0]
            await self._put(texts[0], slot, hands)
        self._held[slot] = prompt
        return slot

    def _shared(self, slot: int, texts: list[str]) -> int:
        return sum(self._held[slot].startswith(text) for text in texts)

    async def _put(self, text: str, slot: int, hands: Hands) -> None:
        """Have `slot` hold `text`, from its file or by reading it."""
        name = sha256(f"{self._engine}\x00{text}".encode()).hexdigest()[:32]
        path = self._folder / name
        if path.is_file() and await hands.move("restore", slot, name):
            with suppress(OSError):
                os.utime(path)
            return
        await hands.read(text, slot)
        unfinished = self._folder / f"{name}.{os.getpid()}"
        if await hands.move("save", slot, unfinished.name):
            with suppress(OSError):
                unfinished.replace(path)
                self._tidy()

    def _tidy(self) -> None:
        """Delete all but the last `FILES` states, and what an engine that was killed left."""
        found = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[FILES:]:
            path.unlink()
