"""How the endpoint behaves: how long it takes, what it lets in, what it does wrong.

All chance comes from a seed and the number of the request, so a run with the same order of requests
is the same again.
"""

import math
import random
import time
from dataclasses import dataclass

FAULTS = (
    "429",
    "500",
    "503",
    "gateway",
    "page",
    "closed",
    "stalled",
    "truncated",
    "cut-short",
    "halved",
    "nonsense",
)
"""429, 500 and 503: this status, with an error in JSON. gateway: 502 and an HTML page. page: 200
and an HTML page. closed: the connection ends without a reply. stalled: no reply ever. truncated:
half of the body, whole by its length. cut-short: half of the body, then the connection ends.
halved: the model stopped in the middle of its JSON. nonsense: the model said something else."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """What an endpoint is told to be like."""

    latency_s: float = 0.0
    """Until the reply; the median where it is random."""
    spread: float = 0.0
    """Of a lognormal latency: the standard deviation of its logarithm; 0: always the same."""
    most_at_once: int = 0
    """Requests beyond this are refused with 429; 0: no limit."""
    most_a_second: float = 0.0
    """The same for a second; 0: no limit."""
    faults: float = 0.0
    """Share of requests that are answered by a fault, each kind as often as any other."""
    retry_after_s: int = 1
    """What a 429 or 503 among the faults asks for, where it asks for a time."""
    telling: float = 0.1
    """Share of them that do. All would have a client wait most of the time."""
    seed: int = 1


class Chance:
    """Draws for one request after the other."""

    def __init__(self, conduct: Conduct) -> None:
        self._conduct = conduct
        self._random = random.Random(conduct.seed)  # noqa: S311  no secret

    def draw(self) -> tuple[float, str]:
        """Return latency in seconds and fault, or no fault, of the next request."""
        conduct, draw = self._conduct, self._random.random
        fault = FAULTS[int(draw() * len(FAULTS))] if draw() < conduct.faults else ""
        if not conduct.spread:
            return conduct.latency_s, fault
        return conduct.latency_s * math.exp(conduct.spread * self._random.gauss(0, 1)), fault

    def draw_wait_s(self) -> int:
        """Return what a 429 or 503 asks for, or 0 for one that asks for nothing."""
        conduct = self._conduct
        return conduct.retry_after_s if self._random.random() < conduct.telling else 0


class Gate:
    """Lets requests in up to a rate: a bucket that holds a second's worth and fills steadily."""

    def __init__(self, most_a_second: float) -> None:
        self._rate = most_a_second
        self._size = max(1.0, most_a_second)
        self._left = self._size
        self._at = time.monotonic()

    def let_in(self) -> float:
        """Return 0 where the request may pass, else the seconds until one may."""
        if not self._rate:
            return 0.0
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._rate

    def headers(self) -> str:
        """Return the header lines that tell what is left, as OpenAI does; empty without a limit."""
        if not self._rate:
            return ""
        full_s = (self._size - self._left) / self._rate
        return (
            f"x-ratelimit-limit-requests: {int(self._size)}\r\n"
            f"x-ratelimit-remaining-requests: {int(self._left)}\r\n"
            f"x-ratelimit-reset-requests: {1000 * full_s:.0f}ms\r\n"
        )
