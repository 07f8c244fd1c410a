import base64
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from markupsafe import Markup

from interviewer.guide import Item
from interviewer.progress import Facts, progress_of
from interviewer.report import cards, plots
from interviewer.report.drawing import NARROW, NEWEST, WIDE
from interviewer.report.plots import Plot
from interviewer.report.progress import write_progress
from interviewer.report.svg import inline
from tests.progress.samples import OTHER, calibrated, regraded, session
from tests.report.reading import Element, read
from tests.scripted import GUIDE

EVIL = "</svg></script><img src=x onerror=alert(1)>$x_1$ & 'y' \u202e\x07\U0001f600"
BAD = GUIDE.model_copy(
    update={
        "id": EVIL,
        "question": EVIL,
        "goals": (Item(id="honesty", name=EVIL, text="x"), Item(id="growth", name=EVIL, text="x")),
        "steps": (Item(id="context", name=EVIL, text="x"),),
        "tips": (Item(id="be-brief", name=EVIL, text="x"),),
    }
)


def page(folder: Path, *sessions: Facts) -> Element:
    when = datetime(2031, 6, 1, 9, 30, tzinfo=UTC)
    return read(write_progress(folder / "page.html", progress_of(sessions), when=when))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the plots out where only words and figures are looked at: each takes its time."""
    monkeypatch.setattr(cards, "plot", lambda _draw, _id, label: Plot(Markup(), Markup(), label))


def text(element: Element) -> str:
    return " ".join(element.text.split())


def six() -> list[Facts]:
    return [
        session(at, 1.5 + at / 2, first=1.2 + at / 2, own={"honesty": 4}, model="tiny")
        for at in range(6)
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Element:
    others = [session(10 + at, 3.0, guide=OTHER, model=f"m{at}") for at in range(2)]
    return page(tmp_path_factory.mktemp("page"), *six(), *others)


def cards_of(found: Element) -> list[str]:
    return [each.one("h3").text for each in found.all("section", class_="card")]


def test_each_part_has_its_plots_and_what_is_not_there_has_none(whole: Element) -> None:
    each_guide = ["Scores over time", "Profile", "Steps and tips"]
    assert cards_of(whole) == [
        "Overall scores",
        "Delivery",
        *each_guide,
        *each_guide,
        "First and final answers",
        "Your own scores",
    ]


def test_a_page_may_load_nothing_and_run_nothing(whole: Element) -> None:
    policy = whole.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    digest = base64.b64encode(sha256(whole.one("style").text.encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "script-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not whole.all("script")
    assert len(whole.all("style")) == 1
    loads = {"src", "srcset", "action", "style", "background", "data", "poster"}
    for each in whole.all():
        assert not each.attributes.keys() & loads
        assert each.attributes.get("href", "#").startswith("#")
        assert "url(" not in each.attributes.get("clip-path", "").replace("url(#", "")


def test_plots_have_the_pages_colours_and_no_others(whole: Element) -> None:
    style = whole.one("style").text
    for each in whole.all("svg"):
        for shape in each.all():
            for name in ("fill", "stroke"):
                value = shape.attributes.get(name, "none")
                assert value == "none" or value.startswith("var(--")
                if value != "none":
                    assert f"{value[4:-1]}:" in style


def test_letters_in_plots_are_letters(whole: Element) -> None:
    said = [text(each) for each in whole.all("text")]
    for part in ("Honesty", "Describe the", "Speaking time", "+0.50 an interview, rising", "1 May"):
        assert part in said
    assert not whole.all("symbol")


def test_ids_are_unique_and_what_refers_to_one_finds_it(whole: Element) -> None:
    ids = [each.attributes["id"] for each in whole.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for each in whole.all("use"):
        assert each.attributes["href"][1:] in ids
    for each in whole.all():
        if clip := each.attributes.get("clip-path"):
            assert clip[5:-1] in ids


def test_each_plot_is_described_and_stands_beside_its_figures(whole: Element) -> None:
    for card in whole.all("section", class_="card"):
        assert card.all("table")
        for each in card.all("div", class_="plot"):
            assert each.attributes["role"] == "img"
            assert len(each.attributes["aria-label"]) > 20
            assert [
                len(each.one("div", class_=name).all("svg")) for name in ("wide", "narrow")
            ] == [
                1,
                1,
            ]


def test_a_plot_is_as_wide_as_its_card_on_a_desk_and_on_a_phone(whole: Element) -> None:
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        for each in whole.all("div", class_=name):
            box = each.one("svg").attributes["viewbox"].split()
            assert [float(side) for side in box[:3]] == [0, 0, width]
            assert float(box[3]) > 80


def rows(found: Element, name: str) -> list[list[str]]:
    for details in found.all("details"):
        if text(details.one("summary")).startswith(name):
            return [
                [text(cell) for cell in row.children if isinstance(cell, Element)]
                for row in details.one("tbody").all("tr")
            ]
    raise AssertionError(f"no table {name}")


@pytest.mark.usefixtures("undrawn")
def test_tables_say_what_plots_show(tmp_path: Path) -> None:
    found = page(tmp_path, *six(), session(7, None, again=[regraded(2.0)]))
    scores = rows(found, "Scores by interview")
    assert scores[0][0].startswith("2031-05-01 ")
    assert scores[0][1:] == ["1.5", "1.5", "2.0", "tiny"]
    assert scores[-1][1:] == ["2.0", "2.0", "2.0", "large (graded again)"]
    assert rows(found, "First and final answers by interview")[0][1:] == ["1.2", "1.5", "+0.3"]
    assert rows(found, "Steps and tips")[0] == [
        "Share the Lesson",
        "1 of 1",
        "1 of 1",
        "✗✗✗✗✗✗✗",
    ]
    assert rows(found, "Delivery by interview")[0][1:] == ["0:43", "4.0", "75%", "3.0"]


def test_words_of_a_guide_stay_words_wherever_they_stand(tmp_path: Path) -> None:
    evil = session(1, guide=BAD, model=EVIL, first=2.0, own={"honesty": 4})
    found = page(tmp_path, evil)
    assert not found.all("img")
    assert not found.all("script")
    assert not [each for each in found.all() if any(a.startswith("on") for a in each.attributes)]
    assert text(found.all("h2")[-1]) == EVIL.replace("\u202e\x07", "\ufffd\ufffd")
    assert "\u202e" not in found.text
    labels = [text(each) for each in found.all("text")]
    assert any(label.startswith("</svg></script><img src=x") for label in labels)
    legend = inline(plots.together(progress_of([evil, session(2)]), WIDE), "x")
    assert "&lt;img src=x onerror=alert(1)&gt;$x_1$" in legend


@pytest.mark.usefixtures("undrawn")
def test_an_empty_folder_makes_a_page_that_says_so(tmp_path: Path) -> None:
    found = page(tmp_path)
    assert "There are no interviews yet." in text(found)
    assert not found.all("svg")


ODD = [
    session(1),
    session(1, None, criteria={}, steps={}, tips={}, delivery=None),
    session(1, None, criteria={"honesty": None, "growth": None}, own={"honesty": 4}),
    session(1, None, first=2.0, own={"honesty": 4}),
    session(1, first=2.0, **calibrated(4.0, 3.0)),
]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("only", ODD)
def test_one_session_of_any_kind_makes_a_page(tmp_path: Path, only: Facts) -> None:
    found = page(tmp_path, only)
    assert text(found.one("dl", class_="facts")).startswith("Interviews1 ")
    assert "Steps and tips" in cards_of(found)


@pytest.mark.parametrize("sessions", [[each] for each in ODD] + [[session(at) for at in range(70)]])
def test_every_plot_can_be_drawn_of_any_sessions(sessions: list[Facts]) -> None:
    found = progress_of(sessions)
    (guide,) = found.guides
    for draw in (plots.scores, plots.heat, plots.profile, plots.gains):
        assert draw(guide, NARROW).axes
    assert plots.gain_over_time(found.gain, guide.points, WIDE).axes
    assert not found.delivery or plots.delivery(found, WIDE).axes
    assert not guide.own or plots.own_over_time(guide.own[0], guide.points, WIDE).axes


@pytest.mark.usefixtures("undrawn")
def test_sessions_without_a_grade_are_told_and_not_drawn(tmp_path: Path) -> None:
    found = page(tmp_path, session(1, graded=False))
    assert "None of them has a grade" in text(found)
    assert not found.all("svg")


@pytest.mark.usefixtures("undrawn")
def test_of_very_many_sessions_the_newest_are_shown_and_it_says_so(tmp_path: Path) -> None:
    found = page(tmp_path, *(session(at, 3.0) for at in range(NEWEST + 5)))
    assert f"Shown are the newest {NEWEST} of {NEWEST + 5} interviews" in text(found)
    assert len(rows(found, "Scores by interview")) == NEWEST


@pytest.mark.usefixtures("undrawn")
def test_where_the_grader_changed_is_told(tmp_path: Path) -> None:
    found = page(tmp_path, session(1, model="large"), session(2), session(3))
    card = text(found.all("section", class_="card")[1])
    assert "graded by tiny, before by large" in card
    assert "Hollow dots were graded otherwise than the newest." in card
    assert re.search(r"Last, best, mean and trend are of interviews graded as the newest was", card)
