import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import interviewer.transcript as module
from interviewer.errors import TranscriptError
from interviewer.events import (
    Answer,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Probe,
    Question,
    Reply,
    Request,
)
from interviewer.transcript import (
    Header,
    Transcript,
    default_folder,
    find_last,
    load_transcript,
)

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HEADER = Header(
    id="7f3a",
    started_at=START,
    interviewer_version="1.0",
    guide={"id": "failure", "question": "Tell me about a failure.", "goals": [{"id": "owns"}]},
    guide_source="failure (ships with interviewer)",
    model="qwen2.5-1.5b",
    model_source="embedded: no address is set",
    options={"level": "senior", "probes": 2},
    prompts={"probe": "0123456789abcdef"},
)
EVENTS: list[Event] = [
    Opening(text="Hello."),
    Question(text="Tell me about a failure."),
    Answer(text="I was late. \N{SNOWMAN} \u202e\x9b\x1b[31m\n\n“Never again.”", seconds=3.5),
    Coverage(p={"owns": 0.25, "damage": None}, gap="owns", reason="lowest"),
    Probe(target="owns", text="Why?", source="model", rejected=["What? (twice)"]),
    Request(kind="hint", text="/hint"),
    Reply(kind="hint", text="Think of one story.", cut=True),
    Invitation(text="Your final answer, please."),
    Final(text="I was late because of me.", kept=False),
    Graded(overall=None, criteria={"owns": 3.5}),
    Closing(text="Thank you."),
    Note(text="a note"),
    End(reason="graded", calls=3),
]


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def write(folder: Path, events: list[Event], header: Header = HEADER) -> Path:
    with Transcript.create(folder, header) as transcript:
        for event in events:
            transcript.add(event)
    return transcript.path


@pytest.fixture(autouse=True)
def _disk_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


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


@pytest.mark.parametrize("name", ["api_key", "OPENAI_API_KEY", "token", "password"])
def test_a_header_takes_no_secret(name: str) -> None:
    with pytest.raises(ValidationError, match="no secrets"):
        Header.model_validate({**HEADER.model_dump(), "options": {name: "sk-1234"}})


def test_a_password_in_an_address_is_left_out() -> None:
    fields = HEADER.model_dump() | {"model_source": "flag --url https://me:pw@host/v1"}

    assert Header.model_validate(fields).model_source == "flag --url https://host/v1"


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


def test_cut_inside_the_header_it_is_an_error(tmp_path: Path) -> None:
    data = write(tmp_path, []).read_bytes()
    cut = tmp_path / "cut.jsonl"
    for size in range(len(data) - 1):
        cut.write_bytes(data[:size])
        with pytest.raises(TranscriptError, match="no header"):
            load_transcript(cut)


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
    command = [sys.executable, "-c", script, str(tmp_path), HEADER.model_dump_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
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


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"nonsense", "not JSON"),
        (b"[1]", "holds no event"),
        (line(event="note", text="x"), "the event is wrong"),
        (line(at_s=-1, event="note", text="x"), "greater than or equal to 0"),
        (b'{"at_s": 1e999, "event": "note", "text": "x"}', "the event is wrong"),
        (line(at_s=0, event="dance"), "dance"),
        (line(at_s=0, event="note", text="x", more=1), "note.more"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: bytes, said: str) -> None:
    path = write(tmp_path, EVENTS[:1])
    path.write_bytes(path.read_bytes() + bad + b"\n" + line(at_s=1, event="note", text="x") + b"\n")

    with pytest.raises(TranscriptError, match=said) as caught:
        load_transcript(path)

    assert str(caught.value).startswith(f"{path}:3: ")


def test_blank_lines_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, EVENTS)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n") + b"  ")

    assert load_transcript(path).events == EVENTS


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (b"", "no header"),
        (b"name,answer", "no header"),
        (b"{}", "no header"),
        (b"[1, 2]", "no header"),
        (b'{"transcript": 2}', "newer interviewer"),
        (b'{"transcript": 1}', "the header is wrong: id: Field required"),
    ],
)
def test_a_foreign_file_is_refused(tmp_path: Path, first: bytes, said: str) -> None:
    path = tmp_path / "foreign.jsonl"
    path.write_bytes(first + b"\n")

    for attempt in (load_transcript, Transcript.resume):
        with pytest.raises(TranscriptError, match=said):
            attempt(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "nul\x00"])
def test_what_cannot_be_read_is_a_clear_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(TranscriptError):
        load_transcript(tmp_path / name)


@given(data=st.binary(max_size=200), headed=st.booleans())
def test_any_bytes_are_a_transcript_or_a_transcript_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes((HEADER.model_dump_json().encode() + b"\n" if headed else b"") + data)
    with contextlib.suppress(TranscriptError):
        load_transcript(path)


@given(
    fields=st.dictionaries(
        st.sampled_from(["at_s", "event", "text", "p", "reason"]),
        st.recursive(
            st.none() | st.integers() | st.floats() | st.just("note"),
            lambda inner: st.lists(inner, max_size=2),
        ),
    )
)
def test_any_json_is_an_event_or_a_transcript_error(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(HEADER.model_dump_json().encode() + b"\n" + line(**fields) + b"\n")
    with contextlib.suppress(TranscriptError):
        load_transcript(path)


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
    monkeypatch.setattr(module, "__file__", str(root / "interviewer" / "transcript.py"))
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
