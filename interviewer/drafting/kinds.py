"""What kind of question somebody asks: that of the questions in the bank which are worded like it.

The first words say most ("How many", "Tell me about a time"), so runs of words count, common ones
included. A small model was asked in an earlier try, and took bad news for an estimation.
"""

import math
from collections import Counter
from collections.abc import Sequence

from interviewer.text import words

_LONGEST_RUN = 3
_NEAREST = 5
"""Questions that have a vote, as much as they are alike."""


def kind_of(question: str, known: Sequence[tuple[str, str]]) -> str:
    """Return the likeliest kind; empty where no question has a kind.

    Args:
        question: Whose kind is looked for.
        known: (question, kind) pairs.
    """
    runs = [(_runs(each), kind) for each, kind in known if kind]
    spread = Counter(run for found, _ in runs for run in found)
    mine = _runs(question)
    alike = [
        (
            sum(math.log(1 + len(runs) / spread[run]) for run in mine & found) / len(found) ** 0.5,
            kind,
        )
        for found, kind in runs
    ]
    votes: Counter[str] = Counter()
    for share, kind in sorted(alike, reverse=True)[:_NEAREST]:
        votes[kind] += share
    return max(votes, key=lambda kind: (votes[kind], kind), default="")


def _runs(question: str) -> set[tuple[str, ...]]:
    """Return the runs of one to three words; the beginning counts as a word."""
    said = ("^", *words(question))
    return {
        said[at : at + length]
        for length in range(1, _LONGEST_RUN + 1)
        for at in range(len(said) - length + 1)
    }
