from pathlib import Path

import pytest

from interviewer.errors import GuideError
from interviewer.guide import (
    FaultyGuideError,
    parse_faults,
    parse_guide,
)
from interviewer.guide_file import load_guide
from interviewer.shipped import shipped_guides_folder
from tests.test_guide import PLAIN, with_section

SHIPPED = (shipped_guides_folder() / "failed-as-a-product-manager.md").read_text(encoding="utf-8")
NAMED = '"Name: text"'
NO_TEXT = "a question, goals and steps"
# Where the section that `with_section` adds begins.
ADDED = PLAIN.count("\n") + 2


def front(yaml: str) -> str:
    return f"---\n{yaml}\n---\n{PLAIN}"


@pytest.mark.parametrize(
    ("text", "line", "found", "expected"),
    [
        pytest.param("", 1, "an empty file", NO_TEXT, id="empty"),
        pytest.param(" \n\ufeff\t\n", 1, "an empty file", NO_TEXT, id="blank"),
        pytest.param(f"{PLAIN}\0", 1, "a binary file", "text", id="NUL"),
        pytest.param("\x01\x02 abc \x1b", 1, "a binary file", "text", id="controls"),
        pytest.param("a" * (1 << 20) + "b", 1, "more than 1 MiB", "a few pages", id="large"),
        pytest.param(f"{PLAIN}\ud800", 12, "half a character", "UTF-8", id="surrogate"),
        pytest.param(
            PLAIN.partition("\n")[2], 1, "no question", "as the first line", id="no question"
        ),
        pytest.param(f"?!\n{PLAIN[26:]}", 1, "no question", "the interview question", id="marks"),
        pytest.param(PLAIN[:100], 1, "no steps", "How to Approach Your Answer", id="no steps"),
        pytest.param(
            "Why?\n" + PLAIN[PLAIN.index("How") :],
            1,
            "no goals",
            "Interviewer's Goals",
            id="no goals",
        ),
        pytest.param(
            PLAIN.partition("  1. Start")[0], 9, "no steps", "items", id="a section without items"
        ),
        pytest.param(with_section("Tips\n\nBe brief."), ADDED, "no tips", NAMED, id="no tips"),
        pytest.param(
            with_section("Tips\n\n- Be brief."),
            ADDED + 2,
            'a tip without a name: "Be brief."',
            NAMED,
            id="an item without a name",
        ),
        pytest.param(
            with_section("Tips\n- : Be brief."),
            ADDED + 1,
            "a tip without a name",
            NAMED,
            id=": text",
        ),
        pytest.param(
            with_section(f"Tips\n- {'b' * 81}: Stop."),
            ADDED + 1,
            "a tip's name of 81 characters",
            "at most 80",
            id="a long name",
        ),
        pytest.param(
            with_section("Tips\n- 简洁: Stop."),
            ADDED + 1,
            'a tip\'s name without Latin letters or digits: "简洁"',
            "a name that an id can be made from",
            id="a name that makes no id",
        ),
        pytest.param(
            PLAIN.replace("Fit", "Honesty"), 6, 'goal "Honesty" twice', "on line 5", id="same name"
        ),
        pytest.param(
            PLAIN.replace("Fit", "honesty!"), 6, 'goal "honesty!" twice', "on line 5", id="same id"
        ),
        pytest.param(
            with_section("## Traps\n\nNone."),
            ADDED,
            'unknown section "Traps"',
            "one of Understanding the Question, Interviewer's Goals",
            id="an unknown Markdown section",
        ),
        pytest.param(
            with_section("Common Mistakes (a few)\n\nThere are some."),
            ADDED,
            'unknown section "Common Mistakes (a few)"',
            "Tips for Success",
            id="an unknown plain section",
        ),
        pytest.param(
            with_section("Common Mistakes\n- Haste: Slow down."),
            ADDED,
            'unknown section "Common Mistakes"',
            "Tips for Success",
            id="an unknown list",
        ),
        pytest.param(
            with_section("Tips\n- Be Brief: Stop.\n\n**Common Mistakes:**\n\n- Haste: Slow down."),
            ADDED + 3,
            'unknown section "Common Mistakes:"',
            "Tips for Success",
            id="an unknown list with a colon",
        ),
        pytest.param(
            with_section("Interviewer\u2019s Goals\n\n1. Peace: They want peace."),
            ADDED,
            'the section "Interviewer\u2019s Goals" twice',
            "the first stands on line 3",
            id="the same section twice",
        ),
        pytest.param(
            with_section("Example Responses\n\n“I like it.”"),
            ADDED,
            "no example",
            '"Example 1:"',
            id="an example without a label",
        ),
        pytest.param(
            with_section("Example Responses\n\nExample 1:\n\n### Example 2\n\nI do."),
            ADDED + 2,
            "an example without text",
            "below its label",
            id="a label without an example",
        ),
        pytest.param(f"---\nrole: x\n{PLAIN}", 1, "without an end", "a line ---", id="no end"),
        pytest.param(
            front("- role"), 2, "front matter that is not a mapping", "key: value", id="list"
        ),
        pytest.param(
            front("role: x\ncolour: red"), 3, 'key "colour"', "one of role, level", id="key"
        ),
        pytest.param(front("? [a]\n: b"), 2, 'unknown key ""', "one of role", id="a list as a key"),
        pytest.param(front("role: x\nrole: y"), 3, 'key "role" twice', "one role", id="key twice"),
        pytest.param(
            front("role: [x]"), 2, "a list or mapping as role", "words", id="a list as role"
        ),
        pytest.param(front("id: Two Words"), 2, 'the id "Two Words"', "hyphens", id="id"),
        pytest.param(front("role: x\nlevel: [y"), 3, "broken YAML", "key: value", id="broken YAML"),
        pytest.param(
            front("role: " + "[" * 800), 2, "nested too deeply", "key: value", id="nested"
        ),
        pytest.param(front('role: "\\UFFFFFFFF"'), 2, "can't hold", "key: value", id="escape"),
        pytest.param(front("role: a\x01b"), 2, "can't hold", "key: value", id="control in YAML"),
        pytest.param(front('role: "\\uD800"'), 2, "half a character in role", "words", id="half"),
        pytest.param(front("checks: x"), 2, "checks that are not a list", "a list", id="checks"),
        pytest.param(front("checks:\n- x"), 3, "a check that is not a mapping", "key", id="a word"),
        pytest.param(
            front("checks:\n- {target: fit}"),
            3,
            "check without a statement",
            "words",
            id="statement",
        ),
        pytest.param(
            front("checks:\n- {statement: x, target: ''}"),
            3,
            "without a target",
            "words",
            id="target",
        ),
        pytest.param(
            front("checks:\n- {statement: x, target: fit, negative: maybe}"),
            3,
            '"maybe"',
            "true or false",
            id="negative",
        ),
        pytest.param(
            front("checks:\n- statement: x\n  target: tact"),
            4,
            'a check of "tact"',
            "one of fit, honesty, start-with-the-work",
            id="a check of nothing",
        ),
        pytest.param(
            front("checks:\n- {target: fit, measure: beauty}"),
            3,
            'the measure "beauty"',
            "one of order, fluency, brevity",
            id="an unknown measure",
        ),
        pytest.param(
            front("checks:\n- {target: fit, measure: order}"),
            3,
            "the measure order without labels",
            "labels",
            id="the order of nothing",
        ),
        pytest.param(
            front("checks:\n- {target: fit, measure: brevity, negative: true}"),
            3,
            "a measure with a statement, or negative",
            "target and measure alone",
            id="a measure that is negative",
        ),
        pytest.param(
            front("checks:\n- {target: fit, measure: brevity, statement: is brief}"),
            3,
            "a measure with a statement, or negative",
            "target and measure alone",
            id="a measure with a statement",
        ),
        pytest.param(
            front("checks:\n- {target: fit, rating: calm, typical: 5, spread: 1, negative: true}"),
            3,
            "a rating with a statement, or negative",
            "target and rating alone",
            id="a rating that is negative",
        ),
        *(
            pytest.param(
                front(f"checks:\n- {{target: fit, rating: calm, {scale}}}"),
                3,
                "a rating without typical and spread",
                "numbers such as typical: 5.6",
                id=f"a rating, {scale}",
            )
            for scale in ("spread: 1", "typical: 5, spread: 0", "typical: five, spread: 1")
        ),
        pytest.param(
            front("checks:\n- {target: fit, rating: calm, typical: 5, spread: 1, each: both}"),
            3,
            '"both"',
            "true or false",
            id="each",
        ),
        pytest.param(
            front("checks:\n- {target: fit, statement: It is brief., each: true}"),
            3,
            "a statement with each",
            "a rating",
            id="each answer's statement",
        ),
        pytest.param(front("labels: x"), 2, "labels that are not a list", "a list", id="labels"),
        pytest.param(
            front("labels:\n- x"),
            3,
            "a label that is not a mapping",
            "key: value",
            id="a word as label",
        ),
        pytest.param(
            front("labels:\n- {about: x}"), 3, "a label without word", "word: words", id="no word"
        ),
        pytest.param(
            front("labels:\n- {word: x, about: ''}"),
            3,
            "a label without about",
            "about: words",
            id="no about",
        ),
        pytest.param(
            front("labels:\n- {word: x, about: y, sort: z}"),
            3,
            'unknown key "sort" in a label',
            "one of word, about, shows, against, own, fact",
            id="a label's key",
        ),
        pytest.param(
            front("labels:\n- word: x\n  about: y\n  own: perhaps"),
            5,
            '"perhaps"',
            "true or false",
            id="own",
        ),
        pytest.param(
            front("labels:\n- word: x\n  about: y\n  shows: [fit]"),
            5,
            "a list or mapping as shows",
            "words",
            id="a list as shows",
        ),
        pytest.param(
            front("labels:\n- about: y\n  word: x\n  shows: fit, tact"),
            4,
            'the label "x" of "tact"',
            "one of fit, honesty, start-with-the-work",
            id="a label that shows nothing",
        ),
        pytest.param(
            front("labels:\n- about: y\n  word: x\n  against: tact"),
            4,
            'the label "x" of "tact"',
            "one of fit, honesty, start-with-the-work",
            id="a label against nothing",
        ),
        pytest.param(
            front("labels:\n- word: Lesson\n  about: y"),
            3,
            'the label "Lesson"',
            "one word in small letters",
            id="a label with a capital",
        ),
        pytest.param(
            front("labels:\n- word: a lesson\n  about: y"),
            3,
            'the label "a lesson"',
            "one word in small letters",
            id="a label of two words",
        ),
        pytest.param(
            front("labels:\n- word: repair\n  about: y\n- word: result\n  about: z"),
            5,
            'the label "result"',
            "first letters that differ",
            id="labels with one first letter",
        ),
        pytest.param(
            front("labels:\n- word: outcome\n  about: y"),
            3,
            'the label "outcome"',
            "'other' is a label of every guide",
            id="a label with the first letter of other",
        ),
        pytest.param(
            front("demonstrations: x"),
            2,
            "demonstrations that are not a list",
            "answers",
            id="demonstrations",
        ),
        pytest.param(
            front("demonstrations:\n- other: x"),
            3,
            "sentences that are not a list",
            "`label: sentence`",
            id="a demonstration that is no list",
        ),
        pytest.param(
            front("demonstrations:\n- - x"),
            3,
            "a sentence without a label",
            "`label: sentence`",
            id="a sentence without a label",
        ),
        pytest.param(
            front("demonstrations:\n- - other: [x]"),
            3,
            "a list or mapping as other",
            "words",
            id="a list as a sentence",
        ),
        pytest.param(
            front("demonstrations:\n- - other: x\n  - other:"),
            4,
            'no sentence for "other"',
            "`label: sentence`",
            id="a label without a sentence",
        ),
        pytest.param(
            front("demonstrations:\n- - other: x\n  - lesson: y"),
            4,
            'the label "lesson"',
            "one of other",
            id="a label that the guide has not",
        ),
    ],
)
def test_a_fault_says_where_it_is_what_was_found_and_what_was_expected(
    text: str, line: int, found: str, expected: str
) -> None:
    faults = parse_faults(text, source="why.md")

    assert [(fault.file, fault.line) for fault in faults] == [("why.md", line)]
    assert found in faults[0].found
    assert expected in faults[0].expected
    assert (
        str(faults[0]) == f"why.md:{line}: found {faults[0].found}; expected {faults[0].expected}"
    )


