import random
from dataclasses import replace

import pytest

from interviewer.progress import Facts, Progress, progress_of
from interviewer.progress.values import GuideProgress, Line
from tests.progress.samples import BEGAN, OTHER, calibrated, regraded, session
from tests.scripted import GUIDE


def of(*sessions: Facts) -> GuideProgress:
    (guide,) = progress_of(sessions).guides
    return guide


def line(guide: GuideProgress, id: str) -> Line:
    (found,) = (each for each in guide.scores if each.id == id)
    return found


def test_no_sessions_are_no_progress() -> None:
    found = progress_of([])
    assert (found.sessions, found.graded, found.began, found.guides) == (0, 0, None, ())
    assert (found.delivery, found.gain.n) == ((), 0)


def test_one_session_has_a_last_score_and_no_trend() -> None:
    overall = of(session(1, 3.5)).overall
    assert (overall.last, overall.best, overall.mean, overall.trend) == (3.5, 3.5, 3.5, None)


def test_a_session_without_a_grade_is_a_session_and_no_zero() -> None:
    found = progress_of([session(1, 4.0), session(2, graded=False)])
    assert (found.sessions, found.graded) == (2, 1)
    assert (found.guides[0].sessions, found.guides[0].graded) == (2, 1)
    assert found.guides[0].overall.values == (4.0,)


def test_a_score_that_could_not_be_judged_is_no_number() -> None:
    overall = of(session(1, 4.0), session(2, None)).overall
    assert overall.values == (4.0, None)
    assert (overall.last, overall.best, overall.mean, overall.n) == (None, 4.0, 4.0, 1)


def test_sessions_are_in_order_however_they_are_read() -> None:
    sessions = [session(number, 1 + number / 10) for number in range(20)]
    random.Random(3).shuffle(sessions)  # noqa: S311
    found = progress_of(sessions)
    assert found == progress_of(sorted(sessions, key=lambda each: each.at))
    assert found.guides[0].overall.values == tuple(1 + number / 10 for number in range(20))
    assert found.began == BEGAN


def test_guides_are_apart_and_the_one_practised_last_comes_first() -> None:
    found = progress_of([session(1, 2.0), session(2, 4.0, guide=OTHER), session(3, 3.0)])
    assert [(each.guide, each.overall.values) for each in found.guides] == [
        ("failure", (2.0, 3.0)),
        ("conflict", (4.0,)),
    ]


def test_a_session_that_was_graded_again_counts_once_by_its_newest_grade() -> None:
    again = [regraded(2.5, "middling"), regraded(4.5)]
    found = progress_of([session(1, 3.0, again=again)])
    assert (found.sessions, found.graded, found.regraded) == (1, 1, 1)
    assert found.guides[0].overall.values == (4.5,)
    point = found.guides[0].points[0]
    assert (point.model, point.regraded) == ("large", True)


def test_a_later_grade_by_another_guide_does_not_count() -> None:
    other = regraded(1.0, guide=OTHER.model_dump(mode="json"))
    same = GUIDE.model_copy(update={"overview": "Reworded."}).model_dump(mode="json")
    assert of(session(1, 3.0, again=[other])).overall.values == (3.0,)
    assert of(session(1, 3.0, again=[regraded(2.0, guide=same), other])).overall.values == (2.0,)


def test_grades_of_another_model_are_shown_and_not_compared() -> None:
    guide = of(session(1, 5.0, model="large"), session(2, 2.0), session(3, 3.0))
    overall = guide.overall
    assert overall.values == (5.0, 2.0, 3.0)
    assert overall.alike == (False, True, True)
    assert overall.breaks == (1,)
    assert (overall.best, overall.mean, overall.n, overall.trend) == (3.0, 2.5, 2, None)
    assert [point.changed for point in guide.points] == [(), ("model",), ()]


def test_sessions_graded_alike_are_compared_across_others_between_them() -> None:
    sessions = [session(at, 1.0 + at, model="large" if at == 2 else "tiny") for at in range(4)]
    overall = of(*sessions).overall
    assert overall.trend
    assert (overall.trend.n, overall.breaks) == (3, (2, 3))


def test_another_text_of_the_guide_makes_scores_incomparable_another_role_does_not() -> None:
    goals = (GUIDE.goals[0].model_copy(update={"text": "They want it all."}), GUIDE.goals[1])
    reworded = GUIDE.model_copy(update={"goals": goals})
    other_job = GUIDE.model_copy(update={"role": "Nurse"})
    assert of(session(1), session(2, guide=reworded)).points[1].changed == ("guide",)
    assert of(session(1), session(2, guide=other_job)).points[1].changed == ()


def test_a_calibration_breaks_the_overall_score_and_no_criterion() -> None:
    guide = of(session(1, 3.0), session(2, 3.0), session(3, **calibrated(4.0, 3.1)))
    assert guide.overall.alike == (False, False, True)
    assert guide.points[2].changed == ("calibration",)
    assert line(guide, "growth").alike == (True, True, True)
    assert line(guide, "growth").trend


