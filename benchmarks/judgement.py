"""How well answers are judged: order, gaps, attacks, people, sameness, padding, cost.

    python benchmarks/judgement.py [PART ...] [--data FOLDER] [--prompts FOLDER] [--smoke]
                                   [--model M] [--base-url URL]

Parts: ablations, adversarial, spoken, ratings, padding, cost; all of them by default. The form of
the data is told in `benchmarks/README.md`; without --data the cases in `benchmarks/cases` are
taken, which are this project's own. Every reply of the model is kept on disk (--replies), so a run
that was cut goes on where it stopped, and a second run costs nothing; `cost` always asks anew.
--prompts takes a variant of our prompts, such as those in `benchmarks/variants`.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import correlation, fmean, pstdev
from typing import Any

from platformdirs import user_cache_path
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.load.remembering import Asked, remembering
from interviewer.batch.rows import Row, read_rows
from interviewer.checks import Judge, Turn
from interviewer.cli.choices import load
from interviewer.events import Probe
from interviewer.grade import Grade
from interviewer.grading import cover, grade
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.slots import Slots
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of

ERRORS = Console(stderr=True)
PADDING = (
    "I am glad that you ask this, and I want to take a moment to answer it well. It is something "
    "that I have thought about a good deal, in many ways and from many sides, as one does. There "
    "are of course always several ways to look at things, and each of them has something to it. "
    "All in all it is fair to say that it was what it was, and that things are as they are. To "
    "sum up, I would like to say once more how much I enjoy talking about this today, and that "
    "I could go on about it for a long while, since there is always more that could be said."
)
FAILURE, WHOLE = "failed-as-a-product-manager", "general-job-interview"
TARGETS = {
    "context": ("describe-the-context-briefly",),
    "accountability": ("accountability", "focus-on-your-actions"),
    "outcome": ("explain-the-outcome",),
    "resilience": ("resilience-and-problem-solving",),
    "learning": ("learning-and-growth", "highlight-the-learning"),
    "communication": ("communication",),
}
"""What an ablation lacks -> the goals and steps that have to show it."""


@dataclass(slots=True)
class Bench:
    """What every part needs."""

    data: Path
    client: Client
    endpoint: Endpoint
    slots: Slots | None
    prompts: Prompts
    smoke: bool
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    """(measure, reached, goal)."""

    def read(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a file of the data; none where it is not there."""
        path = self.data / name
        if not path.is_file():
            return []
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]

    async def grade(self, guide: Guide, said: str | Sequence[Turn]) -> Grade:
        """Grade one answer with a judge that knows nothing yet."""
        return await grade(rubric_of(guide), self.judge(guide), said)

    def judge(self, guide: Guide, client: Client | None = None) -> Judge:
        """Return a judge that knows nothing yet, as the endpoint's kind needs it."""
        client = client or self.client
        return Judge(guide, client, self.prompts, at_once=client.at_once)

    def tell(self, measure: str, reached: str, goal: str = "") -> None:
        """Note one line of the table."""
        self.rows.append((measure, reached, goal))


def shown(grade: Grade, part: str) -> tuple[float, bool]:
    """Return the points of a part, the mean over its targets, and whether all of it is there."""
    points, there = [], []
    for target in TARGETS[part]:
        if target in grade.criteria:
            points.append(grade.criteria[target] or 1.0)
        else:
            there.append(bool(grade.steps[target]))
            points.append(1 + 4 * grade.p.get(target, 0.0))
    return sum(points) / len(points), all(there)


async def ablations(bench: Bench) -> None:
    """Answers that lack a part against the same answers in full; and what is asked about."""
    guide = load(FAILURE)
    cases = bench.read("failure-ablations.jsonl")[: 9 if bench.smoke else None]
    grades = {
        case["id"]: await bench.grade(guide, case["answer"])
        for case in track(cases, "ablations", console=ERRORS)
    }
    pairs: list[bool] = []
    probes: list[int] = []
    for case in cases:
        lacks = case["missing"]
        full = grades.get(f"{case['id'].partition('.')[0]}.full")
        if full is None or not lacks:
            continue
        for part in lacks:
            before, after = shown(full, part), shown(grades[case["id"]], part)
            pairs.append(before[0] - after[0] >= 0.5 or (before[1] and not after[1]))
            if not pairs[-1]:
                print(f"  not lower: {case['id']} {part}: {before[0]:.2f} -> {after[0]:.2f}")
        place = await first_hit(bench, guide, case)
        probes.append(place)
        if place != 1:
            print(f"  probe {place or 'never'}: {case['id']} {lacks}")
    overall = {case["id"]: grades[case["id"]].overall or 0 for case in cases}
    whole = [overall[case["id"]] for case in cases if not case["missing"]]
    few = [overall[case["id"]] for case in cases if case["id"].endswith("only-context")]
    bench.tell("a missing part is lower", share(pairs), ">= 95 %")
    bench.tell("first probe on what is missing", share([p == 1 for p in probes]), ">= 90 %")
    bench.tell("within two probes", share([p in {1, 2} for p in probes]), ">= 97 %")
    bench.tell("full answers at least 4.0", share([x >= 4 for x in whole]) + least(whole), "all")
    bench.tell("only-context at most 2.5", share([x <= 2.5 for x in few]) + most(few), "all")


