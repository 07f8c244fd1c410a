"""`interviewer guide list`, `search`, `check` and `show`, as a user types them."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.guides.samples import put
from tests.test_journeys import Shell

SHIPPED = "failed-as-a-product-manager"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def own(shell: Shell) -> Path:
    """The user's own folder, with three guides in it."""
    folder = shell.home / "data" / "interviewer" / "guides"
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


def guide(shell: Shell, *args: str | Path) -> "CompletedProcess[str]":
    return shell.run("guide", *args, XDG_DATA_HOME=str(shell.home / "data"))


def test_guides_are_listed_by_kind_with_their_marks(shell: Shell, own: Path) -> None:
    done = guide(shell, "list")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    head = f"{SHIPPED}  (yours, in place of {SHIPPED})"
    assert lines.index("behavioural") < lines.index(head)
    assert lines[lines.index(head) + 1] == "    What was your worst week?"
    assert "estimate-tea  (senior, draft, yours)" in lines
    remedy = f"can't be used; interviewer guide check {own / 'broken.md'}"
    assert lines[-2:] == ["broken", f"    {remedy}"]


@pytest.mark.usefixtures("own")
def test_filters_choose_what_is_listed(shell: Shell) -> None:
    rows = json.loads(guide(shell, "list", "--kind", "estimation", "--json").stdout)
    assert [row["id"] for row in rows if row["own"]] == ["estimate-tea"]
    rows = json.loads(guide(shell, "list", "--drafts", "--json").stdout)
    assert [row["id"] for row in rows] == ["estimate-tea"]
    assert rows[0]["level"] == "senior"
    assert rows[0].keys() >= {"question", "file", "fault", "kind", "competencies", "related"}


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("flags", "values"),
    [
        (("--kind", "nonsense"), "behavioural, "),
        (("--competency", "nonsense"), "honesty"),
        (
            ("--kind", "estimation", "--competency", "nonsense"),
            "among those with --kind estimation",
        ),
    ],
)
def test_a_filter_that_no_guide_meets_names_the_values_there_are(
    shell: Shell, flags: tuple[str, ...], values: str
) -> None:
    done = guide(shell, "list", *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert values in done.stderr


def test_without_drafts_there_are_none_to_list(shell: Shell) -> None:
    done = guide(shell, "list", "--drafts")
    assert done.returncode == 2
    assert "interviewer guide new" in done.stderr


@pytest.mark.usefixtures("own")
def test_a_search_shows_the_place_where_words_stand(shell: Shell) -> None:
    done = guide(shell, "search", "kettles")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "estimate-tea  (senior, draft, yours)",
        "    How much tea is drunk in Leeds on a Monday?",
        "    tip Be Brief: A kettle holds two litres.",
    ]
    (row,) = json.loads(guide(shell, "search", "kettles", "--json").stdout)
    assert row["places"] == [
        {"part": "tip", "name": "Be Brief", "snippet": "A kettle holds two litres."}
    ]
    assert row["score"] > 0


def test_a_search_for_what_nobody_says_exits_1(shell: Shell) -> None:
    done = guide(shell, "search", "zebra\x1b[31m")
    assert (done.returncode, done.stdout) == (1, "")
    assert "interviewer guide list" in done.stderr
    assert "\x1b" not in done.stderr
    assert json.loads(guide(shell, "search", "zebra", "--json").stdout) == []


@pytest.mark.usefixtures("own")
def test_a_search_says_when_no_guide_has_all_words_and_when_there_are_more(shell: Shell) -> None:
    done = guide(shell, "search", "kettle", "zebra")
    assert "no guide has all of these words" in done.stderr
    done = guide(shell, "search", "honesty", "-n", "1")
    assert done.stdout.count("Honesty") == 1
    assert "more: -n 0" in done.stderr


def test_notes_fail_only_where_it_is_strict(shell: Shell, own: Path) -> None:
    done = guide(shell, "check", own / "estimate-tea.md")
    assert done.returncode == 0
    path = own / "estimate-tea.md"
    assert f"{path}: fine (1 goals, 1 steps, 0 examples, 1 tips)" in done.stdout
    assert f"{path}: note: marked as a draft; " in done.stdout
    assert "docs/guides.md" in done.stderr
    assert guide(shell, "check", "--strict", "estimate-tea").returncode == 1


def test_guides_that_are_checked_together_know_each_others_questions(
    shell: Shell, tmp_path: Path
) -> None:
    one = put(tmp_path, "one", "Why so?", related="How so?")
    two = put(tmp_path, "two", "How so?", related="Why so?")
    assert "no guide asks" in guide(shell, "check", one).stdout
    assert "no guide asks" not in guide(shell, "check", one, two).stdout


def test_without_a_file_all_guides_are_checked(shell: Shell, own: Path) -> None:
    done = guide(shell, "check")
    assert done.returncode == 1
    assert "broken.md:1: found no goals" in done.stderr
    assert f"{own / 'estimate-tea.md'}: fine" in done.stdout
    assert "general-job-interview.md: fine" in done.stdout


def test_the_related_questions_of_a_guide_are_shown_with_the_guides_that_ask_them(
    shell: Shell, own: Path
) -> None:
    put(own, "next", "What then?", front="kind: odd", related="What was your worst week?\nAnd so?")
    done = guide(shell, "show", "next")
    assert f"What was your worst week?  [{SHIPPED}]" in done.stdout
    assert "  And so?" in [line.rstrip() for line in done.stdout.splitlines()]
    assert "kind: odd" in done.stdout


def test_a_guide_is_found_by_its_id_as_well_as_by_its_name(shell: Shell, own: Path) -> None:
    (own / "estimate-tea.md").rename(own / "tea.md")
    put(own, "tea", "How much tea?", front="id: estimate-tea")
    for name in ("tea", "estimate-tea"):
        assert (
            json.loads(guide(shell, "show", name, "--json").stdout)["question"] == "How much tea?"
        )
