from datetime import UTC, datetime
from pathlib import Path

import pytest

from interviewer.cli.repeated import Repeated
from interviewer.events import Answer, End, Event, Final, Note, Request, SelfScored
from interviewer.people import Left
from interviewer.transcript import Header, Recorded


def repeated(*events: Event) -> Repeated:
    header = Header(
        id="x",
        started_at=datetime.now(UTC),
        interviewer_version="1",
        guide={},
        guide_source="x",
        model="x",
        model_source="x",
    )
    return Repeated(Recorded(Path("x"), header, [(0.0, e) for e in events], torn=False), ["a", "b"])


async def test_what_was_said_is_said_again_in_the_time_that_it_took() -> None:
    said = repeated(
        Answer(text="I was late.", seconds=3.5),
        Note(text="a note"),
        Request(kind="hint", text="/hint"),
        Final(text="I was late.", kept=False, seconds=1.5),
        SelfScored(criteria={"b": 4}),
        End(reason="graded"),
    )
    typed = [await said.read("answer") for _ in range(4)]
    assert [(each.text, each.seconds) for each in typed] == [
        *(("I was late.", 3.5), ("/hint", None), ("I was late.", 1.5), ("- 4", None))
    ]
    assert said.draft() == ""
    with pytest.raises(EOFError):
        await said.read("answer")


async def test_where_the_input_ended_it_ends_again() -> None:
    said = repeated(Request(kind="finish"), Final(text="x", kept=True), End(reason="graded"))
    with pytest.raises(EOFError):
        await said.read("answer")


async def test_who_left_leaves_again() -> None:
    said = repeated(Answer(text="I was late."), End(reason="quit"))
    await said.read("answer")
    with pytest.raises(Left):
        await said.read("answer")
