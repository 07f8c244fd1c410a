import pytest
from pydantic import ValidationError

from interviewer.guide import Check
from interviewer.guide_file import load_guide
from interviewer.rubric import Criterion, rubric_of
from interviewer.shipped import shipped_guides_folder
from tests.scripted import GUIDE, LABELLED

SHIPPED = sorted(shipped_guides_folder().glob("*.md"))


def test_each_goal_is_a_criterion_with_anchors_at_both_ends_and_the_middle() -> None:
    criteria = rubric_of(GUIDE).criteria
    assert [each.id for each in criteria] == ["honesty", "growth"]
    assert all(list(each.anchors) == [1, 3, 5] for each in criteria)
    assert all(each.text in anchor for each in criteria for anchor in each.anchors.values())


def test_a_guide_that_words_no_checks_is_asked_about_in_its_own_text() -> None:
    checks = rubric_of(GUIDE).checks
    assert [check.id for check in checks] == [
        *("goal/honesty/1", "goal/growth/1", "step/context/1", "step/lesson/1", "tip/be-brief/1"),
    ]
    assert checks[2].statement.startswith("Describe the Context")
    assert checks[2].statement.endswith("Say when and where it happened.")


def test_an_item_that_is_only_a_name_is_asked_about_by_its_name() -> None:
    bare = GUIDE.model_copy(update={"tips": (GUIDE.tips[0].model_copy(update={"text": ""}),)})
    assert rubric_of(bare).checks_of("tip")[0].statement == "Be Brief"


def test_the_checks_that_a_guide_words_replace_those_made_from_its_text() -> None:
    own = (
        Check(target="honesty", statement="owns the failure"),
        Check(target="honesty", statement="blames others", negative=True),
    )
    found = rubric_of(GUIDE.model_copy(update={"checks": own})).checks_of("goal")
    assert [(check.id, check.statement, check.negative) for check in found[:2]] == [
        ("goal/honesty/1", "owns the failure", False),
        ("goal/honesty/2", "blames others", True),
    ]
    assert found[2:] == rubric_of(GUIDE).checks_of("goal")[1:]


def test_checks_of_several_kinds_come_in_the_order_of_the_guide() -> None:
    kinds = [check.kind for check in rubric_of(GUIDE).checks_of("step", "goal")]
    assert kinds == ["goal", "goal", "step", "step"]


def test_what_labels_tell_is_not_asked_about() -> None:
    rubric = rubric_of(LABELLED)
    assert rubric.checks == ()
    assert rubric.labels == LABELLED.labels


def test_a_goal_or_step_that_no_label_tells_is_asked_about_and_a_tip_is_advice_alone() -> None:
    fewer = LABELLED.model_copy(update={"labels": LABELLED.labels[:2]})
    assert [each.target for each in rubric_of(fewer).checks] == ["growth", "lesson"]
    assert rubric_of(fewer).tips == ()
    assert rubric_of(LABELLED).tips == LABELLED.tips


def test_a_check_that_the_guide_words_comes_beside_the_labels() -> None:
    own = (Check(target="honesty", measure="brevity"), Check(target="be-brief", statement="stops"))
    found = rubric_of(LABELLED.model_copy(update={"checks": own})).checks
    assert [(each.id, each.statement, each.measure) for each in found] == [
        ("goal/honesty/1", "", "brevity"),
        ("tip/be-brief/1", "stops", None),
    ]


def test_it_knows_which_labels_tell_about_an_item_for_it_or_against() -> None:
    assert rubric_of(LABELLED).labelled == {
        "context": ("background",),
        "honesty": ("mistake", "excuse"),
        "growth": ("lesson",),
        "lesson": ("lesson",),
        "be-brief": ("rambling",),
    }
    assert rubric_of(GUIDE).labelled == {}


def test_ids_come_by_kind_in_the_order_of_the_guide() -> None:
    rubric = rubric_of(LABELLED)
    assert rubric.ids("goal") == ["honesty", "growth"]
    assert rubric.ids("step") == ["context", "lesson"]
    assert rubric.ids("tip") == ["be-brief"]


def test_names_are_those_of_the_guide() -> None:
    assert rubric_of(GUIDE).names == {
        "honesty": "Honesty",
        "growth": "Growth",
        "context": "Describe the Context",
        "lesson": "Share the Lesson",
        "be-brief": "Be Brief",
    }


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_item_of_a_shipped_guide_is_judged_by_labels_or_checks_with_ids_of_their_own(
    path: object,
) -> None:
    guide = load_guide(str(path))
    rubric = rubric_of(guide)
    assert {check.target for check in rubric.checks} | rubric.labelled.keys() == set(rubric.names)
    assert len({check.id for check in rubric.checks}) == len(rubric.checks)
    assert rubric == rubric_of(guide)


def test_a_weight_is_above_nothing() -> None:
    with pytest.raises(ValidationError):
        Criterion(id="a", name="A", text="", anchors={}, weight=0)
