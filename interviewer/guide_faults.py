"""What can be wrong with a guide document, and how it is said: file, line, found, expected.

The parser never stops at the first fault: it notes them all, and one error carries them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from interviewer.errors import GuideError
from interviewer.text import printable

_LONGEST_QUOTE = 60
_MOST_SAID = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a guide; prints as `file:line: found X; expected Y`."""

    file: str
    line: int
    """From 1, as an editor counts; 1 also for what concerns the whole file."""
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: found {self.found}; expected {self.expected}"


class FaultyGuideError(GuideError):
    """A guide can't be used; `faults` holds everything that is wrong with it, by line.

    The message lists the first 50.
    """

    def __init__(self, faults: Sequence[Fault], *, hint: str = "") -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        said = [str(fault) for fault in self.faults[:_MOST_SAID]]
        if more := len(self.faults) - len(said):
            said.append(f"and {more} faults more")
        super().__init__("\n".join(said), hint=hint)


@dataclass(slots=True)
class Report:
    """The faults of one file, gathered while it is parsed."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int, found: str, expected: str) -> None:
        """Note a fault on `line`, from 1."""
        self.faults.append(Fault(printable(self.file), line, found, expected))


def quoted(text: str) -> str:
    """Return `text` as a fault shows it: in quotes, on one line, printable, not too long."""
    short = " ".join(printable(text).split())
    cut = short if len(short) <= _LONGEST_QUOTE else short[: _LONGEST_QUOTE - 1].rstrip() + "…"
    return f'"{cut}"'
