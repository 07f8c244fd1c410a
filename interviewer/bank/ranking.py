"""Full text over guides: which of them have most to do with some words, and where they stand.

BM25 over the weighted parts of a guide (Robertson and Zaragoza, The Probabilistic Relevance
Framework, 2009, section 3.6): a word in the question counts as if it stood there six times. Words
are compared by their stems; one that begins like it counts half.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from interviewer.guide import Guide

_SATURATION = 1.2
"""BM25's k1: how soon a word's further occurrences stop to matter."""
_LENGTH = 0.5
"""BM25's b: how much long guides are held back; guides differ little in length."""
_SHORTEST_BEGINNING = 4
_GOES_ON = 0.5
"""What a word counts that only begins with the one that is looked for."""
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_ENDINGS = (
    *(
        "nesses",
        "ness",
        "isations",
        "isation",
        "ations",
        "ation",
        "ements",
        "ement",
        "ments",
        "ment",
        "ings",
        "ing",
    ),
    *("ities", "ity", "ions", "ion", "ers", "er", "ors", "or", "ies", "ied", "ised", "ises", "ise"),
    *("es", "ed", "al", "ly", "s", "e", "y"),
)
_SHORTEST_STEM = 3
_SHORT = (
    "a about after all also an and any are as at be because been before but by can could did do "
    "does for from had has have he her his how i if in into is it its just me more most my not "
    "of on or our out own she should so some such than that the their them then there these they "
    "this those to too up us very was we were what when where which who why will with would you "
    "your"
)
_COMMON = frozenset(_SHORT.split())


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a guide in which words were found."""

    part: str
    """Such as `question`, `goal`, `step`, `tip`, `example`."""
    name: str
    """Of the goal, step or tip; empty for what has none."""
    text: str
    spans: tuple[tuple[int, int], ...]
    """Where in `text` the words stand: first character, and the one after the last; in order."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A guide that has to do with some words."""

    at: int
    """Its place among the guides."""
    score: float
    """Above 0."""
    matched: int
    """How many different words of those looked for it has."""


class Index:
    """The words of some guides."""

    def __init__(self, guides: Sequence[Guide]) -> None:
        self._guides = guides
        counts = [_weighed(guide) for guide in guides]
        lengths = [sum(found.values()) for found in counts]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for at, (found, length) in enumerate(zip(counts, lengths, strict=True)):
            room = _SATURATION * (1 - _LENGTH + _LENGTH * length / mean)
            for stem, count in found.items():
                weight = count * (_SATURATION + 1) / (count + room)
                self._postings.setdefault(stem, []).append((at, weight))
        self._stems = sorted(self._postings)

    def search(self, text: str) -> list[Hit]:
        """Return the guides that share a word with `text`, the best first."""
        scores: dict[int, float] = {}
        matched: dict[int, int] = {}
        for stem, times in self.terms(text).items():
            met: set[int] = set()
            often = 1 + math.log(times)
            for known in self._known(stem):
                postings = self._postings[known]
                part = 1.0 if known == stem else _GOES_ON
                others = len(self._guides) - len(postings)
                rarity = math.log(1 + (others + 0.5) / (len(postings) + 0.5))
                for at, weight in postings:
                    scores[at] = scores.get(at, 0.0) + part * rarity * weight * often
                    met.add(at)
            for at in met:
                matched[at] = matched.get(at, 0) + 1
        hits = [Hit(at, score, matched[at]) for at, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.at))

    def terms(self, text: str) -> Counter[str]:
        """Return stem -> how often it is in `text`; common words only where there are no others."""
        return Counter(stem_of(word) for word in telling(text))

    def places(self, at: int, text: str) -> list[Place]:
        """Return where words of `text` stand in a guide, the weightiest part first."""
        wanted = {known for stem in self.terms(text) for known in self._known(stem)}
        found = []
        for _, part, name, said in _parts(self._guides[at]):
            spans = tuple(
                word.span()
                for word in _WORD.finditer(said)
                if stem_of(word[0].casefold()) in wanted
            )
            if spans or any(stem_of(word) in wanted for word in _WORD.findall(name.casefold())):
                found.append(Place(part, name, said, spans))
        return found

    def _known(self, stem: str) -> list[str]:
        """Return the stem, where a guide has it, and those that it is the beginning of."""
        if len(stem) < _SHORTEST_BEGINNING:
            return [stem] if stem in self._postings else []
        start = bisect_left(self._stems, stem)
        end = bisect_left(self._stems, stem + "\U0010ffff")
        return self._stems[start:end]


def _parts(guide: Guide) -> Iterator[tuple[float, str, str, str]]:
    """Yield (weight, part, name, text) of all that a reader sees of a guide, by weight."""
    yield 6.0, "question", "", guide.question
    about = (guide.kind, guide.role, guide.level or "", *dict.fromkeys(guide.competencies.values()))
    yield 3.0, "about", "", ", ".join(each for each in about if each)
    yield 3.0, "id", "", guide.id.replace("-", " ")
    for part, items in (("goal", guide.goals), ("step", guide.steps)):
        for item in items:
            yield 2.0, part, item.name, item.text
    yield 1.5, "overview", "", guide.overview
    for item in guide.tips:
        yield 1.0, "tip", item.name, item.text
    for example in guide.examples:
        yield 1.0, "example", "", example.text
    yield 1.0, "closing", "", guide.closing
    for question in guide.related:
        yield 0.5, "related", "", question


def _weighed(guide: Guide) -> Counter[str]:
    """Return stem -> how often it stands in a guide, each as often as its part weighs."""
    found: Counter[str] = Counter()
    for weight, _, name, text in _parts(guide):
        for word in _WORD.findall(f"{name} {text}".casefold()):
            found[stem_of(word)] += weight  # type: ignore[assignment]
    return found


def telling(text: str) -> list[str]:
    """Return the words of `text` in small letters, without the common ones unless all are."""
    found = _WORD.findall(text.casefold())
    return [word for word in found if word not in _COMMON] or found


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """Return what a lower-case word shares with its plural and its kin, roughly."""
    plain = word.replace("\u2019", "'").removesuffix("'s").replace("'", "")
    if not plain.isascii():
        parts = unicodedata.normalize("NFD", plain)
        plain = "".join(mark for mark in parts if not unicodedata.combining(mark))
    plain = plain.replace("iz", "is").replace("yz", "ys")
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= _SHORTEST_STEM:
            if ending == "s" and plain.endswith("ss"):
                break
            plain = plain[: -len(ending)]
            break
    doubled = len(plain) > _SHORTEST_STEM and plain[-1] == plain[-2] and plain[-1] not in "lsz"
    return plain[:-1] if doubled else plain