@pytest.mark.parametrize(
    ("data", "line", "found"),
    [
        (b"", 1, "an empty file"),
        (b"\xef\xbb\xbf", 1, "an empty file"),
        (b"%PDF-1.7\n\0\xff", 1, "a binary file"),
        (b"a" * ((1 << 20) + 1), 1, "more than 1 MiB"),
        (("é" * (1 << 19)).encode() + b"\0", 1, "more than 1 MiB"),
        ("\ufeffWhy?".encode("utf-16-le"), 1, "a file in UTF-16"),
        ("\ufeffWhy?".encode("utf-16-be"), 1, "a file in UTF-16"),
        ("Why?".encode("utf-32"), 1, "a file in UTF-32"),
        ("Why?\n\nÉlan".encode("latin-1"), 3, "the byte 0xc9, which is not UTF-8"),
    ],
)
def test_a_file_that_is_not_a_text_is_said_to_be_none(
    data: bytes, line: int, found: str, tmp_path: Path
) -> None:
    path = tmp_path / "why.md"
    path.write_bytes(data)

    with pytest.raises(FaultyGuideError) as caught:
        load_guide(path)

    assert [(each.file, each.line, each.found) for each in caught.value.faults] == [
        (str(path), line, found)
    ]


def test_a_file_in_another_encoding_is_answered_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "why.md"
    path.write_text(PLAIN, encoding="utf-16")

    with pytest.raises(FaultyGuideError, match="iconv -f UTF-16 -t UTF-8"):
        load_guide(path)


