"""What is rare in a text: figures, names and words that few people use. Code alone, no model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from interviewer.common_words import COMMON_WORDS
from interviewer.text import sentences

_WORD = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_CONTRACTED = re.compile(r"['\u2019](?:m|ve|ll|d|re|t)$", re.IGNORECASE)
_ENDINGS = (
    *("ations", "ation", "ings", "ing", "edly", "ied", "ies", "ers", "est", "ed", "es", "ly", "er"),
    *("s", "e", "y"),
)

_FIGURE, _NAME, _PLAIN = 2.0, 2.0, 1.0
"""What a shared figure of two digits or more, a name and any other rare word weigh."""


@dataclass(frozen=True, slots=True)
class Rare:
    """What is rare in a text."""

    weights: Mapping[str, float]
    """Stem or figure -> what it weighs: more for a figure or a name."""
    shown: Mapping[str, str]
    """The same -> as it stands in the text."""


def rare_of(text: str, *, asked: str = "") -> Rare:
    """Return what is rare in an answer; what stands in the question `asked` is not."""
    ignored = {stem(found[0]) for found in _WORD.finditer(asked)}
    weights: dict[str, float] = {}
    shown: dict[str, str] = {}
    for sentence in sentences(text):
        for at, found in enumerate(_WORD.finditer(sentence)):
            key, weight = _weighed(found[0], first=not at)
            if weight > weights.get(key, 0.0) and key not in ignored:
                weights[key], shown[key] = weight, found[0]
    return Rare(weights, shown)


def _weighed(word: str, *, first: bool) -> tuple[str, float]:
    if word[0].isdigit():
        digits = re.sub(r"[^\d]", "", word)
        return word.strip(".,"), (_FIGURE if len(digits) >= 2 else 0.0)
    key = stem(word)
    if len(word) < 4 or key in _common() or _CONTRACTED.search(word):
        return key, 0.0
    return key, _NAME if word[0].isupper() and not first else _PLAIN


def is_rare(word: str) -> bool:
    """Tell whether a word is one that few people use, or a figure of two digits or more."""
    return _weighed(word, first=True)[1] > 0


def stem(word: str) -> str:
    """Return a word without its ending, lower case: what its forms have in common."""
    plain = word.lower().replace("\u2019", "'").removesuffix("'s")
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            plain = plain.removesuffix(ending)
            break
    doubled = len(plain) > 3 and plain[-1] == plain[-2] and plain[-1].isalpha()
    return plain[:-1] if doubled else plain


@cache
def _common() -> frozenset[str]:
    return frozenset(stem(word) for word in COMMON_WORDS.split())
