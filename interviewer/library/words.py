"""Words as they are looked for: each begins a word of what was said, whatever case and accents.

A quoted phrase stands as it is, its last word may go on. Scripts that put no spaces between words
are looked for character by character, so that any part of a text is found.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

_ALONE = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUN = rf"(?:[^\W_{_ALONE}][\u0300-\u036f]*)+"
_WORD = re.compile(rf"[{_ALONE}]|{_RUN}(?:['\u2019]{_RUN})*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_PHRASE = re.compile(r'"([^"]*)"?|([^\s"]+)')


def spoken(text: str) -> str:
    """Return the words of `text` as they are compared, a space before each and one at the end."""
    found = _ASCII_WORD.findall(text.lower()) if text.isascii() else _WORD.findall(text)
    return _folded(f" {' '.join(found)} ")


def _folded(words: str) -> str:
    """Return `words` without case, accents and apostrophes; each word for itself, so to speak."""
    plain = words.replace("'", "").replace("\u2019", "").casefold()
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFD", plain)
    return "".join(char for char in parts if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: its first character, and the one after its last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """Words and phrases that must all be there."""

    parts: tuple[str, ...]
    """As `spoken` has them, a space before each and none at the end."""

    @classmethod
    def of(cls, words: str) -> Self:
        """Return the query that a user typed; it has no parts where there is no word in it."""
        typed = (quoted or plain for quoted, plain in _PHRASE.findall(words))
        parts = (spoken(each).rstrip(" ") for each in typed)
        return cls(tuple(dict.fromkeys(part for part in parts if part)))

    def hits(self, said: bytes) -> bool:
        """Tell whether all parts are in a session, whose texts `spoken` made, encoded."""
        return all(part.encode() in said for part in self.parts)

    def places(self, text: str) -> list[Span]:
        """Return where any part stands in `text`, in order, overlaps joined."""
        spans = [Span(*found.span()) for found in _WORD.finditer(text)]
        words = [_folded(text[span.start : span.end]) for span in spans]
        joined = "".join(f" {word}" for word in words)
        starts = [0, *accumulate(len(word) + 1 for word in words)]
        found: list[Span] = []
        for part in self.parts:
            at = joined.find(part)
            while at >= 0:
                first, last = (bisect_right(starts, n) - 1 for n in (at, at + len(part) - 1))
                found.append(Span(spans[first].start, spans[last].end))
                at = joined.find(part, at + 1)
        return _joined(found)


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text around what was found in it, on one line."""

    text: str
    marked: tuple[Span, ...]
    """Where in `text` the words stand that were looked for."""


def snippet(text: str, places: list[Span], *, width: int = 72) -> Snippet:
    """Return about `width` characters of `text` around the first place, cut between words."""
    first = places[0]
    start = max(0, min(first.start - width // 3, len(text) - width))
    start = min(first.start, _next_word(text, start)) if start else 0
    end = min(len(text), max(first.end, start + width))
    if end < len(text):
        gap = text.rfind(" ", first.end, end)
        end = gap if gap > 0 else end
    before, after = "... " if start else "", " ..." if end < len(text) else ""
    shift = len(before) - start
    inner = re.sub(r"\s", " ", text[start:end])  # one for one: places stay
    marked = [Span(span.start + shift, span.end + shift) for span in places if span.end <= end]
    return Snippet(before + inner + after, tuple(marked))


def _next_word(text: str, at: int) -> int:
    gap = text.find(" ", at)
    return gap + 1 if gap >= 0 else at
