import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.measures import MEASURES, brevity, fluency, order
from interviewer.guide import MEASURES as NAMES
from interviewer.labelling import Labelled
from interviewer.rubric import rubric_of
from tests.scripted import LABELLED

RUBRIC = rubric_of(LABELLED)
PARTS = ("background", "mistake", "lesson")
WORDS = (*PARTS, "excuse", "rambling", "other")


def told(*labels: str, sure: float = 1.0) -> list[Labelled]:
    rest = (1 - sure) / (len(WORDS) - 1)
    return [
        Labelled(number, label, dict.fromkeys(WORDS, rest) | {label: sure})
        for number, label in enumerate(labels, start=1)
    ]


def ordered(*labels: str, sure: float = 1.0) -> float:
    return order(RUBRIC, told(*labels, sure=sure), "")


def test_all_parts_in_the_order_of_the_guide_are_perfect() -> None:
    assert ordered(*PARTS) == 1
    assert ordered("background", "background", "other", "mistake", "excuse", "lesson") == 1


def test_all_parts_the_other_way_round_are_as_bad_as_none() -> None:
    assert ordered(*reversed(PARTS)) == 0
    assert ordered("other", "excuse", "rambling") == 0
    assert ordered() == 0


def test_two_parts_that_changed_places_lie_between() -> None:
    assert 0 < ordered("mistake", "background", "lesson") < 1


@pytest.mark.parametrize("left_out", PARTS)
def test_what_is_not_told_is_not_told_in_order(left_out: str) -> None:
    kept = [part for part in PARTS if part != left_out]
    assert ordered(*kept) == pytest.approx(2 / 3)
    assert ordered(kept[0]) == pytest.approx(1 / 3)


def test_a_doubtful_story_counts_less_than_a_certain_one() -> None:
    assert ordered(*PARTS, sure=0.5) < ordered(*PARTS, sure=0.8) < 1


def test_a_guide_without_labels_has_no_order_to_measure() -> None:
    assert order(RUBRIC.model_copy(update={"labels": ()}), (), "") == 0


def test_speech_without_fillers_is_fluent_and_with_two_in_ten_words_it_is_not() -> None:
    plain = "we shipped it late and told everyone about it "
    assert fluency(RUBRIC, (), plain * 3) == 1
    assert fluency(RUBRIC, (), ("um uh " + plain) * 3) == 0
    assert 0 < fluency(RUBRIC, (), plain * 4 + "um um um") < 1


def test_two_minutes_are_brief_and_five_are_not() -> None:
    assert brevity(RUBRIC, (), "word " * 280) == 1
    assert brevity(RUBRIC, (), "word " * 480) == pytest.approx(0.5)
    assert brevity(RUBRIC, (), "word " * 700) == 0


@given(
    st.lists(st.sampled_from(WORDS)).flatmap(
        lambda labels: st.tuples(st.just(labels), st.floats(0.2, 1))
    ),
    st.text() | st.text("um ok.", max_size=400),
)
def test_every_measure_lies_between_0_and_1(labels: tuple[list[str], float], said: str) -> None:
    for measure in MEASURES.values():
        assert 0 <= measure(RUBRIC, told(*labels[0], sure=labels[1]), said) <= 1


def test_what_a_guide_may_name_is_what_there_is() -> None:
    assert tuple(MEASURES) == NAMES
