from pathlib import Path

import pytest

from interviewer.errors import TranscriptError
from interviewer.events import Closing, Graded
from interviewer.regrading.past import read_past
from interviewer.transcript import Transcript
from tests.regrading.samples import FINAL, held
from tests.scripted import ANSWER, GUIDE


async def test_the_final_and_the_first_answer_are_found_with_the_grade(tmp_path: Path) -> None:
    past = read_past(await held(tmp_path))
    assert (past.final, past.first) == (FINAL, ANSWER)
    assert isinstance(past.last, Graded)
    assert past.guide == GUIDE


async def test_a_first_answer_that_is_the_final_one_is_not_graded_twice(tmp_path: Path) -> None:
    past = read_past(await held(tmp_path, ANSWER, limit=0))
    assert (past.final, past.first) == (ANSWER, None)


async def test_who_left_before_the_final_answer_is_told_how_to_go_on(tmp_path: Path) -> None:
    path = await held(tmp_path, ANSWER, "/quit")
    with pytest.raises(TranscriptError, match="no final answer") as error:
        read_past(path)
    assert error.value.hint == f"go on with it first: interviewer chat --resume {path}"


async def test_a_final_answer_without_a_grade_is_no_old_grade(tmp_path: Path) -> None:
    path = await held(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"event":"grade"' in line)
    path.write_bytes(b"".join(lines[:at]))
    with pytest.raises(TranscriptError, match="never graded"):
        read_past(path)


async def test_a_session_that_was_left_and_resumed_is_read_to_its_end(tmp_path: Path) -> None:
    path = await held(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    quit_ = b'{"at_s": 1.0, "event":"end","reason":"quit"}\n'
    path.write_bytes(b"".join([*lines[:4], quit_, *lines[4:]]))
    assert read_past(path).final == FINAL


async def test_events_that_no_interview_has_in_this_order_are_told(tmp_path: Path) -> None:
    path = await held(tmp_path)
    with Transcript.resume(path)[0] as transcript:
        transcript.add(Closing(text="Thank you."))
    with pytest.raises(TranscriptError, match="no interview goes like this"):
        read_past(path)


async def test_a_guide_that_this_version_does_not_understand_is_told(tmp_path: Path) -> None:
    path = await held(tmp_path, guide=GUIDE)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"steps":[', '"stairs":[', 1), encoding="utf-8")
    with pytest.raises(TranscriptError, match="the guide in it can't be used"):
        read_past(path)
