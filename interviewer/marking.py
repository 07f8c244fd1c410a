"""Where in what was said the sentences stand that a grade rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from interviewer.grade import Evidence
from interviewer.text import LABELS, sentences

_BETWEEN = "\n\n"
"""What grading puts between the turns of an interview."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text; all segments together are the text."""

    text: str
    shows: tuple[str, ...] = ()
    """Ids of the goals and steps whose evidence it is part of."""
    ends: tuple[str, ...] = ()
    """Those whose evidence ends with it."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What was said, and what of the evidence is not in it."""

    texts: tuple[tuple[Segment, ...], ...]
    """Each text's segments."""
    lost: tuple[Evidence, ...]
    """Evidence whose words stand nowhere in the texts."""


def marked(said: Sequence[str], evidence: Sequence[Evidence]) -> Marked:
    """Cut texts where evidence begins and ends.

    A sentence is found by its number, and only believed if it holds the words; else the words are
    looked for in the last text, then in all of them. Nothing is marked that does not hold them.

    Args:
        said: What the candidate said, a text a turn.
        evidence: Of the grade.
    """
    whole = _BETWEEN.join(said)
    regions = _regions(whole, said)
    found = [(each, _place(whole, each, regions)) for each in evidence]
    spans = [(place, each.target) for each, place in found if place]
    texts, begin = [], 0
    for text in said:
        texts.append(_cut(text, [((s - begin, e - begin), target) for (s, e), target in spans]))
        begin += len(text) + len(_BETWEEN)
    return Marked(tuple(texts), tuple(each for each, place in found if not place))


Span = tuple[int, int]
"""Begin and end of a part of a text, in characters."""


@dataclass(frozen=True, slots=True)
class _Regions:
    numbered: list[Span]
    """Sentences of all texts together, as labels number them."""
    lettered: list[Span]
    """Parts of all texts together, as checks number them."""
    last: Span
    """The last text."""


def _regions(whole: str, said: Sequence[str]) -> _Regions:
    begin = len(whole) - len(said[-1]) if said else 0
    numbered = _places(whole)
    size = -(-len(numbered) // len(LABELS)) or 1
    groups = [numbered[at : at + size] for at in range(0, len(numbered), size)]
    lettered = [(group[0][0], group[-1][1]) for group in groups]
    return _Regions(numbered, lettered, (begin, len(whole)))


def _places(text: str) -> list[Span]:
    """Return where each sentence stands."""
    found = []
    at = 0
    for sentence in sentences(text):
        at = text.index(sentence, at)
        found.append((at, at + len(sentence)))
        at += len(sentence)
    return found


def _place(whole: str, evidence: Evidence, regions: _Regions) -> Span | None:
    words = evidence.text.split()
    if not words:
        return None
    at = evidence.sentence - 1
    numbered = [kind[at] for kind in (regions.numbered, regions.lettered) if at < len(kind)]
    places = (*numbered, regions.last, (0, len(whole)))
    for begin, end in places:
        if (exact := whole.find(evidence.text, begin, end)) >= 0:
            return exact, exact + len(evidence.text)
    # Parts of several sentences are joined by a space, whatever stood between them.
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    for begin, end in places:
        if found := pattern.search(whole, begin, end):
            return found.span()
    return None


def _cut(text: str, spans: Sequence[tuple[Span, str]]) -> tuple[Segment, ...]:
    """Cut a text where a span begins or ends; spans that lie outside of it are passed over."""
    inside = [
        (max(0, begin), min(len(text), end), target)
        for (begin, end), target in spans
        if begin < len(text) and end > 0
    ]
    edges = sorted({0, len(text), *(edge for begin, end, _ in inside for edge in (begin, end))})
    return tuple(
        Segment(
            text[begin:end],
            tuple(target for first, last, target in inside if first <= begin and end <= last),
            tuple(target for _, last, target in inside if last == end),
        )
        for begin, end in pairwise(edges)
    )
