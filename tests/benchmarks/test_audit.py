"""The audit of the fault run finds what it is there to find."""

import json
from pathlib import Path

from benchmarks.load.audit import NAME, Audit, audit


def line(id: str, status: str = "graded", error: str | None = None) -> str:
    return json.dumps({"id": id, "status": status, "error": error})


def found(out: Path, lines: list[str], runs: list[int], answered: dict[str, int]) -> Audit:
    (out / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return audit(out, ["a", "b"], runs, {"a": "ka", "b": "kb"}, answered)


def test_a_ledger_with_one_line_for_each_answer_is_right(tmp_path: Path) -> None:
    told = found(tmp_path, [line("a"), line("b", "failed", "gone")], [0], {"ka": 1})
    assert (told.graded, told.failed, told.faults, told.paid_again) == (1, 1, 0, 0)


def test_an_answer_without_a_line_is_lost(tmp_path: Path) -> None:
    assert found(tmp_path, [line("a")], [0], {}).lost == ["b"]


def test_a_failure_without_a_reason_is_a_fault(tmp_path: Path) -> None:
    told = found(tmp_path, [line("a"), line("b", "failed")], [0], {})
    assert (told.unexplained, told.faults) == (["b"], 1)


def test_two_lines_in_one_run_are_doubled(tmp_path: Path) -> None:
    lines = [line("a"), line("b", "failed", "gone"), line("b")]
    assert found(tmp_path, lines, [0], {}).doubled == ["b"]


def test_a_failed_answer_may_be_graded_by_the_next_run(tmp_path: Path) -> None:
    lines = [line("a"), line("b", "failed", "gone"), line("b")]
    assert found(tmp_path, lines, [0, 2], {}).doubled == []


def test_an_answer_that_two_runs_graded_is_doubled(tmp_path: Path) -> None:
    assert found(tmp_path, [line("a"), line("b"), line("b")], [0, 2], {}).doubled == ["b"]


def test_a_line_that_is_no_answer_s_is_a_fault(tmp_path: Path) -> None:
    assert found(tmp_path, [line("a"), line("b"), line("c")], [0], {}).strangers == ["c"]


def test_a_torn_line_is_a_fault(tmp_path: Path) -> None:
    assert found(tmp_path, [line("a"), line("b"), '{"id'], [0], {}).unreadable == 1


def test_answers_that_were_paid_for_twice_are_counted(tmp_path: Path) -> None:
    told = found(tmp_path, [line("a"), line("b")], [0], {"ka": 3, "kb": 1, "other": 9})
    assert told.paid_again == 2
