"""What an endpoint did, counted."""

import resource
import time
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Stats:
    """Counts since the start of the endpoint."""

    requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    """`answered`, `over-limit`, `gone` (nobody waited for the reply any more), or a fault."""
    at_once: int = 0
    most_at_once: int = 0
    prompts: Counter[str] = field(default_factory=Counter)
    """Hash of a prompt -> how often it was answered as it should be."""
    seen: set[str] = field(default_factory=set)
    """Hashes of all prompts."""
    asked: "array[float]" = field(default_factory=lambda: array("d"))
    """When each request came, in seconds of the machine's monotonic clock."""
    answered: "array[float]" = field(default_factory=lambda: array("d"))
    """When each was answered as it should be."""

    def come(self, key: str) -> None:
        """Count a request that came."""
        self.requests += 1
        self.seen.add(key)
        self.asked.append(time.monotonic())
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)

    def done(self, key: str, outcome: str) -> None:
        """Count what became of it."""
        self.at_once -= 1
        self.outcomes[outcome] += 1
        if outcome == "answered":
            self.prompts[key] += 1
            self.answered.append(time.monotonic())

    def told(self, *, prompts: bool, window: tuple[int, int] | None = None) -> dict[str, Any]:
        """Return the counts as JSON.

        Args:
            prompts: With how often each prompt was answered.
            window: Two numbers of answered requests, from 0: with the seconds between them.
        """
        cpu = resource.getrusage(resource.RUSAGE_SELF)
        found: dict[str, Any] = {
            "requests": self.requests,
            "outcomes": dict(self.outcomes),
            "at_once": self.at_once,
            "most_at_once": self.most_at_once,
            "distinct": len(self.seen),
            "answered_again": sum(self.prompts.values()) - len(self.prompts),
            "first_asked": self.asked[0] if self.asked else None,
            "last_answered": self.answered[-1] if self.answered else None,
            "cpu_s": cpu.ru_utime + cpu.ru_stime,
        }
        if prompts:
            found["prompts"] = dict(self.prompts)
        if window and window[1] < len(self.answered):
            found["window_s"] = self.answered[window[1]] - self.answered[window[0]]
        return found
