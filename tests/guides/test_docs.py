"""docs/guides.md is true: its guide can be used, and it explains all that `check` finds."""

import re
from pathlib import Path

import pytest

from interviewer.bank.notes import notes_on
from interviewer.guide import parse_guide
from interviewer.guide_front import KEYS
from tests.guides.messages import faults, notes

_DOC = (Path(__file__).parents[2] / "docs" / "guides.md").read_text(encoding="utf-8")


def explained(section: str) -> list[str]:
    """Return what the first column of a section's tables says was found."""
    body = _DOC.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^|]*)` \|", body, re.MULTILINE)


def test_the_guide_to_copy_is_without_fault_or_note() -> None:
    text = re.search(r"```markdown\n(.*?)```", _DOC, re.DOTALL)
    assert text
    guide = parse_guide(text[1], source="difficult-customer.md")
    assert guide.id == "difficult-customer"
    assert notes_on(guide, lambda _: True) == []


@pytest.mark.parametrize("message", faults())
def test_every_fault_is_explained(message: str) -> None:
    assert [each for each in explained("Faults, explained") if faults()[message].fullmatch(each)]


@pytest.mark.parametrize("message", notes())
def test_every_note_is_explained(message: str) -> None:
    assert [each for each in explained("Notes, explained") if notes()[message].fullmatch(each)]


def test_nothing_is_explained_that_is_never_found() -> None:
    for section, found in (("Faults, explained", faults()), ("Notes, explained", notes())):
        for each in explained(section):
            assert any(form.fullmatch(each) for form in found.values()), each


@pytest.mark.parametrize("key", KEYS)
def test_every_key_of_the_front_matter_is_explained(key: str) -> None:
    assert f"`{key}`" in _DOC.split("\n## Front matter\n")[1].split("\n## ")[0]
