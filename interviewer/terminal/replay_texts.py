"""The words of a replay: what an event says, as one searches it, and words marked as drawn."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from interviewer.events import Begun, Event, Passed, Reviewed, SelfScored
from interviewer.grade import Grade
from interviewer.text import printable

_BETWEEN = r"[\s\N{BOX DRAWINGS LIGHT VERTICAL}]+"
"""What may stand between two words as they are drawn: line ends, indents, the sides of a box."""
_MARK = "reverse"


def text_of(event: Event, names: Mapping[str, str]) -> str:
    """Return what an event says, its targets by their names."""
    if isinstance(event, Grade):
        targets = (*event.criteria, *event.steps, *event.tips)
        told: list[str] = [names.get(id, id) for id in targets]
        for each in (event.evidence, event.flags, event.advice):
            told += [part.text for part in each]
        return "\n".join(told)
    if isinstance(event, SelfScored):
        return "\n".join(names.get(id, id) for id in event.criteria)
    if isinstance(event, Begun):
        return f"{event.guide.get('question', '')}\n{event.why}"
    if isinstance(event, Passed):
        return f"{event.guide}\n{event.why}"
    if isinstance(event, Reviewed):
        return "\n".join(_strings(event.review))
    return str(getattr(event, "text", ""))


def _strings(found: object) -> Iterator[str]:
    """Yield every text in what JSON held."""
    if isinstance(found, str):
        yield found
    for each in (
        found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    ):
        yield from _strings(each)


def mark(lines: Sequence[Text], phrase: str) -> tuple[list[Text], int | None]:
    """Return the lines with each place of a phrase marked, however it is wrapped.

    Returns:
        The lines, and the number of the first that is marked, from 0; None where none is.
    """
    words = printable(phrase).split()
    plain = "\n".join(line.plain for line in lines)
    if not words:
        return list(lines), None
    found = re.finditer(_BETWEEN.join(map(re.escape, words)), plain, re.IGNORECASE)
    spans = [each.span() for each in found]
    marked, first, begin = [], None, 0
    for number, line in enumerate(lines):
        end = begin + len(line.plain)
        copy = line.copy()
        for low, high in spans:
            if low < end and high > begin:
                _mark_part(copy, max(low - begin, 0), min(high, end) - begin)
                first = number if first is None else first
        marked.append(copy)
        begin = end + 1
    return marked, first


def _mark_part(line: Text, low: int, high: int) -> None:
    """Mark from `low` to `high`, but not the indent that a wrapped phrase goes on after."""
    indent = len(line.plain) - len(line.plain.lstrip(" \N{BOX DRAWINGS LIGHT VERTICAL}"))
    line.stylize(_MARK, max(low, indent), high)
