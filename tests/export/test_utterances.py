from pathlib import Path

import pytest

from interviewer.events import Answer, Coverage, End, Event, Invitation, Probe, Request
from interviewer.replay import replay_of
from interviewer.transcript import Salvaged
from tests.export.samples import PROBED, session

ASKS = Probe(target="lesson", text=PROBED, source="model")


def coverage(p: float | None) -> Coverage:
    return Coverage(p={"lesson": p}, gap=None, reason="")


def test_all_that_was_said_is_told_in_order_with_who_and_when() -> None:
    said = session().utterances
    assert [each.kind for each in said] == [
        *("opening", "question", "answer", "probe", "request", "reply", "answer"),
        *("invitation", "final", "closing"),
    ]
    assert [each.number for each in said] == list(range(1, 11))
    assert said[2].role == "candidate"
    assert said[2].at_s == 31.5
    assert said[3].target == "lesson"
    assert said[5].cut


def test_an_utterance_knows_its_turn_as_a_replay_counts_it() -> None:
    account = session()
    assert [each.turn for each in account.utterances] == [1, 1, 1, 2, 2, 2, 2, 3, 3, 3]
    shown = replay_of(Salvaged(Path(), None, account.recorded.entries, []), first=2, last=2)
    assert [each.text for each in account.utterances if each.turn == 2] == [
        getattr(moment.event, "text", None) for moment in shown.moments
    ]


def test_a_gap_names_its_probe_what_was_said_to_it_and_what_it_changed() -> None:
    (gap,) = session().gaps
    assert (gap.target, gap.name, gap.probe.text) == ("lesson", "Share the Lesson", PROBED)
    assert [said.text for said in gap.answers] == ["I asked nobody."]
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
    assert [said.text for said in gap.answers] == ["no idea"]


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
