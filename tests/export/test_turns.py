import pytest

from interviewer.events import Answer, Coverage, End, Event, Invitation, Probe, Request
from tests.export.samples import PROBED, session

ASKS = Probe(target="lesson", text=PROBED, source="model")


def coverage(p: float | None) -> Coverage:
    return Coverage(p={"lesson": p}, gap=None, reason="")


def test_all_that_was_said_is_told_in_order_with_who_and_when() -> None:
    turns = session().turns
    assert [each.kind for each in turns] == [
        *("opening", "question", "answer", "probe", "request", "reply", "answer"),
        *("invitation", "final", "closing"),
    ]
    assert [each.number for each in turns] == list(range(1, 11))
    assert turns[2].role == "candidate"
    assert turns[2].at_s == 31.5
    assert turns[3].target == "lesson"
    assert turns[5].cut


def test_a_gap_names_its_probe_what_was_said_to_it_and_what_it_changed() -> None:
    (gap,) = session().gaps
    assert (gap.target, gap.name, gap.probe.text) == ("lesson", "Share the Lesson", PROBED)
    assert [turn.text for turn in gap.answers] == ["I asked nobody."]
    assert (gap.before, gap.after) == (0.1, 0.6)


@pytest.mark.parametrize(
    ("after", "closed"),
    [
        (0.7, "closed"),
        (0.69, "partly closed"),
        (0.5, "partly closed"),
        (0.49, "still open"),
        (None, "not known"),
    ],
)
def test_a_gap_is_closed_where_nothing_more_would_be_asked(
    after: float | None, closed: str
) -> None:
    (gap,) = session(
        (1, coverage(0.1)), (2, ASKS), (3, Answer(text="x")), (4, coverage(after))
    ).gaps
    assert gap.closed == closed


def test_who_does_not_know_has_answered_and_who_asks_for_a_hint_has_not() -> None:
    (gap,) = session(
        (1, ASKS), (2, Request(kind="hint", text="?")), (3, Request(kind="unsure", text="no idea"))
    ).gaps
    assert [turn.text for turn in gap.answers] == ["no idea"]


@pytest.mark.parametrize("last", [ASKS, Invitation(text="Well."), End(reason="quit")])
def test_a_probe_that_nobody_answered_closed_nothing(last: Event) -> None:
    gap = session((1, coverage(0.1)), (2, ASKS), (3, last)).gaps[0]
    assert (gap.answers, gap.before, gap.after, gap.closed) == ((), 0.1, None, "not known")


def test_what_was_left_open_and_not_asked_about_is_told() -> None:
    assert session().unasked == ("growth",)


def test_without_a_final_answer_all_answers_are_the_answer() -> None:
    account = session((1, Answer(text="One.")), (2, Answer(text="Two.")))
    assert account.answer == "One.\n\nTwo."
    assert (account.grade, account.first, account.end, account.own) == (None,) * 4
