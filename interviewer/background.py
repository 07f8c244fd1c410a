"""What a candidate brings along: a CV and the posting of the job, as data.

A posting's words, and what a CV tells that was done, say which guides fit; a line of the CV is
something that a probe can be tied to. All by code: no model reads either of them as a whole.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import field_validator

from interviewer.text import printable, units, words
from interviewer.value import Value

if TYPE_CHECKING:
    from interviewer.bank import Bank
    from interviewer.guide import Guide

LONGEST = 100_000
"""Characters that a CV or a posting may have."""
_POSTING = 0.75
"""What a posting weighs beside a CV: it says what is going to be asked."""
_NAMED = 3
"""Shared words that a reason names."""
_SHORTEST_NAMED = 4
_UNNAMED = frozenset({"across", "between", "under", "within", "without"})
"""Too small to be a reason, however few guides have them."""
_SPREAD = 5
"""A word that more than one guide in so many has tells none from another."""
_FEWEST_OF_CV = 2
"""Words that a CV has to share with a guide: it speaks of much that nobody asks for."""
# An escape sequence whole, so that its letters do not stay behind as words.
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-~])?")
_BULLET = re.compile(
    r"(?:[-*+\u2022\u2023\u2043\u2219\u25a0-\u25ff\u2013\u2014\u00b7\u27a2\uf0b7]|o(?= )"
    r"|\d{1,2}[.)](?= ))\s*"
)
_LONGEST_HEADING = 5
_WRAPPED = 50
"""Characters from which a line may have been cut by the page's edge."""
_FEWEST, _MOST, _WIDEST = 4, 45, 400
"""Words, and characters, of what counts as something that was done."""
_HEADINGS = {
    "done": "experience employment career history projects project achievements accomplishments "
    "work positions volunteering",
    "else": "education skills languages interests hobbies references summary profile about "
    "certifications certificates training publications contact personal awards courses "
    "objective competencies tools",
    "asked": "you your role responsibilities requirements qualifications tasks duties must",
    "offer": "offer offers benefits perks apply equal diversity salary compensation",
}
"""What a section is about -> words of its heading; the last that fits counts."""
_PLACES = {name: frozenset(known.split()) for name, known in _HEADINGS.items()}
_SMALL = (
    "a an and are at bring can do expect expected for have i in is key main me my need of on other "
    "our professional relevant selected short technical that the this to we what who will with work"
)
"""What else a heading has."""
_OF_HEADINGS = frozenset(_SMALL.split()).union(*_PLACES.values())
_US = ("about us", "who we are", "about the company", "why join us")
_DEEDS = (
    "agreed disagreed freed guaranteed "
    "began bought brought built chose cut dealt drew drove fought found founded gave got grew "
    "held hired kept laid led left made met oversaw paid put ran rebuilt reran rewrote rose "
    "sat saw sent set shrank shut sold spent split spoke taught took undertook won wound "
    "wrote"
)
_IRREGULAR = frozenset(_DEEDS.split())
_NO_DEEDS = (
    "accomplished advanced based certified dedicated detailed distributed embedded "
    "experienced hundred interested licensed limited motivated need needed qualified related "
    "required seasoned skilled speed talented trusted united"
)
_NO_VERB = frozenset(_NO_DEEDS.split())
_FIRST = re.compile(r"\b(?:I|[Ww]e)\s+(?:\w+ly\s+)?(\w+)")


class Background(Value):
    """A CV and a job posting, tidied: no control characters, no spaces in a row."""

    cv: str = ""
    """Empty where there is none."""
    job: str = ""
    """Empty where there is none."""

    @field_validator("cv", "job")
    @classmethod
    def _tidy(cls, text: str) -> str:
        found = tidied(text)
        if len(found) > LONGEST:
            raise ValueError(f"has {len(found):,} characters; {LONGEST:,} is the most")
        return found


@dataclass(frozen=True, slots=True)
class Leaning:
    """Which guides a background speaks for."""

    weights: Mapping[str, float] = field(default_factory=dict)
    """Guide id -> 0 to 1."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Guide id -> what speaks for it, in a sentence for the candidate."""


