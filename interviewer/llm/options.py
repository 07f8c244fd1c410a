"""The arithmetic of `decide`: from tokens or samples to one probability for each option.

An option's probability is the mass of all ways to begin it: `Yes`, ` yes`, `YES`, `"Yes`, `Y`.
"""

import math
import re
from collections.abc import Sequence

from interviewer.errors import UndecidedError
from interviewer.llm.replies import Token

_LEAST = 1e-9
_WORD = re.compile(r"[^\W_]+")


def check_options(options: Sequence[str]) -> None:
    """Refuse options that the first token can't tell apart.

    Raises:
        ValueError: Fewer than two, or two that begin with the same letter, or one without.
    """
    initials = {_plain(option)[:1] for option in options}
    if len(options) < 2 or len(initials) < len(options) or "" in initials:
        raise ValueError(f"options must differ in their first letter: {list(options)}")


def from_tokens(
    alternatives: Sequence[Token], options: Sequence[str], floor: float
) -> dict[str, float]:
    """Return option -> probability from what the first token could have been.

    An option that is not among `alternatives` is no likelier than the last of them, nor than what
    they all leave over; it gets the lesser of the two bounds, so it is never exactly 0.

    Args:
        alternatives: The likeliest tokens, the likeliest first.
        options: Checked by `check_options`.
        floor: The least probability that the options must hold together.

    Raises:
        UndecidedError: They hold less, or nothing at all.
    """
    mass = dict.fromkeys(options, 0.0)
    chances = [min(1.0, math.exp(token.logprob)) for token in alternatives]
    for token, chance in zip(alternatives, chances, strict=True):
        if (option := match(token.token, options)) is not None:
            mass[option] += chance
    held = sum(mass.values())
    if held < floor or held <= 0:
        said = ", ".join(repr(token.token) for token in alternatives[:3]) or "nothing"
        raise _undecided(options, f"they hold {held:.2f} of the probability; likeliest: {said}")
    unseen = [option for option, chance in mass.items() if chance <= 0]
    left_over = max(0.0, 1 - sum(chances)) / max(1, len(unseen))
    mass.update(dict.fromkeys(unseen, max(_LEAST, min(chances[-1], left_over))))
    return _normalised(mass)


def from_samples(replies: Sequence[str], options: Sequence[str], floor: float) -> dict[str, float]:
    """Return option -> probability from repeated replies, by Laplace's rule: (count + 1)/(n + k).

    Raises:
        UndecidedError: More than 1 - `floor` of the replies name no option, or all of them do.
    """
    named = [match(reply, options) for reply in replies]
    counts = {option: named.count(option) + 1.0 for option in options}
    matched = len(named) - named.count(None)
    if not matched or matched < floor * len(named):
        raise _undecided(options, f"only {matched} of {len(named)} replies name one")
    return _normalised(counts)


def match(said: str, options: Sequence[str]) -> str | None:
    """Return the option that `said` is, or begins to be, whatever its case and punctuation."""
    word = _plain(said)
    return next((option for option in options if word and _plain(option).startswith(word)), None)


def _plain(text: str) -> str:
    """Return the first word of `text`, lower case."""
    found = _WORD.search(text)
    return found.group().casefold() if found else ""


def _normalised(mass: dict[str, float]) -> dict[str, float]:
    total = sum(mass.values())
    return {option: chance / total for option, chance in mass.items()}


def _undecided(options: Sequence[str], why: str) -> UndecidedError:
    return UndecidedError(
        f"the model chose none of {', '.join(options)}: {why}",
        hint="a larger model, or one made for instructions",
    )
