import json
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.plot import check_plot, draw_scatter
from interviewer.batch.scored import compare, read_scored, scale_of, target_of
from interviewer.errors import DataError, UsageError
from tests.batch.samples import sample, write_sample
from tests.batch.shell import command, write_rows
from tests.fake_endpoint import JUDGING, fake_endpoint, tokens
from tests.scripted import ANSWER

GOALS = ["honesty", "own-the-outcome", "goal-2"]


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("human", "overall"),
        ("human_overall", "overall"),
        ("human_overall_2", "overall"),
        ("human_1", "overall"),
        ("human_honesty", "honesty"),
        ("human_Own_The_Outcome", "own-the-outcome"),
        ("human_own_the_outcome_12", "own-the-outcome"),
        ("human_goal_2", "goal-2"),
        ("human_goal_2_1", "goal-2"),
        ("human_excited", None),
    ],
)
def test_a_column_means_what_its_name_says(column: str, target: str | None) -> None:
    assert target_of(column, GOALS) == target


def scored_file(folder: Path, *columns: dict[str, Any]) -> Path:
    rows = [{"id": str(n), "answer": "x"} | fields for n, fields in enumerate(columns)]
    return write_rows(folder / "scored.jsonl", *rows)


def test_columns_that_mean_nothing_or_hold_no_numbers_are_named(tmp_path: Path) -> None:
    file = scored_file(
        tmp_path,
        {"human_overall": 3, "human_excited": 4, "human_honesty": "high", "human_goal_2": None},
        {"human_overall": "3.5"},
        {"human_overall": ""},
    )
    found = read_scored(file, GOALS)
    assert found.raters == {"overall": ["human_overall"]}
    assert [found.mean(row, "overall") for row in "012"] == [3, 3.5, None]
    assert [note.split()[0] for note in found.notes] == [
        *("human_excited", "human_honesty", "human_goal_2"),
    ]


def test_columns_can_be_named(tmp_path: Path) -> None:
    file = scored_file(tmp_path, {"score": 2, "a=b": 3})
    assert read_scored(file, GOALS, ["score"]).raters == {"overall": ["score"]}
    assert read_scored(file, GOALS, ["score=honesty"]).raters == {"honesty": ["score"]}
    assert read_scored(file, GOALS, ["a=b"]).raters == {"overall": ["a=b"]}
    with pytest.raises(UsageError, match="no column"):
        read_scored(file, GOALS, ["nosuch"])
    with pytest.raises(UsageError, match="no goal"):
        read_scored(file, GOALS, ["score=nosuch"])


def test_a_file_without_human_scores_says_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found the columns points"):
        read_scored(scored_file(tmp_path, {"points": 2}), GOALS)


@pytest.mark.parametrize(
    ("scores", "scale"), [([1, 5], (1, 5)), ([2, 6.5], (1, 7)), ([0, 3], (0, 10)), ([55], (0, 100))]
)
def test_the_scale_is_guessed_from_the_scores(
    scores: list[float], scale: tuple[float, float]
) -> None:
    assert scale_of(scores) == scale
    with pytest.raises(UsageError, match="can't be guessed"):
        scale_of([-3, 500])


def test_the_mean_of_the_raters_is_compared_and_the_raters_with_each_other(tmp_path: Path) -> None:
    results, human = sample(40)
    columns = [{"human_overall_1": score, "human_overall_2": 8 - score} for score in human]
    columns[0] = {"human_overall_1": human[0]}
    scored = read_scored(scored_file(tmp_path, *columns), GOALS)
    by_row = {str(n): each for n, each in enumerate(results)}
    found = compare(scored, by_row, (1, 7))["overall"]
    assert found.pairs[0][0] == human[0]
    assert found.pairs[1][0] == pytest.approx(4)
    assert found.humans
    assert found.humans.n == 39
    assert found.humans.pearson.value == pytest.approx(-1)


