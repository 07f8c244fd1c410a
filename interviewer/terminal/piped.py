"""Replies from a pipe or a file: one a paragraph, a blank line between two."""

import asyncio
import codecs
import io

from interviewer.terminal.reading import Bytes, Typed

_LOOK_S = 0.1
"""Seconds in which the end of an input is seen, if it is there."""


class Paragraphs:
    """Splits bytes that arrive in chunks into paragraphs; does no reading itself.

    A byte order mark is dropped, any line ending is a newline, and bytes that are not UTF-8 become
    U+FFFD. Newlines inside a paragraph are kept.
    """

    def __init__(self) -> None:
        utf8 = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._decoder = io.IncrementalNewlineDecoder(utf8, translate=True)
        self._line = ""
        self._lines: list[str] = []

    def feed(self, chunk: bytes, *, final: bool = False) -> list[str]:
        """Return the paragraphs that `chunk` completes; `final` ends the last one."""
        *whole, self._line = (self._line + self._decoder.decode(chunk, final)).split("\n")
        if final:
            whole += [self._line, ""]
            self._line = ""
        return [paragraph for line in whole if (paragraph := self._end(line))]

    def _end(self, line: str) -> str:
        """Take a line; return the paragraph that it ends, or nothing."""
        if line.strip():
            self._lines.append(line)
            return ""
        paragraph, self._lines = "\n".join(self._lines).strip(), []
        return paragraph


class Piped:
    """Reads replies from standard input where that is not a terminal."""

    def __init__(self, descriptor: int = 0) -> None:
        self._bytes = Bytes(descriptor)
        self._paragraphs = Paragraphs()
        self._ready: list[str] = []
        self._ended = False

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:  # noqa: ARG002
        """Return the next paragraph as soon as it is complete; no prompt goes into a pipe.

        Raises:
            EOFError: The input has ended.
        """
        while not self._ready:
            if self._ended:
                raise EOFError
            await self._take()
        return Typed(self._ready.pop(0), None)

    async def has_ended(self) -> bool:
        """Tell whether no reply will come any more, as far as is known without waiting for one."""
        while not (self._ready or self._ended):
            try:
                await asyncio.wait_for(self._take(), _LOOK_S)
            except TimeoutError:
                return False
        return not self._ready

    async def _take(self) -> None:
        chunk = await self._bytes.read()
        self._ended = not chunk
        self._ready = self._paragraphs.feed(chunk, final=self._ended)

    def draft(self) -> str:
        """Return nothing: a pipe is not watched while it is filled."""
        return ""
