"""What is listed of a folder."""

import os
import random
from pathlib import Path

import pytest

import interviewer.library.index as index_module
import interviewer.library.reading as reading
from interviewer.errors import TranscriptError
from interviewer.events import (
    Answer,
    Begun,
    End,
    Event,
    Final,
    Invitation,
    Note,
    Passed,
    Question,
    Regraded,
    Request,
    Reviewed,
)
from interviewer.grade import Calibrated
from interviewer.library import Entry, Fault, Filter, OnScale, Query, entries, look
from interviewer.library.entry import Stamp
from interviewer.library.index import Known
from interviewer.transcript import Plan, Planned, Transcript
from tests.library.samples import START, fresh, header, names, rewrite, session, write

SAMPLES = Path(__file__).parents[2] / "transcripts"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "index.sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sessions"
    made.mkdir()
    return made


def only(folder: Path, index: Path) -> Entry:
    (entry,) = look([folder], index=index).entries
    return entry


def test_a_session_is_listed_with_what_its_transcript_says(folder: Path, index: Path) -> None:
    path = write(folder)

    entry = only(folder, index)

    assert entry.path == path
    assert (entry.id, entry.started_at) == ("session-0", START)
    assert (entry.guide, entry.question) == ("failure", "Tell me about a failure.")
    assert (entry.model, entry.turns, entry.seconds) == ("small", 3, 5.0)
    assert (entry.overall, entry.criteria) == (3.25, {"owns": 3.25})
    assert (entry.reason, entry.resumable, entry.unreadable) == ("graded", False, 0)
    assert (entry.calibrated, entry.uncertain) == (None, ())


def test_what_comes_from_the_index_is_what_was_read(folder: Path, index: Path) -> None:
    scale = Calibrated(value=4.5, scale=(1, 7), name="raters", plain=3.0)
    write(folder, session(scale=scale, confidence=0.1))
    write(folder, [], day=1)

    assert look([folder], index=index) == look([folder], index=index) == fresh(folder)
    assert look([folder], index=index).entries[1].calibrated == OnScale(4.5, 1, 7)
    assert look([folder], index=index).entries[1].uncertain == ("overall",)


def test_a_folder_that_is_named_twice_is_listed_once(folder: Path, index: Path) -> None:
    write(folder)
    other = folder.parent / "link"
    other.symlink_to(folder)

    assert len(look([folder, other, folder / "." / ".." / folder.name], index=index).entries) == 1


def test_the_shipped_samples_are_listed() -> None:
    found = {entry.name: entry for entry in entries(*SAMPLES.glob("sample-*.jsonl"))}

    thin = found["sample-thin-answer.jsonl"]
    assert (thin.turns, thin.overall, thin.reason) == (4, 2.13, "graded")
    assert thin.seconds == pytest.approx(37.8, abs=0.1)
    assert len(found) == 2


def test_the_newest_session_comes_first_whatever_its_file_is_called(folder: Path) -> None:
    write(folder, day=0).rename(folder / "zzz.jsonl")
    write(folder, day=2).rename(folder / "aaa.jsonl")
    write(folder, day=1).rename(folder / "mmm.jsonl")

    assert [entry.name for entry in entries(folder)] == ["aaa.jsonl", "mmm.jsonl", "zzz.jsonl"]


def test_a_killed_session_is_listed_up_to_its_torn_line(folder: Path, index: Path) -> None:
    path = write(folder, session()[:6])
    path.write_bytes(path.read_bytes() + b'{"at_s": 9, "event":"inv')

    entry = only(folder, index)

    assert (entry.reason, entry.resumable, entry.turns, entry.unreadable) == (None, True, 2, 1)
    assert entry.overall is None


def test_a_last_line_without_its_line_end_counts(folder: Path, index: Path) -> None:
    path = write(folder)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert (only(folder, index).reason, only(folder, index).unreadable) == ("graded", 0)


def test_a_session_that_goes_on_after_it_was_quit_has_not_ended(folder: Path, index: Path) -> None:
    path = write(folder, [Question(text="Why?"), End(reason="quit")])
    assert only(folder, index).reason == "quit"

    transcript, _ = Transcript.resume(path)
    with transcript:
        transcript.add(Answer(text="Because."))

    assert (only(folder, index).reason, only(folder, index).turns) == (None, 1)


def test_a_later_grade_changes_neither_the_end_nor_the_score_nor_the_length(
    folder: Path, index: Path
) -> None:
    path = write(folder)
    before = only(folder, index)
    transcript, _ = Transcript.resume(path)
    with transcript:
        transcript.add(Note(text="graded again"))
        transcript.add(Regraded(at=START, model="large", model_source="flag", overall=5.0))

    assert only(folder, index) == before


