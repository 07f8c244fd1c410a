import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grade import Intent
from interviewer.intents import COMMANDS, parse_intent


@pytest.mark.parametrize(("command", "kind"), COMMANDS.items())
def test_a_slash_command_is_its_request_whatever_follows(command: str, kind: Intent) -> None:
    assert parse_intent(command) == kind
    assert parse_intent(f"  {command.upper()} please, " + "very " * 30) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Could you repeat the question?", "repeat"),
        ("Say that again, please", "repeat"),
        ("Can I have a hint?", "hint"),
        ("help me", "hint"),
        ("What do you mean by failure?", "clarify"),
        ("I don\u2019t understand the question.", "clarify"),
        ("Can you rephrase that?", "clarify"),
        ("I don't know.", "unsure"),
        ("No idea", "unsure"),
        ("I can't think of anything.", "unsure"),
        ("skip", "skip"),
        ("Next question, please.", "skip"),
        ("Let's move on", "skip"),
        ("That's all.", "finish"),
        ("I'm done, thanks", "finish"),
    ],
)
def test_a_short_phrase_is_a_request(text: str, kind: Intent) -> None:
    assert parse_intent(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "?", "/unknown", "No.", "Yes, twice."),
        "I don't know how we missed it, but the numbers were wrong for months and nobody said so.",
        "We skipped the review and it broke.",
        "I finished the project two months late.",
        "I asked my manager to help me with the launch.",
        "It failed, and in the end we had to move on.",
        "I never asked the customers what exactly they needed.",
        "I found out what kind of users we had.",
        "We gave the customers a hint too late.",
    ],
)
def test_an_answer_is_never_taken_for_a_request(text: str) -> None:
    assert parse_intent(text) is None


KEEP = [
    *("keep", "Keep it", "I'll keep that", "as it is", "Nothing to add", "no thanks", "same"),
    *("no", "No.", "Nope", "Keep it as it is, please.", "As it stands.", "I\u2019ll keep it"),
    *("Please keep what I have said.", "Let it stand.", "No, nothing more to add, thank you."),
    *("Nothing more.", "No, that's all.", "Yes, keep it. Thanks.", "The same as before"),
    *("Leave it like that", "What I said stands."),
]


@pytest.mark.parametrize("text", KEEP)
def test_keep_means_something_once_the_final_answer_is_invited(text: str) -> None:
    assert parse_intent(text, final=True) == "finish"


@pytest.mark.parametrize(
    "text",
    [
        *("I kept asking the team for numbers.", "Keep in mind that I was new to it all then."),
        *("No more launches since then.", "Nothing more went wrong after that."),
        *("No tests, no launch.", "Keep testing.", "Same day rollback.", "Nothing was tested."),
        *("It stands at four percent now.", "No thanks to me, it grew.", "Yes", "That is on me."),
    ],
)
def test_a_final_answer_that_says_something_is_an_answer(text: str) -> None:
    assert parse_intent(text, final=True) is None


@given(
    st.sampled_from(KEEP),
    st.sampled_from(["launches", "tested", "four", "went", "customers", "since", "my"]),
    st.integers(min_value=0),
)
def test_one_word_more_makes_an_answer_of_what_would_keep(text: str, more: str, at: int) -> None:
    found = text.split()
    found.insert(at % (len(found) + 1), more)
    assert parse_intent(" ".join(found), final=True) is None


def test_keep_means_nothing_before() -> None:
    assert parse_intent("keep") is None


@given(
    st.lists(st.sampled_from(["hint", "skip", "repeat", "done", "I", "don't know"]), min_size=15)
)
def test_a_long_reply_is_always_an_answer(found: list[str]) -> None:
    assert parse_intent(" ".join(found)) is None
