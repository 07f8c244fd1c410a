from pathlib import Path

import pytest

from interviewer.batch.journal import NAME, Journal, Standing, State
from interviewer.batch.requests import Part
from interviewer.errors import DataError

PART = Part(path="round-001/requests-001.jsonl", requests=4, size=400)
HALVES = [PART.model_copy(update={"path": f"half-{each}", "requests": 2}) for each in "ab"]


def reread(folder: Path) -> State:
    journal = Journal(folder)
    journal.close()
    return journal.state


def submitted(folder: Path) -> Journal:
    journal = Journal(folder)
    journal.add("began", address="http://here/v1")
    journal.add("round", round=1, parts=[PART])
    journal.add("uploaded", part=PART.path, file="file-1")
    journal.add("creating", part=PART.path, key="key-1")
    journal.add("created", part=PART.path, batch="batch_1")
    return journal


def test_who_reads_it_knows_what_runs(tmp_path: Path) -> None:
    submitted(tmp_path).close()
    state = reread(tmp_path)
    assert (state.address, state.round, state.rounds) == ("http://here/v1", 1, 1)
    assert state.open == {PART.path: Standing(PART, "file-1", "key-1", "batch_1")}


def test_what_was_collected_is_not_open(tmp_path: Path) -> None:
    journal = submitted(tmp_path)
    journal.add("collected", part=PART.path, batch="batch_1", status="completed", replies=4)
    journal.close()
    assert reread(tmp_path).open == {}


def test_what_was_refused_keeps_its_file_and_gets_another_key(tmp_path: Path) -> None:
    journal = submitted(tmp_path)
    journal.add("refused", part=PART.path)
    journal.close()
    assert reread(tmp_path).open == {PART.path: Standing(PART, "file-1")}


def test_what_was_split_is_open_in_its_halves(tmp_path: Path) -> None:
    journal = submitted(tmp_path)
    journal.add("split", part=PART.path, parts=HALVES)
    journal.close()
    assert list(reread(tmp_path).open) == ["half-a", "half-b"]


def test_a_new_run_counts_its_own_rounds_and_numbers_them_on(tmp_path: Path) -> None:
    journal = submitted(tmp_path)
    journal.add("collected", part=PART.path)
    journal.add("finished")
    assert journal.state.address == ""
    journal.add("began", address="http://there/v1")
    journal.add("round", round=2, parts=[])
    journal.close()
    state = reread(tmp_path)
    assert (state.address, state.round, state.rounds) == ("http://there/v1", 2, 1)


def test_a_torn_last_line_is_taken_back(tmp_path: Path) -> None:
    submitted(tmp_path).close()
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes()[:-9])
    journal = Journal(tmp_path)
    assert journal.state.open[PART.path].batch == ""
    journal.add("created", part=PART.path, batch="batch_1")
    journal.close()
    assert reread(tmp_path).open[PART.path].batch == "batch_1"


def test_a_line_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"hello": 1}\n', encoding="utf-8")
    with pytest.raises(DataError, match="no entry of the journal") as error:
        Journal(tmp_path)
    assert error.value.where.endswith(f"{NAME}:1")
