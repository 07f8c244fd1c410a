"""What a candidate practised, as several commands read it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interviewer.bank import Bank
    from interviewer.planning import Practised

_FAULTS = 5
"""Files that are named where they can't be read."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was found in a folder of transcripts."""

    practised: "list[Practised]"
    """In no order."""
    faults: list[str]
    """Why a file is not among them, a sentence each."""


def tell_faults(faults: "Sequence[str]") -> None:
    """Say on stderr which files can't be read, of many the first."""
    from interviewer.terminal.batch_view import draw_note

    for fault in faults[:_FAULTS]:
        draw_note(f"left out: {fault}", stderr=True)
    if (left := len(faults) - _FAULTS) > 0:
        draw_note(f"left out: {left} more that can't be read", stderr=True)


def past_in(folder: Path, bank: "Bank", *, samples: bool = False) -> Past:
    """Return the interviews that a folder's transcripts hold.

    Those that played a cassette are left out, and of two copies of one the shorter. What the goals
    of an older transcript's guide are cases of is told by the guide as it is now.

    Args:
        folder: Where transcripts lie; it need not exist.
        bank: All guides there are.
        samples: Whether the transcripts that ship count too.
    """
    from interviewer.planning import practised_of
    from interviewer.progress.reading import Sessions

    competencies = {guide.id: guide.competencies for guide in bank.guides}
    sessions = Sessions(folder, samples=samples)
    longest: dict[tuple[str, int], tuple[int, Practised]] = {}
    for recorded in sessions.recorded():
        found = practised_of(recorded, lambda id: competencies.get(id, {}))
        if found is None:
            continue
        key, events = (found.session, found.number), len(recorded.entries)
        if key not in longest or longest[key][0] < events:
            longest[key] = events, found
    return Past([found for _, found in longest.values()], sessions.faults)
