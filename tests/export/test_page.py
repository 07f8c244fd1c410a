import base64
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from interviewer.events import Answer, Event, Graded
from interviewer.export.account import Account
from interviewer.export.page import page_of
from interviewer.grade import Calibrated
from interviewer.text import printable
from tests.export.samples import EVENTS, EVIL, GRADE, LATER, PROBED, evil, session
from tests.report.reading import Element, read


@pytest.fixture
def drawn(tmp_path: Path) -> Any:
    """Give what reads the page of a session as a browser does."""

    def draw(account: Account) -> Element:
        path = tmp_path / "page.html"
        path.write_text("".join(page_of(account, mark="the-mark")), encoding="utf-8")
        return read(path)

    return draw


def text(element: Element) -> str:
    return " ".join(element.text.split())


def with_grade(grade: Graded) -> list[tuple[float, Event]]:
    return [(at_s, grade if isinstance(event, Graded) else event) for at_s, event in EVENTS]


def test_the_head_says_what_was_asked_when_and_how_it_went(drawn: Any) -> None:
    head = text(drawn(session()).one("header", class_="top"))
    assert "Interview of 2031-05-08 14:03 Tell me about a time you failed." in head
    assert "Overall3.1 of 5 First answer2.0 Questions asked2 Took1:36 min" in head
    assert "Product Manager \u00b7 guide failure \u00b7 model tiny" in head


def test_a_paragraph_says_what_a_stronger_answer_would_add(drawn: Any) -> None:
    (part,) = drawn(session()).one(class_="stronger").all("p")
    assert [each.text for each in part.all("strong")] == [
        *("Share the Lesson", "Growth", "Honesty", "Be Brief"),
    ]
    assert part.one("q").text == "In 2019 I launched a tool in Berlin."
    assert "Close on what you learned. The same would show Growth (1.5 of 5)." in text(part)


def test_the_final_answer_stands_with_its_evidence_marked_by_target(drawn: Any) -> None:
    final = drawn(session()).one(class_="final")
    marks = {each.text: each.attributes["class"].split() for each in final.all("mark")}
    assert marks == {"In 2019 I launched a tool in Berlin.": ["e-A"], "I asked nobody.": ["e-1"]}
    assert [each.text[-1] for each in final.all("sup")] == ["A", "1"]


def test_each_goal_and_step_can_be_chosen_without_a_script(drawn: Any) -> None:
    """The rules that hide what is not chosen are in the style, for each badge."""
    page = drawn(session())
    assert not page.all("script")
    picks = page.all("input", type="radio")
    assert [each.attributes["id"] for each in picks] == [
        *("pick-all", "pick-1", "pick-2", "pick-A", "pick-B"),
    ]
    assert len({each.attributes["name"] for each in picks}) == 1
    style = page.one("style").text
    for badge in "12AB":
        assert f".final:has(#pick-{badge}:checked) mark:not(.e-{badge})" in style
        assert f".final:has(#pick-{badge}:checked) .about-{badge}" in style
    about = text(page.one(class_="about-2"))
    assert about.startswith("Growth 1.5 of 5")
    assert "No sentence shows it. They want to hear what you changed afterwards." in about


def test_scores_steps_tips_flags_and_delivery_are_told(drawn: Any) -> None:
    found = text(drawn(session()).one(class_="cards"))
    for part in (
        "1 Honesty 4.2",
        "2 Growth 1.5?",
        "A Describe the Context covered",
        "B Share the Lesson not covered",
        "Be Brief not kept Two minutes are enough.",
        "About somebody else of another",
        "Words13",
    ):
        assert part in found


def test_a_gap_stands_with_its_probe_what_was_said_and_whether_it_closed(drawn: Any) -> None:
    page = drawn(session())
    gap = page.one("article", class_="gap")
    assert text(gap).startswith("Share the Lesson partly closed Follow-up, turn 2 " + PROBED)
    assert "I asked nobody. Covered: 10 % before, 60 % after what was said; " in text(gap)
    assert "in the final answer not covered." in text(gap)
    link = gap.one("a").attributes["href"]
    assert text(page.one("h3", id=link.removeprefix("#"))) == "Turn 2"
    assert "Left open and not asked about: Growth." in text(page.one(class_="gaps"))


