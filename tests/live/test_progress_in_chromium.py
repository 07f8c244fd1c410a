"""What only a real browser can show of the page of progress."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.progress import progress_of
from interviewer.report.progress import write_progress
from tests.live.chromium import Tab, browser, find
from tests.progress.samples import OTHER, session

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(find() is None and "CI" not in os.environ, reason="apt install chromium"),
]


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sessions = [
        session(at, 1.5 + at / 4, first=1.2 + at / 5, own={"honesty": 4}, model=f"m{at // 4}")
        for at in range(9)
    ]
    others = [session(20 + at, 3.0, guide=OTHER) for at in range(3)]
    folder = tmp_path_factory.mktemp("out")
    return write_progress(folder / "progress.html", progress_of([*sessions, *others]))


def test_nothing_is_asked_for_and_nothing_is_complained_of(tab: Tab, page: Path) -> None:
    tab.open(page)
    assert tab.requests() == [page.as_uri()]
    assert tab.complaints() == []


@pytest.mark.parametrize("added", ["<script>1</script>", "<p style='color: red'>x</p>"])
def test_were_there_a_hole_in_the_escaping_the_policy_would_still_hold(
    tab: Tab, page: Path, tmp_path: Path, added: str
) -> None:
    holed = tmp_path / "holed.html"
    holed.write_text(page.read_text(encoding="utf-8").replace("<main>", f"<main>{added}"), "utf-8")
    tab.open(holed)
    assert any("Content Security Policy" in each for each in tab.complaints())


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_fits_its_window_with_tables_closed_and_open(
    tab: Tab, page: Path, width: int
) -> None:
    tab.look(width=width)
    tab.open(page)
    assert tab.value("document.documentElement.scrollWidth") <= width
    tab.value("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert tab.value("document.documentElement.scrollWidth") <= width


SIZES = """[...document.querySelectorAll('.plot svg')]
    .filter((svg) => svg.getBoundingClientRect().width > 0)
    .flatMap((svg) => [...svg.querySelectorAll('text')].map((text) =>
        parseFloat(getComputedStyle(text).fontSize)
        * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_letters_in_plots_are_as_large_on_a_phone_as_on_a_desk(
    tab: Tab, page: Path, width: int
) -> None:
    tab.look(width=width)
    tab.open(page)
    sizes = tab.value(SIZES)
    assert len(sizes) > 40
    assert min(sizes) >= 8.5
    assert max(sizes) <= 15


OUTSIDE = """[...document.querySelectorAll('.plot svg')]
    .filter((svg) => svg.getBoundingClientRect().width > 0)
    .flatMap((svg) => { const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter((text) => {
            const own = text.getBoundingClientRect();
            return own.left < box.left - 8 || own.right > box.right + 8; }) })
    .map((text) => text.textContent)"""


@pytest.mark.parametrize("width", [390, 1280])
def test_no_letters_stand_outside_their_plot(tab: Tab, page: Path, width: int) -> None:
    tab.look(width=width)
    tab.open(page)
    assert tab.value(OUTSIDE) == []


FILLS = """[...document.querySelectorAll('.plot svg :is(path, use):not(defs *)')]
    .map((each) => getComputedStyle(each)).flatMap((style) => [style.fill, style.stroke])"""


def test_plots_are_drawn_in_the_colours_of_dark_and_light(tab: Tab, page: Path) -> None:
    colours = []
    for scheme in ("light", "dark"):
        tab.look(width=1280, scheme=scheme)
        tab.open(page)
        accent = tab.value("getComputedStyle(document.querySelector('.figures summary')).color")
        found = set(tab.value(FILLS))
        assert accent in found
        assert "rgb(0, 0, 0)" not in found
        colours.append(found - {"none"})
    assert not colours[0] & colours[1]


def test_on_paper_the_figures_are_open_and_the_wide_plots_are_drawn(tab: Tab, page: Path) -> None:
    tab.look(width=600, medium="print")
    tab.open(page)
    height = "document.querySelector('.figures table').getBoundingClientRect().height"
    assert tab.value(height) > 20
    shown = "getComputedStyle(document.querySelector('.plot .{}')).display"
    assert [tab.value(shown.format(each)) for each in ("wide", "narrow")] == ["block", "none"]
