"""How long a candidate waits after an answer for the first words of the probe.

    python benchmarks/latency.py [--weights FILE] [--pause SECONDS] [--smoke]

Plays an interview with fixed answers against the embedded model. Before it, the engine reads cold
prompts of an interview's size; their tokens per second are its prompt speed. For each answer it
prints

    first word  seconds from Enter to the first piece of a probe
    calls       requests that this took
    new tokens  prompt tokens that the engine evaluated in them (not those from its cache)
    bound       new tokens / prompt speed + 0.3 s: what the wait may be
    of bound    first word / bound
    from cache  how much of the last prompt before Enter the first one after it took from the cache

Exits 1 where a first word comes after its bound, or less than 90 % comes from the cache; `--smoke`
only prints. The candidate pauses before each answer, as people do; meanwhile the engine reads
ahead. A row marked `+` interrupted that: what the engine still read of it is not among its new
tokens, and its bound is larger than the one shown.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
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
from interviewer.shipped import shipped_guides_folder

SPARE_S = 0.3
LEAST_FROM_CACHE = 0.9
COLD_CHARACTERS = 3000
"""Of a prompt that measures the engine's speed: some 650 tokens, as an interview's have."""
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
    calls: int
    tokens: int
    from_cache: float
    interrupted: bool
    """Whether reading ahead was cut, so that `tokens` lacks some."""

    def bound_s(self, speed: float) -> float:
        """What the wait may be where the engine reads `speed` tokens a second."""
        return self.tokens / speed + SPARE_S

    def misses(self, speed: float) -> list[str]:
        """Return the goals that are missed."""
        late = self.first_word_s > self.bound_s(speed)
        found = [f"first word after {self.first_word_s:.2f} s, bound {self.bound_s(speed):.2f} s"]
        if self.from_cache < LEAST_FROM_CACHE:
            found.append(f"{self.from_cache:.0%} from the cache, goal {LEAST_FROM_CACHE:.0%}")
        return found[not late :]


class EnoughError(Exception):
    """All answers were given."""


class Telling(Client):
    """Has the engine tell its timings with each token, so that a cut reply tells them too."""

    cut = 0
    """How many requests were given up before their end."""

    async def warm(self, prompt: str) -> None:
        """Read ahead, as `Client` does."""
        with self._counting_cuts():
            await super().warm(prompt)

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        """Choose, as `Client` does."""
        with self._counting_cuts():
            return await super().decide(prompt, options, floor=floor)

    @contextmanager
    def _counting_cuts(self) -> Iterator[None]:
        try:
            yield
        except asyncio.CancelledError:
            self.cut += 1
            raise

    def _body(self, prompt: str, max_tokens: int, *, temperature: float = 0.0) -> Body:
        body = super()._body(prompt, max_tokens, temperature=temperature)
        return body | {"timings_per_token": True}


class Stage:
    """Candidate, voice and stopwatch in one."""

    def __init__(self, client: Telling, answers: Sequence[str], pause_s: float) -> None:
        self.rows: list[Row] = []
        self._client = client
        self._answers = iter(answers)
        self._pause_s = pause_s
        self._before: dict[str, Any] = {}
        self._entered = 0.0
        self._cut = 0
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
        self._cut = self._client.cut
        self._first_word = None
        self._entered = time.perf_counter()
        return Said(answer)

    def piece(self, text: str) -> None:
        """Stop the clock at the first piece."""
        if self._first_word is None and text:
            self._first_word = time.perf_counter() - self._entered
            self._calls = len(self._client.timings) + 1  # this one tells its own at its end

    def end_stream(self) -> None:
        """Draw nothing."""

    def retract(self, instead: str) -> None:
        """Take nothing back."""

    def thinking(self, what: str) -> nullcontext[None]:  # noqa: ARG002  the protocol names it
        """Show nothing."""
        return nullcontext()

    def hear(self, event: Event) -> None:
        """Note what the wait for a probe was made of."""
        found = list(self._client.timings)[: self._calls]
        if not isinstance(event, Probe) or self._first_word is None or not found:
            return
        before = size_of(self._before)
        self.rows.append(
            Row(
                self._first_word,
                len(found),
                sum(int(call["prompt_n"]) for call in found),
                int(found[0]["cache_n"]) / before if before else 0.0,
                interrupted=self._client.cut > self._cut,
            )
        )


def size_of(call: dict[str, Any]) -> int:
    return int(call.get("prompt_n", 0)) + int(call.get("cache_n", 0))


async def prompt_speed(client: Client, times: int) -> float:
    """Return how many tokens of a cold prompt the engine reads in a second."""
    text = (shipped_guides_folder() / "general-job-interview.md").read_text(encoding="utf-8")
    for number in range(times):
        await client.warm(f"{number}. {text[:COLD_CHARACTERS]}")  # the number keeps it cold
    told = list(client.timings)
    tokens = sum(int(call["prompt_n"]) for call in told)
    print(f"{tokens // times} tokens in each of {times} cold prompts")
    return tokens / (sum(float(call["prompt_ms"]) for call in told) / 1000)


async def measure(
    weights: Path, answers: Sequence[str], *, pause_s: float, cold: int
) -> tuple[float, list[Row]]:
    """Return the engine's prompt speed in tokens a second, and a row for each probe."""
    guide, prompts = load(DEFAULT_GUIDE), Prompts(None)

    def repair(prompt: str, reply: str, error: str) -> str:
        return prompts.render("repair", prompt=prompt, reply=reply, error=error)

    async with Engine(weights) as engine:
        endpoint = Endpoint(engine.base_url, "embedded", engine.api_key, timeout_s=600, local=True)
        client = Telling(endpoint, repair=repair)
        try:
            speed = await prompt_speed(client, cold)
            stage = Stage(client, answers, pause_s)
            session = Session(
                Interview(guide, limit=len(answers)),
                rubric_of(guide),
                Judge(guide, client, prompts),
                stage,
                stage,
                [stage.hear],
            )
            with suppress(EnoughError):
                await session.run()
        finally:
            await client.aclose()
    return speed, stage.rows


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
    cold = 1 if arguments.smoke else 3
    speed, rows = asyncio.run(measure(weights, answers, pause_s=arguments.pause, cold=cold))
    print(f"prompt speed {speed:.0f} tokens/s")
    print("probe  first word s  calls  new tokens  bound s  of bound  from cache")
    for number, row in enumerate(rows, start=1):
        mark = "+" if row.interrupted else " "
        bound_s = row.bound_s(speed)
        print(
            f"{number:>5}{row.first_word_s:>14.2f}{row.calls:>7}{row.tokens:>12}{mark}"
            f"{bound_s:>8.2f}{row.first_word_s / bound_s:>10.2f}{row.from_cache:>12.0%}"
        )
    missed = [f"probe {n}: {miss}" for n, row in enumerate(rows, 1) for miss in row.misses(speed)]
    if len(rows) < len(answers):
        missed.append(f"{len(answers)} answers, {len(rows)} probes that the model began to word")
    for each in missed:
        print(f"goal missed: {each}")
    if missed and not arguments.smoke:
        sys.exit(1)


if __name__ == "__main__":
    main()
