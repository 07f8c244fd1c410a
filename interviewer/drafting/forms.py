"""What the model fills in, a form for each part of a guide, and what is wrong with a filled one.

The forms say nothing about the length of a text, which is looked at afterwards: an engine that
holds its reply to a grammar would have a rule for each character.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from interviewer.guide import REST
from interviewer.guide_parser import LONGEST_NAME
from interviewer.text import printable, sentences, words

_ALIKE = 0.6
"""Share of a sentence's runs of four words in another one that make it a copy."""
_RUN = 4
_MARKS = re.compile(r"[*_`#<>|\\]|^\s*(?:[-+\u2022]|\d{1,3}[.)])\s")


class Form(BaseModel):
    """A form that the model fills in."""

    model_config = ConfigDict(extra="forbid")


class Named(Form):
    """A goal, a step or a tip."""

    name: str
    text: str


class Goals(Form):
    """Why the question is asked, and what the interviewer listens for."""

    why: str
    goals: Annotated[list[Named], Field(min_length=3, max_length=4)]


class Steps(Form):
    """How an answer is told."""

    steps: Annotated[list[Named], Field(min_length=4, max_length=6)]


class Tips(Form):
    """What helps besides."""

    tips: Annotated[list[Named], Field(min_length=3, max_length=4)]


class Kind(Form):
    """One kind of sentence."""

    word: str
    about: str


class Weak(Form):
    """An answer that sounds fine and says little."""

    answer: str


@cache
def labels_form(count: int) -> type[BaseModel]:
    """Return the form for `count` kinds of sentences, one for each step."""
    kinds = Annotated[list[Kind], Field(min_length=count, max_length=count)]
    return create_model("Labels", __base__=Form, labels=(kinds, ...))


@cache
def told_form(count: int) -> type[BaseModel]:
    """Return the form for an answer in `count` parts, one for each step."""
    parts = Annotated[list[str], Field(min_length=count, max_length=count)]
    return create_model("Answer", __base__=Form, parts=(parts, ...))


@cache
def choice_form(count: int, among: tuple[str, ...]) -> type[BaseModel]:
    """Return the form for `count` words, each one of `among`."""
    one = Literal[among]  # type: ignore[valid-type]
    chosen = Annotated[list[one], Field(min_length=count, max_length=count)]
    return create_model("Choice", __base__=Form, chosen=(chosen, ...))


class Taken:
    """Sentences that a draft may not repeat: those of the pattern, and what it has said itself."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._runs = [_runs(sentence) for text in texts for sentence in sentences(text)]

    def copied(self, text: str) -> str | None:
        """Return the first sentence of `text` that is one of these, or hardly another."""
        for sentence in sentences(text):
            runs = _runs(sentence)
            if runs and any(len(runs & other) >= _ALIKE * len(runs) for other in self._runs):
                return sentence
        return None


def _runs(sentence: str) -> set[tuple[str, ...]]:
    found = words(sentence)
    return {found[at : at + _RUN] for at in range(len(found) - _RUN + 1)}


def clean(text: str) -> str:
    """Return a text of the model's on one line, without outer quotes and marks of Markdown."""
    line = " ".join(printable(text).split())
    return re.sub(r"[*`#|\\]|(?<!\w)_|_(?!\w)", "", line).strip(' "\u201c\u201d')


def faults_of_text(what: str, text: str, least: int, most: int) -> Iterator[str]:
    """Yield what is wrong with a text that should have so many words."""
    count = len(words(text))
    if count < least:
        yield f"{what} is too short: {count} words, at least {least} are needed"
    if count > most:
        yield f"{what} is too long: {count} words, at most {most} are allowed"
    if _MARKS.search(text) or "\ufffd" in text or re.search(r"\[[^\]]*\]|\{|\}", text):
        yield f"{what} holds marks or a gap to fill; write plain sentences"


def faults_of_items(kind: str, items: Sequence[tuple[str, str]], taken: Taken) -> Iterator[str]:
    """Yield what is wrong with the names and texts of goals, steps or tips."""
    names: set[tuple[str, ...]] = set()
    for name, text in items:
        if not name or len(name) > LONGEST_NAME or not 1 <= len(words(name)) <= 6 or ":" in name:
            yield f"the {kind}'s name {name!r} should have one to six words"
        if words(name) in names:
            yield f"two {kind}s are named {name!r}"
        names.add(words(name))
        yield from faults_of_text(f"the text of {name!r}", text, 6, 45)
        if taken.copied(text):
            yield f"the text of {name!r} is copied from the pattern; use words of your own"


def faults_of_labels(labels: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield what is wrong with (word, about) pairs."""
    initials: dict[str, str] = {REST[0]: REST, "g": "general"}
    for word, about in labels:
        if not re.fullmatch("[a-z]{3,16}", word):
            yield f"the label {word!r} should be one word in small letters"
        elif other := initials.get(word[0]):
            yield f"the labels {other!r} and {word!r} begin with the same letter"
        initials[word[:1]] = word
        yield from faults_of_text(f"what {word!r} is about", about, 3, 20)
