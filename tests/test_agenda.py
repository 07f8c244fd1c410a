"""What comes next in a session of several interviews."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.agenda import Agenda, Begin, Hold, Review, Step
from interviewer.errors import InterviewerError
from interviewer.events import (
    Answer,
    Begun,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Passed,
    Question,
    Reply,
    Request,
    Reviewed,
)
from interviewer.transcript import Plan, Planned
from tests.scripted import ANSWER, GUIDE
from tests.transcript.samples import START

IDS = ("failure", "conflict", "launch")
Timed = list[tuple[float, Event]]


def plan(minutes: float | None = None, ids: tuple[str, ...] = IDS) -> Plan:
    return Plan(interviews=tuple(Planned(guide=each) for each in ids), minutes=minutes)


def begun(number: int, id: str) -> Begun:
    guide = GUIDE.model_copy(update={"id": id}).model_dump(mode="json")
    return Begun(number=number, of=3, at=START, guide=guide, guide_source=id)


def whole(number: int, id: str | None = None) -> list[Event]:
    """Return all events of a graded interview, from its beginning."""
    return [
        begun(number, id or IDS[number - 1]),
        Opening(text="Hello."),
        Question(text=GUIDE.question),
        Answer(text=ANSWER),
        Coverage(p={}, gap=None, reason="nothing is left"),
        Invitation(text="Your final answer?"),
        Final(text=ANSWER, kept=False),
        Graded(overall=3.0),
        Closing(text="Thank you."),
        End(reason="graded"),
    ]


def skipped(number: int) -> list[Event]:
    return [
        begun(number, IDS[number - 1]),
        Opening(text="Hello."),
        Question(text=GUIDE.question),
        Request(kind="skip"),
        Reply(kind="skip", text="Then we move on."),
        Closing(text="Thank you."),
        End(reason="ungraded"),
    ]


def spread(events: list[Event], since_s: float, seconds: float) -> Timed:
    """Give events times, the first at `since_s` and the last `seconds` later."""
    step = seconds / (len(events) - 1)
    return [(since_s + step * at, event) for at, event in enumerate(events)]


def after(*parts: Timed, minutes: float | None = None, ids: tuple[str, ...] = IDS) -> Agenda:
    agenda = Agenda(plan(minutes, ids))
    for at_s, event in (each for part in parts for each in part):
        agenda.receive(event, at_s)
    return agenda


def now(agenda: Agenda) -> tuple[object, ...]:
    """Return all that is known of what comes next, the step inside an interview too."""
    step = agenda.action
    inside = (step.begun, step.interview.action) if isinstance(step, Hold) else (step,)
    return (*inside, agenda.used_s, agenda.left_s)


def test_the_interviews_of_a_plan_are_held_one_after_the_other_and_then_reviewed() -> None:
    agenda = Agenda(plan())
    steps: list[Step | None] = [agenda.action]
    for number in (1, 2, 3):
        for event in whole(number):
            agenda.receive(event, 0.0)
        steps.append(agenda.action)
    agenda.receive(Reviewed(reason="done"), 0.0)

    assert steps == [
        Begin(Planned(guide="failure"), 1, 3),
        Begin(Planned(guide="conflict"), 2, 3),
        Begin(Planned(guide="launch"), 3, 3),
        Review("done"),
    ]
    assert agenda.action is None
    assert [each.grade.overall for each in agenda.held if each.grade] == [3.0, 3.0, 3.0]


def test_an_interview_that_was_left_is_gone_on_with() -> None:
    agenda = after([(float(at), each) for at, each in enumerate(whole(1)[:4])])
    agenda.receive(End(reason="quit"), 9.0)

    assert isinstance(agenda.action, Hold)
    assert agenda.action.begun.number == 1
    assert agenda.action.interview.said
    assert agenda.used_s == 9


def test_an_interview_that_was_passed_over_is_not_asked_and_not_counted() -> None:
    agenda = after([(0.0, each) for each in whole(1)], [(0.0, Passed(guide="conflict", why="x"))])

    assert agenda.action == Begin(Planned(guide="launch"), 2, 2)


def test_breaks_take_none_of_the_time() -> None:
    agenda = after(spread(whole(1), 0, 600), spread(whole(2), 5000, 300), minutes=45)

    assert agenda.used_s == 900
    assert agenda.left_s == 1800


@pytest.mark.parametrize(
    ("minutes", "step"),
    [
        (14.0, Review("time")),  # 4 minutes for what took 10
        (16.0, Begin(Planned(guide="conflict"), 2, 2)),
        (24.0, Begin(Planned(guide="conflict"), 2, 2)),
        (26.0, Begin(Planned(guide="conflict"), 2, 3)),
        (None, Begin(Planned(guide="conflict"), 2, 3)),
    ],
)
def test_another_interview_begins_only_if_half_of_what_one_takes_is_left(
    minutes: float | None, step: Step
) -> None:
    assert after(spread(whole(1), 0, 600), minutes=minutes).action == step


def test_what_was_told_to_be_the_last_one_is_even_if_it_took_less_time() -> None:
    last = begun(2, "conflict").model_copy(update={"of": 2})
    agenda = after(spread(whole(1), 0, 600), spread([last, *skipped(2)[1:]], 700, 5), minutes=16)

    assert agenda.action == Review("time")


def test_skipped_questions_tell_nothing_of_the_pace() -> None:
    agenda = after(spread(skipped(1), 0, 10), minutes=1)

    assert agenda.action == Begin(Planned(guide="conflict"), 2, 3)


def test_a_guide_that_changed_its_id_is_not_begun_again() -> None:
    agenda = after([(0.0, each) for each in whole(1, "renamed")])

    assert agenda.action == Begin(Planned(guide="conflict"), 2, 3)


def test_the_time_never_ends_an_interview_that_began() -> None:
    agenda = after(spread(whole(1)[:5], 0, 6000), minutes=10)

    assert isinstance(agenda.action, Hold)
    assert agenda.left_s == 0


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ([], Opening(text="Hello.")),
        (whole(1)[:3], begun(2, "conflict")),
        (whole(1)[:3], Reviewed(reason="done")),
        (whole(1)[:3], Passed(guide="conflict", why="x")),
        ([Reviewed(reason="finished")], begun(1, "failure")),
        ([begun(1, "failure")], Question(text="Why?")),
        ([], Begun(number=1, of=1, at=START, guide={"id": "x"}, guide_source="x")),
    ],
)
def test_what_cannot_happen_is_refused(before: list[Event], event: Event) -> None:
    agenda = after([(0.0, each) for each in before])

    with pytest.raises(InterviewerError):
        agenda.receive(event, 1.0)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["whole", "skipped", "passed"]),
        st.floats(0, 2000),
        st.floats(0, 90_000),
    ),
    max_size=3,
)


@given(
    moves=MOVES,
    minutes=st.none() | st.floats(1, 60),
    noted=st.booleans(),
    cut=st.integers(0, 40),
)
def test_events_that_are_cut_anywhere_lead_to_the_same_next_action(
    moves: list[tuple[str, float, float]], minutes: float | None, noted: bool, cut: int
) -> None:
    """A killed process leaves a prefix of the events: the state is made of nothing else."""
    live, entries, at_s = Agenda(plan(minutes)), [], 0.0
    states = [now(live)]
    for kind, seconds, rest_s in moves:
        if not isinstance(step := live.action, Begin):
            break
        id, number = step.planned.guide, step.number
        made: dict[str, list[Event]] = {
            "whole": whole(number, id),
            "skipped": [begun(number, id), *skipped(1)[1:]],
            "passed": [Note(text="x"), Passed(guide=id, why="x")],
        }
        events = (
            made[kind] if not noted else [each for e in made[kind] for each in (e, Note(text="x"))]
        )
        for at, event in spread(events, at_s, seconds):
            live.receive(event, at)
            entries.append((at, event))
            states.append(now(live))
        at_s += seconds + rest_s
    cut = min(cut, len(entries))
    again = after(entries[:cut], minutes=minutes)

    assert now(again) == states[cut]
    left = after([*entries[:cut], (at_s, Note(text="resumed"))], minutes=minutes)
    assert now(left) == now(again)
