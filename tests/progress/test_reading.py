from pathlib import Path

from interviewer.events import Graded
from interviewer.progress.reading import Sessions
from interviewer.transcript import Transcript
from tests.progress.samples import grade, header


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


def test_a_session_that_played_a_cassette_says_nothing_about_the_candidate(tmp_path: Path) -> None:
    write(tmp_path, 1)
    played = header(2).model_copy(update={"options": {"cassette": "played"}})
    with Transcript.create(tmp_path, played) as transcript:
        transcript.add(Graded(**grade()))
    sessions = Sessions(tmp_path, samples=True)
    assert (len(list(sessions)), sessions.played) == (1, 1)


def test_a_simulated_session_says_nothing_about_anybody(tmp_path: Path) -> None:
    write(tmp_path, 1)
    played = header(2).model_copy(update={"options": {"simulated": "thin"}})
    with Transcript.create(tmp_path, played) as transcript:
        transcript.add(Graded(**grade()))
    sessions = Sessions(tmp_path, samples=True)
    assert (len(list(sessions)), sessions.simulated) == (1, 1)
