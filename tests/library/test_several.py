"""A session of several interviews in the list."""

import sqlite3
from pathlib import Path

import pytest

from interviewer.library import Entry, Filter, Query, look
from interviewer.library.as_json import entry_object
from interviewer.library.searching import places
from interviewer.terminal.library_view import LibraryView
from interviewer.terminal.picking import label
from interviewer.transcript import load_transcript, salvage_transcript
from tests.library.samples import NOWHERE
from tests.several import BREAK_S, SAID, held


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("s")
    held(made)
    return made


def only(folder: Path, words: str | None = None) -> Entry:
    (entry,) = look([folder], None if words is None else Query.of(words), index=NOWHERE).entries
    return entry


def test_a_session_is_one_row_that_says_how_far_it_came_and_what_its_score_is(
    folder: Path,
) -> None:
    _, row = LibraryView([only(folder)]).plain()

    assert "4.0 mean of 2" in row
    assert "2 questions: failure, conflict" in row


def test_a_session_that_stopped_says_how_many_of_its_questions_were_asked(tmp_path: Path) -> None:
    held(tmp_path, *SAID[:3], guides=("failure", "conflict", "launch"), wishes=["finish"])
    entry = only(tmp_path)
    _, row = LibraryView([entry]).plain()

    assert "1 of 3 questions: failure" in row
    assert "3.9 mean of 1" in row
    assert entry_object(entry)["interviews"] == {"planned": 3, "begun": 1, "graded": 1}


def test_a_list_of_many_guides_is_cut_between_two(tmp_path: Path) -> None:
    held(tmp_path)
    entry = only(tmp_path)
    many = Entry.unpacked(tmp_path, "s.jsonl", [
        *entry.packed()[:12], ["a-long-name-of-a-guide", "another-long-name", "a-third"], 3, 3, 0,
    ])  # fmt: skip
    _, row = LibraryView([many]).plain()

    assert "3 questions: a-long-name-of-a-guide, another-long-name, and 1 more" in row


def test_a_break_is_no_part_of_its_length(folder: Path) -> None:
    recorded = load_transcript(only(folder).path)

    assert recorded.entries[-1][0] > BREAK_S
    assert only(folder).seconds < 20


@pytest.mark.parametrize("words", ["nobody braga", '"forty of them"', "conflict", "billing"])
def test_a_search_looks_in_all_interviews_of_a_session(folder: Path, words: str) -> None:
    entry = only(folder, words)

    assert places(entry, Query.of(words))


def test_a_place_is_told_by_the_turn_that_replay_counts(folder: Path) -> None:
    (found,) = [
        each for each in places(only(folder), Query.of("conflict")) if each.who != "candidate"
    ]

    assert found.turn == 4


@pytest.mark.parametrize(("least", "found"), [(3.0, 1), (4.04, 1), (4.1, 0)])
def test_a_score_is_asked_for_of_the_mean(folder: Path, least: float, found: int) -> None:
    assert len(Filter(least=least).of([only(folder)])) == found


def test_an_index_of_an_older_version_is_made_anew(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.sqlite"
    look([folder], index=index)
    (expected,) = look([folder], index=index).entries
    with sqlite3.connect(index) as database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {version - 1}")
    database.close()

    assert look([folder], index=index).entries == [expected]
    with sqlite3.connect(index) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (version,)
    database.close()


def test_a_pick_shows_its_questions_and_the_mean(folder: Path) -> None:
    shown = label(salvage_transcript(only(folder).path))

    assert " 5 turns  4.0  2 questions: Tell me about a time you failed. / " in shown
    assert shown.endswith("Tell me about a conflict.")
