"""How long a candidate waits after an answer for the first words of the probe.

    python benchmarks/latency.py [--weights FILE] [--words-per-minute N] [--pause S] [--smoke]

Plays an interview with fixed answers against the embedded model, twice: the answers are typed at
a person's pace, then each is pasted whole after a pause. Before that, the engine reads sentences of
a text, one at a time, each in continuation of those before: their tokens per second are its prompt
speed, for prompts as short as an interview's. (It reads a cold prompt of 800 tokens in one piece
faster; that speed is printed too.) For each answer it prints

    first word  seconds from Enter to the first piece of a probe
    calls       requests that began after Enter until then
    new tokens  prompt tokens that the engine evaluated in them (not those from its cache)
    bound       new tokens / prompt speed + 0.3 s: what the wait may be
    of bound    first word / bound
    from cache  how many of all prompt tokens of these requests came from the cache

Exits 1 where a first word comes after its bound, or less than 90 % comes from the cache; `--smoke`
only prints. A request that is under way at Enter is waited for; its tokens are in no bound.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interviewer.checks import Judge
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.events import Event, Probe
from interviewer.interview import Interview
from interviewer.llm.client import Client
from interviewer.llm.dialect import Body
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
SHORT_CHARACTERS = 130
"""Of a short prompt: some 35 tokens, as a sentence or what asks for a probe has."""
ANSWERS = (
    "I led the launch of a new checkout at a shop with two million customers. I was sure of the "
    "plan, so I skipped the test with users.",
    "In the first week orders fell by a tenth. The call centre had three times as many calls as in "
    "a usual week.",
    "I rolled the checkout back on the second day. Then I told the sales team and the directors "
    "what had happened.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, as a session takes it."""

    text: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What one answer's wait was made of."""

    how: str
    """How the answer was given."""
    first_word_s: float
    calls: int
    tokens: int
    from_cache: float

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

    under_way = 0
    """Requests that were not yet answered."""

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        """Choose, as `Client` does."""
        self.under_way += 1
        try:
            return await super().decide(prompt, options, floor=floor)
        finally:
            self.under_way -= 1

    def _body(self, prompt: str, max_tokens: int, *, temperature: float = 0.0) -> Body:
        body = super()._body(prompt, max_tokens, temperature=temperature)
        return body | {"timings_per_token": True}


class Stage:
    """Candidate, voice and stopwatch in one."""

    def __init__(self, client: Telling, answers: Sequence[str], pace: "Pace") -> None:
        self.rows: list[Row] = []
        self._client = client
        self._answers = iter(answers)
        self._pace = pace
        self._answer = ""
        self._began = self._entered = 0.0
        self._earlier = 0
        self._calls = 0
        self._first_word: float | None = None

    async def read(self, purpose: str, *, optional: bool = False) -> Said:  # noqa: ARG002
        """Type or paste the next answer, and start the clock."""
        self._answer = next(self._answers, "")
        if not self._answer or purpose != "answer":
            raise EnoughError
        self._began = time.perf_counter()
        await asyncio.sleep(self._pace.seconds(self._answer))
        self._client.timings.clear()
        self._earlier = self._client.under_way
        self._first_word = None
        self._entered = time.perf_counter()
        return Said(self._answer)

    def draft(self) -> str:
        """Return what is typed so far."""
        return self._pace.typed(self._answer, time.perf_counter() - self._began)

    def piece(self, text: str) -> None:
        """Stop the clock at the first piece."""
        if self._first_word is None and text:
            self._first_word = time.perf_counter() - self._entered
            self._calls = len(self._client.timings) + 1  # this one tells its own at its end

    def end_stream(self) -> None:
        """Draw nothing."""

    def retract(self, instead: str) -> None:
        """Take nothing back."""

    def tell(self, text: str) -> None:
        """Say nothing."""

    def thinking(self, what: str) -> nullcontext[None]:  # noqa: ARG002  the protocol names it
        """Show nothing."""
        return nullcontext()

    def hear(self, event: Event) -> None:
        """Note what the wait for a probe was made of."""
        found = list(self._client.timings)[self._earlier : self._calls]
        if not isinstance(event, Probe) or self._first_word is None or not found:
            return
        new = sum(int(call["prompt_n"]) for call in found)
        cached = sum(int(call["cache_n"]) for call in found)
        share = cached / (cached + new)
        self.rows.append(Row(self._pace.name, self._first_word, len(found), new, share))