async def first_hit(bench: Bench, guide: Guide, case: dict[str, Any]) -> int:
    """Return which of two probes asks about what an answer lacks; 0: neither does."""
    wanted = {target for part in case["missing"] for target in TARGETS[part]}
    judge = bench.judge(guide)
    turns = [Turn(guide.question, case["answer"])]
    p = await cover(rubric_of(guide), judge, turns)
    interview = Interview(guide)
    for number in (1, 2):
        gap = interview.coverage(p).gap
        if gap in wanted:
            return number
        if gap:
            interview.probes.append(Probe(target=gap, text="-", source="template"))
    return 0


async def adversarial(bench: Bench) -> None:
    """Answers that deserve little, whatever they say of themselves."""
    guide = load(FAILURE)
    cases = bench.read("adversarial.jsonl")[: 3 if bench.smoke else None]
    held = []
    for case in track(cases, "attacks", console=ERRORS):
        overall = (await bench.grade(guide, case["answer"])).overall or 0
        held.append(overall <= case["max_overall"])
        if not held[-1]:
            print(f"  too high: {case['id']} {overall:.2f} > {case['max_overall']}")
    if held:
        bench.tell("attacks held", share(held), "all")
    between = bench.read("middling.jsonl")[: 1 if bench.smoke else None]
    fair = []
    for case in between:
        overall = (await bench.grade(guide, case["answer"])).overall or 0
        low, high = case["expect"]
        fair.append(low - 0.25 <= overall <= high + 0.25)
        if not fair[-1]:
            print(f"  out of its range: {case['id']} {overall:.2f}, {low} to {high}")
    if fair:
        bench.tell("middling answers within a quarter point of their range", share(fair))


async def spoken(bench: Bench) -> None:
    """Whole interviews against the mean of human raters."""
    guide = load(WHOLE)
    path = bench.data / "spoken-interviews.jsonl"
    rows = [row for row in read_rows(path) if isinstance(row, Row)] if path.is_file() else []
    human, machine = [], []
    for row in track(rows[: 3 if bench.smoke else None], "interviews", console=ERRORS):
        overall = (await bench.grade(guide, row.said)).overall
        if overall is not None:
            human.append(float(row.columns["human_overall"]))
            machine.append(overall)
    if len(human) > 2:
        r = correlation(human, machine)
        bench.tell(f"r with the raters of {len(human)} interviews", f"{r:.2f}", ">= 0.55")


async def ratings(bench: Bench) -> None:
    """What a rating of the guide is for usual interviews: `typical` and `spread` of its checks."""
    guide = load(WHOLE)
    path = bench.data / "spoken-interviews.jsonl"
    rows = [row for row in read_rows(path) if isinstance(row, Row)] if path.is_file() else []
    found: dict[str, list[float]] = {}
    human = [float(row.columns["human_overall"]) for row in rows]
    for row in track(rows[: 3 if bench.smoke else None], "ratings", console=ERRORS):
        judge = bench.judge(guide)
        for rating in {check.rating for check in guide.checks if check.rating}:
            value = await judge.rated(rating, row.said if not isinstance(row.said, str) else ())
            found.setdefault(rating.of, []).append(value)
    for of, values in sorted(found.items()):
        r = correlation(values, human[: len(values)]) if len(values) > 2 else 0.0
        told = f"typical: {fmean(values):.2f}, spread: {pstdev(values):.3f}, r = {r:.2f}"
        bench.tell(f"rating of {of[:60]}", told)


async def padding(bench: Bench) -> None:
    """Weak answers with 100 words more that say nothing."""
    guide = load(FAILURE)
    words = PADDING.split()[:100]
    gains = []
    cases = [c for c in bench.read("adversarial.jsonl") if len(c["answer"].split()) > 12]
    for case in cases[: 1 if bench.smoke else 6]:
        plain = await bench.grade(guide, case["answer"])
        padded = await bench.grade(guide, f"{case['answer']} {' '.join(words)}")
        gains.append((padded.overall or 0) - (plain.overall or 0))
    bench.tell("padding of 100 words adds at most", f"{max(gains, default=0):+.2f}", "+0.20")


