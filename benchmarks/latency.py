"""How long a candidate waits after an answer for the first words of the probe.

    python benchmarks/latency.py [--weights FILE] [--pause SECONDS] [--smoke]

Plays an interview with fixed answers against the embedded model. For each answer it prints

    first word  seconds from Enter to the first piece of the probe
    new tokens  prompt tokens that the engine evaluated in between (not those from its cache)
    tokens/s    the engine's own speed at these prompts
    bound       new tokens / speed + 0.3 s: what the wait may be
    from cache  how much of the last prompt before Enter the first one after it took from the cache

The candidate pauses before each answer, as people do; meanwhile the engine reads ahead. A
row marked `+` lacks calls that were cut before the engine told what it did: its true number of
new tokens, and so its bound, is larger.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interviewer.checks import Judge
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.events import Event, Probe
from interviewer.interview import Interview
from interviewer.llm.client import Client
from interviewer.llm.dialect import Body
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.local.catalogue import default
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import is_present, path_of
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Session

SPARE_S = 0.3
ANSWERS = (
    "I led the launch of a new checkout at a shop with two million customers. I was sure of the "
    "plan, so I skipped the test with users. In the first week orders fell by a tenth.",
    "I rolled the checkout back on the second day. I told the sales team and the directors what "
    "had happened, and that leaving out the test had been my decision.",
    "Since then no launch of mine goes to more than five in a hundred users before its figures are "
    "in. The next checkout raised orders by four in a hundred.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, as a session takes it."""

    text: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What one answer's wait was made of."""

    first_word_s: float
    tokens: int
    speed: float
    from_cache: float
    hidden: bool
    """Whether `tokens` lacks those of a call that was cut."""

    @property
    def bound_s(self) -> float:
        """What the wait may be."""
        return self.tokens / self.speed + SPARE_S


class EnoughError(Exception):
    """All answers were given."""


class Telling(Client):
    """Has the engine tell its timings with each token, so that a cut reply tells them too."""

    def _body(self, prompt: str, max_tokens: int, *, temperature: float = 0.0) -> Body:
        body = super()._body(prompt, max_tokens, temperature=temperature)
        return body | {"timings_per_token": True}


class Stage:
    """Candidate, voice and stopwatch in one."""

    def __init__(self, client: Client, answers: Sequence[str], pause_s: float) -> None:
        self.rows: list[Row] = []
        self._client = client
        self._answers = iter(answers)
        self._pause_s = pause_s
        self._before: dict[str, Any] = {}
        self._entered = 0.0
        self._calls = 0
        self._first_word: float | None = None

    async def read(self, purpose: str) -> Said:
        """Pause, start the clock and answer."""
        answer = next(self._answers, None)
        if answer is None or purpose != "answer":
            raise EnoughError
        await asyncio.sleep(self._pause_s)
        timings = self._client.timings
        self._before = timings[-1] if timings else {}
        timings.clear()
        self._calls = self._client.usage.calls
        self._first_word = None
        self._entered = time.perf_counter()
        return Said(answer)

    def piece(self, text: str) -> None:
        """Stop the clock at the first piece."""
        if self._first_word is None and text:
            self._first_word = time.perf_counter() - self._entered

    def end_stream(self) -> None:
        """Draw nothing."""

    def retract(self, instead: str) -> None:
        """Take nothing back."""

    def thinking(self, what: str) -> nullcontext[None]:  # noqa: ARG002  the protocol names it
        """Show nothing."""
        return nullcontext()

    def hear(self, event: Event) -> None:
        """Note what the wait for a probe was made of."""
        found = list(self._client.timings)
        if not isinstance(event, Probe) or self._first_word is None or not found:
            return
        tokens = sum(int(call["prompt_n"]) for call in found)
        took_s = sum(float(call["prompt_ms"]) for call in found) / 1000
        before = size_of(self._before)
        self.rows.append(
            Row(
                self._first_word,
                tokens,
                tokens / took_s,
                int(found[0]["cache_n"]) / before if before else 0.0,
                hidden=len(found) < self._client.usage.calls - self._calls,
            )
        )


def size_of(call: dict[str, Any]) -> int:
    return int(call.get("prompt_n", 0)) + int(call.get("cache_n", 0))


async def measure(weights: Path, answers: Sequence[str], pause_s: float) -> list[Row]:
    guide, prompts = load(DEFAULT_GUIDE), Prompts(None)

    def repair(prompt: str, reply: str, error: str) -> str:
        return prompts.render("repair", prompt=prompt, reply=reply, error=error)

    async with Engine(weights) as engine:
        endpoint = Endpoint(engine.base_url, "embedded", engine.api_key, timeout_s=600, local=True)
        client = Telling(endpoint, repair=repair)
        stage = Stage(client, answers, pause_s)
        session = Session(
            Interview(guide, limit=len(answers)),
            rubric_of(guide),
            Judge(guide, client, prompts),
            stage,
            stage,
            [stage.hear],
        )
        try:
            await session.run()
        except EnoughError:
            pass
        finally:
            await client.aclose()
    return stage.rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the wait for the first words of a probe.")
    parser.add_argument("--weights", type=Path, help="a GGUF file; else the default model's")
    parser.add_argument("--pause", type=float, default=30.0, help="seconds before each answer")
    parser.add_argument("--smoke", action="store_true", help="one answer, to see that it works")
    arguments = parser.parse_args()
    weights = arguments.weights or path_of(default())
    if arguments.weights is None and not is_present(default()):
        parser.error("the weights are not here: `interviewer model pull`, or --weights FILE")
    answers = ANSWERS[:1] if arguments.smoke else ANSWERS
    rows = asyncio.run(measure(weights, answers, arguments.pause))
    if not rows:
        parser.error("no answer led to a probe that the model worded")
    print("answer  first word s  new tokens  tokens/s  bound s  from cache")
    for number, row in enumerate(rows, start=1):
        mark = "+" if row.hidden else " "
        print(
            f"{number:>6}{row.first_word_s:>14.2f}{row.tokens:>11}{mark}{row.speed:>10.0f}"
            f"{row.bound_s:>9.2f}{row.from_cache:>11.0%}"
        )


if __name__ == "__main__":
    main()
