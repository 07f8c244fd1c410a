"""Full text over guides."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.bank import Bank, load_bank
from interviewer.bank.ranking import stem_of
from interviewer.shipped import shipped_guides_folder
from tests.guides.samples import put

SHIPPED = load_bank([shipped_guides_folder()]).filtered(kind="behavioural", competency="resilience")


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    put(tmp_path, "asked", "How would you price a sandwich?")
    put(tmp_path, "tipped", "How would you plan a launch?", tip="Name the price of it.")
    put(tmp_path, "neither", "Tell me about prioritising.")
    return load_bank([tmp_path])


def ids(bank: Bank, text: str) -> list[str]:
    return [card.id for card, _ in bank.search(text)]


def test_a_word_in_the_question_weighs_more_than_one_in_a_tip(bank: Bank) -> None:
    assert ids(bank, "price") == ["asked", "tipped"]


@pytest.mark.parametrize("word", ["prices", "PRICING", "priced", "prices'", "sandwiches", "sandw"])
def test_other_forms_and_beginnings_of_a_word_are_found(bank: Bank, word: str) -> None:
    assert ids(bank, word)[0] == "asked"


@pytest.mark.parametrize("word", ["prioritise", "Prioritization", "prioritizing", "priorities"])
def test_both_spellings_are_one_word(bank: Bank, word: str) -> None:
    assert "neither" in ids(bank, word)


def test_common_words_are_no_matter_where_there_are_others(bank: Bank) -> None:
    assert ids(bank, "what would be the price of it") == ["asked", "tipped"]
    assert set(ids(bank, "how would")) == {"asked", "tipped"}


def test_guides_with_all_words_come_alone_where_there_are_any(bank: Bank) -> None:
    found, whole = bank.best("price launch")
    assert ([card.id for card, _ in found], whole) == (["tipped"], True)
    found, whole = bank.best("sandwich launch")
    assert ({card.id for card, _ in found}, whole) == ({"asked", "tipped"}, False)
    assert bank.best("zebra") == ([], False)


def test_a_place_says_in_which_part_words_stand_and_where(bank: Bank) -> None:
    question, tip = bank.places("asked", "pricing"), bank.places("tipped", "pricing")
    assert (question[0].part, question[0].text[slice(*question[0].spans[0])]) == (
        "question",
        "price",
    )
    assert [(place.part, place.name) for place in tip] == [("tip", "Be Brief")]
    assert bank.places("nobody", "price") == []


def test_a_long_document_is_ranked_like_a_few_words(bank: Bank) -> None:
    posting = "We sell sandwiches and you set every price. " * 2000
    assert ids(bank, posting)[0] == "asked"


@given(st.text())
def test_any_text_can_be_searched_for(text: str) -> None:
    scores = [score for _, score in SHIPPED.search(text)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)
    for card in SHIPPED.cards:
        for place in SHIPPED.places(card.id, text):
            assert all(0 <= start < end <= len(place.text) for start, end in place.spans)


@given(st.text())
def test_a_stem_of_any_word_is_no_longer_than_the_word(word: str) -> None:
    assert len(stem_of(word.casefold())) <= max(len(word.casefold()) * 3, 1)
