import io
import json

import pytest

from interviewer.events import EVENT, Opening
from interviewer.terminal.jsonlines import JsonLines
from tests.terminal.samples import EVENTS, NASTY


def test_each_event_is_one_object_a_line_and_reads_back() -> None:
    stream = io.StringIO()
    for event in EVENTS:
        JsonLines(stream).event(event)

    lines = stream.getvalue().splitlines()
    assert [EVENT.validate_json(line) for line in lines] == EVENTS


def test_no_control_sequence_gets_through(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines().event(Opening(text=NASTY + "\x7f"))

    printed = capsys.readouterr().out
    assert printed.endswith("\n")
    assert printed[:-1].isascii()
    assert printed[:-1].isprintable()
    assert json.loads(printed)["text"] == NASTY + "\x7f"
