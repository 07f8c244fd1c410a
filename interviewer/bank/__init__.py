"""The bank: all guides there are, each in short as a card.

A guide of the user's own folder stands in for the shipped one of the same name or id. What can't be
read is kept beside the cards, with what is wrong with it. The search is `ranking.py`'s, the notes
on a guide that is no fault are `notes.py`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress
from pathlib import Path

from interviewer.bank.ranking import Index, Place
from interviewer.errors import GuideError
from interviewer.guide import Guide
from interviewer.guide_file import list_guides, load_guide
from interviewer.shipped import shipped_guides_folder
from interviewer.text import words
from interviewer.value import Value

__all__ = ["Bank", "Card", "Place", "Unusable", "asked", "load_bank", "questions_after"]


class Card(Value):
    """A guide in short."""

    id: str
    question: str
    role: str = ""
    """The job in question; empty where the guide names none."""
    kind: str = ""
    """Such as `behavioural`; empty where the guide names none."""
    level: str | None = None
    """Such as `senior`; None where it is for every level."""
    competencies: tuple[str, ...] = ()
    """What its goals are cases of, each once, in order."""
    related: tuple[str, ...] = ()
    """Ids of the guides that ask its related questions, in order; of the bank's, never its own."""
    draft: bool = False
    """Whether somebody has yet to look it over."""
    path: Path
    own: bool = False
    """Whether it is the user's own, not one that ships."""
    shadows: Path | None = None
    """The shipped guide that this one stands in for; None where it does for none."""
    examples: int = 0
    """How many answers it shows."""

    def meets(
        self,
        *,
        role: str | None = None,
        kind: str | None = None,
        level: str | None = None,
        competency: str | None = None,
    ) -> bool:
        """Tell whether all given filters let it pass; see `Bank.filtered`."""
        return (
            (role is None or not self.role or is_role(role, self.role))
            and _meets(kind, [self.kind])
            and _meets(level, [self.level or ""], absent_meets=True)
            and _meets(competency, self.competencies)
        )


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file among the guides that can't be used."""

    path: Path
    error: GuideError
    own: bool
    shadows: Path | None = None
    """The shipped guide that can't be had because of it; None where there is none."""


@dataclass(frozen=True)
class Bank:
    """All guides there are."""

    cards: tuple[Card, ...]
    """By id."""
    guides: tuple[Guide, ...]
    """What the cards are of, in the same order."""
    faults: tuple[Unusable, ...] = ()

    def get(self, id: str) -> Card | None:
        """Return the card of the guide with this id, or else of the file with this name."""
        by_name = {card.path.stem: card for card in self.cards}
        return {card.id: card for card in self.cards}.get(id) or by_name.get(id)

    def guide(self, id: str) -> Guide | None:
        """Return the guide with this id."""
        return next((guide for guide in self.guides if guide.id == id), None)

    def asking(self, question: str) -> Card | None:
        """Return the guide that asks `question`, whatever its case, spaces and marks."""
        return self._by_question.get(asked(question))

    def filtered(
        self,
        *,
        role: str | None = None,
        kind: str | None = None,
        level: str | None = None,
        competency: str | None = None,
    ) -> "Bank":
        """Return the bank of those guides that all given filters let pass.

        Case does not matter, nor whether words are joined by spaces or hyphens. A guide without a
        role is for every role, one without a level for every level.
        """
        return self._of(
            card.meets(role=role, kind=kind, level=level, competency=competency)
            for card in self.cards
        )

    def drafts(self) -> "Bank":
        """Return the bank of those guides that nobody has looked over yet."""
        return self._of(card.draft for card in self.cards)

    def values(self, name: str) -> list[str]:
        """Return what the guides have as `role`, `kind`, `level` or `competency`, sorted."""
        found = (
            card.competencies if name == "competency" else (getattr(card, name) or "",)
            for card in self.cards
        )
        return sorted({value for values in found for value in values if value})

    def search(self, text: str) -> list[tuple[Card, float]]:
        """Rank the guides that share a word with `text`, a few words or a whole document.

        Returns:
            (card, score) pairs, the best first; a score is above 0, and to be compared only with
            those of the same search.
        """
        return [(self.cards[hit.at], hit.score) for hit in self._index.search(text)]

    def best(self, text: str) -> tuple[list[tuple[Card, float]], bool]:
        """Return what `search` does, but only the guides that have most of the words.

        Returns:
            (card, score) pairs, and whether those guides have all of the words.
        """
        hits = self._index.search(text)
        most = max((hit.matched for hit in hits), default=0)
        found = [(self.cards[hit.at], hit.score) for hit in hits if hit.matched == most]
        return found, most == len(self._index.terms(text))

    def places(self, id: str, text: str) -> list[Place]:
        """Return where words of `text` stand in a guide, the part that weighs most first."""
        at = next((at for at, card in enumerate(self.cards) if card.id == id), None)
        return [] if at is None else self._index.places(at, text)

    def _of(self, kept: Iterable[bool]) -> "Bank":
        """Return the bank of those guides for which `kept` says so, in order."""
        chosen = list(kept)
        return replace(
            self,
            cards=tuple(compress(self.cards, chosen)),
            guides=tuple(compress(self.guides, chosen)),
        )

    @cached_property
    def _index(self) -> Index:
        return Index(self.guides)

    @cached_property
    def _by_question(self) -> dict[tuple[str, ...], Card]:
        found: dict[tuple[str, ...], Card] = {}
        for card in self.cards:
            found.setdefault(asked(card.question), card)
        return found


