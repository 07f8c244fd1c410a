from pathlib import Path

import pytest
from rich.console import Console

from interviewer.errors import TranscriptError
from interviewer.terminal import watching
from interviewer.terminal.picking import pick_transcript


def test_without_keys_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(force_terminal=True, width=80, _environ={"TERM": "xterm"})
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    monkeypatch.setattr(watching, "_has_terminal", lambda: True)
    assert watching.can_watch(screen)
    monkeypatch.setattr(watching, "_has_terminal", lambda: False)
    assert not watching.can_watch(screen)


def test_a_folder_without_any_transcript_gives_nothing_to_pick(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(TranscriptError, match="no interview to replay"):
        pick_transcript([foreign], tmp_path)
