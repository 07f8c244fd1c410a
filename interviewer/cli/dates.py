"""Days and spans of time, as they are typed."""

import re
from datetime import UTC, datetime, timedelta

from interviewer.errors import UsageError

_SPAN = re.compile(r"(\d{1,5}) ?([dw])")
_TIME = re.compile(r"\d[T ]\d")
_DAYS = {"d": 1, "w": 7}


def parse_moment(text: str, *, option: str, end: bool = False) -> datetime:
    """Return when `text` is: a day (2031-05-08), a time of it (2031-05-08T14:30) or ago (30d, 8w).

    Args:
        text: What was typed; local time where it names no zone.
        option: Whose value it is, for the message.
        end: Whether a day means its end, not its beginning.

    Raises:
        UsageError: It is none of these.
    """
    typed = text.strip()
    try:
        if span := _SPAN.fullmatch(typed.lower()):
            return datetime.now(UTC) - timedelta(days=int(span[1]) * _DAYS[span[2]])
        found = datetime.fromisoformat(typed)
        whole_day = end and not _TIME.search(typed)
        return (found + timedelta(days=1 if whole_day else 0)).astimezone()
    except (ValueError, OverflowError) as error:
        hint = f"{option} 2031-05-08, {option} 2031-05-08T14:30, or so long ago: {option} 30d"
        raise UsageError(f"{text!r} is no day", where=option, hint=hint) from error
