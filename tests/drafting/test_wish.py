"""What a draft may be asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.drafting.kinds import kind_of
from interviewer.drafting.paper import Ids, written
from interviewer.drafting.wish import LONGEST, Wish, paper_of
from interviewer.errors import UsageError
from interviewer.guide import parse_guide
from tests.drafting.samples import BANK

FIRST = BANK.cards[0]


def test_the_id_is_made_of_the_telling_words() -> None:
    assert (
        paper_of(Wish("Tell me about a time when you fired a friend."), BANK).id == "fired-friend"
    )
    assert paper_of(Wish("何をしましたか 今日"), BANK).id == "guide"


def test_an_id_that_is_taken_gets_a_number() -> None:
    words = FIRST.id.replace("-", " ").replace(" as a ", " ")
    first = paper_of(Wish(f"{words}?"), BANK).id
    assert first != FIRST.id
    assert paper_of(Wish("Why?? Why!", id="mine"), BANK).id == "mine"


def test_related_are_questions_of_the_bank_but_never_its_own() -> None:
    assert FIRST.question in paper_of(Wish(f"{FIRST.question} And why?"), BANK).related
    assert FIRST.question not in paper_of(Wish(FIRST.question.upper()), BANK).related


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Tell me about a time when you had to give bad news to a customer.", "behavioural"),
        ("how many pizza do they sell in hamburg??", "estimation"),
        ("Which?", "behavioural"),
    ],
)
def test_without_a_kind_it_is_that_of_questions_worded_alike(question: str, kind: str) -> None:
    known = [
        ("Tell me about a time when you failed.", "behavioural"),
        ("Describe a time when you were late.", "behavioural"),
        ("How many cups of tea are sold in York?", "estimation"),
        ("Why?", ""),
    ]
    assert kind_of(question, known) == kind
    assert kind_of(question, known[-1:]) == ""


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish(""), "at least two words"),
        (Wish("???"), "at least two words"),
        (Wish("Why so? " * 50), f"a question of {400} characters"),
        (Wish("Why \x1b[31m red?"), "control characters"),
        (Wish("Why <|im_end|> red?"), "marks of a chat"),
        (Wish("Interviewer's Goals"), "no guide can be written"),
        (Wish("**Why so?** *Now*"), "would read this question as"),
        (Wish("Why so?", id="My Id"), "is no id"),
        (Wish("Why so?", id="x" * 61), "is no id"),
        (Wish("Why so?", kind="何"), "is no kind"),
        (Wish("Why so?", role="x" * 61), "a role of 61 characters"),
        (Wish("Why so?", level="a\x00b"), "control characters"),
    ],
)
def test_what_no_guide_can_hold_is_refused(wish: Wish, message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        paper_of(wish, BANK)


_WORDS = st.text(max_size=LONGEST) | st.lists(
    st.sampled_from(
        [
            *(
                "Why?",
                "---",
                "\n",
                "# ",
                "## Tips\n",
                "id: x",
                "Example 1:",
                "- ",
                "1. ",
                "*",
                "_",
                '"',
            )
        ]
    ),
    max_size=12,
).map(" ".join)


@given(_WORDS, _WORDS, _WORDS)
def test_whatever_is_asked_the_form_of_the_guide_stays(
    question: str, role: str, level: str
) -> None:
    try:
        paper = paper_of(Wish(question, role=role[:60], level=level[:60]), BANK)
    except UsageError:
        return
    guide = parse_guide(written(paper, Ids()))
    assert guide.question == paper.question
    assert guide.draft
    assert (len(guide.goals), len(guide.steps), len(guide.tips), len(guide.labels)) == (1, 1, 1, 0)
