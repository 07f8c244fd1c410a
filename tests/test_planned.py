"""Which guides a session takes its questions from."""

from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.bank import Card, is_role
from interviewer.cli.planned import Wanted, fitting, plan_of, role_of, wish_of
from interviewer.errors import UsageError


def card(id: str, **told: str) -> Card:
    return Card.model_validate({"id": id, "question": f"{id}?", "path": Path(id), **told})


CARDS = [
    card("a", role="Product Manager", kind="behavioural", level="senior"),
    card("b", role="Product Manager", kind="product-sense"),
    card("c", role="Software Engineer", kind="technical"),
    card("d", kind="behavioural"),
]


@pytest.mark.parametrize(
    ("asked", "role", "meant"),
    [
        ("pm", "Product Manager", True),
        ("PM", "Product Manager", True),
        ("product manager", "Product Manager", True),
        ("Product-Manager", "Product Manager", True),
        ("prod", "Product Manager", True),
        ("product m", "Product Manager", True),
        ("swe", "Software Engineer", False),
        ("se", "Software Engineer", True),
        ("manager", "Product Manager", False),
        ("product manager lead", "Product Manager", False),
        ("pm", "", False),
        ("", "", True),
    ],
)
def test_a_role_is_meant_by_its_words_their_beginnings_or_its_initials(
    asked: str, role: str, meant: bool
) -> None:
    assert is_role(asked, role) is meant


def ids(**wanted: str) -> list[str]:
    return [each.id for each in fitting(Wanted(3, **wanted), CARDS)]  # type: ignore[arg-type]


def test_what_names_no_role_or_level_is_for_all() -> None:
    assert ids() == ["a", "b", "c", "d"]
    assert ids(role="pm") == ["a", "b", "d"]
    assert ids(kind="Product Sense") == ["b"]
    assert ids(level="JUNIOR") == ["b", "c", "d"]
    assert ids(role="pm", kind="behavioural", level="senior") == ["a", "d"]


@pytest.mark.parametrize(
    ("wanted", "place", "there"),
    [
        ({"kind": "juggling"}, "--kind", "one of: behavioural, product-sense, technical"),
        ({"role": "pm", "kind": "technical"}, "--kind", "one of: behavioural, product-sense"),
        (
            {"role": "cook", "kind": "technical"},
            "--kind",
            "one of: behavioural",
        ),
    ],
)
def test_what_excludes_all_is_told_with_what_there_is(
    wanted: dict[str, str], place: str, there: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ids(**wanted)
    assert (caught.value.where, caught.value.hint) == (place, there)


def test_a_bank_without_guides_says_so() -> None:
    with pytest.raises(UsageError, match="there are no guides"):
        fitting(Wanted(3, role="pm"), [])


@pytest.mark.parametrize(
    ("asked", "found"),
    [(None, None), ("pm", "Product Manager"), ("cook", "cook"), ("s", "Software Engineer")],
)
def test_prompts_name_a_role_as_the_guides_do(asked: str | None, found: str | None) -> None:
    assert role_of(asked, CARDS) == found


def test_a_role_that_means_several_is_left_to_each_guide() -> None:
    assert role_of("p", [*CARDS, card("e", role="Plumber")]) is None


def test_a_plan_carries_what_it_was_chosen_by_and_says_what_it_lacks() -> None:
    wanted = Wanted(9, minutes=45, kind="behavioural")
    plan, short = plan_of(wanted, fitting(wanted, CARDS), [], first="d")

    assert [each.guide for each in plan.interviews] == ["d", "a"]
    assert plan.told == "2 questions, 45 minutes at the most"
    assert plan.chosen_by == "behavioural"
    assert short == "There are only 2 guides for 9 interviews."


def test_how_soon_a_question_may_come_again_is_two_weeks_unless_told() -> None:
    assert wish_of(Wanted(1)).not_within == timedelta(days=14)
    assert wish_of(Wanted(1, not_within=timedelta(0))).not_within == timedelta(0)
