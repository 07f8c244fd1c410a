"""Small pictures of a figure over time, one character a session; digits where only ASCII is safe.

A `|` stands where what follows can't be compared with what came before.
"""

from collections.abc import Sequence

from rich.text import Text

from interviewer.progress.values import Line

_LEVELS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_BREAK = "|"


def score_spark(line: Line, room: int, *, ascii_only: bool) -> Text:
    """Return the newest scores as blocks from 1 to 5, or as rounded points.

    Args:
        line: Of scores.
        room: Characters at the most.
        ascii_only: Whether blocks can't be drawn.
    """

    def mark(value: float) -> str:
        return f"{value:.0f}" if ascii_only else _block((value - 1) / 4)

    return _drawn(line, room, ["" if v is None else mark(v) for v in line.values], ascii_only)


def measure_spark(line: Line, room: int, *, ascii_only: bool) -> Text:
    """Return the newest figures as blocks, or as digits from 0 (none) to 9 (the most of them)."""
    most = max((value for value in line.values[-room:] if value is not None), default=0.0) or 1.0

    def mark(value: float) -> str:
        share = min(1.0, value / most)
        return f"{9 * share:.0f}" if ascii_only else _block(share)

    return _drawn(line, room, ["" if v is None else mark(v) for v in line.values], ascii_only)


def _block(share: float) -> str:
    return _LEVELS[round(share * (len(_LEVELS) - 1))]


def _drawn(line: Line, room: int, marks: Sequence[str], ascii_only: bool) -> Text:
    unknown = "-" if ascii_only else "\u00b7"
    first = len(marks) - shown_of(line, room)
    text = Text()
    for at in range(first, len(marks)):
        if at in line.breaks and at > first:
            text.append(_BREAK, "dim")
        text.append(marks[at] or unknown, "" if line.alike[at] else "dim")
    return text


def shown_of(line: Line, room: int) -> int:
    """Return how many of the newest sessions a spark of this width shows, breaks and all."""
    shown = used = 0
    for at in range(len(line.values) - 1, -1, -1):
        used += 1 + (at + 1 in line.breaks and shown > 0)
        if used > room:
            break
        shown += 1
    return shown
