import pytest

from interviewer.comparing import Move, compare, rank_correlation, shift_of
from interviewer.grade import Calibrated, Evidence, Flag, Grade

OLD = Grade(
    overall=3.0,
    criteria={"honesty": 4.0, "growth": 2.0, "pride": 1.0},
    steps={"context": True, "lesson": None},
    tips={"be-brief": True},
    flags=[Flag(id="copied-example", text="copied")],
    evidence=[Evidence(target="honesty", sentence=1, text="I did it.")],
)
NEW = Grade(
    overall=2.5,
    criteria={"honesty": 4.0, "growth": None, "candour": 5.0},
    steps={"context": True, "lesson": False},
    tips={"be-brief": False},
    flags=[Flag(id="be-brief", text="too long")],
    evidence=[
        Evidence(target="honesty", sentence=2, text="It was me."),
        Evidence(target="context", sentence=1, text="In Berlin."),
    ],
)


def test_scores_of_both_grades_are_compared_the_overall_one_first() -> None:
    assert compare(OLD, NEW).moves == (
        Move("overall", 3.0, 2.5),
        Move("honesty", 4.0, 4.0),
        Move("growth", 2.0, None),
    )


def test_what_only_one_guide_has_is_named_and_not_compared() -> None:
    found = compare(OLD, NEW)
    assert (found.added, found.dropped) == (("candour",), ("pride",))


def test_steps_tips_flags_and_evidence_are_told_only_where_they_differ() -> None:
    found = compare(OLD, NEW)
    assert [(each.target, each.old, each.new) for each in found.turned] == [
        ("lesson", None, False),
        ("be-brief", True, False),
    ]
    assert [flag.id for flag in found.raised] == ["be-brief"]
    assert [flag.id for flag in found.lowered] == ["copied-example"]
    assert [(each.target, each.old, each.new) for each in found.requoted] == [
        ("honesty", ("I did it.",), ("It was me.",)),
        ("context", (), ("In Berlin.",)),
    ]


def test_a_grade_is_the_same_as_itself_and_not_as_another() -> None:
    assert compare(OLD, OLD).same
    assert not compare(OLD, NEW).same


def test_scores_of_different_calibrations_are_never_the_same() -> None:
    made = Calibrated(value=3.0, scale=(1, 5), name="raters", plain=3.0)
    found = compare(OLD, OLD.model_copy(update={"calibrated": made}))
    assert found.calibrations == ("", "raters")
    assert not found.same


@pytest.mark.parametrize(
    ("old", "new", "reaches"),
    [
        (3.0, 3.5, True),
        (3.5, 3.0, True),
        (3.0, 3.49, False),
        (1.1, 1.6, True),  # 0.5000000000000002 and its like must not decide
        (2.2, 1.7, True),
        (3.0, None, True),
        (None, 3.0, True),
        (None, None, False),
    ],
)
def test_a_move_reaches_a_limit_by_its_points_or_where_a_score_is_lost(
    old: float | None, new: float | None, reaches: bool
) -> None:
    assert Move("overall", old, new).reaches(0.5) is reaches


def test_many_grades_have_a_mean_shift_and_their_largest_moves() -> None:
    def graded(overall: float | None, honesty: float) -> Grade:
        return Grade(overall=overall, criteria={"honesty": honesty})

    old = graded(3.0, 3.0)
    found = shift_of(
        {
            "a": compare(old, graded(2.0, 3.5)),
            "b": compare(old, graded(3.5, 3.0)),
            "c": compare(old, graded(None, 5.0)),
        }
    )
    assert (found.n, found.mean, found.mean_size) == (2, -0.25, 0.75)
    assert found.criteria == {"honesty": 0.833}
    assert [(name, move.target) for name, move in found.largest] == [
        ("c", "honesty"),
        ("a", "overall"),
        ("a", "honesty"),
        ("b", "overall"),
    ]


def test_the_rank_correlation_is_that_of_scipy_ties_included() -> None:
    from scipy.stats import spearmanr  # here, for each worker imports this file

    one = [float(number * 7 % 5) for number in range(40)]
    other = [each + number * 3 % 4 for number, each in enumerate(one)]
    value, reason = rank_correlation(one, other)
    assert value == pytest.approx(spearmanr(one, other).statistic, abs=1e-4)
    assert reason == ""


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ([1.0, 2.0], [2.0, 3.0], "there are fewer than 3 pairs of scores"),
        ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], "the scores of one grading are all equal"),
    ],
)
def test_where_there_is_no_correlation_there_is_a_reason(
    one: list[float], other: list[float], reason: str
) -> None:
    assert rank_correlation(one, other) == (None, reason)
