import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import InterviewerError
from interviewer.events import (
    Answer,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Probe,
    Question,
    Reply,
    Request,
    SelfScored,
)
from interviewer.grade import Intent
from interviewer.interview import (
    Action,
    Ask,
    Cover,
    Finish,
    Interview,
    Keep,
    Listen,
    Mark,
    Respond,
    Say,
    Score,
    State,
)
from tests.scripted import ANSWER, GUIDE

KINDS: list[Intent] = ["clarify", "hint", "repeat", "unsure", "skip", "finish", "quit"]
START: list[Event] = [Opening(text="Hello."), Question(text=GUIDE.question)]
NOTHING_COVERED = {"context": 0.2, "lesson": 0.1, "honesty": 0.3, "growth": 0.4}
GAP = Coverage(p=dict(NOTHING_COVERED), gap="lesson", reason="least covered")
NO_GAP = Coverage(p={}, gap=None, reason="nothing is left")
PROBE = Probe(target="lesson", text="What did you learn?", source="model")
PROBED: list[Event] = [*START, Answer(text=ANSWER), GAP, PROBE]
INVITED: list[Event] = [*START, Answer(text=ANSWER), NO_GAP, Invitation(text="Your final answer?")]


def at(events: list[Event], *, limit: int = 4, self_score: bool = False) -> Interview:
    made = Interview(GUIDE, limit=limit, self_score=self_score)
    for event in events:
        made.receive(event)
    return made


def after(events: list[Event], kind: Intent, *, reply: bool = True) -> Interview:
    """Return the machine after a request, answered unless it needs none."""
    made = at([*events, Request(kind=kind)])
    if reply and made.state is State.REPLYING:
        made.receive(Reply(kind=kind, text="All right."))
    return made


def do(action: Action, interview: Interview, said: str | Intent) -> Event:
    """Perform an action as an obedient session would; `said` is the candidate's turn."""
    match action:
        case Say(what="opening"):
            return Opening(text="Hello.")
        case Say(what="question"):
            return Question(text=GUIDE.question)
        case Say(what="invitation" | "self-score"):
            return Invitation(text="Your final answer?")
        case Say():
            return Closing(text="Thank you.")
        case Listen(purpose=purpose, to=to):
            if kind := next((kind for kind in KINDS if kind == said), None):
                return Request(kind=kind)
            if purpose == "answer":
                return Answer(text=said, to=to)
            return Final(text=said, kept=False)
        case Score():
            return SelfScored(criteria={"honesty": 4})
        case Cover():
            return interview.coverage(dict(NOTHING_COVERED))
        case Ask(gap=gap):
            return Probe(target=gap.id, text=f"What about {gap.name}?", source="template")
        case Respond(request=request):
            return Reply(kind=request.kind, text="All right.")
        case Keep():
            return Final(text="\n\n".join(turn.said for turn in interview.said), kept=True)
        case Mark():
            return Graded(overall=3.0)
        case Finish(reason=reason):
            return End(reason=reason)


def play(
    behaviour: list[str], limit: int, *, self_score: bool = False
) -> tuple[Interview, list[Event]]:
    """Drive an interview with what the candidate does in turn; then the input ends."""
    interview = Interview(GUIDE, limit=limit, self_score=self_score)
    events, turns = [], iter(behaviour)
    while action := interview.action:
        said = next(turns, "finish") if isinstance(action, Listen) else ""
        event = do(action, interview, said)
        interview.receive(event)
        events.append(event)
        assert len(events) <= bound(behaviour, limit)
    return interview, events


def bound(behaviour: list[str], limit: int) -> int:
    """A turn costs a request and its reply, or an answer; a probe costs itself and its check."""
    return 2 * (len(behaviour) + 1) + 2 * limit + 12


behaviours = st.lists(st.sampled_from([*KINDS, ANSWER, "No."]), max_size=30)


def test_the_plain_path_asks_listens_probes_invites_grades_and_ends() -> None:
    _, events = play([ANSWER, "I learned to ask.", "My final answer."], 1)
    assert [event.event for event in events] == [
        *("opening", "question", "answer", "coverage", "probe", "answer", "coverage"),
        *("invitation", "final", "grade", "closing", "end"),
    ]


def test_a_new_interview_begins_with_the_opening() -> None:
    assert Interview(GUIDE).action == Say("opening")


