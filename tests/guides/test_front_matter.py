import pytest
from hypothesis import given
from hypothesis import strategies as st

import interviewer.front_reader as module
from interviewer.guide_faults import Report
from interviewer.guide_front import FrontMatter, parse_front_matter

_PIECES = [
    *("role: PM\n", "level: senior", "labels:\n", "  - word: w\n", "    about: x\n", "checks:\n"),
    *("  - {target: a, measure: order}\n", "demonstrations:\n", "  - - other: Thank you.\n", "\n"),
    *("competencies:\n", "  a: b\n", "'", '"', ":", " ", "\t", "- ", "? ", "[", "]", "{", "}", ","),
    *(
        "|\n",
        ">\n",
        "&a ",
        "*a",
        "!t ",
        "#",
        "%",
        "@",
        "`",
        "\x85",
        "\u2028",
        "\ufeff",
        "é",
        "\U0001f600",
    ),
    *("<<: ", "~", "null", "\\", "\\x", "\ud800", "\x07", "--- ", "..."),
]


def read(text: str) -> tuple[FrontMatter, list[str]]:
    report = Report("guide.md")
    front = parse_front_matter(["---", *text.split("\n"), "---"], report)
    return front, [str(fault) for fault in report.faults]


@pytest.mark.skipif(module._Quick is None, reason="PyYAML without libyaml")
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_front_matter_reads_alike_with_libyaml_and_without(text: str) -> None:
    quick = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_Quick", None)
        assert quick == read(text)
