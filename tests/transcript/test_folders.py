from datetime import timedelta
from pathlib import Path

import pytest

import interviewer.transcript.folders as module
from interviewer.events import End, Event
from interviewer.transcript import default_folder, find_last
from tests.transcript.samples import EVENTS, HEADER, START, write


def test_the_last_is_the_newest_that_can_be_resumed(tmp_path: Path) -> None:
    def at(minutes: int, *events: Event) -> Path:
        header = HEADER.model_copy(update={"started_at": START + timedelta(minutes=minutes)})
        return write(tmp_path, list(events), header)

    assert find_last(tmp_path / "none", unfinished=False) is None
    at(0, EVENTS[0])
    quit_ = at(1, EVENTS[0], End(reason="quit"))
    resumed_and_graded = at(2, End(reason="quit"), End(reason="graded"))
    (tmp_path / "zzz.jsonl").write_text("foreign", encoding="utf-8")
    (tmp_path / "2027-01-01-000000-x.jsonl").write_text("foreign", encoding="utf-8")

    assert find_last(tmp_path, unfinished=True) == quit_
    assert find_last(tmp_path, unfinished=False) == resumed_and_graded


def test_a_checkout_saves_in_itself_and_everything_else_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root = tmp_path / "checkout"
    (root / "interviewer").mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(root / "interviewer" / "transcript" / "folders.py"))
    of_the_user = tmp_path / "data" / "interviewer" / "transcripts"

    assert default_folder(root) == of_the_user  # no pyproject.toml
    project = root / "pyproject.toml"
    project.write_text('[project]\nname = "interviewer"\n', encoding="utf-8")
    assert default_folder(root / "interviewer") == root / "transcripts"
    assert default_folder(tmp_path) == of_the_user
    project.write_text('[project]\nname = "other"\n', encoding="utf-8")
    assert default_folder(root) == of_the_user
    project.write_text("no toml [", encoding="utf-8")
    assert default_folder(root) == of_the_user
