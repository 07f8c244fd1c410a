"""Text that arrives in pieces, wrapped at words while it comes."""

import re
from collections.abc import Callable

from rich.cells import cell_len

from interviewer.text import printable

_RUNS = re.compile(r"[!-~]+|.", re.DOTALL)
"""Letters that are one column wide each, as many as there are; or one other character."""


class Stream:
    """Writes pieces of one text, indented and wrapped; a word appears once it is complete.

    Every character is filtered on its own, so a control sequence split between two pieces gets
    through no more than a whole one. White space around the text is dropped.
    """

    def __init__(
        self, write: Callable[[str], object], *, width: Callable[[], int], indent: int = 2
    ) -> None:
        self._write, self._width, self._indent = write, width, indent
        self._raw: list[str] = []
        self._held = ""  # a carriage return whose newline may be in the next piece
        self._word, self._gap = "", ""
        self._breaks = 0
        self._column: int | None = None  # None: nothing is written yet
        self._room = 1
        self.lines = 0
        """How many lines are ended on the terminal."""

    @property
    def text(self) -> str:
        """All pieces so far, as they came."""
        return "".join(self._raw)

    def add(self, piece: str) -> None:
        """Write as much of `piece` as makes whole words."""
        self._raw.append(piece)
        piece = self._held + piece
        self._held = "\r" if piece.endswith("\r") else ""
        self._measure()
        for run in _RUNS.findall(printable(piece.removesuffix("\r"))):
            if len(run) > 1 and cell_len(self._word) + len(run) <= self._room:
                self._word += run
            else:
                for character in run:
                    self._take(character)

    def end(self) -> None:
        """Write what is left and end the line."""
        self._measure()
        self._flush()
        if self._column is not None:
            self._write("\n")
            self.lines += 1

    def _take(self, character: str) -> None:
        if character == "\n":
            self._flush()
            self._breaks, self._gap = self._breaks + 1, ""
        elif character.isspace():
            self._flush()
            self._gap += " "
        else:
            wide = cell_len(character) == 2  # of a script without spaces
            if wide or cell_len(self._word) >= self._room:
                self._flush()
            self._word += character
            if wide:
                self._flush()

    def _measure(self) -> None:
        """Take the width: once a piece, for asking the terminal takes longer than a word does."""
        self._room = max(1, self._width() - self._indent)

    def _flush(self) -> None:
        if not self._word:
            return
        if self._column is None:
            self._start_line(0)
        elif self._breaks:
            self._start_line(min(self._breaks, 2))
            room = max(0, self._room - cell_len(self._word))
            self._gap = self._gap[:room]
        elif self._column + len(self._gap) + cell_len(self._word) > self._room:
            self._gap = ""
            self._start_line(1)
        assert self._column is not None  # noqa: S101  for the type checker
        self._write(self._gap + self._word)
        self._column += len(self._gap) + cell_len(self._word)
        self._word, self._gap = "", ""

    def _start_line(self, breaks: int) -> None:
        if self._column is None:
            self._gap = ""
        self._write("\n" * breaks + " " * self._indent)
        self.lines += breaks
        self._column, self._breaks = 0, 0
