from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from interviewer.bank import Card
from interviewer.planning import Planned, Practised, Wish, plan_session, shortfall
from tests.planning.samples import NOW, card, practised

CARDS = [
    card("own", "ownership"),
    card("lead", "leadership"),
    card("guess", "estimation", kind="estimation"),
    card("own-up", "ownership", "communication"),
]
NONE: list[Practised] = []


def plan(cards: list[Card], past: list[Practised], **wish: object) -> list[Planned]:
    return plan_session(cards, past, Wish(**wish), NOW)  # type: ignore[arg-type]


def ids(planned: list[Planned]) -> list[str]:
    return [each.guide for each in planned]


def test_the_weakest_competency_is_asked_about_first_and_says_so() -> None:
    past = [
        practised("old", 30, {"ownership": 2.1, "leadership": 4.0, "estimation": 4.5}),
        practised("older", 40, {"ownership": 2.7}),
    ]
    first = plan(CARDS[:3], past)[0]
    why = "Ownership is your weakest: 2.3 in two interviews, the latest counting most."
    assert first == Planned(guide="own", why=why)


def test_newer_grades_weigh_more() -> None:
    better = [practised("a", 20, {"ownership": 1.0, "leadership": 3.0}),
              practised("b", 10, {"ownership": 5.0, "leadership": 2.4})]  # fmt: skip
    assert plan(CARDS[:2], better)[0].guide == "lead"


def test_what_was_never_practised_is_said_to_be_new() -> None:
    past = [practised("old", 30, {"ownership": 4.0, "leadership": 4.0, "communication": 4.0})]
    first = plan(CARDS, past)[0]
    assert first == Planned(guide="guess", why="You have not practised estimation yet.")


def test_a_really_weak_competency_comes_before_a_new_one_and_a_strong_one_after() -> None:
    past = [practised("old", 30, {"ownership": 1.5, "communication": 4.5, "leadership": 4.5})]
    found = plan([CARDS[0], CARDS[1], CARDS[2]], past)
    assert ids(found) == ["own", "guess", "lead"]
    assert found[2].why == "It keeps up leadership: 4.5 in one interview."


def test_a_related_question_comes_next_where_needs_are_alike() -> None:
    cards = [
        card("a", "one", related=("z",)),
        card("b", "two"),
        card("z", "three"),
    ]
    assert ids(plan(cards, NONE)) == ["a", "z", "b"]
    why = "It is related to the question before, and you have not practised three yet."
    assert plan(cards, NONE)[1].why == why


def test_related_is_no_reason_where_the_need_alone_would_do() -> None:
    cards = [card("a", "one", related=("b",)), card("b", "two"), card("z", "three")]
    assert plan(cards, NONE)[1].why == "You have not practised two yet."


def test_a_question_is_not_asked_again_within_the_chosen_time() -> None:
    past = [practised("own", 3), practised("lead", 15)]
    assert set(ids(plan(CARDS, past, many=4))) == {"lead", "guess", "own-up"}
    assert "own" in ids(plan(CARDS, past, many=4, not_within=timedelta(days=3)))


def test_an_interview_without_a_grade_was_asked_all_the_same() -> None:
    assert ids(plan([CARDS[0]], [practised("own", 1)])) == []


def test_the_guide_that_was_asked_for_comes_first_whatever_was_filtered() -> None:
    found = plan(CARDS, [practised("guess", 1)], first="guess", kind="behavioural")
    assert found[0] == Planned(guide="guess", why="You asked to begin with it.")
    assert "guess" not in ids(found[1:])


def test_the_same_single_thing_is_not_practised_twice_in_a_row_if_it_can_be_helped() -> None:
    cards = [card("a", "one"), card("b", "one"), card("c", "two")]
    past = [practised("old", 30, {"one": 1.0, "two": 3.4})]
    assert ids(plan(cards, past)) == ["a", "c", "b"]
    assert ids(plan(cards[:2], past)) == ["a", "b"]


def test_kinds_vary_unless_one_was_asked_for() -> None:
    cards = [
        card("a", "one", kind="technical"),
        card("b", "two", kind="technical"),
        card("c", "three", kind="strategy"),
        card("d", "four", kind="technical"),
    ]
    assert ids(plan(cards, NONE)) == ["a", "c", "b"]
    assert ids(plan(cards, NONE, kind="technical")) == ["a", "b", "d"]


def test_drafts_and_guides_without_an_example_come_last() -> None:
    cards = [card("a", "one", draft=True), card("b", "two", examples=0), card("c", "three")]
    assert ids(plan(cards, NONE)) == ["c", "a", "b"]


