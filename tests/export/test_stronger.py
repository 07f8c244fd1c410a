from typing import Any

from interviewer.export.stronger import Stronger, stronger_of
from interviewer.grade import Advice, Evidence, Grade
from interviewer.guide import Item
from interviewer.rubric import rubric_of
from tests.export.samples import GRADE
from tests.scripted import LABELLED

RUBRIC = rubric_of(LABELLED)
WELL: dict[str, Any] = {
    "overall": 4.8,
    "criteria": {"honesty": 4.9, "growth": 4.7},
    "steps": {"context": True, "lesson": True},
    "tips": {"be-brief": True},
}


def of(**values: Any) -> Stronger:
    return stronger_of(Grade(**WELL | values), RUBRIC)


def test_a_missing_step_is_told_with_its_text_its_place_and_the_goals_it_would_show() -> None:
    text = stronger_of(GRADE, RUBRIC).text
    assert "The answer covers 1 of 2 steps. A stronger one would add Share the Lesson, " in text
    after = (
        "right after \u201cIn 2019 I launched a tool in Berlin.\u201d: Close on what you learned."
    )
    assert after + " The same would show Growth (1.5 of 5)." in text


def test_a_goal_that_a_missing_step_would_show_is_told_once() -> None:
    found = stronger_of(GRADE, RUBRIC)
    assert [each.target for each in found.additions] == ["lesson", "honesty", "be-brief"]
    assert found.text.count("Growth") == 1


def test_a_low_goal_is_told_with_its_score_and_the_lowest_comes_first() -> None:
    found = of(criteria={"honesty": 3.4, "growth": 2.0})
    assert [each.target for each in found.additions] == ["growth", "honesty"]
    assert "It would show more of Growth (2.0 of 5): They want to hear what you" in found.text


def test_a_goal_that_is_well_shown_is_told_only_where_the_grade_advises_it() -> None:
    assert of(criteria={"honesty": 3.5, "growth": 5.0}).additions == ()
    (advised,) = of(advice=[Advice(target="growth", text="Tell a later case.")]).additions
    assert advised.there
    told = of(advice=[Advice(target="growth", text="Tell a later case.")]).text
    assert told.endswith("the model is least sure of Growth (4.7 of 5): Tell a later case.")


def test_a_tip_that_was_not_kept_is_told() -> None:
    assert of(tips={"be-brief": False}).text.endswith("Keep to Be Brief: Two minutes are enough.")


def test_where_all_is_there_nothing_is_made_up() -> None:
    found = of()
    assert found.additions == ()
    assert found.text == "The answer covers all 2 steps. The guide asks for nothing more."


def test_what_could_not_be_judged_is_neither_missed_nor_counted() -> None:
    found = of(steps={"context": True, "lesson": None}, criteria={"honesty": None, "growth": 5.0})
    assert (found.covered, found.steps, found.additions) == (1, 1, ())
    assert found.text == (
        "The answer covers the one step. Nothing is said here of what could not be judged: "
        "Honesty and Share the Lesson."
    )


def test_many_gaps_are_told_in_full_up_to_five_and_by_name_after_that() -> None:
    steps = tuple(Item(id=f"s{n}", name=f"Step {n}", text=f"Do {n}") for n in range(8))
    rubric = rubric_of(LABELLED.model_copy(update={"steps": steps, "labels": ()}))
    text = stronger_of(Grade(steps=dict.fromkeys(rubric.ids("step"), False)), rubric).text
    assert "The answer covers 0 of 8 steps." in text
    assert "Step 4: Do 4. It would also take Step 5, Step 6 and Step 7." in text


def test_the_place_of_a_step_is_the_evidence_before_it_not_after_it() -> None:
    late = [Evidence(target="lesson", sentence=3, text="I learned to ask.")]
    (first,) = of(steps={"context": False, "lesson": True}, evidence=late).additions
    assert first.after == ""
