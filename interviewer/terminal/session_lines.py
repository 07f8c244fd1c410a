"""How the beginning and the end of an interview, and of a session, are told."""

from collections.abc import Iterator

from rich.table import Table

from interviewer.events import Begun, End
from interviewer.terminal.console import words

ENDS = {
    "graded": "The interview is over.",
    "ungraded": "The interview is over; there is no grade.",
    "quit": "The interview stopped here; it can be resumed.",
}
"""Reason of an `End` -> a sentence."""
REVIEWED = {
    "done": "The session is over.",
    "time": "The session is over: its time is used up.",
    "finished": "The session is over; it was ended in a break.",
}
"""Reason of a `Reviewed` -> a sentence."""


def usage_of(end: End) -> str:
    """Return what the model was asked in an interview."""
    cached = f" ({end.cached_tokens:,} from the cache)" if end.cached_tokens else ""
    cost = "" if end.cost is None else f"; cost {end.cost:.4f}"
    return (
        f"{end.calls:,} model call{'s' if end.calls != 1 else ''}: "
        f"{end.prompt_tokens:,} tokens read{cached}, {end.completion_tokens:,} written{cost}"
    )


def heading_of(begun: Begun, *, why: bool, past: bool) -> Iterator[tuple[str, str]]:
    """Yield what stands below the number of an interview: (text, style) pairs.

    Args:
        begun: How it begins.
        why: Whether to tell why it was chosen.
        past: Whether it is watched again: then also what was asked, and when, of which model
            where that is not the session's.
    """
    question = begun.guide.get("question")
    if past and isinstance(question, str) and question:
        yield question, "bold"
    if why and begun.why:
        yield begun.why, "dim"
    if past:
        by = f", by {begun.model}" if begun.model else ""
        yield f"{begun.at.astimezone():%Y-%m-%d %H:%M}{by}", "dim"


def header_rows(*told: tuple[str, str, str]) -> Table:
    """Return what a session is made of: (what, which, why or from where) triples."""
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    for what, which, why in told:
        rows.add_row(what, words(which))
        if why:
            rows.add_row("", words(why, "dim"))
    return rows
