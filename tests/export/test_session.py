"""A session of several interviews, exported as a whole."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from interviewer.errors import TranscriptError, UsageError
from interviewer.export.account import account_of
from interviewer.export.as_json import object_of, session_object_of
from interviewer.export.drawing import cast_of, svg_of
from interviewer.export.forms import mark_of, target_of
from interviewer.export.session_account import SessionAccount, session_account_of
from interviewer.export.session_markdown import session_markdown_of
from interviewer.export.session_page import session_page_of
from interviewer.review import Review
from interviewer.text import printable
from interviewer.timeline import BREAK_S
from interviewer.transcript import Recorded, interviews_of, load_transcript
from tests.export.samples import EVIL
from tests.report.reading import Element, read
from tests.several import header, held
from tests.test_replay_command import Shell, shell

__all__ = ["shell"]  # a fixture


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return held(tmp_path_factory.mktemp("s"))


@pytest.fixture(scope="module")
def account(whole: Path) -> SessionAccount:
    return session_account_of(load_transcript(whole))


def evil(account: SessionAccount) -> SessionAccount:
    """Return the session with hostile words wherever somebody's words can be."""

    def spoiled(found: Any, key: str = "") -> Any:
        if isinstance(found, dict):
            return {name: spoiled(each, name) for name, each in found.items()}
        if isinstance(found, list):
            return [spoiled(each, key) for each in found]
        return EVIL if key in {"text", "question", "why", "name", "evidence", "shared"} else found

    recorded = account.recorded
    entries = [
        (at_s, type(event).model_validate(spoiled(event.model_dump(mode="json"))))
        for at_s, event in recorded.entries
    ]
    return session_account_of(Recorded(recorded.path, recorded.header, entries, torn=False))


def page(account: SessionAccount, folder: Path) -> Element:
    path = folder / "page.html"
    path.write_text("".join(session_page_of(account, mark="the-mark")), encoding="utf-8")
    return read(path)


def test_the_page_has_the_review_first_and_links_that_lead_to_each_interview(
    account: SessionAccount, tmp_path: Path
) -> None:
    found = page(account, tmp_path)
    ids = [each.attributes["id"] for each in found.all() if "id" in each.attributes]
    sections = [each.attributes["id"] for each in found.all("section", class_="interview")]

    assert len(ids) == len({*ids})
    assert ids.index("review") < ids.index("interview-1") < ids.index("interview-2")
    assert sections == ["interview-1", "interview-2"]
    links = [each.attributes["href"] for each in found.one("section", class_="review").all("a")]
    assert {*links} == {"#interview-1", "#interview-2"}
    for each in found.all("a"):
        assert each.attributes["href"].removeprefix("#") in ids


def test_each_interview_on_the_page_has_headings_and_choices_of_its_own(
    account: SessionAccount, tmp_path: Path
) -> None:
    found = page(account, tmp_path)
    first, second = found.all("section", class_="interview")

    assert "Candour" not in first.text
    assert "Honesty" not in second.text
    names = [{each.attributes["name"] for each in part.all("input")} for part in (first, second)]
    assert names == [{"interview-1-pick"}, {"interview-2-pick"}]
    style = found.one("style").text
    for each in found.all("input"):
        id = each.attributes["id"]
        assert id.endswith("pick-all") or f":has(#{id}:checked)" in style
    levels = [int(each.name[1]) for each in found.all() if each.name in {"h1", "h2", "h3", "h4"}]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert "Because of conflict." in second.text


def test_nothing_that_anybody_said_is_markup_on_the_page(
    account: SessionAccount, tmp_path: Path
) -> None:
    found = page(evil(account), tmp_path)

    assert not [*found.all("img"), *found.all("script"), *found.all("b")]
    assert printable(EVIL) in found.one("nav").text
    assert all(each.attributes["href"].startswith("#") for each in found.all("a"))


def test_markdown_has_the_review_with_links_then_each_interview(account: SessionAccount) -> None:
    text = session_markdown_of(account, mark="m")
    heads = [line for line in text.splitlines() if line.startswith("#")]

    assert text.startswith("<!-- m -->\n\n# A session of 2 questions\n")
    assert [each for each in heads if each.startswith("## ")] == [
        *("## Review of the session", "## Interview 1", "## Interview 2"),
    ]
    assert "1. [Tell me about a time you failed.](#interview-1) (" in text
    assert heads.count("### The conversation") == 2
    assert "- Overall: 4.0 of 5, mean of 2 interviews" in text


