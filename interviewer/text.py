"""The candidate's words as data: cleaning, fencing off, sentences.

Nothing here knows a model or a terminal; both sides use it so that untrusted words are treated
alike everywhere.
"""

import re
from functools import lru_cache
from hashlib import sha256

# C0 and C1 controls but tab and newline, and marks that hide text or turn it around.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff"
    r"\U000e0000-\U000e007f\ud800-\udfff]"
)
_BLANKS = str.maketrans("\t\n", "  ")
# What chat templates use to end a turn: <|im_end|>, </s>, [INST], <start_of_turn>, <<SYS>>, ...
_CHAT_TOKEN = re.compile(r"<(?=[|/\uff5c<]|[a-z_]{1,20}>)|\[(?=/?INST\])", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?\u2026]([\"'\u201d\u2019)\]]*)\s+(?=\S)|\n\s*\n")
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|approx|inc|ltd|u\.s)\.$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_REMEMBERED = 20_000
"""Characters of the longest text whose words are kept at hand."""
_NEAR = 24
"""Characters before a sentence's end that tell whether it is one; more than either of these has."""
_NUMBER = re.compile(r"\bno\.\s\d$", re.IGNORECASE)  # "no. 5", but not "I said no. Then ..."


def printable(text: str) -> str:
    """Return `text` with every control, invisible or direction mark made visible as U+FFFD."""
    # Most texts, and no pattern has to go over them.
    if text.isascii() and (text.isprintable() or text.translate(_BLANKS).isprintable()):
        return text
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def inert(text: str) -> str:
    """Return `text` as it may stand in a prompt: printable, and no chat-template token in it.

    llama.cpp and others parse special tokens anywhere in the rendered chat, so `<|im_end|>` in
    an answer would end the turn. A space after the bracket makes it plain words.
    """
    found = printable(text)
    if "<" in found or "[" in found:
        found = _CHAT_TOKEN.sub(lambda m: m.group() + " ", found)
    return found


def fence(*texts: str) -> str:
    """Return a line that `texts` cannot contain: they would have to hold their own hash.

    The same texts always get the same fence, so all checks of one answer share a prompt
    prefix that the endpoint caches, and cassettes stay valid.
    """
    return "~~~ " + sha256("\x00".join(texts).encode("utf-8", "replace")).hexdigest()[:16]


def many(n: int, one: str) -> str:
    """Return a number with its noun."""
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def sentences(text: str) -> list[str]:
    """Split `text` into sentences, each a verbatim part of it without outer white space."""
    parts: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        mark = text[end.start()]
        if mark == "." and _goes_on(text, start, end):
            continue
        until = end.start() if mark == "\n" else end.end(1)
        parts.append(text[start:until].strip())
        start = end.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether a dot in the sentence that begins at `start` is none that ends it."""
    before = text[max(start, end.start() + 1 - _NEAR) : end.start() + 1]
    if _ABBREVIATION.search(before):
        return True
    near = text[max(start, end.end() - _NEAR) : end.end() + 1]
    return near[-1:].isdigit() and bool(_NUMBER.search(near))


def finished(text: str) -> str:
    """Return `text` up to the end of its last whole sentence; the next one is still being typed."""
    found = sentences(text)
    if not found or found[-1].endswith((".", "!", "?", "\u2026")):
        return text.strip()
    return text[: text.rindex(found[-1])].strip()


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text`, lower case."""
    # A whole book's words would be megabytes, which nobody asks for so often.
    return _words(text) if len(text) <= _REMEMBERED else _words.__wrapped__(text)


@lru_cache(maxsize=32)  # of one answer they are asked for again and again
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


ROLE_MARK = "\x1e"
"""Begins each message of a prompt that is a conversation; `printable` keeps it out of data."""
KEPT_MARK = "\x1d"
"""Stands in a prompt where the next one may begin otherwise; nothing of it is sent."""


def beginnings(prompt: str) -> list[str]:
    """Return what stands before each mark in a rendered prompt, the mark included, in order.

    A mark at the very end is none: there the prompt itself ends.
    """
    found = [at for at, char in enumerate(prompt, start=1) if char == KEPT_MARK]
    return [prompt[:at] for at in found if at < len(prompt)]


def messages(prompt: str) -> list[dict[str, str]]:
    """Return a rendered prompt as chat messages: `role` and `content`, in order.

    What stands before the first role mark, perhaps the whole prompt, is a message of the user.
    """
    plain = prompt.replace(KEPT_MARK, "")
    head, *marked = plain.split(ROLE_MARK)
    if not marked:
        return [{"role": "user", "content": plain}]
    before = [{"role": "user", "content": head.strip()}] if head.strip() else []
    found = (part.partition("\n") for part in marked)
    return before + [{"role": role, "content": content.strip()} for role, _, content in found]


RUDE = re.compile(
    r"\b(idiots?|idiotic|stupid|stupidity|moron\w*|dumb|dumber|pathetic|rubbish|crap\w*"
    r"|bullshit|shit\w*|fuck\w*|damn\w*|shut up|clowns?|losers?|ridiculous|waste of time"
    r"|screw you|no clue|ass|arse|bastards?|bitch\w*|jerks?|fools?)\b",
    re.IGNORECASE,
)
"""Words that hurt; an interviewer never gives them back, not even in quotes."""


LONGEST_UNIT = 45
"""Words of a unit: about what somebody says in one breath."""
_BREATH = re.compile(r"(?<=[,;:])\s+|\s+(?=(?:and|but|so|because|which|then)\b)", re.IGNORECASE)


def units(text: str) -> list[tuple[int, str]]:
    """Split `text` into what is judged one by one: its sentences, very long ones in pieces.

    Returns:
        (number of the sentence from 1, verbatim part of `text`) pairs, in order.
    """
    return [
        (number, unit)
        for number, sentence in enumerate(sentences(text), start=1)
        for unit in _pieces(sentence)
    ]


def _pieces(sentence: str) -> list[str]:
    """Cut a sentence of more than `LONGEST_UNIT` words in two, and again, where it breathes."""
    count = len(sentence.split())
    if count <= LONGEST_UNIT:
        return [sentence]
    gaps = [(found.start(), found.end()) for found in _BREATH.finditer(sentence)]
    gaps = gaps or [(found.start(), found.end()) for found in re.finditer(r"\s+", sentence)]
    start, end = min(gaps, key=lambda gap: abs(gap[0] + gap[1] - len(sentence)))
    return [*_pieces(sentence[:start]), *_pieces(sentence[end:])]


LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXY"
"""Names of the parts of an answer in a prompt; Z is left for "none of them"."""


def parts(text: str) -> list[tuple[str, str]]:
    """Split `text` into labelled parts: its sentences, neighbours together where they are many.

    Returns:
        (label, part) pairs, 25 at the most; every word of `text` is in one of them.
    """
    found = sentences(text)
    size = -(-len(found) // len(LABELS)) or 1
    groups = [" ".join(found[at : at + size]) for at in range(0, len(found), size)]
    return list(zip(LABELS, groups, strict=False))
