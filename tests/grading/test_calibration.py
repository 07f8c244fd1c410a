import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import DataError
from interviewer.events import Graded
from interviewer.grade import Flag, Grade
from interviewer.grading.calibration import (
    LACKING,
    OVERALL,
    Calibration,
    Interval,
    Validation,
    load_calibration,
    meaning_of,
    rescored,
    save_calibration,
)
from interviewer.grading.learning import About, Example, learn, verdict_of
from tests.batch.samples import SIGNALS, sample

ABOUT = About("raters", "failure", "tiny", (1.0, 7.0), "human_overall")


def examples(
    n: int, *, noise: float = 0.5, seed: int = 1, guide_says: bool = True
) -> list[Example]:
    results, human = sample(n, noise=noise, seed=seed, guide_says=guide_says)
    return [
        Example(result.signals, result.overall, score)
        for result, score in zip(results, human, strict=True)
    ]


def signals_of(example: Example) -> dict[str, float]:
    return example.signals | {OVERALL: example.overall or 1.0}


@pytest.fixture(scope="module")
def learnt() -> Calibration:
    return learn(examples(120), ABOUT).calibration


def test_it_finds_what_the_raters_care_about_and_nothing_else(learnt: Calibration) -> None:
    found = {each.name: each for each in learnt.features}
    # 3 points over the whole of a uniform signal are 3 / sqrt(12) points a standard deviation.
    assert found["honesty"].weight == pytest.approx(3 / math.sqrt(12), abs=0.15)
    assert found["growth"].weight == pytest.approx(1.5 / math.sqrt(12), abs=0.15)
    assert found["fillers"].weight == pytest.approx(2.5 / math.sqrt(12), abs=0.15)
    assert found["fillers"].sign == -1
    assert found["context"].weight < 0.15
    assert found["words"].weight < 0.15
    assert learnt.features[0].name == "honesty"


def test_its_validation_is_honest_about_answers_it_has_not_seen(learnt: Calibration) -> None:
    held = learnt.validation
    fresh = [(each.human, learnt.apply(signals_of(each)) or 0) for each in examples(2000, seed=99)]
    mae = sum(abs(a - b) for a, b in fresh) / len(fresh)
    assert held.mae.low <= mae <= held.mae.high
    assert held.r
    assert held.uncalibrated_r
    assert held.r.value > held.uncalibrated_r.value
    assert held.mae.value < held.baseline_mae.value
    assert learnt.verdict.startswith("It helps: it follows the raters better")


def test_raters_that_follow_nothing_give_a_verdict_that_says_so() -> None:
    found = learn(examples(60, guide_says=False), ABOUT).calibration
    assert "Do not use it" in found.verdict


def test_a_signal_against_its_meaning_gets_no_weight() -> None:
    turned = [
        Example(each.signals, each.overall, 8 - each.human) for each in examples(80, noise=0.1)
    ]
    found = {each.name: each for each in learn(turned, ABOUT).calibration.features}
    assert found["honesty"].weight == found["fillers"].weight == 0


@settings(deadline=None)
@given(
    st.fixed_dictionaries({name: st.floats(0, 100) for name in (*SIGNALS, OVERALL)}),
    st.sampled_from((*SIGNALS, OVERALL)),
    st.floats(0, 100),
)
def test_it_is_monotone_in_each_signal(
    learnt: Calibration, signals: dict[str, float], name: str, more: float
) -> None:
    sign = -1 if name == "fillers" else 1
    before = learnt.apply(signals)
    after = learnt.apply(signals | {name: signals[name] + more})
    assert before is not None
    assert after is not None
    assert sign * (after - before) >= -1e-9
    assert 1 <= before <= 7


