from pathlib import Path

from interviewer.report.review import review_html, review_page
from interviewer.review import Review
from tests.planning.reviews import whole
from tests.report.reading import Element, read

EVIL = "</svg></script><img src=x onerror=alert(1)> & 'y' \u202e\x07"


def page(folder: Path, review: Review) -> Element:
    file = folder / "review.html"
    file.write_text("".join(review_page(review)), encoding="utf-8")
    return read(file)


def test_the_page_says_all_that_the_review_holds(tmp_path: Path) -> None:
    said = " ".join(page(tmp_path, whole()).text.split())
    for part in (
        "Review of the session 3 interviews, 2 with a score, 1 skipped, 23 min in all",
        "Customer insight 2.3 from interviews 1 and 2",
        "Best story B? Interview 2: 4.2 of 5 I phoned Braga.",
        "Interviews 1 and 2 tell the same story.",
        "Mon 16 Jun Tell me about a failure. interviewer chat own 20 min.",
    ):
        assert part in said


def test_the_page_stands_alone_and_runs_nothing(tmp_path: Path) -> None:
    found = page(tmp_path, whole())
    assert not found.all("script")
    assert not found.all("link")
    assert "default-src 'none'" in found.all("meta")[1].attributes["content"]


def test_words_from_outside_are_text(tmp_path: Path) -> None:
    found = page(tmp_path, whole(EVIL))
    assert not found.all("img")
    assert "\u202e" not in found.text
    assert "onerror=alert(1)" in found.text


def test_the_section_can_stand_on_another_page() -> None:
    made = review_html(whole())
    assert made.__html__().startswith("<section")
    assert "<html" not in made
