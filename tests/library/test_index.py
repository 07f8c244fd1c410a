"""The index may be deleted, damaged, locked or shared: lists are right all the same."""

import os
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import pytest
from filelock import FileLock

import interviewer.library.index as index_module
from interviewer.library import Query, look
from interviewer.library.index import Index
from interviewer.transcript import SCHEMA
from tests.library.samples import fresh, names, session, write

RED = Query.of("red")


@pytest.fixture(autouse=True)
def _all_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was just written be taken from the index: it is what these tests are about."""
    monkeypatch.setattr(index_module, "_SETTLED_NS", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sessions"
    for day in range(12):
        write(made, session("red" if day % 3 else "green"), day=day)
    (made / "odd.jsonl").write_bytes(b"no transcript")
    return made


@pytest.fixture
def index(tmp_path: Path, folder: Path) -> Path:
    made = tmp_path / "cache" / "index.sqlite"
    look([folder], index=made)
    return made


def is_right(folder: Path, index: Path) -> bool:
    """Tell whether both ways to look find the same as without an index."""
    everything, red = look([folder], index=index), look([folder], RED, index=index)
    return everything == fresh(folder) and red == fresh(folder, "red")


def known(index: Path, folder: Path) -> int:
    return len(Index(index, schema=SCHEMA).known(folder, None))


def test_the_index_knows_all_files_once_they_were_listed(folder: Path, index: Path) -> None:
    assert known(index, folder) == 13


def test_it_may_be_deleted(folder: Path, index: Path) -> None:
    index.unlink()
    assert is_right(folder, index)
    assert known(index, folder) == 13


@pytest.mark.parametrize(
    "content",
    [b"", b"no database at all", b"SQLite format 3\0" + bytes(80), b"SQLite format 3\0" * 500],
    ids=["empty", "text", "only a header", "a header again and again"],
)
def test_what_is_no_database_is_made_anew(folder: Path, index: Path, content: bytes) -> None:
    index.write_bytes(content)
    assert is_right(folder, index)
    assert known(index, folder) == 13


def test_an_index_of_another_version_is_made_anew(folder: Path, index: Path) -> None:
    with sqlite3.connect(index) as database:
        database.execute("PRAGMA user_version = 7")
        database.execute("DROP TABLE said")
    database.close()
    assert is_right(folder, index)
    assert known(index, folder) == 13


def test_an_index_that_lacks_a_table_is_made_anew(folder: Path, index: Path) -> None:
    with sqlite3.connect(index) as database:
        database.execute("DROP TABLE sessions")
    database.close()
    assert is_right(folder, index)
    assert known(index, folder) == 13


def test_rows_of_another_making_are_made_anew(folder: Path, index: Path) -> None:
    with sqlite3.connect(index) as database:
        packed = b'["a.jsonl", 1]'
        database.execute("UPDATE sessions SET packed = ?, crc = ?", (packed, crc32(packed)))
    database.close()
    assert is_right(folder, index)
    assert known(index, folder) == 13


def test_a_damaged_index_never_makes_a_list_wrong(folder: Path, index: Path) -> None:
    whole = index.read_bytes()
    everything, red = fresh(folder), fresh(folder, "red")
    for seed in range(30):
        choose = random.Random(seed)  # noqa: S311
        data = bytearray(whole)
        for _ in range(choose.choice([1, 3, 30, 300])):
            data[choose.randrange(len(data))] = choose.randrange(256)
        index.write_bytes(data if seed % 4 else data[: choose.randrange(len(data))])
        assert look([folder], RED, index=index) == red, seed
        assert look([folder], index=index) == everything, seed


def test_a_text_of_another_row_is_not_searched(folder: Path, index: Path) -> None:
    with sqlite3.connect(index) as database:
        database.execute("UPDATE said SET text = (SELECT text FROM said LIMIT 1)")
    database.close()
    assert is_right(folder, index)


def test_several_processes_may_write_it_at_once(folder: Path, index: Path) -> None:
    index.unlink()
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: look([folder], index=index), range(12)))
    assert all(shelf == fresh(folder) for shelf in found)
    assert known(index, folder) == 13


def test_an_index_that_another_process_holds_is_done_without(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_PATIENCE_S", 0.01)
    write(folder, session("red again"), day=40)
    with FileLock(f"{index}.lock"):
        assert is_right(folder, index)
    with sqlite3.connect(index) as database:
        database.execute("BEGIN EXCLUSIVE")
        assert is_right(folder, index)
        database.rollback()
    database.close()
    assert known(index, folder) == 13
    assert is_right(folder, index)
    assert known(index, folder) == 14


def test_where_no_index_can_be_written_lists_are_right(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert is_right(folder, tmp_path / "file" / "index.sqlite")
    (tmp_path / "a folder").mkdir()
    assert is_right(folder, tmp_path / "a folder")


def test_only_its_owner_can_read_it(folder: Path, index: Path) -> None:
    assert index.stat().st_mode & 0o077 == 0
    assert index.parent.stat().st_mode & 0o077 == 0


def test_nothing_that_was_said_stays_in_it_once_the_transcript_is_gone(
    folder: Path, index: Path
) -> None:
    path = write(folder, session("the abracadabra affair"), day=50)
    look([folder], index=index)
    assert b"abracadabra" in index.read_bytes()

    path.unlink()
    look([folder], index=index)

    assert b"abracadabra" not in index.read_bytes()


def test_nothing_stays_in_it_of_a_folder_that_is_no_more(
    folder: Path, index: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    path = write(other, session("the abracadabra affair"))
    look([other], index=index)
    path.unlink()
    other.rmdir()

    look([folder], index=index)

    assert b"abracadabra" not in index.read_bytes()
    assert known(index, folder) == 13


def test_folders_do_not_mix(folder: Path, index: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    first = write(other, session("purple"))
    os.link(first, folder / "the same inode.jsonl")

    assert names(look([other], index=index)) == [first.name]
    assert len(look([folder, other], index=index).entries) == 14
    assert names(look([other], Query.of("red"), index=index)) == []


def test_a_folder_is_the_same_by_any_of_its_names(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    shelf = look([Path()], index=index)
    assert known(index, Path("../sessions")) == 13
    assert {entry.path.parent for entry in shelf.entries} == {Path()}