def test_raters_that_follow_the_score_get_it_on_their_scale_and_hardly_anything_else() -> None:
    data = [
        Example(each.signals, each.overall, 2 + 0.5 * (each.overall or 1)) for each in examples(60)
    ]
    found = learn(data, ABOUT).calibration
    assert found.features[0].name == OVERALL
    assert sum(each.weight for each in found.features[1:]) < 0.1 * found.features[0].weight
    assert found.validation.mae.value < 0.05
    assert found.verdict.startswith("It helps with the scale")


def test_the_same_data_gives_the_same_calibration(learnt: Calibration) -> None:
    assert learn(examples(120), ABOUT).calibration == learnt


def test_a_signal_that_is_missing_leaves_no_score_and_is_named(learnt: Calibration) -> None:
    signals = {name: 0.5 for name in (*SIGNALS, OVERALL) if name != "honesty"}
    assert learnt.apply(signals) is None
    assert learnt.lacking(signals) == ["honesty"]
    assert learnt.lacking(signals | {"honesty": math.nan}) == ["honesty"]


def test_answers_that_lack_a_signal_or_a_score_are_left_out() -> None:
    data = examples(40)
    data[0].signals.pop("honesty")
    data[1] = Example(data[1].signals, None, data[1].human)
    found = learn(data, ABOUT)
    assert found.left_out == 2
    assert found.calibration.n == 38


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ([], "0 of 0 answers"),
        (examples(19), "19 of 19 answers"),
        ([Example(each.signals, each.overall, 4.0) for each in examples(30)], "hardly differ"),
        ([Example(each.signals, each.overall, each.human + 9) for each in examples(30)], "outside"),
        ([Example({"honesty": 1.0}, 3.0, each.human) for each in examples(30)], "no signal"),
    ],
)
def test_data_that_teaches_nothing_is_refused_with_the_reason(
    data: list[Example], what: str
) -> None:
    with pytest.raises(DataError, match=what):
        learn(data, ABOUT)


def flat(value: float, low: float, high: float) -> Interval:
    return Interval(value=value, low=low, high=high)


@pytest.mark.parametrize(
    ("r", "gain_r", "gain_mae", "says"),
    [
        (flat(0.7, 0.5, 0.8), flat(0.2, 0.1, 0.3), flat(0.2, 0.1, 0.3), "It helps: it follows"),
        (flat(0.7, 0.5, 0.8), flat(0.1, -0.1, 0.3), flat(0.2, 0.1, 0.3), "helps with the scale"),
        (flat(0.7, 0.5, 0.8), flat(0.1, -0.1, 0.3), flat(0.1, -0.1, 0.3), "not shown to help"),
        (flat(0.7, 0.5, 0.8), flat(-0.2, -0.3, -0.1), flat(0.1, 0.1, 0.3), "less well"),
        (flat(0.2, -0.1, 0.4), flat(0.1, -0.1, 0.3), flat(0.1, 0.1, 0.3), "not shown to follow"),
        (None, None, flat(0.1, 0.1, 0.3), "not shown to follow"),
    ],
)
def test_the_verdict_is_plain(
    r: Interval | None, gain_r: Interval | None, gain_mae: Interval, says: str
) -> None:
    one = flat(1, 0, 2)
    held = Validation(
        folds=10,
        repeats=1,
        seed=1,
        r=r,
        mae=one,
        uncalibrated_r=one,
        uncalibrated_mae=one,
        baseline_mae=one,
        gain_r=gain_r,
        gain_mae=gain_mae,
    )
    assert says in verdict_of(held, 100, 3, 5)
    assert "thin" not in verdict_of(held, 100, 3, 5)
    assert "The data is thin: 40 answers for 5 signals" in verdict_of(held, 40, 3, 5)


