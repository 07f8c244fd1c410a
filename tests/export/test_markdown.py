import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from interviewer.events import Answer, Final
from interviewer.export.markdown import escaped, markdown_of, quoted
from interviewer.text import printable
from tests.export.samples import EVENTS, EVIL, LATER, PROBED, evil, session

# With all that forges add: links where somebody just wrote an address, tables, struck text.
PARSER = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])


def tokens(text: str) -> list[Token]:
    found = []
    for token in PARSER.parse(text):
        found += [token, *(token.children or [])]
    return found


def kinds(text: str) -> set[str]:
    return {token.type for token in tokens(text)}


def plain(text: str) -> str:
    """Return what a reader sees."""
    parts = {"text": None, "hardbreak": "\n", "softbreak": "\n", "paragraph_close": "\n\n"}
    seen = (
        token.content if parts[token.type] is None else parts[token.type]
        for token in tokens(text)
        if token.type in parts
    )
    return "".join(each or "" for each in seen).strip()


WORDS = st.text(
    st.sampled_from("ab1 \n\t.-+*_`[]()<>#|~$&!^=:/\\@{}'\"\u202e\x1b0")
    | st.characters(codec="utf-8"),
    max_size=40,
)


@given(WORDS)
@example("1. a\n- b\n+ c\n10) d\n---\n===\n    code\n> e\n\n\n# f\n1.\n-")
def test_words_stay_words_on_one_line(text: str) -> None:
    made = escaped(text)
    assert kinds(made) <= {"paragraph_open", "paragraph_close", "inline", "text"}
    assert plain(made) == " ".join(printable(" ".join(text.split())).split())


@given(WORDS)
@example("1. a\n- b\n+ c\n10) d\n---\n===\n    code\n> e\n\n\n# f\n1.\n-")
def test_words_stay_words_in_a_quote_and_their_lines_stay_lines(text: str) -> None:
    made = quoted(text)
    block = {"blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close"}
    assert kinds(made) <= {*block, "inline", "text", "hardbreak"}
    lines = [" ".join(line.split()) for line in printable(text).strip().split("\n")]
    assert re.sub(r"\n{2,}", "\n\n", plain(made)) == re.sub(
        r"\n{2,}", "\n\n", "\n".join(lines).strip()
    )


def test_nothing_that_anybody_said_is_markup() -> None:
    found = markdown_of(evil(), mark="interviewer-export:x")
    inline = {token.type for token in tokens(found)} - {"text", "inline", "hardbreak"}
    assert not inline & {"link_open", "image", "html_inline", "code_inline", "em_open", "s_open"}
    assert [t.content for t in tokens(found) if t.type == "html_block"] == [
        "<!-- interviewer-export:x -->\n"
    ]
    assert not {"\x1b", "\u202e"} & set(found)
    headings = [t.children for t in tokens(found) if t.type == "inline" and t.level == 1]
    assert " ".join(printable(EVIL).split()) in [
        "".join(child.content for child in each or []) for each in headings
    ]


def test_the_document_holds_what_was_asked_said_graded_and_missed() -> None:
    found = plain(markdown_of(session(*EVENTS, (97.0, LATER)), mark="m"))
    for part in (
        "Tell me about a time you failed.",
        "2031-05-08 14:03 UTC, 1:36 min",
        "A stronger one would add Share the Lesson, right after \u201cIn 2019 I launched",
        "Be Brief: not kept. Two minutes are enough.",
        "About somebody else: of another",
        "13 words, about 0:06 min aloud",
        "Share the Lesson (turn 2), 10% covered before and 60% after: partly closed.",
        "Left open and not asked about: Growth.",
        "Interviewer (0:33, follow-up, Share the Lesson)",
        "You (1:30, final answer)",
    ):
        assert part in found


def test_the_conversation_is_told_by_turns_that_a_replay_begins_at() -> None:
    found = markdown_of(session(), mark="m")
    parts = ("### Turn 1\n\n**Interviewer** (0:01)", "### Turn 2\n\n**Interviewer** (0:33", PROBED)
    places = [found.index(part, found.index("## The conversation")) for part in parts]
    assert places == sorted(places)
    assert "### Turn 3\n\n**Interviewer** (0:52)" in found
    assert "### Turn 4" not in found


def test_the_table_has_a_column_for_each_that_scored() -> None:
    found = markdown_of(session(*EVENTS, (97.0, LATER)), mark="m")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in found.split("\n")
        if line.startswith("|")
    ]
    assert rows[0] == ["", "First", "Final", "Own", r"2031-06-01 later-model"]
    assert rows[2:5] == [
        ["Overall", "2.0", "3.1 (+1.1)", "\u2013", "4.0"],
        ["1 Honesty", "4.2", "4.2", "5", "4.4"],
        ["2 Growth", "1.0", "1.5 ? (+0.5)", "3", "\u2013"],
    ]


def test_evidence_is_followed_by_its_marks() -> None:
    found = markdown_of(session(), mark="m")
    assert "> In 2019 I launched a tool in Berlin. **\\[A\\]**" in found
    assert "> I asked nobody. **\\[1\\]** It failed." in found


@pytest.mark.parametrize("kept", [True, False])
def test_an_answer_that_was_not_graded_is_told_too(kept: bool) -> None:
    final = Final(text="So it was.", kept=kept)
    found = markdown_of(session((1.0, Answer(text="So it was.")), (2.0, final)), mark="m")
    assert "> So it was." in found
    assert "## Grade" not in found
    assert ("(what I have said stands)" in found) is kept
