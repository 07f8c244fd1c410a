"""How many calls to one endpoint run at once.

An endpoint's limit is not known, and it moves. So the number of calls grows while that helps, and
falls when the endpoint objects (Chiu and Jain, "Analysis of the Increase and Decrease Algorithms",
1989, as in TCP: doubled up to the first objection, then one more each round trip). It does not
grow either once replies take much longer than they did: then calls only queue up somewhere. What
one reply says of a limit (`Retry-After`, `x-ratelimit-*`) holds for all calls.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Self

FIRST = 4
"""Calls at once to begin with."""
_FALL = 0.7
_SLOWER = 2.5
"""How much longer replies may take than the fastest did, on average, for the number to grow."""
_SMOOTH = 0.1
_LONGEST_S = 600.0
"""No pause is longer, whatever an endpoint says."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


class Pace:
    """Lets calls through: `async with pace: ...`, at most `limit` at a time, none in a pause."""

    def __init__(
        self,
        most: int,
        *,
        first: int = FIRST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with `first` calls at once, and never have more than `most`."""
        self.most = most
        self.active = 0
        self.objections = 0
        """Replies that said there were too many calls, or that came too late."""
        self._limit = float(min(first, most))
        self._doubling = True
        self._clock = clock
        self._fell = clock()
        self._resumes = 0.0
        self._usual = self._fastest = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def limit(self) -> int:
        """How many calls may run now."""
        return int(self._limit)

    @property
    def paused_s(self) -> float:
        """For how long nothing is sent, in seconds; 0: calls go out."""
        return max(0.0, self._resumes - self._clock())

    async def give_way(self) -> None:
        """Let those go first that wait to send: the endpoint works while a reply is looked at.

        In the first turn of the loop they are woken, in the second they write.
        """
        for _ in range(2):
            await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        while self._waiting_needed():
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                if not waiter.cancelled():
                    self._wake()  # it was this one's turn: somebody else's now
                else:
                    self._waiting.remove(waiter)
                raise
        self.active += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        self.active -= 1
        self._wake()

    def went_well(self, begun: float, headers: Mapping[str, str] | None = None) -> None:
        """Note a reply to a call that was sent at `begun`, by the clock."""
        took = self._clock() - begun
        self._usual = took if not self._usual else self._usual + _SMOOTH * (took - self._usual)
        self._fastest = min(self._fastest or self._usual, self._usual)
        # A limit that isn't used says nothing about a higher one.
        if 2 * self.active >= self.limit and self._usual <= _SLOWER * self._fastest:
            step = 1.0 if self._doubling else 1.0 / self._limit
            self._limit = min(float(self.most), self._limit + step)
            self._wake()
        if headers and (rest := _rest_s(headers)):
            self.pause(rest)

    def objected(self, begun: float, after_s: float | None = None) -> None:
        """Note that there were too many calls, when one of them was sent at `begun`.

        Args:
            begun: By the clock. One that was sent before the number last fell tells nothing new.
            after_s: How long the endpoint asks everybody to wait.
        """
        self.objections += 1
        self._doubling = False
        if begun >= self._fell:
            self._limit = max(1.0, self._limit * _FALL)
            self._fell = self._clock()
        if after_s:
            self.pause(after_s)

    def pause(self, seconds: float) -> None:
        """Send nothing for a while."""
        until = self._clock() + min(seconds, _LONGEST_S)
        if until > self._resumes:
            self._resumes = until
            asyncio.get_running_loop().call_later(self.paused_s + 0.001, self._wake)

    def now(self) -> float:
        """Return what the clock says."""
        return self._clock()

    def _waiting_needed(self) -> bool:
        return self.active >= self.limit or self.paused_s > 0

    def _wake(self) -> None:
        free = self.limit - self.active if self.paused_s <= 0 else 0
        while free > 0 and self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                free -= 1


def _rest_s(headers: Mapping[str, str]) -> float:
    """Return for how long the endpoint will take no more, in seconds, by its rate-limit headers."""
    spent = [
        what
        for what in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{what}", "").strip() == "0"
    ]
    return max(
        (seconds_of(headers.get(f"x-ratelimit-reset-{what}", "")) for what in spent), default=0.0
    )


def seconds_of(duration: str) -> float:
    """Return seconds for `1s`, `6m0s`, `20ms` or a plain number; 0 for anything else."""
    told = duration.strip()
    if re.fullmatch(r"\d+(\.\d+)?", told):
        return float(told)
    found = _DURATION.findall(told)
    return sum(float(number) * _UNITS[unit] for number, unit in found)
