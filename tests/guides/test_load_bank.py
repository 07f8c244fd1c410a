"""What a folder of guides is known as."""

from pathlib import Path

import pytest

from interviewer.bank import Bank, load_bank
from tests.guides.samples import bank_folder, put


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    put(
        tmp_path,
        "estimate-tea",
        "How much tea is drunk in Leeds on a Monday?",
        front="kind: estimation\nrole: Analyst\ncompetencies:\n  honesty: analysis",
        tip="Round early.",
        related="Tell me about a conflict!\nWho are you?",
    )
    put(
        tmp_path,
        "conflict",
        "Tell me about a conflict.",
        front="kind: behavioural\nlevel: senior\ndraft: true",
        goal="tea and sympathy for a designer",
    )
    put(tmp_path, "plan", "How would you plan a launch?", front="kind: execution")
    return load_bank([tmp_path])


def test_a_card_says_a_guide_in_short(bank: Bank) -> None:
    card = bank.get("estimate-tea")
    assert card
    assert (card.kind, card.role, card.level, card.draft) == ("estimation", "Analyst", None, False)
    assert card.competencies == ("analysis",)
    assert card.own
    assert bank.get("conflict") == bank.asking("tell me  about a CONFLICT")


def test_a_goal_without_a_competency_stands_for_itself(bank: Bank) -> None:
    card = bank.get("plan")
    assert card
    assert card.competencies == ("honesty",)


def test_a_related_question_leads_to_the_guide_that_asks_it(bank: Bank) -> None:
    card = bank.get("estimate-tea")
    assert card
    assert card.related == ("conflict",)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"kind": "Estimation"}, ["estimate-tea"]),
        ({"level": "junior"}, ["estimate-tea", "plan"]),
        ({"level": "Senior"}, ["conflict", "estimate-tea", "plan"]),
        ({"role": "analyst"}, ["conflict", "estimate-tea", "plan"]),
        ({"role": "baker"}, ["conflict", "plan"]),
        ({"competency": "analysis", "kind": "estimation"}, ["estimate-tea"]),
        ({"competency": "analysis", "kind": "execution"}, []),
    ],
)
def test_filters_narrow_the_bank(bank: Bank, wanted: dict[str, str], ids: list[str]) -> None:
    assert [card.id for card in bank.filtered(**wanted).cards] == ids


def test_a_narrowed_bank_knows_only_its_own_guides(bank: Bank) -> None:
    narrow = bank.filtered(kind="estimation")
    assert [card.id for card, _ in narrow.search("tea conflict")] == ["estimate-tea"]
    assert narrow.asking("Tell me about a conflict.") is None
    assert [card.id for card in bank.drafts().cards] == ["conflict"]


def test_a_guide_of_the_first_folder_stands_in_for_one_of_its_name_or_id(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    bank_folder(theirs, {"why": "Why?", "how": "How?", "who": "Who?"})
    put(mine, "why", "Why us?", front="id: because")
    put(mine, "my-how", "How so?", front="id: how")
    (mine / "who.md").write_text("no guide", encoding="utf-8")

    bank = load_bank([mine, theirs])

    assert [card.question for card in bank.cards] == ["Why us?", "How so?"]
    assert [card.shadows for card in bank.cards] == [theirs / "why.md", theirs / "how.md"]
    assert [(each.path, each.shadows) for each in bank.faults] == [
        (mine / "who.md", theirs / "who.md")
    ]


def test_two_guides_of_one_folder_with_one_id_are_a_fault(tmp_path: Path) -> None:
    put(tmp_path, "a", "Why?", front="id: same")
    put(tmp_path, "b", "How?", front="id: same")
    bank = load_bank([tmp_path])
    assert [card.path.stem for card in bank.cards] == ["a"]
    assert "has the id same, as a.md has" in str(bank.faults[0].error)


def test_a_folder_that_is_not_there_holds_no_guides(tmp_path: Path) -> None:
    bank = load_bank([tmp_path / "none"])
    assert (bank.cards, bank.faults, bank.search("tea")) == ((), (), [])
