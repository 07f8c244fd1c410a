"""`interviewer guide list`, `search`, `check` and `show`, as a user types them."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

import interviewer.bank
import interviewer.cli.guide
import interviewer.shipped
from interviewer.errors import InterviewerError
from interviewer.shipped import shipped_guides_folder
from tests.guides.samples import put

SHIPPED = "failed-as-a-product-manager"
GENERAL = "general-job-interview"


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(autouse=True)
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two guides ship, and the user's data be in a folder of the test's."""
    theirs = tmp_path / "shipped"
    theirs.mkdir()
    for name in (SHIPPED, GENERAL):
        text = (shipped_guides_folder() / f"{name}.md").read_text(encoding="utf-8")
        (theirs / f"{name}.md").write_text(text, encoding="utf-8")
    for module in (interviewer.bank, interviewer.shipped):
        monkeypatch.setattr(module, "shipped_guides_folder", lambda: theirs)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The user's own folder, with three guides in it."""
    folder = tmp_path / "data" / "interviewer" / "guides"
    put(
        folder,
        "estimate-tea",
        "How much tea is drunk in Leeds on a Monday?",
        front="kind: estimation\nlevel: senior\ndraft: true",
        tip="A kettle holds two litres.",
    )
    put(folder, SHIPPED, "What was your worst week?", front="kind: behavioural")
    (folder / "broken.md").write_text("Why?\n", encoding="utf-8")
    return folder


def guide(*args: str | Path) -> Done:
    done = CliRunner().invoke(interviewer.cli.guide.guide, [str(each) for each in args])
    if isinstance(done.exception, InterviewerError):
        return Done(done.exception.exit_code, done.stdout, str(done.exception))
    return Done(done.exit_code, done.stdout, done.stderr)


def test_guides_are_listed_by_kind_with_their_marks(own: Path) -> None:
    done = guide("list")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    head = f"{SHIPPED}  (yours, in place of {SHIPPED})"
    assert lines.index("behavioural") < lines.index(head)
    assert lines[lines.index(head) + 1] == "    What was your worst week?"
    assert "estimate-tea  (senior, draft, yours)" in lines
    remedy = f"can't be used; interviewer guide check {own / 'broken.md'}"
    assert lines[-2:] == ["broken", f"    {remedy}"]


@pytest.mark.usefixtures("own")
def test_filters_choose_what_is_listed() -> None:
    rows = json.loads(guide("list", "--kind", "estimation", "--json").stdout)
    assert [row["id"] for row in rows if row["own"]] == ["estimate-tea"]
    rows = json.loads(guide("list", "--drafts", "--json").stdout)
    assert [row["id"] for row in rows] == ["estimate-tea"]
    assert rows[0]["level"] == "senior"
    assert rows[0].keys() >= {"question", "file", "fault", "kind", "competencies", "related"}


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("flags", "values"),
    [
        (("--kind", "nonsense"), "behavioural"),
        (("--competency", "nonsense"), "honesty"),
        (
            ("--kind", "estimation", "--competency", "nonsense"),
            "among those with --kind estimation",
        ),
    ],
)
def test_a_filter_that_no_guide_meets_names_the_values_there_are(
    flags: tuple[str, ...], values: str
) -> None:
    done = guide("list", *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert values in done.stderr


def test_without_drafts_there_are_none_to_list() -> None:
    done = guide("list", "--drafts")
    assert done.returncode == 2
    assert "interviewer guide new" in done.stderr


@pytest.mark.usefixtures("own")
def test_a_search_shows_the_place_where_words_stand() -> None:
    done = guide("search", "kettles")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "estimate-tea  (senior, draft, yours)",
        "    How much tea is drunk in Leeds on a Monday?",
        "    tip Be Brief: A kettle holds two litres.",
    ]
    (row,) = json.loads(guide("search", "kettles", "--json").stdout)
    assert row["places"] == [
        {"part": "tip", "name": "Be Brief", "snippet": "A kettle holds two litres."}
    ]
    assert row["score"] > 0


def test_a_search_for_what_nobody_says_exits_1() -> None:
    done = guide("search", "zebra\x1b[31m")
    assert (done.returncode, done.stdout) == (1, "")
    assert "interviewer guide list" in done.stderr
    assert "\x1b" not in done.stderr
    assert json.loads(guide("search", "zebra", "--json").stdout) == []


@pytest.mark.usefixtures("own")
def test_a_search_says_when_no_guide_has_all_words_and_when_there_are_more() -> None:
    done = guide("search", "kettle", "zebra")
    assert "no guide has all of these words" in done.stderr
    done = guide("search", "honesty", "-n", "1")
    assert done.stdout.count("Honesty") == 1
    assert "more: -n 0" in done.stderr


def test_notes_fail_only_where_it_is_strict(own: Path) -> None:
    done = guide("check", own / "estimate-tea.md")
    assert done.returncode == 0
    path = own / "estimate-tea.md"
    assert f"{path}: fine (1 goals, 1 steps, 0 examples, 1 tips)" in done.stdout
    assert f"{path}: note: marked as a draft; " in done.stdout
    assert "docs/guides.md" in done.stderr
    assert guide("check", "--strict", "estimate-tea").returncode == 1


def test_guides_that_are_checked_together_know_each_others_questions(tmp_path: Path) -> None:
    one = put(tmp_path, "one", "Why so?", related="How so?")
    two = put(tmp_path, "two", "How so?", related="Why so?")
    assert "no guide asks" in guide("check", one).stdout
    assert "no guide asks" not in guide("check", one, two).stdout


def test_without_a_file_all_guides_are_checked(own: Path) -> None:
    done = guide("check")
    assert done.returncode == 1
    assert "broken.md:1: found no goals" in done.stderr
    assert f"{own / 'estimate-tea.md'}: fine" in done.stdout
    assert "general-job-interview.md: fine" in done.stdout


def test_the_related_questions_of_a_guide_are_shown_with_the_guides_that_ask_them(
    own: Path,
) -> None:
    put(own, "next", "What then?", front="kind: odd", related="What was your worst week?\nAnd so?")
    done = guide("show", "next")
    assert f"What was your worst week?  [{SHIPPED}]" in done.stdout
    assert "  And so?" in [line.rstrip() for line in done.stdout.splitlines()]
    assert "kind: odd" in done.stdout


def test_a_guide_is_found_by_its_id_as_well_as_by_its_name(own: Path) -> None:
    (own / "estimate-tea.md").rename(own / "tea.md")
    put(own, "tea", "How much tea?", front="id: estimate-tea")
    for name in ("tea", "estimate-tea"):
        assert json.loads(guide("show", name, "--json").stdout)["question"] == "How much tea?"
