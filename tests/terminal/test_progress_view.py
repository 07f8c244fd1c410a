import re
from typing import Literal

import pytest
from rich.cells import cell_len

from interviewer.guide import Item
from interviewer.progress import Facts, progress_of
from interviewer.terminal.progress_view import ProgressView
from tests.progress.samples import OTHER, calibrated, regraded, session
from tests.scripted import GUIDE
from tests.terminal.samples import NASTY, console_of, drawn

LONG = GUIDE.model_copy(
    update={
        "question": "Tell me, as fully as you like, about a time when something went wrong.",
        "goals": (
            Item(id="honesty", name="Resilience and Problem Solving under Pressure", text="x"),
            *GUIDE.goals[1:],
        ),
    }
)


def text(
    *sessions: Facts, kind: Literal["terminal", "dumb", "pipe"] = "pipe", width: int = 80
) -> str:
    console = console_of(kind, width=width)
    console.print(ProgressView(progress_of(sessions)))
    return drawn(console)


def flat(*sessions: Facts, width: int = 80) -> str:
    return " ".join(text(*sessions, width=width).split())


def rising(n: int = 6) -> list[Facts]:
    return [
        session(
            at,
            1.5 + at / 2,
            first=1.2 + at / 2,
            own={"honesty": 5},
            steps={"context": True, "lesson": at > 3},
        )
        for at in range(n)
    ]


def row(found: str, name: str) -> str:
    (line,) = (each for each in found.splitlines() if re.match(rf"\s*{re.escape(name)}\b", each))
    return " ".join(line.split())


def test_scores_stand_with_their_course_and_trend() -> None:
    found = text(*rising())
    assert "Overall ▂▃▄▅▅▆ 4.0 4.0 2.8 +0.50 rising" in " ".join(found.split())
    assert "Honesty" in found


def test_few_sessions_are_said_to_be_few() -> None:
    assert "A trend needs 3 interviews that can be compared; here is 1." in flat(session(1))
    assert "+0.50 too few" in flat(*rising(4))


def test_what_is_missing_lately_is_shown_session_by_session() -> None:
    found = " ".join(text(*rising()).split())
    assert "Share the Lesson ✗✗✗✓✓ missing in 3 of 5, 4 of 6 in all" in found
    assert "Describe the Context" not in found


def test_first_and_final_answers_and_own_scores_stand_side_by_side() -> None:
    found = flat(*rising())
    assert "Overall 2.5 → 2.8 +0.3 better in 6 of 6" in found
    assert "You score yourself 2.2 points higher than the grade (6 interviews)." in found


def test_delivery_is_told_in_its_units() -> None:
    found = text(session(1), session(2))
    assert row(found, "Speaking time").endswith("0:43 0:43 -")
    assert row(found, "I, of I and we").endswith("75% 75% -")


def test_a_change_of_the_model_is_marked_and_told() -> None:
    found = flat(session(1, 5.0, model="large"), session(2, 2.0), session(3, 3.0))
    assert "█|▃▅" in found
    assert "| 2031-05-03: graded by tiny, before by large." in found
    assert "Last, best, mean and trend are of interviews graded as the newest was." in found


def test_later_grades_and_sessions_without_one_are_told() -> None:
    found = flat(session(1, again=[regraded(4.0)]), session(2, graded=False))
    assert "1 graded, 1 without a grade, 1 by a later grade" in found


def test_a_calibrated_overall_score_says_so() -> None:
    assert "Overall is calibrated by my-raters; the criteria are not." in flat(
        session(1, **calibrated(4.0, 3.0))
    )


def test_a_guide_whose_sessions_have_no_grade_shows_no_figures() -> None:
    found = text(session(1, graded=False))
    assert "failure: 1 interview, 1 without a grade" in found
    assert "Scores" not in found


def test_what_all_guides_have_in_common_is_told_where_there_are_several() -> None:
    found = flat(session(1, 3.0, first=2.0), session(2, 4.0, first=2.0, guide=OTHER))
    assert (
        "Over all guides, final answers got 1.5 points more than first ones on average, and more "
        "in 2 of 2." in found
    )
    assert "Over all guides" not in flat(session(1, 3.0, first=2.0))


def test_a_score_that_is_hardly_more_than_a_guess_is_marked() -> None:
    found = flat(session(1, confidence={"growth": 0.1}))
    assert "Growth ▃ 2.0? 2.0 2.0" in found
    assert "? marks what the model is hardly surer of" in found


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("n", [1, 3, 40])
def test_no_line_is_wider_than_the_window(width: int, n: int) -> None:
    sessions = [
        session(at, 3.0, first=2.0, own={"honesty": 4}, guide=LONG, model=f"model-{at // 9}")
        for at in range(n)
    ]
    assert max(cell_len(line) for line in text(*sessions, width=width).splitlines()) <= width


def test_in_a_window_of_60_columns_the_newest_sessions_are_shown() -> None:
    found = text(*(session(at, guide=LONG) for at in range(40)), width=60)
    assert "newest 12" in found


def test_an_ascii_terminal_gets_digits_and_nothing_else() -> None:
    found = text(*rising(), kind="dumb")
    assert found.isascii()
    assert "222344" in found
    assert "---++" in found
    assert "->" in found


def test_a_pipe_gets_no_colours_and_no_cursor_movement() -> None:
    assert "\x1b" not in text(*rising())
    assert "\x1b[" in text(*rising(), kind="terminal")


def test_words_of_a_guide_change_no_terminal() -> None:
    nasty = GUIDE.model_copy(
        update={
            "id": NASTY,
            "question": NASTY,
            "goals": (Item(id="honesty", name=NASTY, text="x"),),
            "steps": (Item(id="lesson", name=NASTY, text="x"),),
        }
    )
    found = text(session(1, guide=nasty, model=NASTY), session(2, guide=nasty), session(3))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", found)
    assert "[link=x]" in found


def test_nothing_missing_is_said_and_of_very_much_the_first_is_shown() -> None:
    whole = session(1, steps={"context": True, "lesson": True})
    assert "Nothing: all that could be judged was covered and kept." in flat(whole)
    steps = tuple(Item(id=f"s{at}", name=f"Step {at}", text="x") for at in range(9))
    lacking = GUIDE.model_copy(update={"steps": steps})
    found = flat(session(1, guide=lacking, steps=dict.fromkeys((each.id for each in steps), False)))
    assert "Step 5 ✗ missing in 1 of 1 and 3 more" in found


def test_an_interval_stands_below_its_trend_where_there_is_room() -> None:
    scores = (1.0, 1.4, 2.1, 2.4, 3.1, 3.2)
    sessions = [session(at, score) for at, score in enumerate(scores)]
    assert "+0.47 rising +0.30 to +0.70" in flat(*sessions)
    assert "+0.47 rising Honesty" in flat(*sessions, width=60)