def test_hostile_words_are_words_in_markdown(account: SessionAccount) -> None:
    text = session_markdown_of(evil(account), mark="m")

    assert "<script" not in text.replace("\\<", "")
    assert "](http" not in text.replace("\\](", "").replace("]\\(", "")


def test_the_object_holds_the_review_and_an_object_for_each_interview(
    account: SessionAccount,
) -> None:
    found = json.loads(json.dumps(session_object_of(account, mark="m")))
    own = account_of(interviews_of(account.recorded)[1])

    assert Review.model_validate(found["review"]) == account.review
    assert (found["reason"], found["passed"]) == ("done", [])
    assert found["plan"]["interviews"][1] == {"guide": "conflict", "why": "Because of conflict."}
    told = {"number": 2, "of": 2, "why": "Because of conflict."}
    assert found["interviews"][1] == told | object_of(own, mark="m")
    assert [each["id"] for each in found["interviews"]] == ["5e55/1", "5e55/2"]
    scores = [each["grade"]["overall"] for each in found["interviews"]]
    assert found["overall"] == sum(scores) / 2
    assert found["length_s"] == sum(each["length_s"] for each in found["interviews"])


def test_a_recording_plays_all_interviews_and_waits_for_no_break(account: SessionAccount) -> None:
    head, *rest = [json.loads(line) for line in cast_of(account, mark="m")]
    marks = [data for _, code, data in rest if code == "m"]

    assert head["title"] == "A session of 2 questions"
    assert max(after for after, *_ in rest) == BREAK_S
    assert marks[0] == "Interview 1 of 2"
    assert "Turn 2, follow-up: Honesty" in marks
    assert marks[marks.index("Interview 2 of 2") + 1] == "Turn 4, question"
    assert marks[-1] == "Review"


def test_a_picture_holds_every_interview_and_the_review(account: SessionAccount) -> None:
    drawn = svg_of(account, mark="m").replace("&#160;", " ")

    for words in ("Interview 1 of 2", "Interview 2 of 2", "Candour", "Review of the session"):
        assert words in drawn


def test_a_session_that_is_not_over_says_so_in_place_of_a_review(
    account: SessionAccount, tmp_path: Path
) -> None:
    recorded = account.recorded
    entries = recorded.entries[:-1]
    left = session_account_of(Recorded(recorded.path, recorded.header, entries, torn=False))

    assert "The session is not over" in page(left, tmp_path).text
    text = session_markdown_of(left, mark="m")
    assert "2. [Tell me about a conflict.](#interview-2)" in text
    assert session_object_of(left, mark="m")["review"] is None


def test_a_plan_of_which_nothing_was_begun_is_refused_with_what_to_do() -> None:
    empty = Recorded(Path("s.jsonl"), header("failure"), [], torn=False)

    with pytest.raises(TranscriptError, match="no interview of it has begun") as caught:
        session_account_of(empty)
    assert "chat --resume s.jsonl" in caught.value.hint


def test_an_interview_alone_goes_to_a_file_and_has_a_mark_of_its_own(whole: Path) -> None:
    recorded = load_transcript(whole)
    _, second = interviews_of(recorded)

    assert target_of(whole, "md", None, interview=2).name == f"{whole.stem}-interview-2.md"
    assert mark_of(recorded) not in mark_of(second)
    assert mark_of(second) not in mark_of(recorded)


@pytest.mark.parametrize("form", ["md", "html", "json", "cast", "svg"])
def test_every_form_is_written_whole_and_for_one_interview(
    form: str, whole: Path, tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interviewer.cli import app as cli

    for also in ([], ["--interview", "2"]):
        args = ["export", str(whole), "--to", form, "-o", f"{tmp_path}", *also]
        monkeypatch.setattr("sys.argv", ["interviewer", *args])
        assert cli.run() == 0
    both, one = sorted(tmp_path.glob(f"*.{form}"), key=lambda path: -len(path.read_bytes()))
    assert one.stem == f"{both.stem}-interview-2"


def test_an_interview_that_is_not_there_is_named_with_those_that_are(whole: Path) -> None:
    from interviewer.cli.choices import one_of

    with pytest.raises(UsageError, match="2 interviews"):
        one_of(load_transcript(whole), 3)
