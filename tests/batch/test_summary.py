import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.result import Runs
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.summary import kind_of, summarize, summary_of, write_summary
from tests.report.samples import RUBRIC, RUBRICS, failed, graded, of, one


def written(folder: Path, *pairs: Any, **values: Any) -> dict[str, Any]:
    path = folder / "summary.json"
    write_summary(path, summarize(of(*pairs), values.pop("rubrics", RUBRICS)), **values)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def scored(*scores: float | None) -> list[Any]:
    return [one(str(at), overall=score) for at, score in enumerate(scores)]


def test_scores_become_mean_deviation_and_quartiles(tmp_path: Path) -> None:
    """By hand: of 1 2 3 5 the quartiles are 1.75, 2.5 and 3.5, the deviation is the sample's."""
    (guide,) = written(tmp_path, *scored(5.0, None, 1.0, 2.0, 3.0))["guides"]
    assert guide["scores"]["overall"] == {
        "name": "overall",
        "n": 4,
        "mean": 2.75,
        "sd": 1.7078,
        "low": 1.0,
        "lower_quartile": 1.75,
        "median": 2.5,
        "upper_quartile": 3.5,
        "high": 5.0,
        "uncertain": 0,
    }
    assert (guide["scores"]["growth"]["name"], guide["scores"]["growth"]["n"]) == ("Growth", 5)
    assert guide["scores"]["growth"]["uncertain"] == 5


def test_one_score_has_no_deviation(tmp_path: Path) -> None:
    found = written(tmp_path, *scored(3.0))["guides"][0]["scores"]["overall"]
    assert (found["sd"], found["lower_quartile"], found["median"]) == (None, 3.0, 3.0)


def test_no_score_is_no_number(tmp_path: Path) -> None:
    found = written(tmp_path, *scored(None))["guides"][0]["scores"]["overall"]
    assert (found["n"], found["mean"], found["low"], found["median"]) == (0, None, None, None)


def test_a_step_that_is_not_known_is_not_counted_as_left_out(tmp_path: Path) -> None:
    (guide,) = written(
        tmp_path,
        one("a", steps={"context": True, "lesson": None}),
        one("b", steps={"context": False, "lesson": None}),
        one("c", steps={"context": True, "lesson": None}),
    )["guides"]
    assert guide["steps"] == {
        "context": {"name": "Describe the Context", "covered": 2, "known": 3, "share": 0.6667},
        "lesson": {"name": "Share the Lesson", "covered": 0, "known": 0, "share": None},
    }


def test_flags_are_counted_the_commonest_first(tmp_path: Path) -> None:
    pairs = [one("a", flags=["not-own"]), one("b", flags=["be-brief", "not-own"])]
    (guide,) = written(tmp_path, *pairs)["guides"]
    assert list(guide["flags"].items()) == [("not-own", 2), ("be-brief", 1)]


def test_what_failed_is_counted_by_kind_of_reason(tmp_path: Path) -> None:
    errors = (
        "found 3 cells; expected 4, as in the header",
        "found 5 cells; expected 4, as in the header",
        "http://127.0.0.1:8000/v1: nothing answers\n  try: start it",
    )
    bad = [BadRow(str(at), str(at), "") for at in range(3)]
    found = written(
        tmp_path,
        one(),
        *((row, failed(row, error)) for row, error in zip(bad, errors, strict=True)),
    )
    assert (found["answers"], found["graded"], found["failed"]) == (4, 1, 3)
    assert found["reasons"] == {"found \u2026 cells": 2, "nothing answers": 1}


def test_reasons_of_a_thousand_kinds_are_not_all_held() -> None:
    bad = BadRow("a", "a", "")
    words = ["x" * (at + 1) for at in range(1000)]
    pairs = [(bad, failed(bad, " ".join((each, "y")))) for each in words]
    reasons = summarize(of(*pairs), RUBRICS).reasons
    assert len(reasons) <= 101
    assert sum(reasons.values()) == 1000


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("answers/a b.pdf: is encrypted", "is encrypted"),
        ("found the byte 0xff; expected UTF-8", "found the byte \u2026"),
        ("the id 'x' stands in an earlier row", "the id stands in an earlier row"),
        ("", "no reason was given"),
    ],
)
def test_a_kind_of_reason_names_no_place_and_no_number(error: str, kind: str) -> None:
    assert kind_of(error) == kind


def test_tokens_calls_and_seconds_are_summed_and_priced(tmp_path: Path) -> None:
    found = written(tmp_path, one("a"), one("b"), prices=(10.0, 1000.0))
    assert found["usage"] == {
        "prompt": 200,
        "cached": 80,
        "completion": 10,
        "calls": 6,
        "cost": 0.012,
    }
    assert found["seconds"] == 3.0


def test_without_prices_there_is_no_cost(tmp_path: Path) -> None:
    assert written(tmp_path, one("a"))["usage"]["cost"] is None


def test_each_guide_has_its_own_figures(tmp_path: Path) -> None:
    other = RUBRIC.model_copy(update={"question": "Tell me about a conflict."})
    row = Row("b", "b.txt", "", guide="conflict.md")
    found = written(
        tmp_path,
        one("a"),
        (row, graded(row, 1.5, guide="conflict")),
        rubrics=RUBRICS | {"conflict.md": other},
        when=datetime(2031, 5, 8, 14, 3, tzinfo=UTC),
    )
    told = [
        (each["guide"], each["question"], each["scores"]["overall"]["mean"])
        for each in found["guides"]
    ]
    assert told == [
        ("failure", "Tell me about a time you failed.", 3.5),
        ("conflict", "Tell me about a conflict.", 1.5),
    ]
    assert found["written"] == "2031-05-08T14:03:00+00:00"
    assert found["models"] == {"tiny": 2}
    assert {"interviewer", "python"} <= found["versions"].keys()


def test_the_spread_of_runs_is_the_mean_over_the_answers() -> None:
    def runs(spread: float) -> Runs:
        return Runs(overall=[], criteria={}, spread={"overall": spread, "growth": None})

    results = (one(str(at), runs=runs(each))[1] for at, each in enumerate((0.2, 0.4)))
    found = summary_of(results)
    assert found["overall"].spread == pytest.approx(0.3)
    assert found["growth"].spread is None


def test_a_summary_holds_numbers_and_not_results() -> None:
    """By the size of what grows: eight bytes a score, one criterion or overall."""

    def pairs() -> Any:
        return (one(str(number)) for number in range(4000))

    summarize(pairs, RUBRICS)
    tracemalloc.start()
    found = summarize(pairs, RUBRICS)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.total == 4000
    assert held < 4000 * 8 * 3 * 1.5 + 20_000
