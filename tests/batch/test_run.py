import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.batch.grader import Grader, Graders, shuffled, spread_of
from interviewer.batch.ledger import NAME, Ledger, load_results
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import Fate, Manner, Tally, run
from interviewer.checks import Turn
from interviewer.errors import DataError, UndecidedError, UnreachableError
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from tests.scripted import ANSWER, GUIDE, ScriptedModel, undecided_about, yes_to

OTHER = "In 2020 I launched a second tool, and this time I asked forty customers about it first."


def row(id: str = "a", said: str | tuple[Turn, ...] = ANSWER) -> Row:
    return Row(id, f"rows.jsonl:{id}", said)


def grader(p: Callable[[str], float | Exception] | None = None, runs: int = 1) -> Grader:
    model = ScriptedModel(p=p or yes_to("Honesty", "Growth", "Context"))
    return Grader(GUIDE, model, Prompts(), "scripted", runs=runs)


def ignore(_id: str, _fate: Fate, _result: Result | None) -> None:
    pass


async def graded(folder: Path, by: Grader, *rows: Row | BadRow) -> Tally:
    with Ledger(folder) as ledger:
        return await run(rows, Graders(by), ledger, ignore)


def calls(by: Grader) -> int:
    return by.model.usage.calls


async def test_a_row_becomes_one_line_with_all_that_its_grade_rests_on(tmp_path: Path) -> None:
    await graded(tmp_path, grader(), row())
    (line,) = (tmp_path / NAME).read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert found["status"] == "graded"
    assert found["overall"] > 3
    assert set(found["criteria"]) == {"honesty", "growth"}
    assert found["steps"] == {"context": True, "lesson": False}
    assert found["flags"] == ["be-brief"]
    assert found["signals"]["delivery/words"] == 16
    assert found["usage"]["calls"] > 0
    assert found["error"] is None
    assert {"id", "source", "key", "evidence", "advice", "missing", "seconds"} <= found.keys()


async def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    await graded(tmp_path, grader(), row(), row("b", OTHER))
    again = grader()
    tally = await graded(tmp_path, again, row(), row("b", OTHER))
    assert (tally.graded, tally.kept, calls(again)) == (0, 2, 0)
    assert list(load_results(tmp_path)) == ["a", "b"]


@pytest.mark.parametrize(
    "change",
    [
        lambda by: replace(by, name="another"),
        lambda by: replace(by, guide=GUIDE.model_copy(update={"role": "Nurse"})),
        lambda by: replace(by, runs=2),
    ],
)
async def test_what_a_grade_depends_on_makes_it_be_given_anew(
    tmp_path: Path, change: Callable[[Grader], Grader]
) -> None:
    await graded(tmp_path, grader(), row())
    tally = await graded(tmp_path, change(grader()), row())
    assert (tally.graded, tally.kept) == (1, 0)


@pytest.mark.parametrize(("part", "anew"), [("_said", 1), ("_manner", 0)])
async def test_a_changed_part_of_prompts_makes_it_be_given_anew_where_grading_uses_it(
    tmp_path: Path, part: str, anew: int
) -> None:
    await graded(tmp_path / "out", grader(), row())
    (tmp_path / f"{part}.j2").write_text("{{ turns[0].said }}", encoding="utf-8")
    tally = await graded(tmp_path / "out", replace(grader(), prompts=Prompts(tmp_path)), row())
    assert (tally.graded, tally.kept) == (anew, 1 - anew)


async def test_a_changed_answer_is_graded_again_and_the_last_line_counts(tmp_path: Path) -> None:
    await graded(tmp_path, grader(), row())
    await graded(tmp_path, grader(), row(said=OTHER))
    results = load_results(tmp_path)
    assert list(results) == ["a"]
    assert results["a"].signals["delivery/words"] == 17


async def test_a_whole_interview_is_graded(tmp_path: Path) -> None:
    said = (Turn("What happened?", ANSWER), Turn("And then?", OTHER))
    await graded(tmp_path, grader(), row(said=said))
    assert load_results(tmp_path)["a"].signals["delivery/words"] == 33


async def test_a_failed_row_is_kept_with_its_reason_and_tried_again(tmp_path: Path) -> None:
    broken = grader(lambda _: UndecidedError("the options hold too little"))
    tally = await graded(tmp_path, broken, row(), BadRow("7", "rows.jsonl:7", "found nothing"))
    assert [each.error for each in tally.failures] == [
        "the options hold too little",
        "found nothing",
    ]
    tally = await graded(tmp_path, grader(), row())
    assert tally.graded == 1


