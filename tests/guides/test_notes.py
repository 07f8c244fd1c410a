"""What is worth a look in a guide that can be used."""

import pytest

from interviewer.bank.notes import TO_WRITE, notes_on
from interviewer.guide import Check, Demonstration, Example, Guide, Item, Label

STEPS = (
    Item(id="scene", name="Set the Scene", text="Say where it was."),
    Item(id="end", name="Tell the End", text="Say how it ended."),
)
FULL = Guide(
    id="full",
    question="Why?",
    overview="To see.",
    goals=(Item(id="honesty", name="Honesty", text="They want the truth."),),
    steps=STEPS,
    examples=(
        Example(id="example-1", text="I sold bread in York.", weak=False),
        Example(id="example-2", text="I sold things.", weak=True),
    ),
    labels=(
        Label(word="background", about="where it was", shows=("scene",)),
        Label(word="result", about="how it ended", shows=("end", "honesty")),
    ),
    demonstrations=(
        Demonstration(sentences=(("I kept bees in Kent.", "background"), ("It won.", "result"))),
    ),
    related=("How?",),
)


def notes(guide: Guide, *, is_asked: bool = True) -> list[str]:
    return [note.found for note in notes_on(guide, lambda _: is_asked)]


def test_a_complete_guide_has_none() -> None:
    assert notes(FULL) == []


def test_a_related_question_that_nobody_asks_is_one_but_a_role_is_none() -> None:
    assert notes(FULL, is_asked=False) == ['no guide asks the related question "How?"']
    role = FULL.model_copy(update={"role": "Baker", "related": ("Baker",)})
    assert notes(role, is_asked=False) == []


@pytest.mark.parametrize(
    ("update", "found"),
    [
        ({"draft": True}, "marked as a draft"),
        ({"overview": f"{TO_WRITE} why."}, 'a gap: "To be written: why."'),
        ({"labels": (), "demonstrations": ()}, "no labels"),
        ({"examples": FULL.examples[:1]}, "no strong and weak example to test with"),
        ({"demonstrations": ()}, 'no demonstration of the label "background"'),
        (
            {"labels": (FULL.labels[0],)},
            'the step "Tell the End" is shown by no label and no check',
        ),
        (
            {"labels": (Label(word="background", about="all", shows=("scene", "end")),)},
            'the steps "Set the Scene" and "Tell the End" share one label',
        ),
        (
            {"examples": (*FULL.examples, Example(id="example-3", text="I kept bees, in Kent!"))},
            'a demonstration that is also in an example: "I kept bees in Kent."',
        ),
    ],
)
def test_what_is_worth_a_look_is_noted(update: dict[str, object], found: str) -> None:
    assert found in notes(FULL.model_copy(update=update))


def test_a_check_shows_a_step_as_well_as_a_label_does() -> None:
    check = Check(target="end", statement="says how it ended")
    assert notes(FULL.model_copy(update={"labels": (FULL.labels[0],), "checks": (check,)})) == []


def test_a_guide_with_checks_alone_needs_no_labels() -> None:
    check = Check(target="end", measure="fluency")
    bare = FULL.model_copy(update={"labels": (), "demonstrations": (), "checks": (check,)})
    assert notes(bare) == []
