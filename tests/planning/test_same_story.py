from itertools import combinations, product

import pytest

from interviewer.planning.same_story import shared_by
from interviewer.rare_words import rare_of
from tests.planning.stories import ELSEWHERE, STORIES


@pytest.mark.parametrize("name", STORIES)
def test_a_story_told_again_in_other_words_is_found_with_what_both_hold(name: str) -> None:
    one, other = map(rare_of, STORIES[name])
    shared = shared_by(one, other)
    assert shared
    assert all(word in STORIES[name][0] for word in shared)


def test_figures_and_names_come_first_among_what_is_shared() -> None:
    shared = shared_by(*map(rare_of, STORIES["locks"]))
    assert {"1,900", "Lisbon", "Braga"} <= set(shared[:4])


def test_two_stories_of_one_person_at_one_company_are_not_one() -> None:
    for one, other in combinations(STORIES, 2):
        for first, second in product(STORIES[one], STORIES[other]):
            assert not shared_by(rare_of(first), rare_of(second)), (one, other)


def test_answers_that_share_only_what_all_answers_say_are_no_story() -> None:
    texts = [*ELSEWHERE, *(text for both in STORIES.values() for text in both)]
    for general in ELSEWHERE:
        for text in texts:
            assert text is general or not shared_by(rare_of(general), rare_of(text))


def test_what_stands_in_the_question_is_not_shared() -> None:
    text = STORIES["locks"][0]
    asked = "Bicycles, Bluetooth, Lisbon, Braga, a keypad, a locksmith, riders: 1,900 of them?"
    assert "1,900" not in rare_of(text, asked=asked).weights
    assert "lisbon" not in {word.lower() for word in rare_of(text, asked=asked).shown.values()}


def test_nothing_shares_a_story_with_an_empty_answer() -> None:
    assert shared_by(rare_of(""), rare_of("")) == ()
    assert shared_by(rare_of(STORIES["locks"][0]), rare_of("")) == ()