def test_steps_and_tips_that_are_missing_lately_come_first() -> None:
    def told(number: int, *, context: bool, lesson: bool | None) -> Facts:
        steps = {"context": context, "lesson": lesson}
        return session(number, steps=steps, tips={"be-brief": number != 7})

    guide = of(*(told(at, context=at >= 5, lesson=None if at == 9 else at < 8) for at in range(10)))
    assert [(gap.id, gap.kind) for gap in guide.gaps] == [
        ("lesson", "step"),
        ("be-brief", "tip"),
        ("context", "step"),
    ]
    shares = {gap.id: (gap.lately, gap.missing) for gap in guide.gaps}
    assert [(each.n, each.of) for each in shares["lesson"]] == [(1, 5), (1, 9)]
    assert [(each.n, each.of) for each in shares["context"]] == [(0, 5), (5, 10)]
    assert guide.items[1].kept[-1] is None


def test_first_and_final_answers_are_compared_as_the_session_graded_them() -> None:
    sessions = [
        session(1, 3.0, first=2.0, again=[regraded(5.0)]),
        session(2, 2.5, first=2.5),
        session(3, 4.0),
        session(4, 2.0, first=3.0),
    ]
    gain = of(*sessions).gains[0]
    assert gain.pairs == ((2.0, 3.0), (2.5, 2.5), None, (3.0, 2.0))
    assert (gain.n, gain.first, gain.final, gain.better) == (3, 2.5, 2.5, 1)


def test_first_and_final_answers_are_compared_before_any_calibration() -> None:
    assert of(session(1, first=2.0, **calibrated(5.0, 3.0))).gains[0].pairs == ((2.0, 3.0),)


def test_first_and_final_answers_of_all_guides_stand_together() -> None:
    found = progress_of([session(1, 3.0, first=2.0), session(2, 4.0, first=2.0, guide=OTHER)])
    assert (found.gain.n, found.gain.first, found.gain.final) == (2, 2.0, 3.5)


def test_own_scores_stand_against_the_grades_of_the_same_criteria() -> None:
    guide = of(
        session(1, 3.0, own={"honesty": 5, "growth": 4}),
        session(2, 4.0, own={"honesty": 4}),
        session(3, 4.0),
        session(4, 4.0, own={"unknown": 4}),
    )
    together, honesty, growth = guide.own
    assert together.pairs == ((4.5, 2.5), (4.0, 4.0), None, None)
    assert (together.n, together.own, together.grade, together.last) == (2, 4.25, 3.25, 0.0)
    assert (honesty.n, growth.n, growth.own, growth.grade) == (2, 1, 4.0, 2.0)


def test_own_scores_are_not_averaged_against_another_models_grades() -> None:
    sessions = [
        session(1, 1.0, own={"honesty": 5}, model="large"),
        session(2, 3.0, own={"honesty": 4}),
    ]
    together = of(*sessions).own[0]
    assert (together.n, together.own, together.grade) == (1, 4.0, 3.0)


def test_nobody_who_did_not_score_themselves_is_said_to_have() -> None:
    assert of(session(1)).own == ()


def delivery(found: Progress) -> dict[str, tuple[float | None, ...]]:
    return {each.id: each.values for each in found.delivery}


def test_delivery_is_told_over_all_guides_whoever_graded() -> None:
    found = progress_of([session(1), session(2, guide=OTHER, model="large"), session(3)])
    assert delivery(found) == {
        "speaking_s": (43.0,) * 3,
        "fillers": (4.0,) * 3,
        "i": (75.0,) * 3,
        "figures": (3.0,) * 3,
    }
    assert all(line.trend and line.trend.n == 3 for line in found.delivery)
    assert all(line.best is None for line in found.delivery)


def test_an_answer_without_words_has_no_rates() -> None:
    silent = session(1).grade
    assert silent
    assert silent.delivery
    none = silent.delivery.model_copy(update=dict.fromkeys(("words", "i", "we", "fillers"), 0))
    found = progress_of([session(1, delivery=none), session(2, delivery=None)])
    assert delivery(found) == {
        "speaking_s": (43.0,), "fillers": (None,), "i": (None,), "figures": (None,),
    }  # fmt: skip


def test_a_copy_of_a_session_is_not_counted_twice_and_the_longer_one_counts() -> None:
    whole, torn = session(1, 4.0), replace(session(1, graded=False), events=1)
    for files in ([torn, whole], [whole, torn]):
        found = progress_of(files)
        assert (found.sessions, found.graded, found.copies) == (1, 1, 1)


@pytest.mark.parametrize("goals", [None, "many", [3], [{"name": "no id"}]])
def test_an_odd_guide_in_a_header_is_a_guide_without_names(goals: object) -> None:
    from interviewer.progress.facts import outline_of

    assert outline_of({"id": "odd", "goals": goals}).goals == {}