@dataclass(frozen=True, slots=True)
class Pace:
    """How an answer comes into being."""

    name: str
    pause_s: float = 0.0
    """Before an answer that is pasted whole."""
    words_per_minute: float | None = None
    """None: it is pasted."""

    def seconds(self, answer: str) -> float:
        """How long it takes."""
        if self.words_per_minute is None:
            return self.pause_s
        return len(answer.split()) * 60 / self.words_per_minute

    def typed(self, answer: str, seconds: float) -> str:
        """Return what is typed of it after so many seconds."""
        if self.words_per_minute is None:
            return ""
        return answer[: int(len(answer) * min(1.0, seconds / self.seconds(answer)))]


async def prompt_speeds(client: Client, times: int) -> tuple[float, float]:
    """Return how many tokens a second the engine reads of a cold prompt, and of short ones."""
    text = (shipped_guides_folder() / f"{DEFAULT_GUIDE}.md").read_text(encoding="utf-8")
    for number in range(times):
        await client.read(f"{number}. {text[:COLD_CHARACTERS]}", 0)  # the number keeps it cold
    cold = list(client.timings)
    client.timings.clear()
    for end in range(
        COLD_CHARACTERS, COLD_CHARACTERS + 10 * times * SHORT_CHARACTERS, SHORT_CHARACTERS
    ):
        await client.read(f"{times - 1}. {text[:end]}", 0)
    return speed_of(cold), speed_of(list(client.timings)[1:])


def speed_of(calls: Sequence[dict[str, Any]]) -> float:
    tokens = sum(int(call["prompt_n"]) for call in calls)
    print(f"{tokens / len(calls):.0f} tokens in each of {len(calls)} prompts: ", end="")
    speed = tokens / (sum(float(call["prompt_ms"]) for call in calls) / 1000)
    print(f"{speed:.0f} tokens/s")
    return speed


async def measure(
    weights: Path, answers: Sequence[str], paces: Sequence[Pace], *, cold: int
) -> tuple[float, list[Row]]:
    """Return the engine's prompt speed in tokens a second, and a row for each probe."""
    guide, prompts, rows = load(DEFAULT_GUIDE), Prompts(None), []
    async with Engine(weights) as engine:
        client = Telling(engine.endpoint, repair=lambda prompt, *_: prompt, slots=engine.slots)
        try:
            _, speed = await prompt_speeds(client, cold)
            for pace in paces:
                stage = Stage(client, answers, pace)
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
                rows += stage.rows
        finally:
            await client.aclose()
    return speed, rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the wait for the first words of a probe.")
    parser.add_argument("--weights", type=Path, help="a GGUF file; else the default model's")
    parser.add_argument("--pause", type=float, default=15.0, help="seconds before pasting")
    parser.add_argument("--words-per-minute", type=float, default=40.0, help="of typing")
    parser.add_argument("--smoke", action="store_true", help="one answer, to see that it works")
    arguments = parser.parse_args()
    weights = arguments.weights or path_of(default())
    if arguments.weights is None and not is_present(default()):
        parser.error("the weights are not here: `interviewer model pull`, or --weights FILE")
    answers = ANSWERS[:1] if arguments.smoke else ANSWERS
    typed = Pace("typed", words_per_minute=arguments.words_per_minute)
    paces = (typed, Pace("pasted", pause_s=arguments.pause))
    cold = 1 if arguments.smoke else 3
    speed, rows = asyncio.run(measure(weights, answers, paces, cold=cold))
    print("answer   first word s  calls  new tokens  bound s  of bound  from cache")
    for row in rows:
        bound_s = row.bound_s(speed)
        print(
            f"{row.how:<9}{row.first_word_s:>12.2f}{row.calls:>7}{row.tokens:>12}"
            f"{bound_s:>9.2f}{row.first_word_s / bound_s:>10.2f}{row.from_cache:>12.0%}"
        )
    missed = [f"{row.how} answer: {miss}" for row in rows for miss in row.misses(speed)]
    if len(rows) < len(answers) * len(paces):
        missed.append(f"{len(answers) * len(paces)} answers, {len(rows)} probes by the model")
    for each in missed:
        print(f"goal missed: {each}")
    if missed and not arguments.smoke:
        sys.exit(1)


if __name__ == "__main__":
    main()