def test_each_of_three_raters_is_compared_with_the_mean_of_the_others(tmp_path: Path) -> None:
    _, human = sample(40)
    columns = [{f"human_{rater}": score for rater in (1, 2, 3)} for score in human]
    scored = read_scored(scored_file(tmp_path, *columns), GOALS)
    found = compare(scored, {}, (1, 7))["overall"]
    assert found.humans
    assert found.humans.pearson.value == pytest.approx(1)
    assert found.lacking == 40
    assert found.machine.pearson.reason == "0 pairs of scores; 3 are needed"


@pytest.mark.parametrize("name", ["plot.png", "plot.svg"])
def test_a_plot_is_drawn_with_a_panel_for_each_target(tmp_path: Path, name: str) -> None:
    results, human = sample(40)
    columns = [{"human_overall": score, "human_honesty": score} for score in human]
    scored = read_scored(scored_file(tmp_path, *columns), GOALS)
    by_row = {str(n): each for n, each in enumerate(results)}
    file = tmp_path / name
    names = {"overall": "Overall", "honesty": "Honesty for $5 and $6"}
    draw_scatter(compare(scored, by_row, (1, 7)), file, names=names, scale=(1, 7))
    assert file.stat().st_size > 5000


def test_a_plot_without_data_is_an_empty_panel(tmp_path: Path) -> None:
    scored = read_scored(scored_file(tmp_path, {"human_overall": 3}), GOALS)
    file = tmp_path / "plot.png"
    draw_scatter(compare(scored, {}, (1, 7)), file, names={}, scale=(1, 7))
    assert file.exists()


def test_a_plot_that_cannot_be_drawn_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no picture"):
        check_plot(tmp_path / "plot.doc")
    scored = read_scored(scored_file(tmp_path, {"human_overall": 3}), GOALS)
    with pytest.raises(DataError, match="can't be written"):
        draw_scatter(compare(scored, {}, (1, 7)), tmp_path / "no" / "x.png", names={}, scale=(1, 7))


async def test_answers_are_graded_compared_and_drawn_and_a_second_time_costs_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "scored.csv"
    lines = [f'{n},"{ANSWER} It cost {n} customers.",{n % 5 + 1},high' for n in range(6)]
    file.write_text("\n".join(["id,answer,human_overall,human_note", *lines]), encoding="utf-8")
    async with fake_endpoint() as fake:
        fake.will(
            *(tokens(("background", -0.1 * (n % 5)), ("excuse", -2)) for n in range(40)),
            JUDGING,
        )
        args = ("agree", str(file), "--model", "tiny", "--base-url", fake.url)
        plot = tmp_path / "plot.png"
        done = await command(tmp_path, *args, "--plot", plot)
        asked = len(fake.requests)
        again = await command(tmp_path, *args, "--json", "--scale", "1", "5")
        assert len(fake.requests) == asked > 0
    assert done.returncode == 0, done.stderr
    assert "Overall" in done.stdout
    assert "guessed from the scores" in done.stdout
    assert "human_note is left out" in done.stdout
    assert plot.exists()
    found = json.loads(again.stdout)
    assert found["targets"]["overall"]["machine"]["n"] == 6
    assert "Traceback" not in done.stderr + again.stderr


async def test_results_that_exist_are_compared_without_a_model(tmp_path: Path) -> None:
    file, results = write_sample(tmp_path, *sample(40))
    done = await command(tmp_path, "agree", file, "--results", results, "--scale", "1", "7")
    assert done.returncode == 0, done.stderr
    assert "seed 7" in done.stdout
    assert " 40 " in done.stdout


async def test_a_score_outside_the_scale_exits_2(tmp_path: Path) -> None:
    file, results = write_sample(tmp_path, *sample(40))
    done = await command(tmp_path, "agree", file, "--results", results, "--scale", "1", "3")
    assert done.returncode == 2
    assert "outside the scale" in done.stderr