def test_the_answer_to_a_probe_is_listened_to_under_its_target() -> None:
    assert at(START).action == Listen("answer", None)
    assert at(PROBED).action == Listen("answer", "lesson")


def test_the_gap_of_the_coverage_is_the_one_asked_about() -> None:
    action = at([*START, Answer(text=ANSWER), GAP]).action
    assert isinstance(action, Ask)
    assert action.gap.id == "lesson"


def test_the_least_covered_gap_is_picked() -> None:
    assert at([*START, Answer(text=ANSWER)]).coverage(dict(NOTHING_COVERED)).gap == "lesson"


def test_no_gap_is_asked_about_twice() -> None:
    made = at([*PROBED, Answer(text="I learned.", to="lesson")])
    assert made.coverage(dict(NOTHING_COVERED)).gap == "context"


def test_no_probe_is_asked_beyond_the_limit() -> None:
    made = at([*PROBED, Answer(text="I learned.", to="lesson")], limit=1)
    coverage = made.coverage(dict(NOTHING_COVERED))
    assert coverage.gap is None
    assert "limit of 1" in coverage.reason


def test_a_limit_of_none_goes_straight_to_the_invitation() -> None:
    _, events = play([ANSWER, "My final answer."], 0)
    assert not [event for event in events if isinstance(event, Probe)]
    assert [event for event in events if isinstance(event, Invitation)]


@pytest.mark.parametrize("kind", ["clarify", "hint", "repeat", "unsure"])
@pytest.mark.parametrize("events", [START, INVITED], ids=["question", "final"])
def test_a_request_is_answered_and_the_same_is_listened_to_again(
    kind: Intent, events: list[Event]
) -> None:
    waiting = after(events, kind, reply=False)
    assert waiting.action == Respond(Request(kind=kind))
    assert after(events, kind).action == at(events).action


@pytest.mark.parametrize("kind", ["clarify", "hint", "repeat"])
def test_a_request_at_a_probe_leaves_the_probe_on_the_table(kind: Intent) -> None:
    assert after(PROBED, kind).action == Listen("answer", "lesson")
    assert after(PROBED, kind).asked == "What did you learn?"


@pytest.mark.parametrize("kind", ["skip", "unsure"])
def test_a_probe_that_is_skipped_or_not_known_is_over(kind: Intent) -> None:
    made = after(PROBED, kind)
    assert made.action == Cover()
    assert made.coverage(dict(NOTHING_COVERED)).gap != "lesson"
    assert [turn.said for turn in made.said] == [ANSWER]


def test_skipping_the_question_ends_the_interview_without_a_grade() -> None:
    assert after(START, "skip").action == Say("closing")
    made = at([*START, Request(kind="skip"), Reply(kind="skip", text="."), Closing(text=".")])
    assert made.action == Finish("ungraded")


def test_finishing_before_an_answer_ends_the_interview_without_a_grade() -> None:
    made = after(START, "finish")
    assert made.action == Say("closing")
    assert not made.graded


@pytest.mark.parametrize("events", [PROBED, INVITED], ids=["probe", "final"])
def test_finishing_after_an_answer_keeps_what_was_said(events: list[Event]) -> None:
    assert after(events, "finish").action == Keep()


def test_skipping_the_final_answer_keeps_what_was_said() -> None:
    assert after(INVITED, "skip").action == Keep()


def test_a_final_answer_is_graded_beside_the_first() -> None:
    assert at([*INVITED, Final(text="Better.", kept=False)]).action == Mark("Better.", ANSWER)


def test_a_final_answer_that_is_the_first_is_graded_once() -> None:
    assert at([*INVITED, Final(text=ANSWER, kept=True)]).action == Mark(ANSWER, None)


def test_a_graded_interview_ends_as_graded_and_then_nothing_is_left_to_do() -> None:
    made = at([*INVITED, Final(text="Better.", kept=False), Graded(), Closing(text="Thank you.")])
    assert made.action == Finish("graded")
    made.receive(End(reason="graded"))
    assert made.action is None


def test_a_machine_that_asks_for_scores_takes_up_an_interview_that_did_not() -> None:
    made = Interview(GUIDE, self_score=True)
    for event in [*INVITED, Final(text="Better.", kept=False), Graded()]:
        made.receive(event)
    assert made.graded


