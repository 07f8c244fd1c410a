"""How the end of an interview, and of a session, is told."""

from interviewer.events import End

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
