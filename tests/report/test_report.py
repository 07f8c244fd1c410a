import base64
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from interviewer.batch.rows import BadRow, Row
from interviewer.batch.summary import Pairs, summarize
from interviewer.checks import Turn
from interviewer.errors import DataError
from interviewer.grade import Calibrated, Evidence, Missing
from interviewer.grading.guards import NAMES
from interviewer.report import Limits, write_report
from tests.report.reading import Element, read
from tests.report.samples import RUBRIC, RUBRICS, SAID, failed, graded, many, of, one

EVIL = "</script><img src=x onerror=alert(1)>"


def report(folder: Path, *pairs: tuple[Row | BadRow, object]) -> Element:
    write_report(folder, of(*pairs), RUBRICS)  # type: ignore[arg-type]
    return read(folder / "report.html")


def text(element: Element) -> str:
    return " ".join(element.text.split())


def test_the_page_says_what_was_asked_when_by_which_model_and_how_many(tmp_path: Path) -> None:
    row = BadRow("b", "b.pdf", "")
    when = datetime(2031, 5, 8, 14, 3, tzinfo=UTC)
    write_report(tmp_path, of(one(), (row, failed(row))), RUBRICS, when=when)
    head = text(read(tmp_path / "report.html").one("header", class_="top"))
    assert RUBRIC.question in head
    assert "Answers2 Graded1 Failed1 " in head
    assert "Guide failure · model tiny · 2031-05-08 14:03" in head


def test_words_of_a_candidate_stay_words_wherever_they_stand(tmp_path: Path) -> None:
    """The parser finds no element that is not ours, and the words as they were said."""
    evil = Row(EVIL, EVIL, EVIL + " I asked nobody.")
    evidence = [Evidence(target=EVIL, sentence=1, text=EVIL + " I asked nobody.")]
    bad = BadRow(EVIL, EVIL, EVIL)
    page = report(
        tmp_path,
        (evil, graded(evil, flags=[EVIL, '" onclick="alert(1)'], evidence=evidence, model=EVIL)),
        (bad, failed(bad, EVIL)),
        one("c", (Turn(EVIL, EVIL),)),
    )
    assert not page.all("img")
    assert len(page.all("script")) == 1
    assert not [
        each for each in page.all() if any(name.startswith("on") for name in each.attributes)
    ]
    first, second, third = page.all("article")
    assert first.one("h3").text == EVIL
    assert first.one("mark").text == EVIL + " I asked nobody."
    assert EVIL in [each.text for each in first.all("span", class_="chip")]
    assert f"Failed: {EVIL}" in text(second)
    assert EVIL in third.one("p", class_="asked").text


def test_marks_that_hide_text_are_made_visible(tmp_path: Path) -> None:
    page = report(tmp_path, one("a\u202eb", "I asked \u200bnobody.\x07", evidence=[]))
    article = page.one("article")
    assert article.one("h3").text == "a\ufffdb"
    assert article.one("div", class_="text").text == "I asked \ufffdnobody.\ufffd"


