"""What is made of a CV and a posting, without a model."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interviewer.background import LONGEST, Background, leaning, projects_of, tidied
from interviewer.bank import Bank, load_bank
from interviewer.shipped import shipped_guides_folder
from tests.papers import CV, EVIL, JOB, LED, MOVED, PLAN, RAN


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank([shipped_guides_folder()])


def projects(text: str) -> tuple[str, ...]:
    return projects_of(Background(cv=text).cv)


def test_a_cv_tells_what_its_owner_did_line_by_line() -> None:
    assert projects(CV) == (MOVED, LED, PLAN, RAN)


@pytest.mark.parametrize(
    "line",
    [
        "Responsible for the roadmap of the billing product",
        "Experienced product manager with nine years in health",
        "Product Manager, ClinicTime, 2021 - 2024",
        "Moved it.",
        "Moved a lot to the " + "x" * 500,
        "mira@example.org, +351 210 555 0199",
        "Moved to where and with whom and why?",
    ],
)
def test_what_is_no_deed_is_none(line: str) -> None:
    assert projects(line) == ()


@pytest.mark.parametrize("mark", ["-", "*", "\u2022", "\u25aa", "\u2013", "o", "1.", "2)", ""])
def test_a_deed_is_one_whatever_its_bullet(mark: str) -> None:
    assert projects(f"{mark} Successfully co-founded a bakery in Porto.") == (
        "Successfully co-founded a bakery in Porto",
    )


@pytest.mark.parametrize(
    "heading", ["EDUCATION", "Education:", "## Skills", "Hobbies and Interests"]
)
def test_what_stands_under_another_heading_is_no_project(heading: str) -> None:
    assert projects(f"{heading}\nClimbed the highest hill of Norway") == ()
    kept = projects(f"{heading}\nClimbed the highest hill\nWork Experience\nLed a team of nine")
    assert kept == ("Led a team of nine",)


@pytest.mark.parametrize(
    "title", ["Training Manager", "Contact Centre Lead", "Head of Tools", "Skills Coach"]
)
def test_a_job_is_no_heading_though_its_title_has_a_word_of_one(title: str) -> None:
    done = "Led the rollout of a scheduling system in 300 clinics"
    assert projects(f"Experience\n\n{title}\nAcme\n- {done}.") == (done,)


def test_a_line_that_the_page_cut_is_whole_again() -> None:
    cut = "Moved all of the three hundred clinics in Portugal to\n\nthe new calendar"
    assert projects(cut) == (
        "Moved all of the three hundred clinics in Portugal to the new calendar",
    )


def test_prose_is_read_sentence_by_sentence() -> None:
    text = "I am a designer. In 2019 I built a tram map for Oslo with two friends. I like maps."
    assert projects(text) == ("In 2019 I built a tram map for Oslo with two friends",)


def test_papers_hold_no_control_characters_and_no_escape_sequences() -> None:
    found = Background(cv=EVIL, job="a\x1b]0;title\x07b\u200b \t c\x9b31m\n\n\n\n\nd").job
    assert found == "ab c31m\n\nd"
    assert not {"\x1b", "\x1e", "\x1d", "\x00", "\u202e"} & set(Background(cv=EVIL).cv)


def test_papers_that_are_too_long_are_refused_with_the_limit() -> None:
    assert len(Background(cv="x" * LONGEST).cv) == LONGEST
    with pytest.raises(ValidationError, match="has 100,001 characters; 100,000 is the most"):
        Background(job="x" * (LONGEST + 1))


@given(st.text(max_size=400))
def test_tidied_text_stays_as_it_is(text: str) -> None:
    assert tidied(tidied(text)) == tidied(text)


@given(st.text(max_size=400))
def test_a_project_is_some_words_of_the_cv(text: str) -> None:
    cv = Background(cv=text).cv
    whole = " ".join(cv.split())
    for each in projects_of(cv):
        assert set(each.split()) <= set(whole.replace(".", " ").split()) | set(whole.split()) | {
            part.strip(" .;,") for part in whole.split()
        }


@pytest.mark.parametrize("text", ["Moved it. " * 10_000, "x" * LONGEST, "- a\n" * 25_000])
def test_the_largest_papers_are_read_at_once(text: str, bank: Bank) -> None:
    background = Background(cv=text[:LONGEST], job=text[:LONGEST])
    assert projects_of(background.cv) == ()
    leaning(background, bank)


def test_the_posting_speaks_for_guides_with_words_of_its_own(bank: Bank) -> None:
    found = leaning(Background(job=JOB), bank)
    assert found.reasons["technical-debt"] == "The posting speaks of debt, technical and work."
    assert found.weights["enter-a-market"] > 0.2
    assert all(0 < each <= 1 for each in found.weights.values())
    assert found.weights.keys() == found.reasons.keys()


def test_what_the_company_says_of_itself_and_offers_speaks_for_nothing(bank: Bank) -> None:
    found = leaning(Background(job=JOB), bank)
    assert "estimate-coffee" not in found.weights
    assert "missed-a-deadline" not in found.weights


def test_what_a_cv_tells_speaks_for_guides_too_but_less(bank: Bank) -> None:
    told = "Disagreed with an engineer over a conflict of data and designs, and lost"
    found = leaning(Background(cv=told), bank)
    assert found.reasons["conflict-with-an-engineer"].startswith("Your CV speaks of ")
    both = leaning(Background(cv=told, job=JOB), bank)
    assert both.weights["technical-debt"] > both.weights.get("conflict-with-an-engineer", 0)


def test_papers_about_nothing_speak_for_nothing(bank: Bank) -> None:
    found = leaning(Background(job="Xyzzy plugh.", cv="Foo"), bank)
    assert not found.weights


def test_an_empty_bank_is_spoken_for_by_nothing(tmp_path: Path) -> None:
    assert not leaning(Background(job=JOB), load_bank([tmp_path])).weights
