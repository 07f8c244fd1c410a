import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from interviewer.errors import TranscriptError
from interviewer.events import Note
from interviewer.transcript import Transcript, find_last, load_transcript
from tests.transcript.samples import EVENTS, HEADER, write
from tests.warm import Piped

ROOT = Path(__file__).parents[2]


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_what_was_added_is_what_is_loaded(tmp_path: Path) -> None:
    path = write(tmp_path / "new" / "folder", EVENTS)

    recorded = load_transcript(path)

    assert recorded.header == HEADER
    assert recorded.events == EVENTS
    assert recorded.path == path
    assert not recorded.torn
    assert not recorded.resumable


def test_times_start_at_zero_and_go_on_after_a_resume(tmp_path: Path) -> None:
    clock = Clock()
    with Transcript.create(tmp_path, HEADER, clock=clock) as transcript:
        for _ in range(3):
            transcript.add(Note(text="tick"))
            clock.now_s += 1.5
    clock.now_s = 5.0  # another boot
    resumed, _ = Transcript.resume(transcript.path, clock=clock)
    with resumed:
        clock.now_s += 2
        resumed.add(Note(text="tick"))
        clock.now_s = 0.0
        resumed.add(Note(text="a clock that runs backwards"))

    times = [at_s for at_s, _ in load_transcript(transcript.path).entries]

    assert times == [0.0, 1.5, 3.0, 5.0, 0.0]


def test_time_in_which_nobody_could_do_anything_is_not_counted(tmp_path: Path) -> None:
    clock = Clock()
    with Transcript.create(tmp_path, HEADER, clock=clock) as transcript:
        clock.now_s += 1.5
        assert transcript.add(Note(text="one")) == 1.5
        clock.now_s += 20
        transcript.go_on()
        clock.now_s += 2
        assert transcript.add(Note(text="two")) == 3.5


def test_only_the_owner_can_read_it_and_its_name_says_when_and_what(tmp_path: Path) -> None:
    path = write(tmp_path, [])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.name == "2026-11-24-093000-failure.jsonl"


def test_no_lock_file_stays_behind(tmp_path: Path) -> None:
    path = write(tmp_path, EVENTS)

    assert list(tmp_path.iterdir()) == [path]


def test_two_that_start_in_the_same_second_get_two_files(tmp_path: Path) -> None:
    paths = [write(tmp_path, []) for _ in range(3)]

    assert len(set(paths)) == 3
    assert find_last(tmp_path, unfinished=True) == paths[-1]


@pytest.mark.parametrize("name", ["../../evil", "", "ÄÖ / x", "a" * 300])
def test_a_guide_can_name_no_file_outside_the_folder(tmp_path: Path, name: str) -> None:
    header = HEADER.model_copy(update={"guide": {"id": name}})

    assert write(tmp_path, [], header).parent == tmp_path


def test_no_control_sequence_stands_in_the_file(tmp_path: Path) -> None:
    text = write(tmp_path, EVENTS).read_text(encoding="utf-8")

    assert not set(text) & set("\x1b\x9b\x7f\u202e")
    assert "☃" in text


def test_cut_at_any_byte_it_reads_as_a_prefix_and_goes_on(tmp_path: Path) -> None:
    data = write(tmp_path, EVENTS).read_bytes()
    body = data.index(b"\n")
    cut = tmp_path / "cut.jsonl"
    for size in range(body, len(data)):
        cut.write_bytes(data[:size])
        before = load_transcript(cut)
        assert before.events == EVENTS[: len(before.events)]

        resumed, recorded = Transcript.resume(cut)
        with resumed:
            resumed.add(Note(text="on"))

        assert recorded == before
        after = load_transcript(cut)
        added = after.events[len(before.events) :]
        assert added[-1] == Note(text="on")
        assert [isinstance(note, Note) and "torn" in note.text for note in added[:-1]] == (
            [True] if before.torn else []
        )
        assert len(cut.read_bytes().splitlines()) == 1 + len(after.events)


def test_a_killed_process_leaves_what_it_had_written(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from interviewer.events import Note\n"
        "from interviewer.transcript import Header, Transcript\n"
        "header = Header.model_validate_json(sys.argv[2])\n"
        "transcript = Transcript.create(pathlib.Path(sys.argv[1]), header)\n"
        "number = 0\n"
        "while True:\n"
        "    transcript.add(Note(text=f'{number} ' + 'x' * 5000))\n"
        "    number += 1\n"
        "    print(number, flush=True)\n"
    )
    args = ("-c", script, tmp_path, HEADER.model_dump_json())
    with Piped(args, cwd=ROOT, environ=os.environ) as process:
        said = [int(process.stdout.readline()) for _ in range(5)]
        path = next(tmp_path.glob("*.jsonl"))
        with pytest.raises(TranscriptError, match="another interviewer is writing"):
            Transcript.resume(path)
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().split()]

    texts = [event.text for event in load_transcript(path).events if isinstance(event, Note)]
    resumed, _ = Transcript.resume(path)
    resumed.close()

    assert [text.split()[0] for text in texts] == [str(n) for n in range(len(texts))]
    assert len(texts) >= said[-1]


def test_a_file_has_one_writer(tmp_path: Path) -> None:
    with (
        Transcript.create(tmp_path, HEADER) as transcript,
        pytest.raises(TranscriptError, match="another interviewer is writing") as caught,
    ):
        Transcript.resume(transcript.path)

    assert "close it there" in str(caught.value)
    resumed, _ = Transcript.resume(transcript.path)
    resumed.close()


def full_after(size: int) -> Callable[[Transcript, bytes], None]:
    """Return a write that has room for `size` bytes only."""

    def write_some(self: Transcript, data: bytes) -> None:
        self._file.write(data[:size])
        raise OSError(28, "No space left on device")

    return write_some


@pytest.mark.parametrize("size", [0, 10])
def test_a_full_disk_is_a_clear_error_and_tears_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    with Transcript.create(tmp_path, HEADER) as transcript:
        with monkeypatch.context() as patch:
            patch.setattr(Transcript, "_write", full_after(size))
            with pytest.raises(TranscriptError, match="No space left") as caught:
                transcript.add(EVENTS[0])
        transcript.add(EVENTS[1])

    assert "free some space" in str(caught.value)
    assert load_transcript(transcript.path).events == [EVENTS[1]]


def test_a_full_disk_at_the_start_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Transcript, "_write", full_after(3))

    with pytest.raises(TranscriptError, match="No space left"):
        Transcript.create(tmp_path, HEADER)

    assert not list(tmp_path.iterdir())


def test_a_torn_line_that_cannot_be_removed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, EVENTS)
    path.write_bytes(path.read_bytes()[:-9])
    with monkeypatch.context() as patch:
        patch.setattr(Transcript, "_write", full_after(3))
        with pytest.raises(TranscriptError, match="No space left"):
            Transcript.resume(path)

    resumed, _ = Transcript.resume(path)
    resumed.close()
    assert load_transcript(path).events == EVENTS[:-1]


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(TranscriptError, match="can't be written"):
        Transcript.create(tmp_path / "file" / "folder", HEADER)


def test_a_transcript_that_cannot_be_opened_for_writing_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, EVENTS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    data = b"".join(iter_bytes(path))
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "read_bytes", lambda _: data)

    with pytest.raises(TranscriptError, match="Permission denied"):
        Transcript.resume(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def iter_bytes(path: Path) -> Iterator[bytes]:
    descriptor = os.open(path, os.O_RDONLY)
    while chunk := os.read(descriptor, 4096):
        yield chunk
    os.close(descriptor)
