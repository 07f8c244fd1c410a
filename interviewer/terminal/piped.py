"""Replies from a pipe or a file: one a paragraph, a blank line between two."""

import codecs
import io

from interviewer.terminal.reading import Bytes, Typed


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
            chunk = await self._bytes.read()
            self._ended = not chunk
            self._ready = self._paragraphs.feed(chunk, final=self._ended)
        return Typed(self._ready.pop(0), None)

    def draft(self) -> str:
        """Return nothing: a pipe is not watched while it is filled."""
        return ""
