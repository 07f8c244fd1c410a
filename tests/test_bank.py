"""The guides that ship: each complete, and all of them linked to one bank."""

from collections import Counter

import pytest

from interviewer.bank import Bank, asked, load_bank, questions_after
from interviewer.bank.notes import notes_on
from interviewer.guide import Guide
from interviewer.shipped import shipped_guides_folder
from interviewer.text import sentences, words

BANK: Bank = load_bank([shipped_guides_folder()])
GENERAL = "general-job-interview"
"""A short interview rolled into one question: of no kind, and next to no other."""
FIRST = "failed-as-a-product-manager"
"""Its examples are a source's, and its demonstrations tell of them too: how well that is judged was
measured with both."""
LINKED = [guide for guide in BANK.guides if guide.id != GENERAL]
WRITTEN = [guide for guide in LINKED if guide.id != FIRST]

linked = pytest.mark.parametrize("guide", LINKED, ids=lambda guide: guide.id)
written = pytest.mark.parametrize("guide", WRITTEN, ids=lambda guide: guide.id)


def test_every_guide_that_ships_can_be_used() -> None:
    assert BANK.faults == ()


@pytest.mark.parametrize("guide", BANK.guides, ids=lambda guide: guide.id)
def test_a_guide_is_named_after_its_id_and_says_for_which_job_it_is(guide: Guide) -> None:
    card = BANK.get(guide.id)
    assert card
    assert card.path.stem == guide.id
    assert guide.role
    assert not guide.draft


def test_no_question_is_asked_by_two_guides() -> None:
    twice = [q for q, n in Counter(asked(guide.question) for guide in BANK.guides).items() if n > 1]
    assert twice == []


@linked
def test_every_related_question_is_asked_by_a_guide_that_ships(guide: Guide) -> None:
    for question in questions_after(guide):
        found = BANK.asking(question)
        assert found, question
        assert found.id != guide.id


def test_the_links_form_one_connected_graph() -> None:
    near: dict[str, set[str]] = {guide.id: set() for guide in LINKED}
    for card in BANK.cards:
        for other in card.related:
            near[card.id].add(other)
            near[other].add(card.id)
    reached, left = set[str](), [FIRST]
    while left:
        reached.add(here := left.pop())
        left += near[here] - reached
    assert near.keys() - reached == set()


@linked
def test_a_guide_has_a_kind_and_each_goal_a_competency_that_others_ask_for_too(
    guide: Guide,
) -> None:
    assert guide.kind
    assert guide.competencies.keys() == {goal.id for goal in guide.goals}
    if len(LINKED) > 1:
        asked_for = Counter(c for each in LINKED for c in set(each.competencies.values()))
        assert [c for c in guide.competencies.values() if asked_for[c] < 2] == []


@linked
def test_a_guide_has_enough_goals_steps_and_tips(guide: Guide) -> None:
    assert len(guide.goals) >= 3
    assert len(guide.steps) >= 4
    assert len(guide.tips) >= 3
    assert guide.overview
    assert guide.labels
    assert guide.demonstrations


@written
def test_a_guide_has_a_strong_and_a_weak_example(guide: Guide) -> None:
    assert sorted(str(example.weak) for example in guide.examples) == ["False", "True"]


@written
def test_no_demonstration_tells_what_an_example_tells(guide: Guide) -> None:
    told = {words(each) for example in guide.examples for each in sentences(example.text)}
    shown = [words(text) for each in guide.demonstrations for text, _ in each.sentences]
    assert [each for each in shown if each in told] == []


@written
def test_there_is_nothing_to_note_about_a_guide(guide: Guide) -> None:
    assert [str(note) for note in notes_on(guide, lambda q: BANK.asking(q) is not None)] == []