def tidied(text: str) -> str:
    """Return `text` without escape sequences, control and invisible characters, spaces in a row."""
    plain = printable(_ESCAPE.sub("", text)).replace("\N{REPLACEMENT CHARACTER}", "")
    lines = "\n".join(" ".join(line.split()) for line in plain.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def leaning(background: Background, bank: "Bank") -> Leaning:
    """Return which guides of a bank a background speaks for, and why each.

    Each line of a posting, and each of a CV's projects, speaks for the guides that it shares words
    with; a guide is spoken for by the line that fits it best.
    """
    named = _Named(bank)
    asked = named.fits(_requirements(background.job), fewest=1)
    told = named.fits(projects_of(background.cv), fewest=_FEWEST_OF_CV)
    of_posting = 0.0 if not asked else _POSTING if told else 1.0
    weights: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for whose, share, fits in (
        ("The posting speaks of", of_posting, asked),
        ("Your CV speaks of", 1 - of_posting, told),
    ):
        for id, (fit, shared) in fits.items():
            weights[id] = weights.get(id, 0.0) + share * fit
            reasons.setdefault(id, f"{whose} {_listed(shared)}.")
    return Leaning(weights, reasons)


class _Named:
    """Finds guides by words of their questions and of what they are about."""

    def __init__(self, bank: "Bank") -> None:
        self._bank = bank
        self._stems = {guide.id: _stems_of(guide) for guide in bank.guides}
        self._spread = Counter(stem for found in self._stems.values() for stem in found)

    def fits(self, lines: Iterable[str], *, fewest: int) -> dict[str, tuple[float, list[str]]]:
        """Return guide id -> how well the best of the lines fits, 0 to 1, and the words of both.

        Args:
            lines: Each is looked up on its own.
            fewest: Words of a guide's question or of what it is about that a line has to have.
        """
        found: dict[str, tuple[float, list[str]]] = {}
        for line in dict.fromkeys(lines):
            for card, score in self._bank.search(line):
                if score <= found.get(card.id, (0.0,))[0]:
                    continue
                if len(shared := self._shared(card.id, line)) >= fewest:
                    found[card.id] = score, shared
        best = max((score for score, _ in found.values()), default=1.0)
        return {id: (score / best, shared) for id, (score, shared) in found.items()}

    def _shared(self, id: str, line: str) -> list[str]:
        from interviewer.bank.ranking import stem_of, telling

        many, own = len(self._stems), self._stems[id]
        shown: dict[str, str] = {}
        for word in telling(line):
            stem = stem_of(word)
            rare = _SPREAD * self._spread[stem] <= many
            plain = len(word) >= _SHORTEST_NAMED and word.isalpha() and word not in _UNNAMED
            if stem in own and rare and plain:
                shown.setdefault(stem, word)

        def worth(stem: str) -> float:
            return own[stem] * math.log(1 + many / self._spread[stem])

        return [shown[stem] for stem in sorted(shown, key=worth, reverse=True)[:_NAMED]]


def _stems_of(guide: "Guide") -> dict[str, int]:
    """Return stem -> 2 where the guide's question has it, 1 where what it is about has it."""
    from interviewer.bank.ranking import stem_of

    about = [guide.id, guide.kind, *(each.name for each in guide.goals)]
    found = {stem_of(word): 1 for word in words(" ".join(about).replace("-", " "))}
    found |= {stem_of(word): 2 for word in words(guide.question)}
    named = {stem_of(word) for word in words(guide.role)}  # every posting names the job
    return {stem: weight for stem, weight in found.items() if stem not in named}


def _listed(found: list[str]) -> str:
    head, last = ", ".join(found[:-1]), found[-1]
    return f"{head} and {last}" if head else last


def _requirements(posting: str) -> list[str]:
    """Return the lines of a posting without what the company says of itself and offers, or all."""
    found = list(_items(posting))
    return [text for place, text in found if place != "offer"] or [text for _, text in found]


def projects_of(cv: str) -> tuple[str, ...]:
    """Return the lines and sentences of a CV that tell what the candidate did, in their order.

    They begin with what was done ("Moved 300 clinics ...") or say it of an "I"; what stands under
    education, skills or interests is left out.
    """
    found = (
        said.strip(" .;,")
        for place, text in _items(cv)
        if place != "else"
        for _, said in units(text)
    )
    return tuple(dict.fromkeys(each for each in found if _tells(each)))


def _tells(said: str) -> bool:
    count = len(said.split())
    if not _FEWEST <= count <= _MOST or len(said) > _WIDEST or said.endswith("?"):
        return False
    return begins_with_deed(said) or any(_is_deed(each[1]) for each in _FIRST.finditer(said))


def begins_with_deed(said: str) -> bool:
    """Tell whether a text begins with what somebody did: "Moved", "Successfully led"."""
    first = words(said)[:2]
    deed = first[1:] if first and first[0].endswith("ly") else first[:1]
    return bool(deed) and _is_deed(deed[0])


def _is_deed(word: str) -> bool:
    plain = word.lower()
    verb = plain.rpartition("-")[2]  # co-founded
    regular = verb.endswith("ed") and len(verb) > 4 and not verb.endswith("eed")
    return verb in _IRREGULAR or (regular and plain not in _NO_VERB)


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Yield (what its section is about, text) pairs, in which lines are joined again."""
    place, lines, bulleted, apart = "", list[str](), False, False
    for line in map(str.strip, text.split("\n")):
        if not line:
            apart = True
            continue
        bullet = _BULLET.match(line)
        about = "" if bullet else _place_of(line)
        alone = bool(bullet or about) or not lines
        if alone or not _goes_on(lines[-1], line, told_apart=apart or bulleted):
            if lines:
                yield place, " ".join(lines)
            lines, bulleted = [], bool(bullet)
        place, apart = about or place, False
        said = line[bullet.end() :] if bullet else line
        if said and not about:
            lines.append(said)
    if lines:
        yield place, " ".join(lines)


def _goes_on(before: str, line: str, *, told_apart: bool) -> bool:
    """Whether a line is the rest of the one before, which the page's edge cut.

    Where an empty line or bullets tell items apart, only one that begins in small letters is.
    """
    cut = len(before) >= _WRAPPED and before[-1] not in ".!?;:"
    return line[0].islower() or (cut and not told_apart)


def _place_of(line: str) -> str:
    """Return what a section is about whose heading this is; empty where it is no such heading."""
    plain = line.strip("#*_: ")
    found = words(plain)
    if not found or len(found) > _LONGEST_HEADING or line[-1] in ".,;!?" or re.search(r"\d", line):
        return ""
    if any(each in " ".join(found) for each in _US):
        return "offer"
    about = [name for name, known in _PLACES.items() if not known.isdisjoint(found)]
    return about[-1] if about and _looks_like_one(line, plain) else ""


def _looks_like_one(line: str, plain: str) -> bool:
    """Whether a short line is a heading: marked, in capitals, or of nothing but a heading's words.

    "Training Manager" has one of them too, and is a job.
    """
    if line.startswith("#") or line.endswith(":") or plain.isupper():
        return True
    return plain[:1].isupper() and "," not in plain and _OF_HEADINGS.issuperset(words(plain))
