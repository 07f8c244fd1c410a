import json
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.batch.grader import Grader, Graders, recalibrated
from interviewer.batch.ledger import Ledger, load_results
from interviewer.batch.result import Result
from interviewer.batch.rows import Row
from interviewer.batch.run import run
from interviewer.errors import DataError
from interviewer.grading.calibration import Calibration, load_calibration
from interviewer.grading.learning import About, Example, learn
from interviewer.prompts import Prompts
from tests.batch.samples import sample, write_sample
from tests.batch.shell import command, write_rows
from tests.fake_endpoint import JUDGING, fake_endpoint
from tests.scripted import ANSWER, GUIDE, ScriptedModel, yes_to


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    results, human = sample(80)
    data = [
        Example(each.signals, each.overall, score)
        for each, score in zip(results, human, strict=True)
    ]
    return learn(data, About("raters", GUIDE.id, "scripted", (1, 7), "human_overall")).calibration


def result(**changes: object) -> Result:
    (found,), _ = sample(1)
    return found.model_copy(update=changes)


def test_the_calibrated_score_replaces_the_overall_and_both_are_kept(
    calibration: Calibration,
) -> None:
    plain = result()
    found = recalibrated(plain, calibration)
    assert found.calibrated
    assert found.calibrated.plain == plain.overall
    assert found.calibrated.value is not None
    assert found.overall == pytest.approx(calibration.points(found.calibrated.value), abs=0.01)
    assert found.overall != plain.overall
    assert recalibrated(found, calibration) == found
    assert recalibrated(found, None) == plain


def test_a_missing_signal_leaves_no_overall_score_but_a_reason(calibration: Calibration) -> None:
    plain = result(signals={"words": 80.0})
    found = recalibrated(plain, calibration)
    assert found.overall is None
    assert [each.target for each in found.missing] == ["overall"]
    assert recalibrated(found, None) == plain


def test_a_calibration_never_raises_what_a_guard_has_flagged(calibration: Calibration) -> None:
    (best,), _ = sample(1)
    signals = dict.fromkeys(best.signals, 1.0) | {"fillers": 0.0, "words": 400.0}
    flagged = result(flags=["chat-tokens"], overall=1.5, signals=signals)
    assert recalibrated(flagged, calibration).overall == 1.5
    unheard = result(flags=["too-short"], overall=1.0, signals={})
    assert recalibrated(unheard, calibration).overall == 1.0
    tip = result(flags=["be-brief"], tips={"be-brief": False}, overall=1.5, signals=signals)
    assert (recalibrated(tip, calibration).overall or 0) > 4


def test_a_row_with_another_guide_is_not_calibrated_by_what_was_learned_for_this_one(
    calibration: Calibration,
) -> None:
    own = Grader(GUIDE, ScriptedModel(), Prompts(), "scripted", calibration)
    other = GUIDE.model_copy(update={"id": "another"})
    graders = Graders(own, lambda name: other if name == "another" else GUIDE)
    assert graders.of(Row("a", "rows:1", ANSWER, guide="./failure.md")).calibration == calibration
    with pytest.raises(DataError, match="was made for the guide"):
        graders.of(Row("b", "rows:2", ANSWER, guide="another"))


async def test_another_calibration_asks_the_model_nothing(
    calibration: Calibration, tmp_path: Path
) -> None:
    model = ScriptedModel(p=yes_to("Honesty", "Context"))
    plain = Grader(GUIDE, model, Prompts(), "scripted")
    rows = [Row("a", "rows:1", ANSWER)]
    calls, scores = [], []
    for grader in (plain, replace(plain, calibration=calibration), plain):
        with Ledger(tmp_path) as ledger:
            await run(rows, Graders(grader), ledger, lambda *_: None)
        calls.append(model.usage.calls)
        scores.append(load_results(tmp_path)["a"].overall)
    assert calls[0] == calls[1] == calls[2]
    assert scores[0] == scores[2] != scores[1]


async def test_a_calibration_is_learned_written_and_used(tmp_path: Path) -> None:
    file, results = write_sample(tmp_path, *sample(60))
    made = tmp_path / "my-raters.json"
    args = ("calibrate", file, "--results", results, "-o", made, "--scale", "1", "7")
    done = await command(tmp_path, *args)
    assert done.returncode == 0, done.stderr
    assert "It helps" in done.stdout
    assert "fewer fillers" in done.stdout
    assert load_calibration(made).name == "my-raters"

    before, after = [
        json.loads((await command(tmp_path, *args)).stdout)["targets"]["overall"]["machine"]
        for args in (
            ("agree", file, "--results", results, "--json", "--scale", "1", "7"),
            (
                *("agree", file, "--results", results, "--json", "--scale", "1", "7"),
                *("--calibration", made),
            ),
        )
    ]
    assert after["pearson"]["value"] > before["pearson"]["value"]
    assert after["mae"]["value"] < before["mae"]["value"]


async def test_too_few_answers_exit_1_and_write_nothing(tmp_path: Path) -> None:
    file, results = write_sample(tmp_path, *sample(12))
    done = await command(
        tmp_path, "calibrate", file, "--results", results, "-o", tmp_path / "my.json"
    )
    assert done.returncode == 1
    assert "12 of 12 answers" in done.stderr
    assert not (tmp_path / "my.json").exists()


async def test_a_calibration_for_another_guide_is_refused(
    calibration: Calibration, tmp_path: Path
) -> None:
    path = tmp_path / "raters.json"
    path.write_text(calibration.model_dump_json(), encoding="utf-8")
    rows = write_rows(tmp_path / "rows.jsonl", {"answer": ANSWER})
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args = ("grade", rows, "-o", tmp_path / "out", "--model", "x", "--base-url", fake.url)
        done = await command(tmp_path, *args, "--calibration", path)
    assert done.returncode == 1
    assert "was made for the guide failure" in done.stderr
    assert fake.requests == []
