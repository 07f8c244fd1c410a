"""What a run may use, in tokens and money, and the one place that stops it from using more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interviewer.errors import SpentError, UsageError
from interviewer.llm import Usage

_BYTES_PER_TOKEN = 2
"""Fewer than any common text has, so that a prompt is never longer than was thought."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in any currency; None: not known."""

    prompt: float | None = None
    completion: float | None = None

    @property
    def known(self) -> bool:
        """Whether a cost can be told."""
        return self.prompt is not None or self.completion is not None

    def cost(self, prompt: int, completion: int) -> float:
        """Return what so many tokens cost."""
        return (prompt * (self.prompt or 0) + completion * (self.completion or 0)) / 1e6


class Allowance:
    """Tokens and money for one run. A call is sent only if its worst case still fits."""

    def __init__(
        self,
        usage: Usage,
        *,
        tokens: int | None = None,
        cost: float | None = None,
        prices: Prices | None = None,
    ) -> None:
        """Watch `usage`, which grows with every reply.

        Raises:
            UsageError: A cost is to be limited, and no price is known.
        """
        self._usage = usage
        self._tokens, self._cost = tokens, cost
        self.prices = prices or Prices()
        self._prompt = self._completion = 0
        """Tokens that calls under way may use."""
        if cost is not None and not self.prices.known:
            raise UsageError(
                "there is no price to reckon with",
                where="--max-cost",
                hint="set price_prompt and price_completion (of a million tokens); see "
                "interviewer config",
            )

    def reserve(self, body: Mapping[str, Any]) -> tuple[int, int]:
        """Set aside what a call can use at most; `release` it once its usage was counted.

        Raises:
            SpentError: It could be too much.
        """
        prompt = sum(len(each["content"].encode()) for each in body["messages"])
        most = (prompt // _BYTES_PER_TOKEN + 8 * len(body["messages"]), body["max_tokens"])
        self._prompt += most[0]
        self._completion += most[1]
        if self._too_much():
            self.release(most)
            raise SpentError("the next call could use more than is allowed", hint="allow more")
        return most

    def release(self, reserved: tuple[int, int]) -> None:
        """Give back what `reserve` returned."""
        self._prompt -= reserved[0]
        self._completion -= reserved[1]

    def _too_much(self) -> bool:
        prompt = self._usage.prompt + self._prompt
        completion = self._usage.completion + self._completion
        tokens = self._tokens is not None and prompt + completion > self._tokens
        return tokens or (
            self._cost is not None and self.prices.cost(prompt, completion) > self._cost
        )
