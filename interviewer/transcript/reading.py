"""Reading a transcript strictly: what stands in it is what happened, or it is an error."""

from dataclasses import dataclass
from pathlib import Path

from interviewer.errors import TranscriptError
from interviewer.events import End, Event, Reviewed
from interviewer.transcript.lines import Header, bytes_of, parse_entry, parse_header


@dataclass(frozen=True, slots=True)
class Recorded:
    """A transcript as it was read."""

    path: Path
    header: Header
    entries: list[tuple[float, Event]]
    """(seconds since the start, event) in the order they happened."""
    torn: bool
    """Whether the last line broke off; it is not among the entries."""

    @property
    def events(self) -> list[Event]:
        """The events without their times."""
        return [event for _, event in self.entries]

    @property
    def resumable(self) -> bool:
        """Whether the session can go on: it never ended, or the candidate quit.

        One of several interviews ends with what is said over all of them.
        """
        if self.header.plan is not None:
            return not any(isinstance(event, Reviewed) for event in self.events)
        ends = [event for event in self.events if isinstance(event, End)]
        return not ends or ends[-1].reason == "quit"


def load_transcript(path: Path) -> Recorded:
    """Read `path`, of whatever schema up to the current one, and write nothing.

    Raises:
        TranscriptError: Not a transcript, or a line is wrong; names the file and the line.
    """
    return load_whole(path)[0]


def load_whole(path: Path) -> tuple[Recorded, int]:
    """Return what is in `path`, and how many bytes of it are whole lines.

    Raises:
        TranscriptError: As `load_transcript` does.
    """
    data = bytes_of(path)
    lines = data.split(b"\n")
    header, version = parse_header(lines[0], path)
    body, tail = lines[1:-1], lines[-1] if len(lines) > 1 else b""
    entries = [
        parse_entry(line, f"{path}:{number}", version)
        for number, line in enumerate(body, start=2)
        if line.strip()
    ]
    try:  # a last line that lacks only its newline is whole
        entries += [parse_entry(tail, str(path), version)] if tail.strip() else []
    except TranscriptError:
        return Recorded(path, header, entries, torn=True), len(data) - len(tail)
    return Recorded(path, header, entries, torn=False), len(data)
