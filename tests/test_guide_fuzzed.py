"""Whatever is in a file: nothing but a guide or its faults comes out."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.guide import (
    FaultyGuideError,
    Guide,
    parse_faults,
    parse_guide,
)
from interviewer.guide_file import load_guide
from interviewer.shipped import shipped_guides_folder
from tests.test_guide import PLAIN, with_section
from tests.test_guide_faults import front

SHIPPED = (shipped_guides_folder() / "failed-as-a-product-manager.md").read_text(encoding="utf-8")
NAMED = '"Name: text"'
NO_TEXT = "a question, goals and steps"
# Where the section that `with_section` adds begins.
ADDED = PLAIN.count("\n") + 2


def check(text: str) -> None:
    """Parse `text`; a guide survives JSON, a faulty one says what is wrong."""
    faults = parse_faults(text)
    if faults:
        with pytest.raises(FaultyGuideError, match="found"):
            parse_guide(text)
        return
    guide = parse_guide(text)
    assert Guide.model_validate_json(guide.model_dump_json()) == guide


@given(st.text() | st.text(st.characters()) | st.text("#-*123. :\n\t'\"abE&[]{}|>!%"))
def test_no_text_raises_anything_but_faults(text: str) -> None:
    check(text)


@given(yaml=st.text() | st.text("#-*? :\n'\"ab&[]{}|>!%@\\U0xF,<~", max_size=80))
def test_no_front_matter_raises_anything_but_faults(yaml: str) -> None:
    check(front(yaml))
    check(front(f"role: {yaml}"))
    check(front(f"checks: {yaml}"))
    check(front(f"labels: {yaml}"))
    check(front(f"labels:\n- word: {yaml}\n  about: x\n  shows: {yaml}"))
    check(front(f"demonstrations: {yaml}"))
    check(front(f"demonstrations:\n- - {yaml}: {yaml}"))


@given(data=st.binary() | st.text().map(lambda text: text.encode("utf-16")))
def test_no_bytes_raise_anything_but_faults(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.md"
    path.write_bytes(data)
    with pytest.raises(FaultyGuideError, match=r"fuzzed\.md:"):
        load_guide(path)


LINES = SHIPPED.splitlines()
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "swap", "insert", "cut", "indent"]),
        st.integers(0, len(LINES) - 1),
        st.text(max_size=20) | st.sampled_from(["---", "## Tips", "1. A: b", '"', "Example 3:"]),
    ),
    max_size=12,
)


@settings(max_examples=150)
@given(edits=EDITS)
def test_no_damage_to_a_guide_raises_anything_but_faults(
    edits: list[tuple[str, int, str]],
) -> None:
    lines = list(LINES)
    for edit, place, text in edits:
        at = place % len(lines)
        match edit:
            case "delete" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                lines[at], lines[0] = lines[0], lines[at]
            case "insert":
                lines.insert(at, text)
            case "cut":
                lines[at] = lines[at][: len(text)]
            case _:
                lines[at] = text + lines[at]
    check("\n".join(lines))


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=50)
def test_no_order_of_lines_raises_anything_but_faults(seed: int) -> None:
    lines = list(LINES)
    random.Random(seed).shuffle(lines)  # noqa: S311  no secret
    check("\n".join(lines))


@pytest.mark.parametrize(
    "unit",
    [
        "\n",
        "# ",
        "a\n\n",
        "Bad\n\n",
        "- A: b\n",
        "*",
        "- a\n",
        '"',
        "Example 1:\n\n",
        ": ",
        "<!--",
        "\t",
    ],
)
def test_a_long_document_takes_no_more_than_moments(unit: str) -> None:
    many = unit * ((1 << 14) // len(unit))  # quadratic work on them would take 15 s
    started = time.process_time()
    parse_faults(many)
    parse_faults(with_section(f"Tips\n\n- A:{many}Example Responses\n\nExample 1:\n{many}"))
    assert time.process_time() - started < 4
