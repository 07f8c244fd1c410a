"""Whether a probe is one that a person would call a question: looked at anew, and more strictly.

`interviewer.probing.faults_of` decides while an interview is held. What is looked at here goes
further, and may know more: what the candidate has not told yet, and what was ordered.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interviewer.checks import Turn
from interviewer.probing import Gap, faults_of
from interviewer.rare_words import is_rare
from interviewer.simulation.story import Story
from interviewer.text import words

_ASKING = re.compile(
    r"\b(what|how|which|whom?|whose|when|where|why|could you|can you|would you|will you|"
    r"did|do|does|was|were|is|are|have|has|had|tell me|take me)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"\u201c]([^\"\u201d]*)[\"\u201d]")
_OTHERS = re.compile(
    r"\b(the (candidate|interviewer|guide|speaker|answer above)|as an ai|language model"
    r"|they said|missing:|instructions?)\b",
    re.IGNORECASE,
)
_SUGGESTS = re.compile(r"\b(such as|for example|for instance|e\.g\.|like when)\b", re.IGNORECASE)
_MARKS = re.compile(r"\{[{%#]|[#%}]\}|<\||~~~|\[/?INST")
_ODD = re.compile(r"\b(\w+) \1\b|\b(an|a|the) (an|a|the)\b|\?\s*\?|\.\s*\?", re.IGNORECASE)
_TWICE_IS_FINE = {"that", "had"}
_ENGLISH = {
    *("what", "how", "which", "who", "whom", "when", "where", "why", "did", "do", "you", "your"),
    *("the", "was", "were", "is", "are", "could", "tell", "about", "of", "in", "that", "to"),
}
_GERMAN = {
    *("der", "die", "das", "und", "ist", "nicht", "sie", "ich", "wie", "haben", "mit", "für"),
    *("ein", "eine", "dem", "den", "zu", "von", "auf", "wurde", "waren", "welche", "welcher"),
    *("ihre", "ihrem", "ihren", "ihr", "im", "bei", "oder", "kann", "können"),
}
_LENDING = {
    *("crates", "tomatoes", "patients", "calendar", "choir", "rehearsal", "hall", "shelf"),
    *("screws", "exam", "swim", "kiosk", "soup", "boats", "lamps", "cycle", "cooking"),
}
"""Telling words of the conversations that `probe.j2` shows: who says them has mixed up people."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A probe with what was known when it was asked."""

    text: str
    gap: Gap
    turns: Sequence[Turn]
    """What was said before it."""
    before: Sequence[str]
    """What was asked before it, the main question first."""


def faults_in(asked: Asked, story: Story | None = None, never: Iterable[str] = ()) -> list[str]:
    """Return what speaks against a probe; empty where it is valid.

    Args:
        asked: The probe.
        story: What there is to tell, where it is known.
        never: Words that an order asked for.
    """
    text = asked.text
    said = " ".join(turn.said for turn in asked.turns)
    own = set(words(said))
    plain = _QUOTED.sub(" ", text)
    found = set(words(plain))
    lent = set(words(text)) & _LENDING - own - set(words(" ".join(asked.before)))
    repeats = [m for m in _ODD.finditer(plain) if (m[1] or "").lower() not in _TWICE_IS_FINE]
    rules = {
        "asks nothing": not _ASKING.search(plain),
        "speaks of the candidate, or to a machine": any(
            each.group().lower() not in said.lower() for each in _OTHERS.finditer(plain)
        ),
        "suggests an answer": bool(_SUGGESTS.search(plain)),
        "holds marks of a template or a chat": bool(_MARKS.search(text)),
        "says words that it was ordered to say": says(text, never),
        "is not in English": len(found & _GERMAN) > 1 or not found & _ENGLISH,
        "has a word twice in a row": bool(repeats),
        "takes up another interview's words": bool(lent),
        "tells what was not told yet": _tells_ahead(found, own, asked, story),
    }
    faults = faults_of(text, asked.turns, asked.gap, asked.before)
    return faults + [rule for rule, broken in rules.items() if broken]


def says(text: str, phrases: Iterable[str]) -> bool:
    """Tell whether one of several phrases stands in `text`, whatever the case."""
    said = f" {' '.join(words(text))} "
    return any(f" {' '.join(words(phrase))} " in said for phrase in phrases)


def _tells_ahead(found: set[str], own: set[str], asked: Asked, story: Story | None) -> bool:
    """Whether a probe holds a telling word of a part that only the story has so far.

    Words that everybody uses tell nothing: "does" and "above" stand in stories too.
    """
    if not story:
        return False
    known = own | set(words(f"{asked.gap.name} {asked.gap.text} {' '.join(asked.before)}"))
    told = story.told_in(turn.said for turn in asked.turns)
    untold = {word for part in story.parts if part.step not in told for word in part.own}
    return any(is_rare(word) for word in (untold & found) - known)
