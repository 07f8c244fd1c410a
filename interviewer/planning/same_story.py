"""Whether two final answers tell the same story: by what is rare in them, without any model.

A story told again keeps its figures, its names and the odd word (`courier`, `payroll`), whatever
question it answers; what all answers share (`team`, `launch`) says nothing. So two answers are the
same story where enough of what is rare is the same in both, and that is a good part of the shorter
one. It is meant to be right where it speaks: two tellings that share little are not found.
`benchmarks/same_story.py` shows how often either goes wrong.
"""

from interviewer.rare_words import Rare

_ENOUGH, _FEWEST, _PART = 6.0, 5, 0.25
"""What two answers have to share: in weight, in words, and of the weight of the one with less."""
_SHOWN = 6
"""Shared words that are named."""


def shared_by(one: Rare, other: Rare) -> tuple[str, ...]:
    """Return what two answers share, the most telling first; empty where they are two stories."""
    shared = {
        key: min(weight, other.weights[key])
        for key, weight in one.weights.items()
        if key in other.weights
    }
    weight = sum(shared.values())
    least = min(sum(each.weights.values()) for each in (one, other))
    if weight < _ENOUGH or len(shared) < _FEWEST or weight < _PART * least:
        return ()
    telling = sorted(shared, key=lambda key: -shared[key])  # stable: else as they were told
    return tuple(one.shown[key] for key in telling[:_SHOWN])
