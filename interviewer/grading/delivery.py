"""How an answer is told, counted by code."""

import re
from functools import lru_cache

from interviewer.grade import Delivery
from interviewer.text import printable, sentences, words

_WORDS_A_MINUTE = 140
_FILLERS = re.compile(
    r"\b(u+h+m*|u+m+h*|e+r+m*|a+h+m*|h+m+|mm+|you know|i mean|sort of|kind of|kinda|basically"
    r"|actually|literally)\b"
    # "like" between other words, unless a verb or a thing before it gives it a meaning
    r"|\b(?=like\b)(?<!\bi )(?<!\byou )(?<!\bthey )(?<!\bwe )(?<!would )(?<!don't )(?<!'d )"
    r"(?<!really )(?<!\bto )(?<!look )(?<!looks )(?<!looked )(?<!feel )(?<!feels )(?<!felt )"
    r"(?<!seem )(?<!seems )(?<!sounds )(?<!things )(?<!something )(?<!more )(?<!much )(?<!just )"
    r"(?<!people )like"
)
_HEDGES = re.compile(
    r"\b(maybe|perhaps|probably|possibly|i think|i guess|i suppose|i believe|somewhat|a bit"
    r"|a little|more or less|hopefully)\b"
)
_PIECE = re.compile(r"\w+")
"""What stands between two boundaries of words: "i" and "m" in "i'm"."""
_I = frozenset(("i", "me", "my", "mine", "myself"))
_WE = frozenset(("we", "us", "our", "ours", "ourselves"))
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBERS = frozenset(
    (
        *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        *("twelve", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
        *("hundred", "thousand", "million", "half", "twice"),
    )
)


@lru_cache(maxsize=64)  # a grade and several of its measures ask for the same one
def delivery_of(answer: str) -> Delivery:
    """Count what can be counted in an answer; English."""
    text = printable(answer).lower().replace("\u2019", "'")
    count = len(words(text))
    pieces = _PIECE.findall(text)
    return Delivery(
        words=count,
        speaking_s=round(count * 60 / _WORDS_A_MINUTE),
        fillers=len(_FILLERS.findall(text)),
        hedges=len(_HEDGES.findall(text)),
        i=sum(map(_I.__contains__, pieces)),
        we=sum(map(_WE.__contains__, pieces)),
        figures=len(_NUMBER.findall(text)) + sum(map(_NUMBERS.__contains__, pieces)),
        longest_sentence=max((len(words(each)) for each in sentences(text)), default=0),
    )