def load_bank(folders: Sequence[Path]) -> Bank:
    """Read all guides of `folders`, the first of which wins where two have one name or id."""
    reading = _Reading()
    for folder in folders:
        for path in list_guides([folder]):
            reading.add(path, own=folder != shipped_guides_folder())
    return reading.bank()


@dataclass(slots=True)
class _Reading:
    """The files that were read so far."""

    names: dict[str, Path] = field(default_factory=dict)
    read: dict[str, tuple[Path, Guide, bool]] = field(default_factory=dict)
    """Id -> file, guide, whether it is the user's own."""
    faulty: list[Unusable] = field(default_factory=list)
    shadows: dict[Path, Path] = field(default_factory=dict)
    """File -> the file of a later folder that it stands in for."""

    def add(self, path: Path, *, own: bool) -> None:
        if (first := self.names.setdefault(path.stem, path)) != path:
            self.shadows.setdefault(first, path)
            return
        try:
            guide = load_guide(path)
        except GuideError as error:
            self.faulty.append(Unusable(path, error, own))
            return
        first, _, _ = self.read.setdefault(guide.id, (path, guide, own))
        if first.parent != path.parent:
            self.shadows.setdefault(first, path)
        elif first != path:
            what, hint = (
                f"has the id {guide.id}, as {first.name} has",
                "give it another id, or none",
            )
            self.faulty.append(Unusable(path, GuideError(what, where=path, hint=hint), own))

    def bank(self) -> Bank:
        cards = _cards(self.read, self.shadows)
        guides = tuple(self.read[card.id][1] for card in cards)
        faults = (replace(each, shadows=self.shadows.get(each.path)) for each in self.faulty)
        return Bank(cards, guides, tuple(faults))


def questions_after(guide: Guide) -> tuple[str, ...]:
    """Return the related questions of a guide; none where it names only the role."""
    if len(guide.related) == 1 and guide.related[0].casefold() == guide.role.casefold():
        return ()
    return guide.related


def asked(question: str) -> tuple[str, ...]:
    """Return a question as questions are compared: its words."""
    return words(question)


def _cards(
    read: dict[str, tuple[Path, Guide, bool]], shadows: dict[Path, Path]
) -> tuple[Card, ...]:
    askers: dict[tuple[str, ...], str] = {}
    for id in sorted(read):
        askers.setdefault(asked(read[id][1].question), id)
    return tuple(
        Card(
            id=id,
            question=guide.question,
            role=guide.role,
            kind=guide.kind,
            level=guide.level,
            competencies=_once(guide.competency_of(goal.id) for goal in guide.goals),
            related=_once(
                askers[words_]
                for words_ in map(asked, questions_after(guide))
                if askers.get(words_, id) != id
            ),
            draft=guide.draft,
            path=path,
            own=own,
            shadows=shadows.get(path),
            examples=len(guide.examples),
        )
        for id, (path, guide, own) in sorted(read.items())
    )


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def is_role(asked: str, role: str) -> bool:
    """Tell whether `asked` means `role`: by its words, their beginnings or their initials.

    "pm", "product m" and "Product-Manager" all mean a Product Manager.
    """
    typed, named = _words(asked), _words(role)
    if not typed or not named:
        return not typed and not named
    if "".join(typed) == "".join(word[0] for word in named):
        return True
    return len(typed) <= len(named) and all(
        word.startswith(part) for part, word in zip(typed, named, strict=False)
    )


def _words(text: str) -> tuple[str, ...]:
    return words(text.replace("-", " "))


def _meets(wanted: str | None, found: Sequence[str], *, absent_meets: bool = False) -> bool:
    if wanted is None or (absent_meets and not any(found)):
        return True
    return _words(wanted) in [_words(each) for each in found]
