"""The break between two interviews, as it is drawn."""

import pytest
from rich.console import Console

from interviewer.agenda import Agenda, Begin
from interviewer.events import Event, Graded
from interviewer.terminal.break_view import BreakView, gone_of, time_of
from tests.test_agenda import after, plan, skipped, spread, whole


def graded(**grade: object) -> list[Event]:
    """Return an interview of which the grade is told."""
    events = whole(1)
    at = next(at for at, each in enumerate(events) if isinstance(each, Graded))
    events[at] = Graded.model_validate(grade)
    return events


def drawn(agenda: Agenda, how: str = "") -> str:
    step = agenda.action
    assert isinstance(step, Begin)
    console = Console(width=60, record=True, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(BreakView(agenda, step, "Why \x1b[31mred?", how))
    return " ".join(captured.get().split())


def test_a_break_tells_how_it_went_what_time_is_left_and_what_comes_next() -> None:
    agenda = after(spread(whole(1), 0, 490), minutes=45)

    assert drawn(agenda, "Enter goes on.") == (
        "Break Interview 1 took 8:10: 3.0 of 5. 8:10 of 45:00 used; the break doesn't count. "
        "Next comes number 2 of 3: \u201cWhy \N{REPLACEMENT CHARACTER}[31mred?\u201d "
        "Enter goes on."
    )


def test_the_last_one_is_told_before_it_begins() -> None:
    assert "Next comes number 2, the last one:" in drawn(
        after(spread(whole(1), 0, 600), minutes=16)
    )


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (skipped(1), "Interview 1 took 0:10; it has no grade."),
        (
            graded(overall=None),
            "Interview 1 took 0:10; too little of it could be judged for a score.",
        ),
        (graded(overall=2.5, criteria={"honesty": 2.5}), "Interview 1 took 0:10: 2.5 of 5."),
        (
            graded(overall=2.5, criteria={"honesty": 4, "growth": 1, "x": None}),
            "Interview 1 took 0:10: 2.5 of 5, best in Honesty, weakest in Growth.",
        ),
    ],
)
def test_how_an_interview_went_is_told_in_a_line(events: list[Event], told: str) -> None:
    assert gone_of(after(spread(events, 0, 10)).held[-1]) == told


def test_without_a_limit_the_time_is_only_counted() -> None:
    assert time_of(Agenda(plan())) == "0:00 so far; the break takes as long as you like."
