import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interviewer.errors import TranscriptError
from interviewer.transcript import Header, Transcript, load_transcript
from tests.transcript.samples import EVENTS, HEADER, write


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
        (b'{"transcript": 4}', "newer interviewer"),
        (b'{"transcript": 3}', "the header is wrong: id: Field required"),
        (b'{"transcript": 2}', "the header is wrong: id: Field required"),
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


def test_cut_inside_the_header_it_is_an_error(tmp_path: Path) -> None:
    data = write(tmp_path, []).read_bytes()
    cut = tmp_path / "cut.jsonl"
    for size in range(len(data) - 1):
        cut.write_bytes(data[:size])
        with pytest.raises(TranscriptError, match="no header"):
            load_transcript(cut)


@pytest.mark.parametrize("name", ["api_key", "OPENAI_API_KEY", "token", "password"])
def test_a_header_takes_no_secret(name: str) -> None:
    with pytest.raises(ValidationError, match="no secrets"):
        Header.model_validate({**HEADER.model_dump(), "options": {name: "sk-1234"}})


def test_a_password_in_an_address_is_left_out() -> None:
    fields = HEADER.model_dump() | {"model_source": "flag --url https://me:pw@host/v1"}

    assert Header.model_validate(fields).model_source == "flag --url https://host/v1"
