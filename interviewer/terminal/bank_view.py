"""Guides as they are listed and found: the id, then the question below it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from interviewer.bank import Bank, Card, Place, Unusable
from interviewer.terminal.console import WIDEST, is_plain, words
from interviewer.terminal.marked import Part, marked

if TYPE_CHECKING:
    from interviewer.library.words import Span

_INDENT = 4
_PLACES = 3
"""Places of a guide that are shown; a program gets all."""
_SNIPPET = 72


def draw_bank(console: Console, bank: Bank) -> None:
    """Draw the cards of a bank by kind, then what can't be used."""
    by_kind = sorted(bank.cards, key=lambda card: (not card.kind, card.kind, card.id))
    for number, (kind, cards) in enumerate(groupby(by_kind, key=lambda card: card.kind)):
        if number:
            console.print()
        console.print(words(kind or "of no kind", style="bold cyan"))
        for card in cards:
            _draw(console, _head(card), [[(card.question, "")]])
    if bank.faults:
        if bank.cards:
            console.print()
        console.print(words("can't be used", style="bold red"))
        for each in bank.faults:
            _draw(console, _head_of_faulty(each), [[(_remedy(each), "")]])


def draw_found(console: Console, card: Card, places: Sequence[Place]) -> None:
    """Draw a guide that was found, and the first places where."""
    question = next((place for place in places if place.part == "question"), None)
    lines = [marked(card.question, spans_of(question) if question else [])]
    others = [place for place in places if place.part not in ("question", "id")]
    lines += [_told(place) for place in others[:_PLACES]]
    if (more := len(others) - _PLACES) > 0:
        lines.append([(f"... and {more} more", "dim")])
    _draw(console, _head(card), lines)


def spans_of(place: Place) -> "list[Span]":
    """Return where in its text the words of a place stand."""
    from interviewer.library.words import Span  # a tenth of a second that a list need not wait

    return [Span(*span) for span in place.spans]


def snippet_of(place: Place, *, width: int = _SNIPPET) -> "tuple[str, tuple[Span, ...]]":
    """Return a piece of a place's text around the first word, and where the words are in it."""
    from interviewer.library.words import Span, snippet

    cut = snippet(place.text, spans_of(place) or [Span(0, 0)], width=width)
    return cut.text, tuple(span for span in cut.marked if span.start < span.end)


def _told(place: Place) -> list[Part]:
    name = f" {place.name}" if place.name else ""
    return [(f"{place.part}{name}: ", "dim"), *marked(*snippet_of(place))]


def _head(card: Card) -> list[Part]:
    level = [card.level] if card.level else []
    marks = [*level, *(["draft"] if card.draft else []), *_own(own=card.own, shadows=card.shadows)]
    return [(card.id, "bold"), (f"  ({', '.join(marks)})" if marks else "", "dim")]


def _head_of_faulty(each: Unusable) -> list[Part]:
    marks = _own(own=each.own, shadows=each.shadows) if each.shadows else []
    return [(each.path.stem, "bold"), (f"  ({', '.join(marks)})" if marks else "", "dim")]


def _own(*, own: bool, shadows: Path | None) -> list[str]:
    return [f"yours, in place of {shadows.stem}" if shadows else "yours"] if own else []


def _remedy(each: Unusable) -> str:
    return f"can't be used; interviewer guide check {each.path}"


def _draw(console: Console, head: Iterable[Part], lines: Iterable[Iterable[Part]]) -> None:
    """Draw a head and what stands below it; each on one line where a program may read it."""
    for text in _below(console, head, lines):
        console.print(text, soft_wrap=is_plain(console))


def _below(
    console: Console, head: Iterable[Part], lines: Iterable[Iterable[Part]]
) -> Iterator[RenderableType]:
    yield _text(head)
    for line in lines:
        if is_plain(console):
            yield _text([(" " * _INDENT, ""), *line])
        else:
            room = max(0, console.width - WIDEST)
            yield Padding(_text(line), (0, room, 0, _INDENT))


def _text(parts: Iterable[Part]) -> Text:
    return Text.assemble(*((words(text).plain, style) for text, style in parts))
