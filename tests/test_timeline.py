from itertools import pairwise

import pytest

from interviewer.errors import UsageError
from interviewer.events import (
    Answer,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Opening,
    Probe,
    Question,
    Reply,
    Request,
    SelfScored,
)
from interviewer.timeline import TurnCounter, between, chosen, moments, paced, turns_of

COVERED = Coverage(p={}, gap="owns", reason="lowest")
PROBE = Probe(target="owns", text="Why?", source="model")
SESSION: list[tuple[float, Event, int]] = [
    (2, Opening(text="Hello."), 1),
    (2, Question(text="Tell me."), 1),
    (10, Answer(text="I was late."), 1),
    (11, COVERED, 1),
    (12, PROBE, 2),
    (20, Request(kind="hint"), 2),
    (21, Reply(kind="hint", text="Think."), 2),
    (40, Answer(text="I slept.", to="owns"), 2),
    (41, COVERED, 2),
    (41.5, PROBE, 3),
    (42, Request(kind="skip"), 3),
    (42, Reply(kind="skip", text="Fine."), 3),
    (42, Coverage(p={}, gap=None, reason="none"), 3),
    (43, Invitation(text="In full?"), 4),
    (60, Final(text="I was late.", kept=False), 4),
    (60, SelfScored(criteria={"owns": 3}), 4),
    (70, Graded(overall=3), 4),
    (70, End(reason="graded"), 4),
]
ENTRIES = [(at_s, event) for at_s, event, _ in SESSION]
ALL = moments(ENTRIES)


def test_turn_1_is_the_question_each_probe_is_a_further_one_and_the_final_answer_the_last() -> None:
    assert turns_of([event for _, event in ENTRIES]) == [turn for _, _, turn in SESSION]


def test_a_final_answer_that_nobody_invited_begins_a_turn_too() -> None:
    events: list[Event] = [
        Question(text="Q"),
        Answer(text="A"),
        Request(kind="finish"),
        Final(text="A", kept=True),
    ]

    assert turns_of(events) == [1, 1, 1, 2]


def test_the_question_for_own_scores_begins_no_turn() -> None:
    events: list[Event] = [
        Question(text="Q"),
        Answer(text="A"),
        Invitation(text="In full?"),
        Final(text="B", kept=False),
        Invitation(text="How would you score it?"),
        SelfScored(criteria={"owns": 3}),
    ]

    assert turns_of(events) == [1, 1, 2, 2, 2, 2]


def test_what_begins_with_a_probe_begins_with_turn_1() -> None:
    assert turns_of([PROBE, Answer(text="A"), PROBE]) == [1, 1, 2]


@pytest.mark.parametrize(
    ("first", "last", "turns"),
    [
        (None, None, {1, 2, 3, 4}),
        (2, 3, {2, 3}),
        (4, None, {4}),
        (None, 1, {1}),
        (2, 99, {2, 3, 4}),
    ],
)
def test_turns_are_chosen_with_both_ends(
    first: int | None, last: int | None, turns: set[int]
) -> None:
    found = between(ALL, first, last)

    assert {moment.turn for moment in found} == turns
    assert found == [moment for moment in ALL if moment.turn in turns]


@pytest.mark.parametrize(("first", "last"), [(5, None), (3, 2), (9, 9)])
def test_turns_that_do_not_exist_are_refused_with_those_that_do(
    first: int, last: int | None
) -> None:
    with pytest.raises(UsageError) as caught:
        between(ALL, first, last)

    assert "1 to 4" in caught.value.hint


def test_what_chat_does_not_show_is_left_out() -> None:
    assert {type(each.event) for each in ALL} - {type(m.event) for m in chosen(ALL, None)} == {
        Coverage
    }


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ("probes", ["probe", "probe"]),
        ("answers", ["answer", "answer", "final"]),
        ("grade", ["self-scored", "grade"]),
    ],
)
def test_one_kind_can_be_chosen(only: str, names: list[str]) -> None:
    assert [moment.event.event for moment in chosen(ALL, only)] == names  # type: ignore[arg-type]


def test_the_first_moment_comes_at_once_and_the_others_as_they_were_recorded() -> None:
    found = paced(ALL)

    assert [moment.at_s for moment in found] == [at_s - 2 for at_s, _ in ENTRIES]
    assert [moment.recorded_s for moment in found] == [at_s for at_s, _ in ENTRIES]


def test_no_pause_is_longer_than_the_limit() -> None:
    found = paced(ALL, idle_limit_s=3)

    pauses = [after.at_s - before.at_s for before, after in pairwise(found)]
    assert max(pauses) == 3
    assert pauses[:4] == [0, 3, 1, 1]


def test_a_time_that_runs_backwards_is_no_pause() -> None:
    found = paced(moments([(5.0, PROBE), (1.0, PROBE), (2.0, PROBE)]))

    assert [moment.at_s for moment in found] == [0, 0, 1]


def test_of_nothing_there_is_nothing() -> None:
    assert paced(chosen(between([], 2, 3), None)) == []


def test_each_interview_of_a_session_begins_a_further_turn() -> None:
    one = [
        "begun",
        "opening",
        "question",
        "answer",
        "probe",
        "answer",
        "invitation",
        "final",
        "end",
    ]
    counter = TurnCounter()

    assert [counter.take(kind) for kind in ["note", *one, "passed", *one, "reviewed"]] == [
        *(1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3),
        *(4, 4, 4, 4, 5, 5, 6, 6, 6, 6),
    ]
