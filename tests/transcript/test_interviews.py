"""A session of several interviews in one transcript."""

from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.events import Begun, End, Event, Graded, Note, Passed, Regraded, Reviewed
from interviewer.transcript import (
    Header,
    Plan,
    Planned,
    Recorded,
    Transcript,
    interviews_of,
    load_transcript,
    salvage_transcript,
)
from tests.transcript.samples import EVENTS, HEADER, START, write

PLAN = Plan(
    interviews=(Planned(guide="failure", why="It is weakest."), Planned(guide="conflict")),
    minutes=45,
)
SESSION = HEADER.model_copy(update={"guide": {}, "guide_source": "", "plan": PLAN})
FIRST = Begun(number=1, of=2, at=START, guide=HEADER.guide, guide_source="failure")
LATER = START + timedelta(days=2)
SECOND = Begun(
    number=2,
    of=2,
    at=LATER,
    guide={"id": "conflict", "question": "Tell me about a conflict."},
    guide_source="conflict",
    model="another",
)
BOTH: list[Event] = [FIRST, *EVENTS, SECOND, *EVENTS[:3]]


def session(*events: Event, header: Header = SESSION) -> Recorded:
    entries: list[tuple[float, Event]] = [(float(at), event) for at, event in enumerate(events)]
    return Recorded(Path("session.jsonl"), header, entries, torn=False)


def test_a_transcript_of_one_interview_gives_itself(tmp_path: Path) -> None:
    recorded = load_transcript(write(tmp_path, EVENTS))

    assert interviews_of(recorded) == [recorded]


def test_each_interview_is_as_if_it_had_a_transcript_of_its_own(tmp_path: Path) -> None:
    found = interviews_of(load_transcript(write(tmp_path, BOTH, SESSION)))

    first, second = found
    assert first.events == EVENTS
    assert second.events == EVENTS[:3]
    assert first.header.guide == HEADER.guide
    assert second.header.question == "Tell me about a conflict."
    assert [each.header.id for each in found] == ["7f3a/1", "7f3a/2"]
    assert [each.header.started_at for each in found] == [START, LATER]
    assert [each.header.model for each in found] == ["qwen2.5-1.5b", "another"]
    assert [each.header.plan for each in found] == [None, None]
    assert [each.resumable for each in found] == [False, True]


def test_the_times_of_an_interview_count_from_its_beginning() -> None:
    _, second = interviews_of(session(*BOTH))

    assert [at_s for at_s, _ in second.entries] == [1.0, 2.0, 3.0]


def test_what_is_about_the_whole_session_is_in_no_interview() -> None:
    parts = interviews_of(
        session(
            Note(text="the last line was torn"),
            FIRST,
            *EVENTS,
            Passed(guide="conflict", why="skipped"),
            Reviewed(reason="done"),
        )
    )

    assert [part.events for part in parts] == [EVENTS]


def test_a_later_grade_is_with_the_interview_that_it_is_about() -> None:
    graded = Regraded(at=LATER, model="m", model_source="the flag", interview=1)
    lost = graded.model_copy(update={"interview": 7})

    first, second = interviews_of(session(*BOTH, graded, lost))

    assert first.events == [*EVENTS, graded]
    assert second.events == EVENTS[:3]


def test_a_plan_of_which_nothing_was_begun_has_no_interviews() -> None:
    assert interviews_of(session()) == []


def test_only_the_last_interview_of_a_torn_file_is_torn(tmp_path: Path) -> None:
    path = write(tmp_path, BOTH, SESSION)
    path.write_bytes(path.read_bytes()[:-9])

    assert [each.torn for each in interviews_of(load_transcript(path))] == [False, True]


@pytest.mark.parametrize(
    ("events", "resumable"),
    [
        ([], True),
        ([FIRST], True),
        ([FIRST, End(reason="quit")], True),
        ([FIRST, *EVENTS], True),
        ([FIRST, *EVENTS, Reviewed(reason="done")], False),
    ],
)
def test_a_session_can_go_on_until_it_is_reviewed(events: list[Event], resumable: bool) -> None:
    assert session(*events).resumable is resumable


def test_a_session_says_so_in_the_name_of_its_file(tmp_path: Path) -> None:
    with Transcript.create(tmp_path, SESSION) as transcript:
        assert transcript.path.name == "2026-11-24-093000-session.jsonl"


def test_a_session_is_salvaged_like_any_other(tmp_path: Path) -> None:
    path = write(tmp_path, [*BOTH, Reviewed(reason="time", review={"best": 1})], SESSION)

    found = salvage_transcript(path)

    assert not found.faults
    assert found.events == load_transcript(path).events
    assert len([each for each in found.events if isinstance(each, Graded)]) == 1