def test_a_note_changes_nothing_in_any_state() -> None:
    _, events = play(["hint", ANSWER, "skip", "repeat", "My final answer."], 1)
    for count in range(len(events) + 1):
        made = at(events[:count], limit=1)
        made.receive(Note(text="By the way."))
        assert made == at(events[:count], limit=1)


EVERY: list[Event] = [
    *(Opening(text="a"), Question(text="a"), Answer(text="a"), Request(kind="hint")),
    *(Reply(kind="hint", text="a"), NO_GAP, PROBE, Invitation(text="a")),
    *(Final(text="a", kept=False), Graded(), Closing(text="a"), End(reason="graded")),
]
ALLOWED = {
    State.OPENING: {"opening"},
    State.ASKING: {"question"},
    State.LISTENING: {"answer", "request"},
    State.CHECKING: {"coverage"},
    State.PROBING: {"probe"},
    State.REPLYING: {"reply"},
    State.INVITING: {"invitation"},
    State.AWAITING_FINAL: {"final", "request"},
    State.SETTLING: {"final"},
    State.ASKING_SCORES: {"invitation", "grade"},
    State.AWAITING_SCORES: set[str](),  # own scores alone
    State.GRADING: {"grade", "invitation"},
    State.CLOSING: {"closing"},
    State.ENDING: {"end"},
    State.DONE: set[str](),
}


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.event)
def test_only_what_can_follow_is_taken_in(state: State, event: Event) -> None:
    made = at(INVITED)
    made.state = state
    if event.event in ALLOWED[state]:
        made.receive(event)
        return
    with pytest.raises(InterviewerError, match=f"{event.event!r} can't follow"):
        made.receive(event)
    assert made.state is state


def test_an_event_out_of_order_is_not_remembered() -> None:
    made = at(START)
    with pytest.raises(InterviewerError):
        made.receive(PROBE)
    assert made == at(START)


@given(behaviour=behaviours, limit=st.integers(0, 6), self_score=st.booleans())
def test_whatever_a_candidate_does_the_interview_ends_soon(
    behaviour: list[str], limit: int, self_score: bool
) -> None:
    interview, events = play(behaviour, limit, self_score=self_score)
    assert interview.state is State.DONE
    assert len(interview.probes) <= limit
    assert sum(isinstance(event, Graded) for event in events) == interview.graded
    assert bool(interview.said) == interview.graded


@given(behaviour=behaviours, limit=st.integers(0, 3), self_score=st.booleans())
def test_events_make_the_same_state_again_at_every_prefix(
    behaviour: list[str], limit: int, self_score: bool
) -> None:
    _, events = play(behaviour, limit, self_score=self_score)
    live = Interview(GUIDE, limit=limit, self_score=self_score)
    for count, event in enumerate(events, start=1):
        live.receive(event)
        again = at(events[:count], limit=limit, self_score=self_score)
        assert again == live
        assert again.action == live.action


FINAL = Final(text=ANSWER, kept=True)


def test_own_scores_are_asked_for_between_the_final_answer_and_the_grade() -> None:
    asked = at([*INVITED, Request(kind="finish"), FINAL], self_score=True)
    actions = [asked.action]
    for event in (Invitation(text="How would you score it?"), SelfScored(criteria={})):
        asked.receive(event)
        actions.append(asked.action)
    assert actions == [Say("self-score"), Score(), Mark(ANSWER, None)]
    assert asked.mark == Mark(ANSWER, None)


def test_own_scores_are_asked_for_only_where_that_was_wished() -> None:
    assert at([*INVITED, Request(kind="finish"), FINAL]).action == Mark(ANSWER, None)


def test_nobody_is_asked_to_score_an_interview_without_an_answer() -> None:
    assert at([*START, Request(kind="finish")], self_score=True).action == Say("closing")


def test_a_session_that_asked_for_scores_is_taken_up_by_a_machine_that_was_not_told() -> None:
    scored = SelfScored(criteria={"honesty": 4})
    events: list[Event] = [
        Request(kind="finish"),
        FINAL,
        Invitation(text="?"),
        scored,
        Graded(overall=3.0),
    ]
    taken_up = at([*INVITED, *events])
    assert taken_up.action == Say("closing")


def test_own_scores_that_nobody_asked_for_change_nothing() -> None:
    assert at([*INVITED, SelfScored(criteria={"honesty": 4})]) == at(INVITED)
