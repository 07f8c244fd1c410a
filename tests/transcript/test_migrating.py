"""Files that older interviewers wrote, as they are stored in `old/`."""

import shutil
from pathlib import Path

import pytest

from interviewer.events import Answer, Event, Final, Graded, Note, Regraded, SelfScored
from interviewer.guide import Guide
from interviewer.rubric import rubric_of
from interviewer.transcript import (
    SCHEMA,
    Transcript,
    load_transcript,
    migrating,
    salvage_transcript,
)
from interviewer.transcript.migrating import migrated
from tests.transcript.samples import START

OLD = sorted((Path(__file__).parent / "old").glob("*.jsonl"))
SAMPLES = sorted((Path(__file__).parents[2] / "transcripts").glob("sample-*.jsonl"))


@pytest.mark.parametrize("path", [*OLD, *SAMPLES], ids=lambda path: path.stem)
def test_what_an_older_interviewer_wrote_is_read_whole(path: Path) -> None:
    lines = path.read_bytes().splitlines()
    assert lines[0].startswith(b'{"transcript":1,')

    found = load_transcript(path)

    assert found.header.transcript == SCHEMA
    assert len(found.entries) == len(lines) - 1
    assert not found.torn
    salvaged = salvage_transcript(path)
    assert salvaged.entries == found.entries
    assert salvaged.header == found.header
    assert not salvaged.faults


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.stem)
def test_an_old_guide_still_makes_a_rubric_with_the_same_names(path: Path) -> None:
    header = load_transcript(path).header

    assert rubric_of(Guide.model_validate(header.guide)).names == header.names
    assert header.question.startswith("Describe a time when you failed")


def test_an_old_grade_has_what_was_known_then() -> None:
    (path,) = (path for path in OLD if "statements" in path.name)
    events = load_transcript(path).events

    (grade,) = (event for event in events if isinstance(event, Graded))
    (final,) = (event for event in events if isinstance(event, Final))
    assert grade.overall == 2.58
    assert grade.confidence == {}
    assert final.text == "\n\n".join(e.text for e in events if isinstance(e, Answer))


def test_an_old_file_takes_the_events_of_today_and_is_not_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    shutil.copy(OLD[0], path)
    before = path.read_bytes()
    added: list[Event] = [
        Note(text="resumed"),
        SelfScored(criteria={"accountability": 4}),
        Regraded(at=START, model="m", model_source="the flag", overall=3.0),
    ]

    transcript, _ = Transcript.resume(path)
    with transcript:
        for event in added:
            transcript.add(event)

    assert path.read_bytes().startswith(before)
    assert load_transcript(path).events[-3:] == added


def test_steps_are_taken_one_after_the_other_from_the_version_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = {
        3: lambda fields: {**fields, "c": fields["b"] + 1},
        2: lambda fields: {**fields, "b": fields["a"] + 1},
    }
    monkeypatch.setattr(migrating, "STEPS", steps)

    assert migrated({"a": 1}, 2) == {"a": 1, "b": 2, "c": 3}
    assert migrated({"a": 1, "b": 5}, 3) == {"a": 1, "b": 5, "c": 6}
    assert migrated({"a": 1}, 4) == {"a": 1}


def test_there_is_a_step_from_every_schema_to_the_next() -> None:
    assert sorted(migrating.STEPS) == list(range(1, SCHEMA))
