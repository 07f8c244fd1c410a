"""Results and human scores whose truth is known."""

import random
from pathlib import Path

from interviewer.batch.ledger import NAME
from interviewer.batch.result import Result
from tests.batch.shell import write_rows

SIGNALS = ("honesty", "growth", "context", "fillers", "words")


def sample(
    n: int, *, noise: float = 0.5, seed: int = 1, guide_says: bool = True
) -> tuple[list[Result], list[float]]:
    """Return results, and human scores of 1 to 7 that are made from their signals and noise."""
    rng = random.Random(seed)  # noqa: S311
    results, human = [], []
    for number in range(n):
        signals = {name: rng.random() for name in SIGNALS[:3]}
        signals |= {"fillers": 10 * rng.random(), "words": 50 + 400 * rng.random()}
        truth = 3 + 3 * signals["honesty"] + 1.5 * signals["growth"] - 0.25 * signals["fillers"]
        score = truth if guide_says else rng.uniform(1, 7)
        human.append(round(min(7.0, max(1.0, score + rng.gauss(0, noise))), 3))
        overall = 1 + 4 * (signals["honesty"] + signals["growth"] + signals["context"]) / 3
        results.append(
            Result(
                id=f"r{number}",
                source=f"x:{number}",
                key="k",
                status="graded",
                overall=round(overall, 3),
                criteria={
                    "honesty": 1 + 4 * signals["honesty"],
                    "growth": 1 + 4 * signals["growth"],
                },
                signals=signals,
                model="tiny",
            )
        )
    return results, human


def write_sample(folder: Path, results: list[Result], human: list[float]) -> tuple[Path, Path]:
    """Write results and scored answers; return the file of answers and that of results."""
    rows = [
        {"id": result.id, "answer": "I was late.", "human_overall": score}
        for result, score in zip(results, human, strict=True)
    ]
    made = folder / NAME
    made.write_text("".join(each.model_dump_json() + "\n" for each in results), encoding="utf-8")
    return write_rows(folder / "scored.jsonl", *rows), made