def test_all_faults_are_reported_at_once_by_line() -> None:
    text = (
        "---\nrole: [a]\ncolour: red\nchecks: [{target: tact, statement: x}]\n---\n"
        "## Tips\n- Be brief.\n- Haste: a\n- haste: b\n\n## Traps\n"
    )
    with pytest.raises(FaultyGuideError) as caught:
        parse_guide(text, source="why.md", id="No Slug")

    faults = caught.value.faults
    assert [fault.line for fault in faults] == [1, 2, 3, 4, 6, 6, 6, 7, 9, 11]
    assert isinstance(caught.value, GuideError)
    assert str(caught.value).startswith("\n".join(str(fault) for fault in faults))


def test_a_fault_elsewhere_does_not_make_the_labels_of_demonstrations_unknown() -> None:
    text = front(
        "level: [x]\nlabels:\n- {word: Lesson, about: x}\n- {word: reason, about: y}\n"
        "demonstrations:\n- - reason: z\n  - Lesson: z"
    )
    assert [(each.line, each.found) for each in parse_faults(text)] == [
        (2, "a list or mapping as level"),
        (4, 'the label "Lesson"'),
    ]


def test_a_fault_shows_no_control_characters_and_no_more_than_a_line() -> None:
    name = "b\x1b[31m" + "b" * 200
    (fault,) = parse_faults(with_section(f"Tips\n- {name}\n and on"), source="w\x1bhy.md")

    assert "\x1b" not in str(fault)
    assert len(fault.found) < 100
    assert fault.found.endswith('b…"')


def test_of_very_many_faults_the_message_lists_the_first() -> None:
    with pytest.raises(FaultyGuideError, match="and 50 faults more") as caught:
        parse_guide(with_section("Tips\n" + "- a\n" * 100))

    assert len(caught.value.faults) == 100
    assert str(caught.value).count("guide:") == 50
