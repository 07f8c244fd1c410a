"""Where a request differs from the one that was recorded, in a few lines."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile, zip_longest
from typing import Any

from interviewer.text import printable

_BEFORE, _LONGEST = 40, 110
"""Characters before the first difference, and of a line in all."""
_MOST = 3
_NOTHING = "(no further message)"


def differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return the first difference in the messages, and up to three in how they are asked about.

    Args:
        recorded: Body of a chat completion.
        now: The one that was sent in its place.
    """
    lines = list(_in_messages(recorded.get("messages", []), now.get("messages", [])))
    names = [name for name in {**recorded, **now} if name != "messages"]
    others = [name for name in names if recorded.get(name) != now.get(name)]
    lines += [
        f"{name}: recorded {recorded.get(name)}, now {now.get(name)}" for name in others[:_MOST]
    ]
    return lines


def _in_messages(recorded: Sequence[Any], now: Sequence[Any]) -> Iterator[str]:
    pairs = list(zip_longest(recorded, now))
    for at, (old, new) in enumerate(pairs, start=1):
        if old != new:
            before, after = _around(_content(old), _content(new))
            yield f"message {at} of {len(now)}, first difference:"
            yield f"  recorded: {before}"
            yield f"  now:      {after}"
            return


def _content(message: Any) -> str:
    if message is None:
        return _NOTHING
    if not isinstance(message, dict):
        return str(message)
    return f"{message.get('role')}: {message.get('content')}"


def _around(old: str, new: str) -> tuple[str, str]:
    """Return both texts from shortly before the first character that differs."""
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))
    begin = max(0, same - _BEFORE)
    return _cut(old, begin), _cut(new, begin)


def _cut(text: str, begin: int) -> str:
    dots = "..."
    part = printable(text[begin : begin + _LONGEST]).replace("\n", " / ")
    return f"{dots if begin else ''}{part}{dots if begin + _LONGEST < len(text) else ''}"
