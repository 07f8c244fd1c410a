import pytest

from interviewer.own_scores import ask_scores, parse_scores
from interviewer.people import Left
from tests.scripted import Ear, ScriptedCandidate

NAMES = {"honesty": "Honesty", "growth": "Growth\x1b[31m", "calm": "Calm"}


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("3 4 2", [3, 4, 2]),
        ("3, 4,2", [3, 4, 2]),
        ("3\n4\n2", [3, 4, 2]),
        (" 5 ", [5]),
        ("3 - 2", [3, None, 2]),
        ("", [None]),
        ("-", [None]),
    ],
)
def test_a_line_holds_one_score_or_several(text: str, scores: list[int | None]) -> None:
    assert parse_scores(text, 3) == scores


@pytest.mark.parametrize(
    "text", ["0", "6", "3.5", "good", "3 of 5", "-1", "1 2 3 4", "\u0663", "33"]
)
def test_what_is_no_score_from_1_to_5_is_none_at_all(text: str) -> None:
    assert parse_scores(text, 3) is None


async def scored(*replies: str) -> tuple[dict[str, int], ScriptedCandidate, Ear]:
    candidate, ear = ScriptedCandidate(*replies), Ear()
    return await ask_scores(NAMES, candidate, ear, lambda left: f"{left} left"), candidate, ear


async def test_each_criterion_is_asked_about_by_its_name_made_printable() -> None:
    scores, candidate, _ = await scored("3", "", "5")
    assert scores == {"honesty": 3, "calm": 5}
    assert candidate.purposes == [
        "own score (1 to 5) for Honesty",
        "own score (1 to 5) for Growth\N{REPLACEMENT CHARACTER}[31m",
        "own score (1 to 5) for Calm",
    ]


async def test_a_line_of_several_answers_for_those_that_follow_too() -> None:
    scores, candidate, _ = await scored("2", "4 1")
    assert scores == {"honesty": 2, "growth": 4, "calm": 1}
    assert len(candidate.purposes) == 2


async def test_what_can_not_be_read_is_asked_for_again() -> None:
    scores, candidate, ear = await scored("2", "a lot", "/hint", "4", "1")
    assert scores == {"honesty": 2, "growth": 4, "calm": 1}
    assert ear.told == ["2 left", "2 left"]
    assert len(candidate.purposes) == 5


@pytest.mark.parametrize("last", ["/skip", "skip", "/finish"])
async def test_what_is_left_can_be_skipped(last: str) -> None:
    assert (await scored("2", last, "5"))[0] == {"honesty": 2}


async def test_the_end_of_the_input_skips_what_is_left() -> None:
    assert (await scored("2"))[0] == {"honesty": 2}


async def test_who_leaves_instead_leaves() -> None:
    with pytest.raises(Left):
        await scored("2", "/quit")
