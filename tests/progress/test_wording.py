from interviewer.progress import progress_of
from interviewer.progress.values import GuideProgress, Trend
from interviewer.progress.wording import breaks_of, gained, interval, judged, signed
from tests.progress.samples import calibrated, session
from tests.scripted import GUIDE


def guide_of(*sessions: object) -> GuideProgress:
    (guide,) = progress_of(sessions).guides  # type: ignore[arg-type]
    return guide


def test_each_kind_of_change_is_told_with_its_day() -> None:
    reworded = GUIDE.model_copy(update={"tips": ()})
    guide = guide_of(
        session(1),
        session(2, guide=reworded),
        session(3, guide=reworded, **calibrated(4.0, 3.0)),
        session(4, guide=reworded, model="large"),
    )
    assert [each.partition(": ")[2] for each in breaks_of(guide.points)] == [
        "the guide's text is another.",
        "overall calibrated by my-raters.",
        "graded by large, before by tiny; overall calibrated by nobody.",
    ]


def test_of_many_changes_the_newest_are_told_and_how_many_there_were_before() -> None:
    guide = guide_of(*(session(at, model=f"m{at}") for at in range(8)))
    found = breaks_of(guide.points)
    assert (found[0], len(found)) == ("3 earlier changes of the grader.", 5)
    assert "graded by m7, before by m6" in found[-1]


def test_worse_final_answers_are_said_to_be_worse() -> None:
    found = gained(progress_of([session(1, 2.0, first=3.0)]).gain)
    assert found == (
        "final answers got 1.0 points fewer than first ones on average, and more in 0 of 1"
    )
    assert gained(progress_of([session(1)]).gain) == ""


def test_own_scores_are_higher_lower_or_close() -> None:
    said = [judged(guide_of(session(1, 3.1, own={"honesty": own})).own[0]) for own in (5, 3, 1)]
    assert said == [
        "You score yourself 1.9 points higher than the grade (1 interview).",
        "Your own scores are close to the grades (1 interview).",
        "You score yourself 2.1 points lower than the grade (1 interview).",
    ]


def test_an_interval_is_told_where_it_says_more_than_the_slope() -> None:
    assert interval(Trend(5, 0.5, 0.1, 0.9, 0.02, "rising")) == "+0.10 to +0.90"
    assert interval(Trend(5, 0.5, 0.5, 0.5, 0.02, "rising")) == ""
    assert interval(Trend(3, 0.5, None, None, 0.3, "too few")) == ""


def test_a_change_too_small_to_show_has_no_sign() -> None:
    assert [signed(each, 1) for each in (0.04, -0.04, -0.06, 0.1)] == ["0.0", "0.0", "-0.1", "+0.1"]