def test_turns_are_counted_up_to_the_last_word_of_the_candidate(folder: Path, index: Path) -> None:
    events = session()
    write(folder, events[:2], day=0)
    write(folder, events[:3], day=1)
    write(folder, events[:5], day=2)
    write(folder, [*events[:5], Request(kind="hint", text="/hint")], day=3)
    final = Final(text="kept", kept=True)
    write(folder, [*events[:6], Invitation(text="Please."), final], day=4)

    assert [entry.turns for entry in look([folder], index=index).entries] == [3, 2, 1, 1, 0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b"not json\n", "no header"),
        (b"[1, 2]\n", "no header"),
        (b'{"id": "a", "answer": "rows of another kind"}\n', "no header"),
        (b'{"transcript": true}\n', "no header"),
        (b'{"transcript": 99, "anything": 1}\n', "newer interviewer"),
        (b'{"transcript": 1, "id": "a"}\n', "header is wrong: started_at"),
        (b"\xff\xfe\x00", "no header"),
    ],
)
def test_what_is_no_transcript_is_a_fault_that_says_why(
    folder: Path, index: Path, content: bytes, why: str
) -> None:
    (folder / "odd.jsonl").write_bytes(content)
    write(folder)

    for _ in range(2):
        shelf = look([folder], index=index)
        assert len(shelf.entries) == 1
        (fault,) = shelf.faults
        assert fault.path == folder / "odd.jsonl"
        assert why in fault.what


def test_files_of_other_names_folders_and_pipes_are_passed_over(folder: Path) -> None:
    write(folder).rename(folder / "notes.txt")
    (folder / "folder.jsonl").mkdir()
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "dangling.jsonl").symlink_to(folder / "nowhere")

    assert look([folder]).entries == []
    assert look([folder]).faults == []


