from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import GuideError
from interviewer.guide_faults import FaultyGuideError
from interviewer.shipped import shipped_folder
from interviewer.simulation.persona import find_personas, parse_persona
from tests.simulation.samples import FORGETFUL, FORGETFUL_TEXT, RUDE, RUDE_TEXT, changed

SHIPPED = shipped_folder() / "personas"
NEEDED = {
    *("strong", "thin", "rambling", "blaming", "bluffing", "off-topic", "injecting", "terse"),
    *("nervous", "never-failed", "german", "hostile", "forgetful"),
}


def test_a_persona_is_read_from_its_front_matter_and_sections() -> None:
    assert FORGETFUL.id == "forgetful"
    assert FORGETFUL.name == "Forgetful: leaves parts out"
    assert FORGETFUL.who == "Somebody with half of it in mind."
    assert (FORGETFUL.tells, FORGETFUL.asked, FORGETFUL.final) == (0.5, "tells", "all")
    assert (RUDE.tells, RUDE.most, RUDE.never) == (0.0, 2.0, ("pineapple",))
    assert len(RUDE.when_asked) == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("tells: none", "tells: some", '2: found tells: "some"; expected all, none, or a share'),
        ("tells: none", "tells: 1.5", '2: found tells: "1.5"'),
        ("asked: lines", "asked: shouts", "3: found asked"),
        ("final: lines", "final: maybe", "4: found final"),
        ("most: 2.0", "most: 9", "5: found most"),
        ("most: 2.0", "colour: red", '5: found unknown key "colour"'),
        ("## What They Say First", "## What They Sing", '15: found unknown section "What They'),
        ("# Rude: says so\n", "", "no name"),
        ("## Who This Is\n", "", "no section on who this is"),
        ("- That was", "That was", '24: found no lines in "What They Say at the End"'),
        ("## What They Say When Asked", "## What They Say First", "twice"),
        ("most: 2.0\nnever: pineapple\n---", "", "front matter without an end"),
    ],
)
def test_a_fault_is_named_with_its_line_and_what_was_expected(
    old: str, new: str, fault: str
) -> None:
    with pytest.raises(FaultyGuideError, match=r"rude\.md:\d+: ") as caught:
        parse_persona(RUDE_TEXT.replace(old, new, 1), source="rude.md")
    assert fault in str(caught.value)


def test_lines_that_the_front_matter_asks_for_have_to_be_there() -> None:
    text = RUDE_TEXT.partition("## What They Say First")[0]
    with pytest.raises(FaultyGuideError) as caught:
        parse_persona(text)
    assert len(caught.value.faults) == 3


@given(st.text(max_size=300))
def test_whatever_stands_in_a_file_is_a_persona_or_a_fault(text: str) -> None:
    for document in (text, FORGETFUL_TEXT + text, f"---\n{text}\n---\n# A\n\n## Who This Is\n"):
        try:
            parse_persona(document)
        except FaultyGuideError as error:
            assert error.faults  # noqa: PT017  either will do


def test_all_personas_that_ship_can_be_read() -> None:
    found = find_personas("all", [SHIPPED])
    assert {each.id for each in found} >= NEEDED
    assert all(each.who and each.name for each in found)


def test_personas_are_found_by_name_by_path_and_several_at_once(tmp_path: Path) -> None:
    own = tmp_path / "mine.md"
    own.write_text(FORGETFUL_TEXT, encoding="utf-8")
    assert [each.id for each in find_personas(f"thin,{own}", [SHIPPED])] == ["thin", "mine"]
    with pytest.raises(GuideError, match='there is no persona "thing"') as caught:
        find_personas("thing", [SHIPPED])
    assert "hostile" in caught.value.hint


def test_a_persona_varies_where_a_script_leaves_something_open() -> None:
    assert FORGETFUL.varies
    assert changed(tells=1.0, fillers=("um",)).varies
    assert changed(tells=1.0).varies  # what it tells a second time
    assert not changed(tells=1.0, when_asked=("Well.",)).varies
    assert not changed(tells=1.0, asked="lines").varies
    assert RUDE.varies


def test_a_mark_that_nobody_sees_does_not_lose_the_front_matter() -> None:
    assert parse_persona("\ufeff" + RUDE_TEXT.replace("\n", "\r")) == parse_persona(RUDE_TEXT)


def test_front_matter_that_does_not_begin_is_told_of() -> None:
    with pytest.raises(FaultyGuideError) as caught:
        parse_persona(RUDE_TEXT.removeprefix("---\n"))
    assert caught.value.faults[0].found == "text before the first heading"