async def test_a_bad_row_is_written_once(tmp_path: Path) -> None:
    for _ in range(2):
        await graded(tmp_path, grader(), BadRow("7", "rows.jsonl:7", "found nothing"))
    assert len((tmp_path / NAME).read_text(encoding="utf-8").splitlines()) == 1


async def test_a_grade_that_lacks_a_part_is_a_grade_with_its_reason(tmp_path: Path) -> None:
    await graded(tmp_path, grader(undecided_about("Growth")), row())
    result = load_results(tmp_path)["a"]
    assert (result.status, result.overall, result.criteria["growth"]) == ("graded", None, None)
    assert {each.target for each in result.missing} == {"overall", "growth"}


async def test_an_endpoint_that_is_gone_stops_the_run_after_three_rows(tmp_path: Path) -> None:
    gone = grader(lambda _: UnreachableError("nobody there"))
    with pytest.raises(UnreachableError):
        await graded(tmp_path, gone, *(row(str(each), f"{ANSWER} {each}") for each in range(9)))
    assert len(load_results(tmp_path)) == 3


async def test_a_run_that_is_stopped_keeps_what_was_graded(tmp_path: Path) -> None:
    rows = [row(), row("b", OTHER), row("c", f"{ANSWER} {OTHER}")]
    model = ScriptedModel(p=yes_to("Honesty"))
    stop = Manner(stopping=lambda: any(OTHER in prompt for prompt in model.prompts))
    graders = Graders(Grader(GUIDE, model, Prompts(), "scripted"))
    with Ledger(tmp_path) as ledger:
        tally = await run(rows, graders, ledger, ignore, stop)
    assert (tally.stopped, tally.graded) == (True, 2)
    with Ledger(tmp_path) as ledger:
        tally = await run(rows, graders, ledger, ignore)
    assert (tally.stopped, tally.kept, tally.graded) == (False, 2, 1)


async def test_a_torn_last_line_is_mended_and_its_row_graded_again(tmp_path: Path) -> None:
    await graded(tmp_path, grader(), row(), row("b"))
    path = tmp_path / NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    tally = await graded(tmp_path, grader(), row(), row("b"))
    assert (tally.kept, tally.graded) == (1, 1)
    assert [json.loads(line)["id"] for line in path.read_bytes().splitlines()] == ["a", "b"]


async def test_a_last_line_that_lacks_only_its_end_is_kept(tmp_path: Path) -> None:
    await graded(tmp_path, grader(), row())
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    tally = await graded(tmp_path, grader(), row(), row("b"))
    assert (tally.kept, tally.graded) == (1, 1)
    assert len(path.read_bytes().splitlines()) == 2


async def test_a_line_of_something_else_is_named(tmp_path: Path) -> None:
    await graded(tmp_path, grader(), row())
    path = tmp_path / NAME
    path.write_bytes(b'{"hello": 1}\n' + path.read_bytes())
    with pytest.raises(DataError, match="no result") as error:
        Ledger(tmp_path)
    assert error.value.where.endswith(f"{NAME}:1")


def test_two_processes_do_not_write_one_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path), pytest.raises(DataError, match="another interviewer"):
        Ledger(tmp_path)
    Ledger(tmp_path).close()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="can't be written"):
        Ledger(tmp_path / "file" / "out")


def test_results_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no results"):
        load_results(tmp_path)


async def test_several_runs_ask_anew_and_show_the_spread(tmp_path: Path) -> None:
    given: list[float] = [0.9, 0.2]

    def drifting(prompt: str) -> float:
        if "launched" in prompt and "Growth" in prompt and "Reply with one word" in prompt:
            return given.pop(0)
        return 0.95 if "launched" in prompt else 0.1

    await graded(tmp_path, grader(drifting, runs=2), row())
    result = load_results(tmp_path)["a"]
    runs = result.runs
    assert runs
    assert len(runs.overall) == len(runs.criteria["growth"]) == 2
    assert runs.spread["growth"]
    assert runs.spread["honesty"] == 0
    assert runs.overall[0] == result.overall


def test_checks_are_shuffled_the_same_way_for_the_same_seed() -> None:
    rubric = rubric_of(GUIDE)
    assert shuffled(rubric, 1) == shuffled(rubric, 1)
    assert sorted(each.id for each in shuffled(rubric, 1).checks) == sorted(
        each.id for each in rubric.checks
    )
    orders = {tuple(each.id for each in shuffled(rubric, seed).checks) for seed in range(9)}
    assert len(orders) > 1


@pytest.mark.parametrize(
    ("scores", "expected"), [([1.0, 3.0, 2.5], 2), ([1.0, None], None), ([None], None)]
)
def test_a_spread_needs_two_scores(scores: list[float | None], expected: float | None) -> None:
    assert spread_of(scores) == expected
