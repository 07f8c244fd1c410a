"""A text in which something was found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from interviewer.text import printable

if TYPE_CHECKING:
    from interviewer.library.words import Span

Part = tuple[str, str]
"""A piece of a line and its style."""


def marked(text: str, spans: "Sequence[Span]", *, style: str = "") -> list[Part]:
    """Return `text`, printable, with `spans` in another style."""
    shown = printable(text)
    if len(shown) != len(text):  # only a line's end in two characters is made one
        return [(shown, style)]
    parts: list[Part] = []
    end = 0
    for span in spans:
        parts += [(shown[end : span.start], style), (shown[span.start : span.end], "bold yellow")]
        end = span.end
    return [*parts, (shown[end:], style)]