def test_first_final_own_and_later_scores_stand_side_by_side(drawn: Any) -> None:
    table = drawn(session(*EVENTS, (97.0, LATER))).one("table", class_="compared")
    rows = [[text(cell) for cell in row.all("th") + row.all("td")] for row in table.all("tr")]
    assert rows == [
        ["Criterion or step", "First", "Final", "Own", "2031-06-01later-model"],
        ["Overall", "2.0", "3.1 +1.1", "\u2013", "4.0"],
        ["1 Honesty", "4.2", "4.2", "5", "4.4"],
        ["2 Growth", "1.0", "1.5? +0.5", "3", "\u2013"],
        ["A Describe the Context", "covered", "covered", "\u2013", "covered"],
        ["B Share the Lesson", "\u2013", "not covered", "\u2013", "covered"],
    ]


def test_one_grade_alone_is_compared_with_nothing(drawn: Any) -> None:
    alone = [each for each in with_grade(GRADE.model_copy(update={"first": None}))
             if each[1].event != "self-scored"]  # fmt: skip
    assert not drawn(session(*alone)).all("table")


def test_scores_by_another_guide_are_named_by_that_guide(drawn: Any) -> None:
    from tests.scripted import LABELLED

    goal = LABELLED.goals[0].model_copy(update={"id": "candour", "name": "Candour"})
    other = LABELLED.model_copy(update={"goals": (goal,), "labels": ()}).model_dump(mode="json")
    later = LATER.model_copy(update={"criteria": {"candour": 2.0}, "guide": other})
    table = drawn(session(*EVENTS, (97.0, later))).one("table", class_="compared")
    assert [text(row) for row in table.all("tr")][-1] == "Candour\u2013\u2013\u20132.0"


def test_the_conversation_is_told_turn_by_turn(drawn: Any) -> None:
    page = drawn(session())
    assert [text(each) for each in page.all(class_="turn")] == ["Turn 1", "Turn 2", "Turn 3"]
    first, second, _ = [each.all("li") for each in page.all(class_="talk")]
    assert [each.attributes["class"] for each in (*first[1:], second[0])] == [
        *("interviewer", "candidate", "interviewer"),
    ]
    assert text(second[0]) == f"Interviewer \u00b7 follow-up: Share the Lesson 0:33{PROBED}"
    assert text(second[2]) == "Interviewer 0:41Think of customers. (stopped)"


def test_a_session_without_a_grade_is_told_as_far_as_it_went(drawn: Any) -> None:
    page = drawn(session((1.0, Answer(text="So it was."))))
    assert "It was not graded." in text(page.one("header", class_="top"))
    assert "So it was." in text(page.one(class_="final"))
    assert not page.all(class_="stronger")
    assert not page.all("input")


def test_a_grade_that_lacks_a_score_says_why(drawn: Any) -> None:
    from interviewer.grade import Missing

    why = [Missing(target="overall", reason="nobody answered")]
    grade = GRADE.model_copy(update={"overall": None, "missing": why})
    head = text(drawn(session(*with_grade(grade))).one("header", class_="top"))
    assert "No overall score: nobody answered" in head


def test_a_calibrated_score_names_its_scale(drawn: Any) -> None:
    found = Calibrated(value=5.5, scale=(1, 7), name="mine", plain=3.0)
    page = drawn(session(*with_grade(GRADE.model_copy(update={"calibrated": found}))))
    assert "calibrated by mine: 5.5 on its scale of 1 to 7" in text(page.one("header"))


def test_nothing_that_anybody_said_is_markup(drawn: Any) -> None:
    page = drawn(evil())
    assert not page.all("img")
    assert not page.all("script")
    assert not page.all("b")
    assert not [
        each for each in page.all() if any(name.startswith("on") for name in each.attributes)
    ]
    assert page.one("h1").text == printable(EVIL)
    assert page.one("title").text == printable(EVIL)
    assert page.one(class_="final").one("mark").text == printable(EVIL)
    assert f"Evidence for {printable(EVIL)} that is not in the text" in page.text
    assert not any("49" in each.text for each in page.all(class_="talk"))  # what {{ 7*7 }} would be


def test_the_page_may_load_nothing_and_run_nothing(drawn: Any) -> None:
    page = drawn(evil())
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    style = page.one("style").text
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "script-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    for each in page.all():
        assert not each.attributes.keys() & {"src", "srcset", "action", "style", "data"}
        assert each.attributes.get("href", "#").startswith("#")
    assert "url(" not in style
    metas = {
        each.attributes.get("name"): each.attributes["content"]
        for each in page.all("meta")
        if "content" in each.attributes
    }
    assert metas["generator"] == "the-mark"


def test_ids_are_unique(drawn: Any) -> None:
    ids = [each.attributes["id"] for each in drawn(session()).all() if "id" in each.attributes]
    assert len(ids) == len({*ids})
    assert all(re.fullmatch(r"[\w-]+", each) for each in ids)