def test_a_pipe_that_is_named_is_an_error_and_nobody_waits(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jsonl")
    with pytest.raises(TranscriptError, match="is not a file"):
        entries(folder / "pipe.jsonl")


@pytest.mark.parametrize("name", ["gone.jsonl", "gone/there.jsonl", "nul\0.jsonl"])
def test_a_path_that_does_not_exist_is_an_error(folder: Path, name: str) -> None:
    with pytest.raises(TranscriptError):
        entries(folder / name)


def test_a_file_that_can_t_be_read_is_a_fault(folder: Path, index: Path) -> None:
    (folder / "memory.jsonl").symlink_to("/proc/self/mem")  # reading its beginning is an error
    (fault,) = look([folder], index=index).faults
    assert fault.what.startswith("can't be read: ")


def test_a_folder_that_can_t_be_listed_is_an_error(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(TranscriptError, match="can't be listed: Permission denied"):
        look([folder], index=index)


def test_a_file_that_is_named_twice_is_listed_once(folder: Path) -> None:
    path = write(folder)
    assert len(entries(folder, path, path)) == 1


def test_a_name_that_is_not_utf_8_is_listed(folder: Path, index: Path) -> None:
    write(folder).rename(folder / os.fsdecode(b"caf\xe9.jsonl"))
    write(folder, day=1)
    for _ in range(2):
        assert len(look([folder], index=index).entries) == 2


def test_an_unchanged_file_is_not_read_again(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_SETTLED_NS", 0)
    write(folder)
    (folder / "odd.jsonl").write_bytes(b"no transcript")
    first = look([folder], index=index)

    def unread(path: Path) -> None:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(reading, "read", unread)

    assert look([folder], index=index) == first
    assert names(look([folder], Query.of("orders"), index=index)) == names(first)
    assert look([folder], Query.of("absent"), index=index).entries == []


def test_a_file_that_changed_a_moment_before_it_was_read_is_read_again(folder: Path) -> None:
    stamp = Stamp.of(write(folder).stat())
    second_ns = 10**9
    about = Fault(folder, "a.jsonl", "")

    def row(after_ns: int) -> Known:
        return Known(stamp, stamp.ctime_ns + after_ns, about)

    assert not row(second_ns).holds_for(stamp)
    assert row(10 * second_ns).holds_for(stamp)
    assert not row(-10 * second_ns).holds_for(stamp)  # a time to come
    for field in ("size", "mtime_ns", "ctime_ns", "inode"):
        other = stamp._replace(**{field: getattr(stamp, field) + 1})
        assert not row(10 * second_ns).holds_for(other)


def test_a_change_that_keeps_size_inode_and_modification_time_is_seen(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_SETTLED_NS", 0)
    path = write(folder)
    look([folder], index=index)
    before = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == before:  # the clock of the file system may be coarse
        rewrite(path, b'"overall":3.25', b'"overall":4.25')
    assert only(folder, index).overall == 4.25


@pytest.mark.parametrize("seed", range(2))
def test_the_list_is_right_whatever_happens_to_the_files(
    folder: Path, index: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Far above the tick of a file system's clock, and soon over, so that the index is used.
    monkeypatch.setattr(index_module, "_SETTLED_NS", 50_000_000)
    choose = random.Random(seed)  # noqa: S311

    def come() -> None:
        write(folder, session(choose.choice(["red", "green"])), day=choose.randrange(1000))

    def go(path: Path) -> None:
        path.unlink()

    def change(path: Path) -> None:
        rewrite(path, b'"reason":"graded"', b'"reason":"quit"')

    def be_renamed(path: Path) -> None:
        path.rename(folder / f"{choose.randrange(10)}.jsonl")

    def be_half_written(path: Path) -> None:
        data = path.read_bytes()
        path.write_bytes(data[: choose.randrange(len(data))])

    def be_replaced(path: Path) -> None:
        other = folder / "other.jsonl"
        other.write_bytes(path.read_bytes().replace(b"red", b"blue"))
        other.replace(path)

    for _ in range(18):
        come()
        if files := sorted(folder.glob("*.jsonl")):
            act = choose.choice([go, change, be_renamed, be_half_written, be_replaced])
            act(choose.choice(files))
        assert look([folder], index=index) == fresh(folder)
        words = choose.choice(["red", "green", "blue"])
        found = look([folder], Query.of(words), index=index)
        assert found == fresh(folder, words)


def test_a_header_of_any_length_is_no_reason_to_fail(folder: Path, index: Path) -> None:
    (folder / "long.jsonl").write_bytes(b"x" * 9_000_000)
    assert len(look([folder], index=index).faults) == 1


def test_a_fault_of_one_line_leaves_the_others(folder: Path, index: Path) -> None:
    path = write(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    odd = [b"[]\n", b'{"at_s": -1, "event": "note", "text": ""}\n', b'{"at_s": 1}\n', b"\xff\n"]
    odd += [b'{"at_s": 1, "event": "unheard-of"}\n', b'{"at_s": 1, "event": "answer", "text": 5}\n']
    path.write_bytes(b"".join([lines[0], *odd, *lines[1:]]))

    entry = only(folder, index)

    assert entry.unreadable == len(odd)
    assert (entry.turns, entry.overall, entry.reason) == (3, 3.25, "graded")


def test_a_header_s_started_at_is_compared_across_time_zones(folder: Path, index: Path) -> None:
    first = write(folder, [])
    path = folder / "east.jsonl"
    path.write_bytes(
        first.read_bytes().replace(b"2031-05-08T14:30:00Z", b"2031-05-08T16:00:00+02:00")
    )
    assert header().started_at == START
    assert names(look([folder], index=index)) == [first.name, "east.jsonl"]


def begun(number: int, guide: str) -> Begun:
    about = {"id": guide, "question": f"{guide}?"}
    return Begun(number=number, of=3, at=START, guide={**about}, guide_source=guide)


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ([], None),
        ([End(reason="quit")], "quit"),
        ([Passed(guide="launch", why="x")], None),
        ([Reviewed(reason="done")], "graded"),
    ],
)
def test_a_session_of_several_is_listed_once_with_the_mean_of_its_scores(
    folder: Path, index: Path, last: list[Event], reason: str | None
) -> None:
    plan = Plan(interviews=(Planned(guide="failure"), Planned(guide="conflict")))
    first = header().model_copy(update={"guide": {}, "guide_source": "", "plan": plan})
    with Transcript.create(folder, first) as transcript:
        for number, (guide, score) in enumerate({"failure": 2.0, "conflict": 3.0}.items(), start=1):
            for event in [begun(number, guide), *session(overall=score)]:
                transcript.add(event)
        for event in last:
            transcript.add(event)

    only(folder, index)
    entry = only(folder, index)  # of the index now

    assert (entry.guide, entry.guides) == ("session", ("failure", "conflict"))
    assert entry.question == "failure?; conflict?"
    assert (entry.overall, entry.criteria, entry.turns) == (2.5, {}, 6)
    assert (entry.reason, entry.resumable) == (reason, reason in {None, "quit"})
    assert entry.unreadable == 0
    assert Filter(guide="conf").of([entry]) == [entry]
    assert Filter(guide="launch").of([entry]) == []
