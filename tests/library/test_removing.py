"""Removing takes what belongs to a transcript, and nothing else."""

from pathlib import Path

import pytest

from interviewer.library import look
from interviewer.library.removing import remove
from interviewer.transcript import Transcript
from tests.library.samples import header, session, write

CASSETTES = ["interactions:\n- request:\n", "metadata:\n  recorded_by: '1.0'\nversion: 1\n"]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "index.sqlite"


@pytest.mark.parametrize("cassette", CASSETTES)
def test_a_transcript_goes_with_its_lock_file_and_its_cassette(
    tmp_path: Path, index: Path, cassette: str
) -> None:
    path = write(tmp_path / "sessions")
    (path.parent / f".{path.name}.lock").touch()
    path.with_suffix(".yaml").write_text(cassette, encoding="utf-8")
    other = write(path.parent, day=1)

    done = remove([path], index=index)

    assert [*path.parent.iterdir()] == [other]
    assert done.removed == [path, path.with_suffix(".yaml")]
    assert not done.kept


def test_a_file_that_is_only_called_like_a_cassette_stays(tmp_path: Path, index: Path) -> None:
    path = write(tmp_path)
    path.with_suffix(".yaml").write_text("metadata:\n  goals: mine\n", encoding="utf-8")
    path.with_suffix(".md").write_text("notes", encoding="utf-8")

    remove([path], index=index)

    assert {file.suffix for file in tmp_path.iterdir()} == {".yaml", ".md"}


def test_a_transcript_that_is_being_written_stays(tmp_path: Path, index: Path) -> None:
    with Transcript.create(tmp_path, header()) as transcript:
        other = write(tmp_path, day=1)
        done = remove([transcript.path, other], index=index)

        assert done.removed == [other]
        (error,) = done.kept
        assert "another interviewer is writing" in str(error)
        assert transcript.path.exists()
        assert (tmp_path / f".{transcript.path.name}.lock").exists()


def test_what_is_gone_already_is_told(tmp_path: Path, index: Path) -> None:
    (error,) = remove([tmp_path / "gone.jsonl"], index=index).kept
    assert "gone already" in str(error)


def test_the_index_forgets_what_was_said_at_once(tmp_path: Path, index: Path) -> None:
    path = write(tmp_path / "sessions", session("the abracadabra affair"))
    look([path.parent], index=index)
    assert b"abracadabra" in index.read_bytes()

    remove([path], index=index)

    assert b"abracadabra" not in index.read_bytes()


def test_no_index_is_made_for_a_removal(tmp_path: Path, index: Path) -> None:
    remove([write(tmp_path / "sessions")], index=index)
    assert not index.parent.exists()
