"""A session of several interviews, watched again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.events import Begun, Graded, Opening, Probe, Regraded, Reviewed, SelfScored
from interviewer.replay import Replay, replay_of
from interviewer.terminal.player import Player
from interviewer.terminal.player_view import PlayerView, parts_of
from interviewer.terminal.replay_drawing import Drawing
from interviewer.timeline import BREAK_S
from interviewer.transcript import (
    Salvaged,
    Transcript,
    load_transcript,
    salvage_transcript,
    salvaged_interviews,
)
from tests.several import BREAK_S as TAKEN_S
from tests.several import held
from tests.terminal.samples import console_of
from tests.test_replay_command import Shell, shell
from tests.transcript.samples import START

__all__ = ["shell"]  # a fixture


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return held(tmp_path_factory.mktemp("s"))


@pytest.fixture
def saved(whole: Path, tmp_path: Path) -> Path:
    """Give a copy that may be written."""
    path = tmp_path / "session.jsonl"
    path.write_bytes(whole.read_bytes())
    return path


def lines(found: Replay, width: int = 80) -> list[str]:
    return [line.plain.rstrip() for line in Drawing(console_of("pipe"), found, width=width).all()]


def player(found: Replay) -> Player:
    return Player(found.moments, parts=parts_of(found), names=found.names_at)


def places(found: Replay, kind: type) -> list[int]:
    return [n for n, moment in enumerate(found.moments) if isinstance(moment.event, kind)]


def test_each_interview_begins_with_its_number_its_question_and_why(
    shell: Shell, whole: Path
) -> None:
    code, out, err = shell.replay(whole)

    assert (code, err) == (0, "")
    flat = " ".join(out.split())
    for heading in (
        "Interview 1 of 2 Tell me about a time you failed. Because of failure. 20",
        "Interview 2 of 2 Tell me about a conflict. Because of conflict. 20",
    ):
        assert heading in flat
    assert flat.index("The session is over.") < flat.index("Review of the session")
    assert flat.index("Review of the session") > flat.index("2 Repair")


def test_what_is_chosen_stands_below_the_heading_of_its_interview(
    shell: Shell, whole: Path
) -> None:
    _, out, _ = shell.replay(whole, "--only", "grade")

    headings = [n for n, line in enumerate(out.splitlines()) if line.startswith("Interview ")]
    grades = [n for n, line in enumerate(out.splitlines()) if line.startswith("Grade")]
    assert headings[0] < grades[0] < headings[1] < grades[1]
    assert "You" not in out.split()


def test_notes_and_grades_have_the_names_of_their_own_interview(whole: Path) -> None:
    found = replay_of(salvage_transcript(whole))
    drawing = Drawing(console_of("pipe"), found, width=80)
    second, first = [
        "\n".join(line.plain for line in drawing.block(index))
        for index in reversed(places(found, Graded))  # as a player does that steps back
    ]

    assert ("Honesty" in first, "Candour" in first) == (True, False)
    assert ("Honesty" in second, "Candour" in second) == (False, True)
    notes = [line for line in lines(found) if line.startswith("  │   1 ")]
    assert [note.split()[2] for note in notes] == ["Honesty", "Candour"]


def test_a_break_is_never_waited_out(whole: Path) -> None:
    found = replay_of(salvage_transcript(whole))
    _, second = places(found, Begun)
    before, begins = found.moments[second - 1 : second + 1]

    assert begins.recorded_s - before.recorded_s > TAKEN_S - 1
    assert begins.at_s - before.at_s == BREAK_S
    assert found.moments[-1].at_s < 60


def test_a_shorter_idle_limit_holds_for_breaks_too(whole: Path) -> None:
    found = replay_of(salvage_transcript(whole), idle_limit_s=0.25)
    _, second = places(found, Begun)

    assert found.moments[second].at_s - found.moments[second - 1].at_s == 0.25


def test_keys_lead_to_the_evidence_of_the_interview_on_the_screen(whole: Path) -> None:
    found = replay_of(salvage_transcript(whole))
    watched = player(found)
    second = places(found, Begun)[1]

    watched.press("1")
    assert watched.message == "Honesty: evidence 1 of 1"
    assert watched.shown <= second
    watched.press("]")
    assert watched.shown == second + 1
    watched.press("1")
    assert watched.message == "Candour: evidence 1 of 1"
    assert watched.shown > second + 1
    watched.press("[")
    assert watched.shown == second + 1
    watched.press("[")
    assert watched.shown == 1


def test_the_foot_says_which_interview_is_on_the_screen(whole: Path) -> None:
    found = replay_of(salvage_transcript(whole))
    watched = player(found)
    view = PlayerView(watched, Drawing(console_of("terminal"), found, width=100))
    watched.press("]")

    foot = [line.plain for line in view.lines(24)][-3:]
    assert any("interview 2 of 2  turn 4 of 5" in line for line in foot)
    assert any("[ ] interview" in line for line in foot)


def test_a_search_finds_words_of_headings_and_of_the_review(whole: Path) -> None:
    found = replay_of(salvage_transcript(whole))
    watched = player(found)
    for words, kind in (("because of conflict", Begun), ("there is no study plan", Reviewed)):
        for key in ("/", *words, "enter"):
            watched.press(key)
        assert isinstance(found.moments[watched.shown - 1].event, kind)


def test_turns_count_on_and_one_interview_alone_counts_from_1(shell: Shell, whole: Path) -> None:
    _, both, _ = shell.replay(whole)
    _, second, _ = shell.replay(whole, "--interview", "2")
    _, part, _ = shell.replay(whole, "--interview", "2", "--from", "2")

    assert [line.split()[1] for line in both.splitlines() if line.startswith("turn ")] == [*"12345"]
    assert [line.split()[1] for line in second.splitlines() if line.startswith("turn ")] == [*"12"]
    assert "Guide Tell me about a conflict." in " ".join(second.split())
    assert "a time you failed" not in second
    assert "the last question" in second
    assert "the last question" not in part


def test_an_interview_that_is_not_there_is_refused_with_those_that_are(
    shell: Shell, whole: Path
) -> None:
    code, _, err = shell.replay(whole, "--interview", "3")

    assert code == 2
    assert "there is no interview 3 in it" in err
    assert "--interview takes 1, 2" in err


def test_a_later_grade_is_drawn_with_the_names_of_the_interview_that_it_is_about(
    saved: Path,
) -> None:
    later = Regraded(
        at=START, model="m", model_source="x", interview=1, overall=2.0, criteria={"honesty": 2.0}
    )
    with Transcript.resume(saved)[0] as transcript:
        transcript.add(later)
    found = replay_of(salvage_transcript(saved))

    (index,) = places(found, Regraded)
    drawn = Drawing(console_of("pipe"), found, width=80).block(index)
    assert any("Honesty" in line.plain for line in drawn)
    watched = player(found)
    watched.press("2")  # the later grade has but one criterion
    assert watched.message == "there is no criterion 2"


def test_own_scores_stand_in_the_grade_in_whatever_order_it_is_drawn(saved: Path) -> None:
    source = salvage_transcript(saved)
    at = next(n for n, (_, event) in enumerate(source.entries) if isinstance(event, Graded))
    own = (source.entries[at][0], SelfScored(criteria={"honesty": 5}))
    entries = [*source.entries[:at], own, *source.entries[at:]]
    found = replay_of(Salvaged(saved, source.header, entries, []))
    drawing = Drawing(console_of("pipe"), found, width=80)

    second, first = (
        "\n".join(line.plain for line in drawing.block(n)) for n in reversed(places(found, Graded))
    )
    assert "own 5" in first
    assert "own 5" not in second


def damaged(path: Path, change: Callable[[bytes], bytes]) -> Salvaged:
    """Change the line in which the second interview begins."""
    rows = path.read_bytes().split(b"\n")
    at = [n for n, row in enumerate(rows) if b'"event":"begun"' in row][1]
    rows[at] = change(rows[at])
    path.write_bytes(b"\n".join(rows))
    return salvage_transcript(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row[:60],
        lambda row: row[:-400],
        lambda _: b"\x00\xff nothing",
        lambda row: row.replace(b'"goals"', b'"goals', 1),
    ],
    ids=["cut", "torn", "foreign", "broken"],
)
def test_an_interview_whose_beginning_is_damaged_still_plays_with_its_own_notes(
    saved: Path, change: Callable[[bytes], bytes]
) -> None:
    source = damaged(saved, change)
    found = replay_of(source)

    assert source.faults
    text = "\n".join(lines(found))
    for words in ("Tell me about a conflict.", "ask forty of", "Review of the session"):
        assert words in text
    assert [each.criteria for each in found.chapters] == [("honesty", "growth")] * 2
    cited = {
        quote.text
        for index, notes in found.notes.items()
        if index < found.chapters[1].first
        for quote in notes.quotes
    }
    assert "The lesson is to ask first." in cited
    assert not any("forty" in each for each in cited)
    assert list(salvaged_interviews(source)) == [1, 2]


def test_a_beginning_that_lost_its_guide_still_tells_number_and_why(saved: Path) -> None:
    def lose(row: bytes) -> bytes:
        fields = json.loads(row)
        del fields["guide"], fields["guide_source"]
        return json.dumps(fields).encode()

    source = damaged(saved, lose)
    begun = [event for event in source.events if isinstance(event, Begun)]

    assert [each.number for each in begun] == [1, 2]
    assert (begun[1].guide, begun[1].why) == ({}, "Because of conflict.")
    assert "read as far as it goes" in source.faults[0].what


def test_a_session_that_was_left_plays_as_far_as_it_went(tmp_path: Path) -> None:
    found = replay_of(salvage_transcript(held(tmp_path, guides=("failure",), wishes=("finish",))))

    assert found.of == 1
    assert places(found, Reviewed)
    assert "interview 1" not in "\n".join(
        line.plain
        for line in PlayerView(
            player(found), Drawing(console_of("terminal"), found, width=100)
        ).lines(24)
    )


def test_a_strict_reader_and_a_salvager_part_a_whole_session_alike(whole: Path) -> None:
    from interviewer.transcript import interviews_of

    strict = interviews_of(load_transcript(whole))
    found = salvaged_interviews(salvage_transcript(whole))

    assert [each.entries for each in found.values()] == [each.entries for each in strict]
    assert [each.header for each in found.values()] == [each.header for each in strict]
    assert [each.entries[0][1] for each in strict if isinstance(each.entries[0][1], Opening)]
    assert [sum(isinstance(e, Probe) for e in each.events) for each in strict] == [1, 0]
