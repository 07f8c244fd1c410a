"""Which sessions a folder holds; what can't be read is named and passed over."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from interviewer.errors import TranscriptError, UsageError
from interviewer.progress.facts import Facts, facts_of
from interviewer.transcript import load_transcript

SAMPLES = "sample-"
"""Begins the names of the transcripts that ship with the project."""
_AGO = re.compile(r"(\d{1,4})([dw])")


class Sessions:
    """The sessions of a folder, read one after another.

    `faults` is filled while they are read: why a file is not among them, in a sentence.
    """

    def __init__(self, folder: Path, *, samples: bool) -> None:
        """Look into a folder.

        Args:
            folder: Where transcripts lie; it need not exist.
            samples: Whether the transcripts that ship count too.
        """
        self.faults: list[str] = []
        files = sorted(folder.glob("*.jsonl"))
        self._files = [path for path in files if samples or not path.name.startswith(SAMPLES)]
        self.samples = len(files) - len(self._files)
        """How many were left out."""

    def __iter__(self) -> Iterator[Facts]:
        for path in self._files:
            try:
                found = load_transcript(path)
            except TranscriptError as error:
                self.faults.append(f"{error.where}: {error.what}")
            else:
                yield facts_of(found.header, found.events)


def parse_since(text: str, now: datetime) -> datetime:
    """Return the moment that `--since` means: a day as 2031-05-08, or 30d or 8w before `now`.

    A day begins where the candidate is.

    Raises:
        UsageError: It is neither.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return now - timedelta(days=int(ago[1]) * (7 if ago[2] == "w" else 1))
    try:
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{text!r} is no day", where="--since", hint="2031-05-08, 30d or 8w"
        ) from error