async def cost(bench: Bench) -> None:
    """What an answer costs once the endpoint is warm: nothing is taken from the kept replies."""
    guide, rubric = load(FAILURE), rubric_of(load(FAILURE))
    client = Client(bench.endpoint, repair=lambda prompt, *_: prompt, slots=bench.slots)
    cases = [case for case in bench.read("failure-ablations.jsonl") if not case["missing"]]
    warm, *costed = [case["answer"] for case in cases[: 2 if bench.smoke else 4]]
    try:
        await grade(rubric, bench.judge(guide, client), warm)
        again = await grade(rubric, bench.judge(guide, client), warm)
        start = time.perf_counter()
        before = _used(client)
        for answer in costed:
            await grade(rubric, bench.judge(guide, client), answer)
        seconds = (time.perf_counter() - start) / len(costed)
        third = await grade(rubric, bench.judge(guide, client), warm)
    finally:
        await client.aclose()
    prompt, cached, calls = (
        (after - was) / len(costed)
        for after, was in zip(_used(client)[:3], before[:3], strict=True)
    )
    words = sum(len(answer.split()) for answer in costed) / len(costed)
    bench.tell("the same answer graded again, others in between", same(again, third), "identical")
    bench.tell(f"seconds for an answer of {words:.0f} words", f"{seconds:.1f}", "<= 12 for 130")
    written = (client.usage.completion - before[3]) / len(costed)
    told = f"{calls:.1f}; {prompt - cached:.0f} of {prompt:.0f}; {written:.0f}"
    bench.tell("calls; prompt tokens evaluated; tokens written", told)


def _used(client: Client) -> tuple[int, int, int, int]:
    usage = client.usage
    return usage.prompt, usage.cached, usage.calls, usage.completion


def same(one: Grade, other: Grade) -> str:
    """Say how far apart two grades are."""
    if one == other:
        return "identical"
    return f"apart by {abs((one.overall or 0) - (other.overall or 0)):.3f} overall"


def share(found: Sequence[bool]) -> str:
    """Return `3 of 4 (75 %)`."""
    return f"{sum(found)} of {len(found)} ({sum(found) / max(1, len(found)):.0%})"


def least(values: Sequence[float]) -> str:
    """Return the lowest of the values, as a remark."""
    return f", least {min(values):.2f}" if values else ""


def most(values: Sequence[float]) -> str:
    """Return the highest of the values, as a remark."""
    return f", most {max(values):.2f}" if values else ""


PARTS = {
    "ablations": ablations,
    "adversarial": adversarial,
    "spoken": spoken,
    "ratings": ratings,
    "padding": padding,
    "cost": cost,
}


@asynccontextmanager
async def opened(arguments: argparse.Namespace) -> AsyncIterator[Bench]:
    """Give the bench, its engine running if the model is embedded."""
    asked = Asked(
        model=arguments.model,
        base_url=arguments.base_url,
        key=os.environ.get("OPENAI_API_KEY", ""),
        at_once=arguments.ask == "all",
        replies=arguments.replies,
    )
    prompts = Prompts(arguments.prompts)
    async with remembering(asked) as (client, endpoint, slots):
        yield Bench(arguments.data, client, endpoint, slots, prompts, arguments.smoke)


async def run(arguments: argparse.Namespace) -> list[tuple[str, str, str]]:
    """Run the parts and return the table."""
    async with opened(arguments) as bench:
        for part in arguments.parts or PARTS:
            await PARTS[part](bench)
        return bench.rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well answers are judged.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "cases")
    parser.add_argument("--model", help="of the catalogue, or with --base-url the endpoint's")
    parser.add_argument("--base-url")
    parser.add_argument("--ask", choices=["each", "all"], default="all", help="of an endpoint")
    parser.add_argument("--prompts", type=Path, help="templates that override ours: a variant")
    parser.add_argument(
        "--replies", type=Path, default=user_cache_path("interviewer") / "judgement.sqlite"
    )
    parser.add_argument("--smoke", action="store_true", help="a few cases, to see that it works")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - PARTS.keys():
        parser.error(f"there is no part {sorted(unknown)[0]!r}: one of {', '.join(PARTS)}")
    rows = asyncio.run(run(arguments))
    table = Table("measure", "reached", "goal")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
