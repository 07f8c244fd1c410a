"""`interviewer replay` where there is no terminal."""

from pathlib import Path

import pytest

from interviewer.cli import app as cli
from interviewer.transcript import load_transcript
from tests.terminal.replays import ENTRIES, HEADER
from tests.transcript.files import transcript_file

SAMPLE = Path(__file__).parents[1] / "transcripts" / "sample-complete-answer.jsonl"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return transcript_file(tmp_path / "saved.jsonl", HEADER, ENTRIES)


class Shell:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys

    def replay(self, *args: str | Path) -> tuple[int, str, str]:
        """Return the exit code, stdout and stderr."""
        self._patch.setattr("sys.argv", ["interviewer", "replay", *map(str, args)])
        code = cli.run()
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err


@pytest.fixture
def shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Shell:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    return Shell(monkeypatch, capsys)


def test_out_of_a_terminal_it_is_printed_at_once(shell: Shell, saved: Path) -> None:
    code, out, err = shell.replay(saved)

    assert (code, err) == (0, "")
    assert out.startswith("Mock interview\n")
    assert "\x1b" not in out
    for words in ("Hello there.", "You · 0:25", "final answer", "│ “Last year", "What to work on"):
        assert words in out


def test_a_real_session_is_printed_with_all_that_was_said(shell: Shell) -> None:
    _, out, _ = shell.replay(SAMPLE, "--no-timing")

    flat = " ".join(out.split())
    for event in load_transcript(SAMPLE).events:
        if event.event in {"answer", "probe", "question", "closing"}:
            assert " ".join(event.model_dump()["text"].split()) in flat


@pytest.mark.parametrize(
    ("flags", "there", "gone"),
    [
        (["--only", "probes"], ["your part in it"], ["Hello", "untested", "Criteria"]),
        (["--only", "answers"], ["It went wrong", "untested", "40 orders"], ["Hello", "Criteria"]),
        (["--only", "grade"], ["Criteria"], ["Hello there", "untested"]),
        (["--from", "2"], ["your part in it", "Criteria"], ["Hello there", "It went wrong"]),
        (["--to", "1"], ["It went wrong"], ["your part in it", "Criteria"]),
        (["--from", "2", "--to", "2"], ["untested"], ["It went wrong", "40 orders"]),
    ],
)
def test_a_part_can_be_chosen(
    shell: Shell, saved: Path, flags: list[str], there: list[str], gone: list[str]
) -> None:
    code, out, _ = shell.replay(saved, *flags)

    assert code == 0
    for words in there:
        assert words in out
    for words in gone:
        assert words not in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "name files, or --last, or --pick"),
        (["saved.jsonl", "--last"], "one of the three"),
        (["--pick"], "needs a terminal"),
        (["saved.jsonl", "--from", "9"], "saved.jsonl: there are no turns from 9"),
        (["saved.jsonl", "--idle-limit", "soon"], "is no duration"),
        (["saved.jsonl", "--idle-limit", "9" * 400], "is no duration"),
        (["saved.jsonl", "--speed", "0"], "--speed"),
        (["saved.jsonl", "--speed", "nan"], "'nan' is no number"),
        (["saved.jsonl", "--only", "fun"], "--only"),
    ],
)
def test_wrong_usage_says_what_is_right(
    shell: Shell,
    saved: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(saved.parent)

    code, out, err = shell.replay(*args)

    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("limit", ["2", "2s", "0.5s", "500ms", "1m", "1 min"])
def test_durations_are_written_in_many_ways(shell: Shell, saved: Path, limit: str) -> None:
    assert shell.replay(saved, "--idle-limit", limit)[0] == 0


def test_the_last_is_the_newest_that_can_be_read(shell: Shell, tmp_path: Path) -> None:
    transcript_file(tmp_path / "2026-11-01-093000-x.jsonl", HEADER, ENTRIES[:2])
    newest = transcript_file(tmp_path / "2026-11-02-093000-x.jsonl", HEADER, ENTRIES)
    newest.write_bytes(newest.read_bytes()[:-9])
    (tmp_path / "2026-11-03-093000-x.jsonl").write_text("foreign", encoding="utf-8")

    code, out, err = shell.replay("--last", "--transcripts", tmp_path)

    assert code == 0
    assert "Criteria" in out
    assert f"{newest}:12: " in err


def test_where_nothing_is_saved_it_says_what_to_do(shell: Shell, tmp_path: Path) -> None:
    code, _, err = shell.replay("--last", "--transcripts", tmp_path / "none")

    assert code == 1
    assert "there is no interview to replay" in err
    assert "interviewer chat" in err


def test_what_is_wrong_with_a_file_is_told_by_line_and_the_rest_is_shown(
    shell: Shell, saved: Path
) -> None:
    lines = saved.read_text(encoding="utf-8").splitlines()
    lines[3] = "nonsense"
    saved.write_text("\n".join(lines), encoding="utf-8")

    code, out, err = shell.replay(saved)

    assert code == 0
    assert f"{saved}:4: the line is not JSON" in err
    assert "What was your part in it?" in out


def test_of_several_files_those_that_can_be_read_are_shown(
    shell: Shell, saved: Path, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text("foreign", encoding="utf-8")

    code, out, err = shell.replay(foreign, saved, saved)

    assert code == 1
    assert out.count("Mock interview") == 2
    assert f"{foreign}:1: not a transcript" in err


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_a_clear_error(
    shell: Shell, tmp_path: Path, name: str
) -> None:
    code, out, err = shell.replay(tmp_path / name)

    assert (code, out) == (1, "")
    assert err.startswith("error: ")