def test_a_grade_is_rescored_and_says_what_it_was_and_what_the_raters_would_have_said(
    learnt: Calibration,
) -> None:
    signals = dict.fromkeys(SIGNALS, 0.5) | {"fillers": 1.0, "words": 200.0}
    plain = Graded(overall=2.0, signals=signals, first=Grade(overall=1.0))
    found = rescored(plain, learnt)
    assert isinstance(found, Graded)
    assert found.first == plain.first
    assert found.calibrated
    value = learnt.apply(signals | {OVERALL: 2.0})
    assert found.calibrated.value == pytest.approx(value, abs=1e-4)
    assert (found.calibrated.scale, found.calibrated.name) == ((1, 7), "raters")
    assert found.calibrated.plain == 2.0
    assert found.overall == pytest.approx(learnt.points(value or 0), abs=0.01)
    assert rescored(found, learnt) == found
    assert rescored(found, None) == plain


def test_a_guards_flag_keeps_the_score_down_and_a_tips_does_not(learnt: Calibration) -> None:
    signals = dict.fromkeys(SIGNALS, 1.0) | {"fillers": 0.0, "words": 400.0}
    low = Grade(overall=1.5, signals=signals, tips={"be-brief": False})
    for flag, raised in (("be-brief", True), ("chat-tokens", False)):
        found = rescored(low.model_copy(update={"flags": [Flag(id=flag, text="x")]}), learnt)
        assert ((found.overall or 0) > 1.5) is raised


def test_a_grade_that_lacks_signals_has_no_score_but_a_reason_and_gets_it_back(
    learnt: Calibration,
) -> None:
    plain = Grade(overall=3.0, signals={"words": 80.0})
    found = rescored(plain, learnt)
    assert found.overall is None
    assert [(each.target, each.reason) for each in found.missing] == [("overall", LACKING)]
    assert rescored(found, learnt) == found
    assert rescored(found, None) == plain


def test_it_is_written_so_that_a_person_and_the_program_can_read_it(
    learnt: Calibration, tmp_path: Path
) -> None:
    path = tmp_path / "raters.json"
    save_calibration(learnt, path)
    assert load_calibration(path) == learnt
    assert json.loads(path.read_text(encoding="utf-8"))["guide"] == "failure"
    assert [each.name for each in tmp_path.iterdir()] == ["raters.json"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"calibration": 2}'])
def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "raters.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="is no calibration"):
        load_calibration(path)


def test_files_that_cannot_be_read_or_written_say_so(learnt: Calibration, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read"):
        load_calibration(tmp_path / "nosuch.json")
    with pytest.raises(DataError, match="can't be written"):
        save_calibration(learnt, tmp_path / "no" / "raters.json")


def test_another_guide_is_refused_and_another_model_warned_of(learnt: Calibration) -> None:
    assert learnt.check(guide="failure", model="tiny") == ""
    assert "may be off" in learnt.check(guide="failure", model="large")
    with pytest.raises(DataError, match="was made for the guide failure"):
        learnt.check(guide="conflict", model="tiny")


def test_the_raters_scale_is_mapped_onto_one_to_five(learnt: Calibration) -> None:
    assert [learnt.points(value) for value in (1, 4, 7)] == [1, 3, 5]


@pytest.mark.parametrize(
    ("signal", "meaning"),
    [
        ("honesty", (1, "as it is")),
        ("fillers", (-1, "as it is")),
        ("p/honesty", (1, "as it is")),
        ("label/mistake", (1, "as it is")),
        ("against/excuse", (-1, "as it is")),
        ("label/against", (1, "as it is")),
        ("p/avoid-fillers", (1, "as it is")),
        ("p/we", (1, "as it is")),
        ("p/length", (1, "as it is")),
        ("delivery/fillers", (-1, "as it is")),
        ("delivery/hedges", (-1, "as it is")),
        ("delivery/figures", (1, "as it is")),
        ("delivery/words", (1, "log")),
        ("delivery/we", None),
        ("words", (1, "log")),
        ("we", None),
    ],
)
def test_each_signal_counts_in_the_direction_of_its_meaning(
    signal: str, meaning: tuple[int, str] | None
) -> None:
    assert meaning_of(signal) == meaning
