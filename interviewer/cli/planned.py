"""Which questions `chat --session` asks: what fits the wish, in the order that planning gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from interviewer.errors import UsageError
from interviewer.text import many

if TYPE_CHECKING:
    from interviewer.background import Leaning
    from interviewer.bank import Bank, Card
    from interviewer.planning import Practised
    from interviewer.planning.choosing import Wish
    from interviewer.transcript import Plan


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked of a session; None where it did not say."""

    interviews: int
    minutes: float | None = None
    kind: str | None = None
    role: str | None = None
    level: str | None = None
    not_within: timedelta | None = None


def role_of(asked: str | None, cards: "Sequence[Card]") -> str | None:
    """Return the role that is meant, as the guides write it; None where they write several.

    A role that no guide names is taken as it was typed.
    """
    from interviewer.bank import is_role

    if asked is None:
        return None
    named = sorted({card.role for card in cards if card.role and is_role(asked, card.role)})
    if not named:
        return asked
    return named[0] if len(named) == 1 else None


def fitting(wanted: Wanted, cards: "Sequence[Card]") -> "list[Card]":
    """Return the guides that a session may take its questions from.

    A guide without a role, or without a level, is for every one.

    Raises:
        UsageError: There is none; it names what there is.
    """
    found = list(cards)
    for name in ("role", "kind", "level"):
        if (value := getattr(wanted, name)) is not None:
            found = _narrowed(found, name, value)
    return found


def _narrowed(cards: "list[Card]", name: str, value: str) -> "list[Card]":
    if found := [card for card in cards if card.meets(**{name: value})]:
        return found
    there = sorted({str(each) for card in cards if (each := getattr(card, name))})
    raise UsageError(
        f"there is no guide for the {name} {value!r}" if cards else "there are no guides",
        where=f"--{name}",
        hint=f"one of: {', '.join(there) or 'none of the guides names one'}",
    )


def wish_of(
    wanted: Wanted, *, first: str | None = None, leaning: "Leaning | None" = None
) -> "Wish":
    """Return what planning goes by, where the cards are `fitting` ones already."""
    from interviewer.planning import Wish
    from interviewer.planning.choosing import NOT_WITHIN

    not_within = NOT_WITHIN if wanted.not_within is None else wanted.not_within
    return Wish(
        many=wanted.interviews,
        first=first,
        not_within=not_within,
        weights=leaning.weights if leaning else {},
        reasons=leaning.reasons if leaning else {},
    )


def plan_of(
    wanted: Wanted,
    cards: "Sequence[Card]",
    past: "Sequence[Practised]",
    *,
    first: str | None,
    leaning: "Leaning | None" = None,
) -> "tuple[Plan, str]":
    """Return the plan of a session, and why it is shorter than was wished; empty where it isn't.

    Raises:
        UsageError: No question is left to ask.
    """
    from interviewer.planning import plan_session, shortfall
    from interviewer.transcript import Plan

    wish, now = wish_of(wanted, first=first, leaning=leaning), datetime.now(UTC)
    found = plan_session(cards, past, wish, now)
    if not found:
        one = len(cards) == 1
        fit = "the one guide that fits was" if one else f"all {len(cards)} guides that fit were"
        raise UsageError(
            f"{fit} asked not long ago",
            where="--not-within",
            hint="--not-within 1h (with --session), or another role, kind or level",
        )
    plan = Plan(
        interviews=tuple(found),
        minutes=wanted.minutes,
        role=wanted.role,
        kind=wanted.kind,
        level=wanted.level,
    )
    return plan, shortfall(cards, past, wish, now)


def usable(bank: "Bank") -> str:
    """Return what there is to say about guides that can't be used; empty where all can."""
    count = len(bank.faults)
    return f"{many(count, 'guide')} can't be used; see interviewer guide list" if count else ""
