"""Rows with results whose place in the report is known."""

from typing import Any

from interviewer.batch.result import Result, Used
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.summary import Pairs
from interviewer.grade import Advice, Delivery, Evidence
from interviewer.rubric import rubric_of
from tests.scripted import GUIDE

RUBRIC = rubric_of(GUIDE)
RUBRICS = {"": RUBRIC}
SAID = "In 2019 I launched a tool in Berlin. I asked nobody. Since then I ask first."


def graded(row: Row, overall: float | None = 3.5, **values: Any) -> Result:
    """Return a result that has all parts, but for those that `values` changes."""
    usual: dict[str, Any] = {
        "criteria": {"honesty": 4.0, "growth": 2.0},
        "steps": {"context": True, "lesson": False},
        "tips": {"be-brief": False},
        "flags": ["be-brief"],
        "evidence": [Evidence(target="honesty", sentence=2, text="I asked nobody.")],
        "advice": [Advice(target="lesson", text="Close on what you learned.")],
        "delivery": Delivery(
            words=16,
            speaking_s=7,
            fillers=0,
            hedges=0,
            i=3,
            we=0,
            figures=1,
            longest_sentence=8,
        ),
        "confidence": {"honesty": 0.9, "growth": 0.1, "overall": 0.8},
        "usage": Used(prompt=100, cached=40, completion=5, calls=3),
        "seconds": 1.5,
        "model": "tiny",
        "guide": "failure",
    }
    return Result(
        id=row.id,
        source=row.source,
        key="k",
        status="graded",
        overall=overall,
        **(usual | values),
    )


def failed(row: Row | BadRow, error: str = "found no text; expected some") -> Result:
    return Result(id=row.id, source=row.source, key="", status="failed", error=error)


def of(*pairs: tuple[Row | BadRow, Result]) -> Pairs:
    return lambda: iter(pairs)


def one(id: str = "a", said: Any = SAID, **values: Any) -> tuple[Row, Result]:
    """Return a graded row."""
    row = Row(id, f"rows.csv:{id}", said)
    return row, graded(row, **values)


def many(n: int) -> Pairs:
    """Return n answers with scores from 1 to 5 and back; each tenth failed."""

    def pairs() -> Any:
        for number in range(1, n + 1):
            row = Row(f"r{number}", f"rows.csv:{number}", SAID)
            bad = BadRow(row.id, row.source, "found no text; expected some")
            score = 1 + (number * 7 % 41) / 10
            yield (bad, failed(bad)) if number % 10 == 0 else (row, graded(row, score))

    return pairs
