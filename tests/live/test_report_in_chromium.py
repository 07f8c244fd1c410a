"""What only a real browser can show of the report."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.batch.rows import BadRow
from interviewer.report import Limits, write_report
from tests.live.chromium import Tab, browser, find
from tests.report.samples import RUBRICS, failed, many, of, one

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(find() is None and "CI" not in os.environ, reason="apt install chromium"),
]
EVIL = "</script><script>window.touched = 1</script><img src=x onerror='window.touched = 1'>"
SHOWN = """[...document.querySelectorAll('#answers tbody tr')]
    .filter((row) => !row.hidden).map((row) => row.cells[0].textContent)"""
SORTED = """[...document.querySelectorAll('#answers thead th[aria-sort]')]
    .map((head) => head.dataset.key + ' ' + head.getAttribute('aria-sort'))"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    bad = BadRow("a3", "b.pdf", "")
    pairs = of(
        one("a2", overall=2.0, flags=[]),
        one("a10", overall=4.5, criteria={"honesty": 1.0, "growth": None}),
        (bad, failed(bad, EVIL)),
        one(EVIL, EVIL, overall=3.0, flags=[EVIL, "not-own"]),
        one("a1", overall=None),
    )
    return write_report(folder, pairs, RUBRICS)[-1]


@pytest.mark.parametrize(
    ("fragment", "order", "sort"),
    [
        ("", ["a2", "a10", "a3", EVIL, "a1"], []),
        ("#sort=overall-desc", ["a10", EVIL, "a2", "a3", "a1"], ["overall descending"]),
        ("#sort=overall-asc", ["a2", EVIL, "a10", "a3", "a1"], ["overall ascending"]),
        ("#sort=id-asc", [EVIL, "a1", "a2", "a3", "a10"], ["id ascending"]),
        ("#sort=honesty-asc", ["a10", "a2", EVIL, "a1", "a3"], ["honesty ascending"]),
        ("#sort=nothing-asc", ["a2", "a10", "a3", EVIL, "a1"], []),
        ("#show=failed", ["a3"], []),
        ("#show=flag-not-own", [EVIL], []),
        ("#find=BE+BRIEF&sort=id-desc", ["a10", "a1"], ["id descending"]),
        ("#a2", ["a2", "a10", "a3", EVIL, "a1"], []),
    ],
)
def test_the_address_says_how_the_table_is_sorted_and_filtered(
    tab: Tab, page: Path, fragment: str, order: list[str], sort: list[str]
) -> None:
    tab.open(page, fragment)
    assert tab.value(SHOWN) == order
    assert tab.value(SORTED) == sort
    assert tab.complaints() == []


def test_the_table_is_sorted_by_keyboard_and_the_address_tells(tab: Tab, page: Path) -> None:
    tab.open(page)
    tab.value("document.querySelector('th[data-key=overall] button').focus()")
    tab.press("Enter", "\r")
    assert tab.value(SORTED) == ["overall descending"]
    tab.press("Enter", "\r")
    assert tab.value(SORTED) == ["overall ascending"]
    assert tab.value("location.hash") == "#sort=overall-asc"
    tab.value("document.getElementById('find').focus()")
    tab.press("a", "a")
    tab.press("1", "1")
    assert tab.value(SHOWN) == ["a10", "a1"]
    assert tab.value("document.getElementById('count').textContent") == "2 of 5 answers"
    assert tab.value("location.hash") == "#sort=overall-asc&find=a1"


def test_a_link_to_an_answer_leaves_the_table_as_it_is(tab: Tab, page: Path) -> None:
    tab.open(page, "#sort=overall-desc")
    tab.value("document.querySelector('#answers tbody a').click()")
    assert tab.value("location.hash") == "#a2"
    assert tab.value("document.querySelector(':target h3').textContent") == "a10"
    assert tab.value(SORTED) == ["overall descending"]


def test_nothing_is_asked_for_nothing_is_complained_of_and_nobody_elses_script_runs(
    tab: Tab, page: Path
) -> None:
    tab.open(page)
    assert tab.requests() == [page.as_uri()]
    assert tab.complaints() == []
    assert tab.value("typeof window.touched") == "undefined"
    assert tab.value("getComputedStyle(document.querySelector('.card')).borderRadius") == "12px"


@pytest.mark.parametrize(
    "added",
    [
        "<script>window.touched = 1</script>",
        "<img src=x onerror='window.touched = 1'>",
        "<img src='https://elsewhere.invalid/x.png'>",
        "<link rel=stylesheet href='https://elsewhere.invalid/x.css'>",
        "<p style='color: red'>x</p>",
        "<iframe src='https://elsewhere.invalid/'></iframe>",
    ],
)
def test_were_there_a_hole_in_the_escaping_the_policy_would_still_hold(
    tab: Tab, page: Path, tmp_path: Path, added: str
) -> None:
    """It shows too that the check for complaints can fail."""
    holed = tmp_path / "holed.html"
    whole = page.read_text(encoding="utf-8")
    assert "<main>" in whole
    holed.write_text(whole.replace("<main>", f"<main>{added}"), encoding="utf-8")
    tab.open(holed)
    assert any("Content Security Policy" in each for each in tab.complaints())
    assert tab.value("typeof window.touched") == "undefined"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_is_wider_than_its_window(tab: Tab, page: Path, tmp_path: Path, width: int) -> None:
    files = write_report(tmp_path, many(9), RUBRICS, limits=Limits(whole=3, answers=3))
    for file in (page, files[0], files[-1]):
        tab.look(width=width)
        tab.open(file)
        assert tab.value("document.documentElement.scrollWidth") <= width
        assert tab.value("innerWidth") == width


def test_it_is_dark_where_the_reader_wants_it_dark_and_readable_in_both(
    tab: Tab, page: Path
) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        tab.look(width=1280, scheme=scheme)
        tab.open(page)
        script = "getComputedStyle(document.{0}).{1}.match(/[0-9]+/g).map(Number)"
        ground = sum(tab.value(script.format("body", "backgroundColor"))[:3])
        ink = sum(tab.value(script.format("body", "color"))[:3])
        grounds.append(ground)
        assert abs(ground - ink) > 450  # of 765
    assert grounds[0] > grounds[1] + 450


def test_on_paper_each_answer_begins_a_page_and_nothing_is_to_be_pressed(
    tab: Tab, page: Path
) -> None:
    tab.look(width=800, medium="print")
    tab.open(page)
    breaks = "[...document.querySelectorAll('article')].map((a) => getComputedStyle(a).breakBefore)"
    assert set(tab.value(breaks)) == {"page"}
    hidden = "getComputedStyle(document.querySelector('{}')).display"
    for each in ("#controls", ".back", ".skip"):
        assert tab.value(hidden.format(each)) == "none"
    tab.look(width=800)
    assert tab.value(hidden.format("#controls")) == "flex"
