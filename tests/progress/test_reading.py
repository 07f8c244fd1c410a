from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interviewer.errors import UsageError
from interviewer.events import Graded
from interviewer.progress.reading import Sessions, parse_since
from interviewer.transcript import Transcript
from tests.progress.samples import grade, header

NOW = datetime(2031, 5, 8, 12, tzinfo=UTC)


def write(folder: Path, number: int) -> Path:
    with Transcript.create(folder, header(number)) as transcript:
        transcript.add(Graded(**grade()))
    return transcript.path


def test_what_can_not_be_read_is_named_and_passed_over(tmp_path: Path) -> None:
    write(tmp_path, 1)
    torn = write(tmp_path, 2)
    torn.write_bytes(torn.read_bytes()[:-40])
    (tmp_path / "results.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\x00\xfe")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    sessions = Sessions(tmp_path, samples=True)
    assert [bool(each.grade) for each in sessions] == [True, False]
    assert [Path(fault.partition(".jsonl")[0]).name for fault in sessions.faults] == [
        "binary",
        "folder",
        "results",
    ]


def test_samples_of_the_project_count_only_where_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path, 1).rename(tmp_path / "sample-one.jsonl")
    assert len(list(Sessions(tmp_path, samples=True))) == 1
    without = Sessions(tmp_path, samples=False)
    assert (list(without), without.samples) == ([], 1)


def test_a_folder_that_is_not_there_has_no_sessions(tmp_path: Path) -> None:
    assert list(Sessions(tmp_path / "none", samples=False)) == []


@pytest.mark.parametrize(
    ("text", "before"), [("30d", timedelta(days=30)), (" 8w ", timedelta(weeks=8))]
)
def test_since_counts_back_days_and_weeks(text: str, before: timedelta) -> None:
    assert parse_since(text, NOW) == NOW - before


def test_since_a_day_means_its_beginning_where_the_candidate_is() -> None:
    assert parse_since("2031-05-01", NOW) == datetime(2031, 5, 1).astimezone()
    assert parse_since("2031-05-01T10:00:00+00:00", NOW) == datetime(2031, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "30", "99999d", "2031-13-01"])
def test_since_anything_else_says_what_is_expected(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_since(text, NOW)
    assert "8w" in caught.value.hint