def test_what_a_background_speaks_for_comes_first_with_its_reason() -> None:
    why = "The posting asks for leadership."
    found = plan(CARDS, NONE, weights={"lead": 1.0}, reasons={"lead": why})
    assert found[0] == Planned(guide="lead", why=why)
    assert plan(CARDS, NONE, weights={"lead": 1.0})[0].why == "Your background speaks for it."


def test_too_few_guides_give_fewer_interviews_and_the_reason() -> None:
    past = [practised("own", 1), practised("lead", 2)]
    wish = Wish(many=4)
    assert len(plan_session(CARDS, past, wish, NOW)) == 2
    assert shortfall(CARDS, past, wish, NOW) == (
        "There are only 2 guides for 4 interviews: 2 more were asked within 14 days."
    )
    assert shortfall(CARDS, past, Wish(many=2), NOW) == ""
    hour = Wish(many=3, not_within=timedelta(hours=1))
    assert "1 more was asked within 1 hour" in shortfall(
        CARDS[:1], [practised("own", 0.01)], hour, NOW
    )
    named = Wish(many=3, first="own")
    assert "asked within" not in shortfall(CARDS[:1], [practised("own", 1)], named, NOW)


def test_the_same_single_thing_is_never_practised_twice_in_a_row_where_another_is_left() -> None:
    cards = [card("a", "one"), card("b", "one"), card("c", "two")]
    past = [practised("x", 30, {"one": 1.0, "two": 4.9})]
    plan = plan_session(cards, past, Wish(many=3), NOW)
    assert [each.guide for each in plan] == ["a", "c", "b"]
    assert shortfall([], NONE, Wish(many=1), NOW) == "There is no guide for 1 interview."


NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"])
THINGS = st.sampled_from(["ownership", "leadership", "estimation", "learning"])


def _cards(found: Mapping[str, Mapping[str, Any]]) -> list[Card]:
    return [card(name).model_copy(update=dict(about)) for name, about in found.items()]


MANY_CARDS: st.SearchStrategy[list[Card]] = st.dictionaries(
    NAMES,
    st.builds(
        dict,
        competencies=st.lists(THINGS, unique=True, max_size=3).map(tuple),
        related=st.lists(NAMES, unique=True, max_size=2).map(tuple),
        kind=st.sampled_from(["", "strategy", "technical"]),
        draft=st.booleans(),
    ),
).map(_cards)
PAST = st.lists(
    st.builds(
        practised,
        NAMES,
        st.floats(0, 60),
        st.dictionaries(THINGS, st.floats(1, 5)),
    )
)
WISHES = st.builds(
    Wish,
    many=st.integers(0, 7),
    kind=st.none() | st.just("strategy"),
    not_within=st.integers(0, 40).map(lambda days: timedelta(days=days)),
    weights=st.dictionaries(NAMES, st.floats(0, 1)),
)


@given(MANY_CARDS, PAST, WISHES)
def test_any_plan_keeps_to_what_was_asked_for(
    cards: list[Card], past: list[Practised], wish: Wish
) -> None:
    found = plan_session(cards, past, wish, NOW)
    asked = {each.guide for each in past if NOW - each.at < wish.not_within}
    assert len(found) <= wish.many
    assert len(set(ids(found))) == len(found)
    assert not asked & set(ids(found))
    assert all(each.why.endswith(".") for each in found)
    assert wish.kind is None or {c.kind for c in cards if c.id in ids(found)} <= {wish.kind}
    assert bool(shortfall(cards, past, wish, NOW)) == (len(found) < wish.many)


@given(MANY_CARDS, PAST, WISHES, st.randoms())
def test_a_plan_does_not_depend_on_the_order_of_what_it_is_made_from(
    cards: list[Card], past: list[Practised], wish: Wish, random: object
) -> None:
    found = plan_session(cards, past, wish, NOW)
    shuffled = [list(cards), list(past)]
    for each in shuffled:
        random.shuffle(each)  # type: ignore[attr-defined]
    assert plan_session(shuffled[0], shuffled[1], wish, NOW) == found  # type: ignore[arg-type]


@given(MANY_CARDS, PAST)
def test_a_longer_plan_begins_as_a_shorter_one(cards: list[Card], past: list[Practised]) -> None:
    plans = [plan_session(cards, past, Wish(many=many), NOW) for many in range(6)]
    assert all(longer[: len(shorter)] == shorter for shorter, longer in pairwise(plans))
