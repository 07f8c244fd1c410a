"""Which guides a session takes, in which order, and why each.

One guide after another is chosen: the one that is needed most. A competency needs practice as far
as it is from full points, and less once the plan has a guide for it. Small, named amounts come on
top: for a related question, for what a background speaks for. Others go off: for practising the
same single thing twice in a row, for the same kind again. Nothing is random, so the same past gives
the same plan.

The reason that a candidate reads is the one that decided: a guide is "related" only where another
would have been chosen without that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from interviewer.bank import Card
from interviewer.planning.past import Practised
from interviewer.planning.strength import (
    NEW,
    WEAK,
    Strength,
    in_interviews,
    plain,
    strengths_of,
)
from interviewer.text import many
from interviewer.transcript import Planned

NOT_WITHIN = timedelta(days=14)
"""How long a question is not asked again, where nothing else is chosen."""

_COVERED = 0.5
"""What is left of a competency's need once the plan has a guide for it."""
_REST = 0.1
"""What a guide's other competencies weigh beside the one that needs it most."""
_RELATED = 0.2
_BACKGROUND = 0.5
"""At a weight of 1."""
_SAME_KIND = 0.1


@dataclass(frozen=True, slots=True)
class Wish:
    """What a session should be."""

    many: int = 3
    """Interviews."""
    role: str | None = None
    kind: str | None = None
    level: str | None = None
    competency: str | None = None
    first: str | None = None
    """Id of the guide to begin with, whatever else is wished."""
    not_within: timedelta = NOT_WITHIN
    """How long no question is asked again."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Guide id -> how much a background speaks for it, 0 to 1."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Guide id -> what in the background speaks for it, in a sentence for the candidate."""


def plan_session(
    cards: Sequence[Card], past: Sequence[Practised], wish: Wish, now: datetime
) -> list[Planned]:
    """Return the interviews of a session in their order, `wish.many` at the most.

    Fewer where the bank has no more that fit; `shortfall` says why.

    Args:
        cards: All guides there are.
        past: Interviews that were held, in any order.
        wish: What is asked for.
        now: When the session begins.
    """
    planner = _Planner(cards, past, wish, now)
    while len(planner.plan) < wish.many and planner.step():
        pass
    return planner.plan


def shortfall(cards: Sequence[Card], past: Sequence[Practised], wish: Wish, now: datetime) -> str:
    """Return why a plan has fewer interviews than were wished; empty where it has as many."""
    planned = len(plan_session(cards, past, wish, now))
    if planned >= wish.many:
        return ""
    found = f"only {many(planned, 'guide')}" if planned else "no guide"
    said = f"There {'is' if planned < 2 else 'are'} {found} for {many(wish.many, 'interview')}"
    asked = asked_lately(past, wish.not_within, now)
    others = [card for card in cards if fits(card, wish) and card.id != wish.first]
    if left_out := sum(card.id in asked for card in others):
        hours = max(1, round(wish.not_within / timedelta(hours=1)))
        span = many(hours, "hour") if hours < 24 else many(round(hours / 24), "day")
        said += f": {left_out} more {'was' if left_out == 1 else 'were'} asked within {span}"
    return f"{said}."


def fits(card: Card, wish: Wish) -> bool:
    """Tell whether a guide is of the role, kind, level and competency that are wished."""
    return card.meets(role=wish.role, kind=wish.kind, level=wish.level, competency=wish.competency)


def asked_lately(past: Iterable[Practised], within: timedelta, now: datetime) -> set[str]:
    """Return the ids of guides that were practised less than `within` ago."""
    return {each.guide for each in past if now - each.at < within}


class _Planner:
    """A plan as it grows."""

    def __init__(
        self, cards: Sequence[Card], past: Sequence[Practised], wish: Wish, now: datetime
    ) -> None:
        self.plan: list[Planned] = []
        self._wish = wish
        self._strengths = strengths_of(past)
        asked = asked_lately(past, wish.not_within, now)
        self._left = {
            card.id: card
            for card in cards
            if card.id == wish.first or (fits(card, wish) and card.id not in asked)
        }
        self._last_asked = {each.guide: each.at for each in sorted(past, key=lambda each: each.at)}
        self._chosen: list[Card] = []

    def step(self) -> bool:
        """Choose one more; False where none is left."""
        if not self._left:
            return False
        if not self._chosen and (first := self._left.get(self._wish.first or "")):
            return self._take(first, "You asked to begin with it.")
        best = self._best()
        return self._take(best, self._why(best))

    def _take(self, card: Card, why: str) -> bool:
        self._chosen.append(card)
        del self._left[card.id]
        self.plan.append(Planned(guide=card.id, why=why))
        return True

    def _best(self, *, related: bool = True, background: bool = True) -> Card:
        def order(card: Card) -> tuple[object, ...]:
            worth = self._need(card) - self._tedium(card)
            worth += _RELATED * (related and self._related(card))
            worth += background * _BACKGROUND * self._weight(card)
            asked = self._last_asked.get(card.id)
            unready = card.draft or not card.examples
            when = asked.timestamp() if asked else 0
            return unready, self._is_the_same_thing(card), -round(worth, 9), when, card.id

        return min(self._left.values(), key=order)

    def _need(self, card: Card) -> float:
        """Return how much a guide is needed, 0 to about 1."""
        needs = sorted((self._need_of(each) for each in card.competencies), reverse=True)
        return needs[0] + _REST * sum(needs[1:]) / max(1, len(needs) - 1) if needs else 0.0

    def _need_of(self, competency: str) -> float:
        strength = self._strengths.get(competency)
        times = sum(competency in card.competencies for card in self._chosen)
        return (5 - (strength.points if strength else NEW)) / 4 * _COVERED**times

    def _tedium(self, card: Card) -> float:
        if not self._chosen:
            return 0.0
        same_kind = not self._wish.kind and bool(card.kind) and card.kind == self._chosen[-1].kind
        return _SAME_KIND * same_kind

    def _is_the_same_thing(self, card: Card) -> bool:
        before = self._chosen[-1].competencies if self._chosen else ()
        return len(card.competencies) == 1 and card.competencies == before

    def _related(self, card: Card) -> bool:
        if not self._chosen:
            return False
        before = self._chosen[-1]
        return card.id in before.related or before.id in card.related

    def _weight(self, card: Card) -> float:
        return min(1.0, max(0.0, self._wish.weights.get(card.id, 0.0)))

    def _why(self, card: Card) -> str:
        """Return what decided for a guide that is the best one left."""
        if self._weight(card) and self._best(background=False) != card:
            return self._wish.reasons.get(card.id) or "Your background speaks for it."
        about = self._about(max(card.competencies, key=self._need_of, default=""))
        if self._related(card) and self._best(related=False) != card:
            return f"It is related to the question before, and {about[0].lower()}{about[1:]}"
        return about

    def _about(self, competency: str) -> str:
        if not competency:
            return "It is among the guides that are left."
        strength, name = self._strengths.get(competency), plain(competency)
        if strength is None:
            return f"You have not practised {name} yet."
        so_far = f"{strength.points:.1f} in {in_interviews(strength.interviews)}"
        if strength.interviews > 1:
            so_far += ", the latest counting most"
        if strength.points >= WEAK:
            return f"It keeps up {name}: {so_far}."
        weakest = min(self._strengths.values(), key=_weakest).competency
        rank = "your weakest" if competency == weakest else "among your weaker ones"
        return f"{name.capitalize()} is {rank}: {so_far}."


def _weakest(strength: Strength) -> tuple[float, str]:
    return strength.points, strength.competency
