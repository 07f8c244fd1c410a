"""One statement about what a candidate said, one probability.

A small model says Yes too often or too seldom, by an amount that depends on the statement, not on
the answer. So every statement is also asked of an answer that says nothing, and only the distance
between the two counts (contextual calibration: Zhao et al., "Calibrate Before Use", 2021).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interviewer.errors import BrokenReplyError, PendingError, RefusedError, UndecidedError
from interviewer.guide import Guide, Rating
from interviewer.llm import Model
from interviewer.prompts import Prompts, Rendered
from interviewer.rubric import Check
from interviewer.text import LABELS, parts

SHARPNESS = 4.0
"""What a logit of distance counts: the embedded 1.5B model's distances are small."""
NEEDED = 0.3
"""Distance in logits at which a statement is as likely true as not."""
POINTS = ("1", "2", "3", "4", "5", "6", "7")
_RATED = 12
"""Words from which an answer within an interview is rated by itself."""
_NONE = "Z"
UNANSWERABLE = (UndecidedError, RefusedError, BrokenReplyError, PendingError)
"""What leaves one judgement open; any other failure ends the grading."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the interviewer and what the candidate said to it, empty so far or not."""

    asked: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one check."""

    p: float | None
    """P(the check speaks for the candidate), 0 to 1; None where the model could not say."""
    reason: str = ""
    """Why `p` is None."""


@dataclass(slots=True)
class Judge:
    """Asks a model about the answers of one interview, and nothing twice."""

    guide: Guide
    model: Model
    prompts: Prompts
    at_once: bool = False
    """Label all sentences of an answer in one call: for endpoints where each call costs money."""
    _asked: dict[str, float | str] = field(default_factory=dict)
    _shown: dict[str, dict[str, float]] = field(default_factory=dict)
    _how: Rendered | None = None

    async def verdict(self, check: Check, turns: Sequence[Turn]) -> Verdict:
        """Say how likely `check` speaks for the candidate.

        Raises:
            UnreachableError: The endpoint is gone; every other failure is a verdict without `p`.
        """
        logit = await self._logit(check, turns)
        base = await self._logit(check, self._saying_nothing())
        if isinstance(logit, str) or isinstance(base, str):
            return Verdict(None, next(each for each in (logit, base) if isinstance(each, str)))
        p = 1 / (1 + math.exp(-SHARPNESS * (logit - base - NEEDED)))
        return Verdict(1 - p if check.negative else p)

    async def rating(self, rating: Rating, turns: Sequence[Turn]) -> Verdict:
        """Say how good something is, from the expected value of a rating from 1 to 7.

        The probabilities of the figures, not the likeliest one (G-Eval: Liu et al., 2023). What
        counts is the distance from a usual answer, in standard deviations: a small model keeps
        all its ratings in a narrow part of the scale.

        Raises:
            UnreachableError: The endpoint is gone; every other failure is a verdict without `p`.
        """
        try:
            distance = (await self.rated(rating, turns) - rating.typical) / rating.spread
        except UNANSWERABLE as error:
            return Verdict(None, error.what)
        return Verdict(1 / (1 + math.exp(-distance)))

    async def rated(self, rating: Rating, turns: Sequence[Turn]) -> float:
        """Return the plain rating, 1 to 7; the mean where each answer is rated.

        Raises:
            ModelError: As `Model.decide`.
        """
        parts = [turns[: at + 1] for at in range(len(turns))] if rating.each else [turns]
        # A remark of a few words is no answer that could be rated.
        worth = [part for part in parts if len(part[-1].said.split()) >= _RATED] or parts[-1:]
        found = [await self._rated(part, rating.of) for part in worth]
        return sum(found) / len(found)

    async def _rated(self, turns: Sequence[Turn], of: str) -> float:
        p = await self.choose("rate", POINTS, 0.3, turns=turns, of=of)
        return sum(int(point) * chance for point, chance in p.items())

    async def prepare(self, checks: Sequence[Check]) -> None:
        """Ask all `checks` that have a statement of the answer that says nothing, ahead of use."""
        for check in (each for each in checks if each.statement):
            await self._logit(check, self._saying_nothing())

    async def evidence(self, check: Check, turns: Sequence[Turn]) -> tuple[int, str] | None:
        """Return number and words of the part of the last answer that shows that `check` is true.

        The model names a letter, so the words are verbatim by construction.

        Returns:
            None where no part shows it, or the model could not say.
        """
        found = parts(turns[-1].said)
        if not found:
            return None
        options = [*LABELS[: len(found)], _NONE]
        plain = Check(id="-", target="-", kind="goal", statement="It is a sentence.")
        try:
            p = await self._letters(check, turns, options)
            base = await self._letters(plain, turns, options)
        except UNANSWERABLE:
            return None
        if p[_NONE] >= max(p[label] for label in options[:-1]):
            return None
        # A small model likes some letters better than others, whatever is asked about.
        best = max(options[:-1], key=lambda label: p[label] / base[label])
        return LABELS.index(best) + 1, found[LABELS.index(best)][1]

    def how(self) -> Rendered:
        """Return how to label all sentences at once; the same for every answer, and long."""
        if self._how is None:
            self._how = Rendered(self.prompts.render("label-all-how", guide=self.guide))
        return self._how

    async def choose(
        self, name: str, options: Sequence[str], floor: float, **values: object
    ) -> Mapping[str, float]:
        """Have the model choose among `options` with the prompt `name`, the same one only once.

        Raises:
            ModelError: As `Model.decide`.
        """
        prompt = self.prompts.render(name, guide=self.guide, **values)
        if prompt not in self._shown:
            self._shown[prompt] = await self.model.decide(prompt, options, floor=floor)
        return self._shown[prompt]

    async def _letters(
        self, check: Check, turns: Sequence[Turn], options: Sequence[str]
    ) -> dict[str, float]:
        prompt = self._render("evidence", turns, check=check)
        if prompt not in self._shown:
            self._shown[prompt] = await self.model.decide(prompt, options, floor=0.3)
        return self._shown[prompt]

    async def warm(self, turns: Sequence[Turn]) -> None:
        """Have the embedded engine read what is certain already.

        That is how to label; where the guide has no labels, the conversation so far.
        """
        if not self.guide.labels:
            await self.model.warm(self._render("warm", turns))
        elif not any(turn.said for turn in turns):
            await self.model.warm(self._render("label", turns, units=[""], given=[]))
            await self.model.warm(self._render("responsible", turns, unit=""))

    def _saying_nothing(self) -> list[Turn]:
        return [Turn(self.guide.question, self.prompts.render("nothing"))]

    async def _logit(self, check: Check, turns: Sequence[Turn]) -> float | str:
        """Return log(P(yes) / P(no)), or why the model could not say."""
        prompt = self._render("check", turns, check=check)
        if prompt not in self._asked:
            try:
                p = await self.model.decide(prompt, ["Yes", "No"])
                self._asked[prompt] = math.log(p["Yes"] / p["No"])
            except UNANSWERABLE as error:
                self._asked[prompt] = error.what
        return self._asked[prompt]

    def _render(self, name: str, turns: Sequence[Turn], **values: object) -> str:
        return self.prompts.render(name, guide=self.guide, turns=turns, **values)
