"""How somebody speaks: with fillers, with words in between, or in as few as they can."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from interviewer.text import sentences

_OFTEN = 0.5
"""Share of sentences that get a filler."""
_SHORTEST = 5
"""Words of a beginning."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Puts into what is told what a person puts into it."""

    fillers: Sequence[str]
    between: Sequence[str]
    rng: Random

    def of(self, told: Sequence[str]) -> str:
        """Return what is told as it is said."""
        between = self.rng.sample(self.between, len(self.between))
        said: list[str] = []
        for number, part in enumerate(told):
            if number and between:
                said.append(between.pop())
            said.append(" ".join(map(self._filled, sentences(part))) if self.fillers else part)
        if len(told) == 1 and between:
            said.append(between.pop())
        return " ".join(said)

    def _filled(self, sentence: str) -> str:
        if self.rng.random() > _OFTEN:
            return sentence
        filler = self.rng.choice(self.fillers)
        first, _, rest = sentence.partition(" ")
        comma = rest.find(", ")
        if comma > 0 and self.rng.random() < _OFTEN:
            return f"{first} {rest[:comma]}, {filler}{rest[comma:]}"
        small = first if first.startswith("I") else first[:1].lower() + first[1:]
        return f"{filler[:1].upper()}{filler[1:]}, {small} {rest}".rstrip()


def beginning(text: str) -> str:
    """Return how `text` begins: its first sentence, up to the first comma after a few words."""
    first = next(iter(sentences(text)), text)
    for comma in re.finditer(r"[,;:]\s", first):
        if len(first[: comma.start()].split()) >= _SHORTEST:
            return first[: comma.start()] + "."
    return first
