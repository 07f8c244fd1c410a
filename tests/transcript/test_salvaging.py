"""Damaged files: whatever is readable is read, all else is told by line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import TranscriptError
from interviewer.events import Answer, End, Note, Question
from interviewer.transcript import Salvaged, load_transcript, salvage_transcript
from tests.transcript.samples import EVENTS, HEADER, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path, EVENTS)


def changed(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> Salvaged:
    """Return what is read of a file whose lines were changed."""
    path.write_bytes(b"\n".join(change(path.read_bytes().splitlines())))
    return salvage_transcript(path)


def told(found: Salvaged) -> list[tuple[int, str]]:
    return [(fault.line, fault.what) for fault in found.faults]


def timed(*events: object) -> list[bytes]:
    """Return lines of events (JSON), a second apart."""
    return [json.dumps({"at_s": n, **event}).encode() for n, event in enumerate(events)]  # type: ignore[dict-item]


def test_a_whole_file_is_read_as_the_strict_reader_does(path: Path) -> None:
    found, strict = salvage_transcript(path), load_transcript(path)

    assert (found.header, found.entries) == (strict.header, strict.entries)
    assert not found.faults
    assert found.events == EVENTS


def test_a_torn_last_line_is_read_as_far_as_it_goes(path: Path) -> None:
    def tear(lines: list[bytes]) -> list[bytes]:
        return [*lines[:3], lines[3][: lines[3].index(b"Never") + 3]]

    found = changed(path, tear)

    assert isinstance(found.events[-1], Answer)
    assert found.events[-1].text.endswith("“Nev")
    assert told(found) == [(4, "the event is read as far as it goes: it breaks off")]


def test_a_torn_line_without_its_text_is_told(path: Path) -> None:
    found = changed(path, lambda lines: [*lines[:3], b'{"at_s": 1, "event":"answ'])

    assert found.events == EVENTS[:2]
    assert told(found) == [(4, "it breaks off: unknown event 'answ'")]


def test_shuffled_lines_are_put_in_the_order_of_their_times(tmp_path: Path) -> None:
    texts = [{"event": "note", "text": str(n)} for n in range(30)]
    lines = [HEADER.model_dump_json().encode(), *timed(*texts)]
    lines = [lines[(7 * n) % 31] for n in range(31)]
    shuffled = tmp_path / "shuffled.jsonl"
    shuffled.write_bytes(b"\n".join(lines))

    found = salvage_transcript(shuffled)

    assert found.header == HEADER
    assert found.events == [Note(text=str(n)) for n in range(30)]
    assert all(
        "before that of a line above" in what or "first line" in what for _, what in told(found)
    )


def test_an_unknown_event_is_left_out_and_told(path: Path) -> None:
    found = changed(path, lambda lines: [*lines, b'{"at_s": 9, "event": "dance"}'])

    assert found.events == EVENTS
    assert told(found) == [(15, "unknown event 'dance'")]


def test_fields_that_nobody_knows_are_left_out_and_told(path: Path) -> None:
    line = b'{"at_s": 9, "event": "note", "text": "x", "colour": "red"}'
    nested = (
        b'{"at_s": 9, "event": "grade", "overall": 2, '
        b'"evidence": [{"target": "owns", "sentence": 1, "text": "x", "by": "me"}]}'
    )
    found = changed(path, lambda lines: [*lines, line, nested])

    assert found.events[-2] == Note(text="x")
    assert found.events[-1].model_dump()["evidence"][0]["text"] == "x"
    assert [line for line, _ in told(found)] == [15, 16]
    assert "note.colour" in told(found)[0][1]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"nonsense", "the line is not JSON"),
        (b"[1]", "the line holds no event"),
        (b'{"a": 1}', "the line holds no event"),
        (b'{"at_s": 1, "event": "note"}', "the event is wrong: note.text"),
        (b"[" * 50_000, "the line is not JSON"),
        (b'{"at_s":' * 50_000, "the line is not JSON"),
        (b"\x00" * 40, "the line is not JSON"),
        (b'{"transcript": "x"}', "the header is wrong"),
    ],
)
def test_a_line_that_is_no_event_is_told_and_the_rest_is_read(
    path: Path, bad: bytes, said: str
) -> None:
    found = changed(path, lambda lines: [*lines[:5], bad, *lines[5:]])

    assert found.events == EVENTS
    ((line, what),) = told(found)
    assert line == 6
    assert what.startswith(said)


@pytest.mark.parametrize("at_s", ["null", "-1", '"soon"', "1e999", "1e300"])
def test_an_event_without_a_time_gets_that_of_the_one_before(path: Path, at_s: str) -> None:
    line = f'{{"at_s": {at_s}, "event": "note", "text": "x"}}'.encode()
    later = b'{"at_s": 70, "event": "note", "text": "later"}'
    found = changed(path, lambda lines: [*lines, later, line])

    assert found.entries[-1] == (70, Note(text="x"))
    assert told(found) == [(16, "the event has no time, and is given that of the one before")]


def test_lines_that_lost_the_line_end_between_them_are_both_read(path: Path) -> None:
    found = changed(path, lambda lines: [*lines[:3], lines[3] + lines[4], *lines[5:]])

    assert found.events == EVENTS
    assert told(found) == [(4, "there is more in the line than one event")]


def test_an_event_behind_foreign_bytes_is_read(path: Path) -> None:
    found = changed(path, lambda lines: [*lines[:3], b"\xff\xfe log: " + lines[3], *lines[4:]])

    assert found.events == EVENTS
    assert [line for line, _ in told(found)] == [4]


def test_bytes_that_are_not_utf_8_cost_no_more_than_themselves(path: Path) -> None:
    found = changed(path, lambda lines: [*lines, b'{"at_s": 9, "event": "note", "text": "a\xffb"}'])

    assert found.events[-1] == Note(text="a\N{REPLACEMENT CHARACTER}b")


@pytest.mark.parametrize("size", [60, 200, 300])
def test_of_a_torn_header_the_rest_is_unknown_and_told(path: Path, size: int) -> None:
    found = changed(path, lambda lines: [lines[0][:size], *lines[1:]])

    assert found.events == EVENTS
    assert found.header is None or found.header.id == HEADER.id
    assert found.header is None or found.header.model in {HEADER.model, "unknown"}
    assert found.faults[0].line == 1


def test_without_a_header_the_events_are_read(path: Path) -> None:
    found = changed(path, lambda lines: lines[1:])

    assert found.header is None
    assert found.events == EVENTS
    assert told(found) == [(1, "there is no header: guide and model are unknown")]


def test_a_newer_file_is_read_as_far_as_it_is_known(path: Path) -> None:
    def newer(lines: list[bytes]) -> list[bytes]:
        head = lines[0].replace(b'"transcript":3', b'"transcript":9,"mood":"good"')
        return [head, *lines[1:], b'{"at_s": 99, "event": "mood"}']

    found = changed(path, newer)

    assert found.events == EVENTS
    assert found.header
    assert found.header.question == HEADER.question
    assert "newer interviewer (schema 9" in told(found)[0][1]
    assert told(found)[1] == (15, "unknown event 'mood'")


def test_two_sessions_in_one_file_follow_each_other(path: Path, tmp_path: Path) -> None:
    other = HEADER.model_copy(update={"id": "another"})
    lines = timed({"event": "question", "text": "one"}, {"event": "note", "text": "two"})
    again = timed({"event": "question", "text": "three"}, {"event": "note", "text": "four"})
    head, second = HEADER.model_dump_json().encode(), other.model_dump_json().encode()
    path.write_bytes(b"\n".join([head, *lines, second, *again]))

    found = salvage_transcript(path)

    assert [event.model_dump()["text"] for event in found.events] == ["one", "two", "three", "four"]
    assert found.header == HEADER
    assert [line for line, _ in told(found)] == [4]


def test_what_chat_prints_for_programs_is_read_without_times(tmp_path: Path) -> None:
    printed = tmp_path / "printed.jsonl"
    printed.write_text("".join(event.model_dump_json() + "\n" for event in EVENTS), "utf-8")

    assert salvage_transcript(printed).events == EVENTS


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty"),
        (b"\n\n  \n", "it is empty"),
        (b"id,answer\n1,x\n", "line 1: the line is not JSON"),
        (b"\n\nDear diary\n", "line 3: the line is not JSON"),
        (b'{"id": 1, "overall": 3}\n', "line 1: the line holds no event"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "line 1: the line is not JSON"),
    ],
)
def test_what_is_no_transcript_at_all_is_an_error_with_its_line(
    tmp_path: Path, data: bytes, said: str
) -> None:
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_bytes(data)

    with pytest.raises(TranscriptError, match="not a transcript") as caught:
        salvage_transcript(foreign)

    assert said in caught.value.what
    assert caught.value.where == f"{foreign}:1"
    assert list(tmp_path.iterdir()) == [foreign]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    found = salvage_transcript(path)

    assert found.events == EVENTS
    assert not found.faults


@given(data=st.binary(max_size=200), headed=st.booleans())
def test_any_bytes_are_salvaged_or_a_transcript_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool
) -> None:
    anything = tmp_path_factory.getbasetemp() / "any-salvaged.jsonl"
    anything.write_bytes((HEADER.model_dump_json().encode() + b"\n" if headed else b"") + data)
    try:
        salvage_transcript(anything)
    except TranscriptError:
        assert not headed


def test_of_a_question_and_an_end_nothing_is_made_up(tmp_path: Path) -> None:
    path = write(tmp_path, [Question(text="Why?"), End(reason="quit")])

    assert salvage_transcript(path).events == [Question(text="Why?"), End(reason="quit")]
