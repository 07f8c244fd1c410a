"""Which sessions a folder holds; what can't be read is named and passed over."""

from collections.abc import Iterator
from pathlib import Path

from interviewer.errors import TranscriptError
from interviewer.progress.facts import Facts, facts_of
from interviewer.transcript import Recorded, interviews_of, load_transcript

SAMPLES = "sample-"
"""Begins the names of the transcripts that ship with the project."""


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
        self.played = 0
        """Sessions that played a cassette: another's words, or the same ones again."""
        self.simulated = 0
        """Sessions in which nobody practised."""

    def __iter__(self) -> Iterator[Facts]:
        for found in self.recorded():
            yield facts_of(found.header, found.events)

    def recorded(self) -> Iterator[Recorded]:
        """Yield their interviews with all their words, each as if it had a file of its own."""
        for path in self._files:
            try:
                found = load_transcript(path)
            except TranscriptError as error:
                self.faults.append(f"{error.where}: {error.what}")
            else:
                if found.header.options.get("cassette") == "played":
                    self.played += 1
                elif "simulated" in found.header.options:
                    self.simulated += 1
                else:
                    yield from interviews_of(found)
