"""What only a real browser can show of an exported page."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.export.account import Account
from interviewer.export.page import page_of
from tests.export.samples import EVENTS, LATER, evil, session
from tests.live.chromium import Tab, browser, find

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(find() is None and "CI" not in os.environ, reason="apt install chromium"),
]
MARKED = """[...document.querySelectorAll('.final mark')]
    .filter((mark) => getComputedStyle(mark).backgroundColor !== 'rgba(0, 0, 0, 0)')
    .map((mark) => mark.textContent)"""
TOLD = """[...document.querySelectorAll('.about')]
    .filter((each) => each.offsetHeight).map((each) => each.querySelector('strong').textContent)"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(tmp_path_factory.mktemp("page"), session(*EVENTS, (97.0, LATER)))


def drawn(folder: Path, account: Account) -> Path:
    path = folder / "page.html"
    path.write_text("".join(page_of(account, mark="m")), encoding="utf-8")
    return path


def press(tab: Tab, pick: str) -> None:
    tab.value(f"document.getElementById('pick-{pick}').click()")


def test_choosing_a_goal_or_step_leaves_its_evidence_alone_marked(tab: Tab, page: Path) -> None:
    context, honesty = "In 2019 I launched a tool in Berlin.", "I asked nobody."
    tab.look(width=1280)
    tab.call("Emulation.setScriptExecutionDisabled", value=True)  # the page's own, had it any
    try:
        tab.open(page)
        assert (tab.value(MARKED), tab.value(TOLD)) == ([context, honesty], [])
        for pick, marked, told in (
            ("1", [honesty], ["Honesty"]),
            ("A", [context], ["Describe the Context"]),
            ("2", [], ["Growth"]),
            ("all", [context, honesty], []),
        ):
            press(tab, pick)
            assert (tab.value(MARKED), tab.value(TOLD)) == (marked, told)
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_evidence_is_chosen_by_keyboard_and_one_sees_where_one_is(tab: Tab, page: Path) -> None:
    tab.look(width=1280)
    tab.open(page)
    tab.value("document.getElementById('pick-all').focus()")
    tab.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowDown", code="ArrowDown",
             windowsVirtualKeyCode=40)  # fmt: skip
    assert tab.value("document.activeElement.id") == "pick-1"
    assert tab.value(MARKED) == ["I asked nobody."]
    outline = "getComputedStyle(document.activeElement.parentElement).outlineStyle"
    assert tab.value(outline) == "solid"


def test_nothing_is_asked_for_nothing_is_complained_of_and_nobodys_script_runs(
    tab: Tab, tmp_path: Path
) -> None:
    hostile = drawn(tmp_path, evil())
    tab.open(hostile)
    assert tab.requests() == [hostile.as_uri()]
    assert tab.complaints() == []
    assert tab.value("document.images.length + document.scripts.length") == 0
    assert tab.value("getComputedStyle(document.querySelector('.card')).borderRadius") == "12px"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_is_wider_than_its_window(tab: Tab, page: Path, tmp_path: Path, width: int) -> None:
    for file in (page, drawn(tmp_path, evil())):
        tab.look(width=width)
        tab.open(file)
        assert tab.value("document.documentElement.scrollWidth") <= width
        assert tab.value("innerWidth") == width


def test_it_is_dark_where_the_reader_wants_it_dark(tab: Tab, page: Path) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        tab.look(width=1280, scheme=scheme)
        tab.open(page)
        script = "getComputedStyle(document.body).{}.match(/[0-9]+/g).map(Number)"
        ground, ink = (sum(tab.value(script.format(each))[:3]) for each in
                       ("backgroundColor", "color"))  # fmt: skip
        grounds.append(ground)
        assert abs(ground - ink) > 450  # of 765
    assert grounds[0] > grounds[1] + 450


def test_on_paper_all_evidence_is_marked_whatever_was_chosen(tab: Tab, page: Path) -> None:
    tab.look(width=800)
    tab.open(page)
    press(tab, "1")
    tab.look(width=800, medium="print")
    assert len(tab.value(MARKED)) == 2
    assert tab.value("document.querySelector('.picks').offsetHeight") == 0
    assert tab.value(TOLD) == []
    paper = base64.b64decode(tab.call("Page.printToPDF", printBackground=True)["data"])
    assert paper.startswith(b"%PDF")