def test_a_page_may_load_nothing_and_run_nothing_but_what_it_names(tmp_path: Path) -> None:
    page = report(tmp_path, one())
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for kind in ("style", "script"):
        source = page.one(kind).text
        digest = base64.b64encode(sha256(source.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    loads = ("src", "srcset", "action", "style", "background", "data", "poster")
    for each in page.all():
        assert not each.attributes.keys() & set(loads)
        assert each.attributes.get("href", "#").startswith("#")
    assert "url(" not in page.one("style").text


def test_evidence_is_marked_in_the_text_and_says_what_it_shows(tmp_path: Path) -> None:
    evidence = [
        Evidence(target="honesty", sentence=2, text="I asked nobody."),
        Evidence(target="context", sentence=1, text="In 2019 I launched a tool in Berlin."),
        Evidence(target="growth", sentence=1, text="In 2019 I launched a tool in Berlin."),
    ]
    article = report(tmp_path, one(evidence=evidence)).one("article")
    assert [each.text for each in article.all("mark")] == [
        "In 2019 I launched a tool in Berlin.",
        "I asked nobody.",
    ]
    badges = [(each.attributes["title"], each.text[-1]) for each in article.all("sup")]
    assert badges == [("Describe the Context", "A"), ("Growth", "2"), ("Honesty", "1")]
    said = re.sub(r" shows [\w ]+: \w", "", article.one("div", class_="text").text)
    assert said == SAID


def test_evidence_that_is_not_in_the_answer_is_shown_beside_it(tmp_path: Path) -> None:
    lost = [Evidence(target="honesty", sentence=1, text="I asked everybody.")]
    article = report(tmp_path, one(evidence=lost)).one("article")
    assert not article.all("mark")
    assert "Evidence for Honesty that is not in the text: I asked everybody." in text(article)


def test_an_interview_shows_questions_and_answers_in_turn(tmp_path: Path) -> None:
    said = (Turn("What happened?", "It was late. It failed."), Turn("And then?", "I asked nobody."))
    evidence = [Evidence(target="honesty", sentence=3, text="I asked nobody.")]
    article = report(tmp_path, one(said=said, evidence=evidence)).one("article")
    talk = [
        (each.attributes["class"], text(each)) for each in article.one("div", class_="said").all()
        if each.attributes.get("class") in ("asked", "text")
    ]  # fmt: skip
    assert talk == [
        ("asked", "Question What happened?"),
        ("text", "It was late. It failed."),
        ("asked", "Question And then?"),
        ("text", "I asked nobody. shows Honesty: 1"),
    ]


def test_a_section_says_scores_steps_flags_and_advice_in_words(tmp_path: Path) -> None:
    said = text(report(tmp_path, one(flags=["be-brief", "not-own"])).one("article"))
    for part in (
        "3.5 of 5",
        "1 Honesty 4.0",
        "2 Growth 2.0?",
        "A Describe the Context covered",
        "B Share the Lesson not covered",
        "Not kept: Be Brief Two minutes are enough.",
        "About somebody else",
        "Share the Lesson. Close on what you learned.",
        "16 words, about 0:07 min aloud",
    ):
        assert part in said


def test_what_could_not_be_judged_says_why_and_is_no_number(tmp_path: Path) -> None:
    missing = [
        Missing(target="overall", reason="a goal could not be judged"),
        Missing(target="growth", reason="the options hold too little"),
    ]
    page = report(
        tmp_path, one(overall=None, criteria={"honesty": 4.0, "growth": None}, missing=missing)
    )
    said = text(page.one("article"))
    assert "No overall score: a goal could not be judged" in said
    assert "Growth \u2013 the options hold too little" in said
    cells = page.one("tbody").all("td", class_="figure")
    assert [each.attributes.get("data-v") for each in cells] == [None, "4.0", None, "16"]


def test_a_calibrated_score_says_whose_scale_it_is_on(tmp_path: Path) -> None:
    found = Calibrated(value=6.2, scale=(1, 7), name="my-raters", plain=3.1)
    said = text(report(tmp_path, one(calibrated=found)).one("article"))
    assert "Calibrated by my-raters: 6.2 on its scale of 1 to 7; 3.1 of 5 before." in said


def test_the_distribution_counts_every_answer_once(tmp_path: Path) -> None:
    scores = (1.0, 1.49, 1.5, 3.0, 4.99, 5.0)
    page = report(tmp_path, *(one(str(at), overall=each) for at, each in enumerate(scores)))
    label = page.one("svg", class_="distribution").attributes["aria-label"]
    counts = [int(n) for n in re.findall(r"(\d+) from", label)]
    assert counts == [2, 1, 0, 0, 1, 0, 0, 2]


def test_the_groups_weakest_points_come_first_with_how_many(tmp_path: Path) -> None:
    page = report(
        tmp_path,
        one("a", steps={"context": True, "lesson": False}, flags=["be-brief", "no-facts"]),
        one("b", steps={"context": True, "lesson": True}, flags=["no-facts"]),
        one("c", steps={"context": True, "lesson": None}, flags=[]),
    )
    cards = {text(each.one("h3")): text(each) for each in page.all("section", class_="card")}
    assert "Share the Lesson 1 of 2 Describe the Context 3 of 3" in cards["Steps least covered"]
    assert "Tells no facts 2 of 3 Not kept: Be Brief 1 of 3" in cards["Commonest flags"]
    assert "Honesty 4.00 ± 0.00 Growth 2.00 ± 0.00" in cards["Criteria"]


def test_answers_to_several_questions_are_told_apart(tmp_path: Path) -> None:
    other = RUBRIC.model_copy(update={"question": "Tell me about a conflict."})
    row = Row("b", "b.txt", SAID, guide="conflict.md")
    pairs = of(one("a"), one("c"), (row, graded(row, guide="conflict")))
    write_report(tmp_path, pairs, RUBRICS | {"conflict.md": other})
    page = read(tmp_path / "report.html")
    assert [each.one("h2").text for each in page.all("section", class_="group")] == [
        RUBRIC.question,
        other.question,
    ]
    assert [each.text for each in page.all("td", class_="guide")] == [
        "failure",
        "failure",
        "conflict",
    ]


def test_a_run_in_which_all_failed_is_a_report_of_reasons(tmp_path: Path) -> None:
    bad = BadRow("b", "b.pdf", "")
    page = report(tmp_path, (bad, failed(bad, "found an encrypted PDF; expected an open one")))
    assert "1 found an encrypted PDF" in text(page.one("section", class_="failures"))
    assert page.one("h1").text == RUBRIC.question


def test_no_answers_at_all_make_a_page_too(tmp_path: Path) -> None:
    assert not report(tmp_path).all("article")


def anchors(page: Element) -> set[str]:
    return {each.attributes["id"] for each in page.all("article")}


@pytest.mark.parametrize("n", [3, 11])
def test_each_row_of_the_table_leads_to_its_section(tmp_path: Path, n: int) -> None:
    files = write_report(tmp_path, many(n), RUBRICS, limits=Limits(whole=3, answers=4))
    pages = {path: read(path) for path in files}
    links = [each.attributes["href"] for each in pages[files[-1]].one("tbody").all("a")]
    assert len(links) == n
    found = {path: anchors(page) for path, page in pages.items()}
    for link in links:
        file, _, anchor = link.partition("#")
        assert anchor in found[(tmp_path / file) if file else files[-1]]
    assert sum(len(each) for each in found.values()) == n


def test_many_answers_are_put_in_pages_of_250(tmp_path: Path) -> None:
    files = write_report(tmp_path, many(1200), RUBRICS)
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [
        *(f"report/page-000{number}.html" for number in range(1, 6)),
        "report.html",
    ]
    sections = [path.read_text(encoding="utf-8").count("<article ") for path in files]
    assert sections == [250, 250, 250, 250, 200, 0]


def test_a_page_leads_to_its_neighbours_and_back(tmp_path: Path) -> None:
    files = write_report(tmp_path, many(9), RUBRICS, limits=Limits(whole=3, answers=3))
    turning = read(files[1]).all("nav", class_="turning")[0]
    assert [each.attributes["href"] for each in turning.all("a")] == [
        "page-0001.html",
        "../report.html",
        "page-0003.html",
    ]
    assert not read(files[1]).all("script")


def test_a_table_that_is_cut_says_so(tmp_path: Path) -> None:
    limits = Limits(whole=3, rows=5, answers=4)
    write_report(tmp_path, many(9), RUBRICS, limits=limits)
    page = read(tmp_path / "report.html")
    assert len(page.one("tbody").all("tr")) == 5
    assert "first 5 of 9; all of them are in grades.csv" in text(
        page.one("section", class_="table")
    )


def test_pages_of_an_earlier_run_are_removed_and_nothing_else(tmp_path: Path) -> None:
    limits = Limits(whole=3, answers=2)
    write_report(tmp_path, many(9), RUBRICS, limits=limits)
    mine = tmp_path / "report" / "page-notes.html"
    mine.write_text("mine", encoding="utf-8")
    write_report(tmp_path, many(4), RUBRICS, limits=limits)
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "page-0001.html",
        "page-0002.html",
        "page-notes.html",
    ]
    mine.unlink()
    write_report(tmp_path, many(3), RUBRICS, limits=limits)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_report_that_breaks_off_leaves_the_one_from_before(tmp_path: Path) -> None:
    before = report(tmp_path, one())

    def broken() -> object:
        yield one()
        raise DataError("can't be read")

    pairs: Pairs = broken  # type: ignore[assignment]
    with pytest.raises(DataError, match="can't be read"):
        write_report(tmp_path, pairs, RUBRICS, summarize(of(one()), RUBRICS))
    assert read(tmp_path / "report.html") == before
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(DataError, match="can't be written"):
        write_report(tmp_path / "out", many(3), RUBRICS)


def test_answers_are_not_held(tmp_path: Path) -> None:
    """While an answer is written, hardly another one is alive."""
    alive: set[int] = set()
    most = 0

    class Counted(str):
        __slots__ = ()

        def __new__(cls, value: str) -> "Counted":
            made = super().__new__(cls, value)
            alive.add(id(made))
            return made

        def __del__(self) -> None:
            alive.discard(id(self))

    def pairs() -> object:
        nonlocal most
        for number in range(300):
            yield one(str(number), Counted(SAID))
            most = max(most, len(alive))

    write_report(tmp_path, pairs, RUBRICS, limits=Limits(whole=100))  # type: ignore[arg-type]
    assert most < 10


def test_every_guard_has_a_name() -> None:
    source = Path(__file__).parents[2] / "interviewer" / "grading"
    code = "".join(path.read_text(encoding="utf-8") for path in source.glob("*.py"))
    assert set(re.findall(r'Flag\(\s*id="([\w-]+)"', code)) == NAMES.keys()
