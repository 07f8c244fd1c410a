from collections.abc import Mapping
from typing import Literal

import pytest

from interviewer.events import Graded
from interviewer.grade import UNCERTAIN, Calibrated, Grade, Missing
from interviewer.terminal.grade_view import GradeView
from tests.terminal.samples import GRADED, NAMES, console_of, drawn


def view(
    grade: Grade,
    *,
    width: int = 80,
    kind: Literal["terminal", "dumb", "pipe"] = "pipe",
    names: Mapping[str, str] = NAMES,
    own: Mapping[str, int] | None = None,
) -> str:
    console = console_of(kind, width=width)
    console.print(GradeView(grade, names=names, own=own))
    return "\n".join(line.rstrip() for line in drawn(console).splitlines()) + "\n"


WIDE = """\
Grade
  Overall                    ██████████████░░░░░░  3.6 of 5  first 2.9  +0.7

Criteria
  Ownership                  █████████████████░░░  4.2  first 4.2
                             “I told the customer myself.”
  Damage assessment          ████████░░░░░░░░░░░░  2.0  first 3.0  -1.0
  Growth and learning        missing: the options held 0.31

Steps
  ✓ Set the scene            “Last year I shipped late.”
  ✗ Say how you repaired it
  ? Name the lesson          missing: the reply broke off

Tips
  ✗ Don't blame others       It reads as blame.
  ✓ Use numbers
  ? Be brief                 missing: nobody answered

To look at
  ! It repeats an example of the guide.

Delivery
  182 words, about 1:18 min aloud; longest sentence 31 words
  fillers 3, hedges 2, figures 5, I 12, we 4

What to work on
  1. Growth and learning: Say what you do differently since.
  2. Say how you repaired it: Tell how you won the trust back.
"""

NARROW = """\
Grade
  Overall
    #######...  3.6 of 5
    first 2.9  +0.7

Criteria
  Ownership
    ########..  4.2
    first 4.2
    "I told the customer
    myself."
"""


def test_a_wide_screen_shows_names_bars_and_evidence_side_by_side() -> None:
    assert view(GRADED) == WIDE


def test_a_narrow_dumb_screen_stacks_them_in_ascii() -> None:
    shown = view(GRADED, width=30, kind="dumb")

    assert shown.startswith(NARROW)
    assert '  + Set the scene\n    "Last year I shipped' in shown
    assert "  - Say how you repaired it\n  ? Name the lesson\n    missing: the reply" in shown
    assert shown.isascii()


def test_what_is_missing_has_its_reason_and_no_number() -> None:
    grade = Grade(overall=None, criteria={"owns": None}, steps={"scene": None})

    shown = view(grade)

    assert "Overall          missing: no reason was given" in shown
    assert "Ownership        missing: no reason was given" in shown
    assert "? Set the scene  missing: no reason was given" in shown
    assert not any(character.isdigit() for character in shown)


def test_a_first_answer_without_a_score_is_missing_too() -> None:
    graded = Graded(overall=3.0, criteria={"owns": 3.0}, first=Grade(overall=None))

    assert view(graded).count("3.0") == 2
    assert view(graded).count("first: missing") == 2


def test_a_grade_alone_compares_with_nothing() -> None:
    shown = view(Grade(overall=5.0, criteria={"unknown-id": 1.0}))

    assert "first" not in shown
    assert "unknown-id    ████░" in shown
    assert "████████████████████  5.0 of 5" in shown


def test_own_scores_stand_beside_the_grade_with_how_far_they_are_from_it() -> None:
    own = {"owns": 3, "damage": 2, "growth": 5, "unknown": 1}
    lines = [line.strip() for line in view(GRADED, own=own).splitlines()]
    owns = lines.index("Ownership                  █████████████████░░░  4.2  first 4.2")
    assert lines[owns + 1] == "your own 3, 1.2 lower"
    assert "your own 2, the same" in lines
    assert "Growth and learning        missing: the options held 0.31; your own 5" in lines


def test_an_own_score_stands_on_the_line_of_the_score_where_there_is_room() -> None:
    shown = view(Grade(overall=3.0, criteria={"owns": 3.4, "damage": 3.0}), own={"owns": 4})
    assert "  3.4  your own 4, 0.6 higher\n" in shown
    assert shown.count("your own") == 1


def test_own_scores_fit_into_a_narrow_screen() -> None:
    lines = view(GRADED, width=30, kind="dumb", own={"owns": 5}).splitlines()
    assert "    your own 5, 0.8 higher" in lines
    assert max(map(len, lines)) <= 30


DOUBTFUL = """\
Grade
  Overall            ██████████████░░░░░░  3.6 of 5 ?  first 2.9  +0.7
  ? marks what the model is hardly surer of than of a coin's toss

Criteria
  Ownership          ███████████████░░░░░  3.8 ?  first 4.2  -0.4
                     “I told the customer myself.”
  Growth             missing: nobody answered

Steps
  ✓ Set the scene ?  “Last year I shipped late.”
  ✗ Repair
  ? Lesson           missing: nobody answered
"""


def test_what_is_little_surer_than_a_guess_is_marked_and_the_mark_explained() -> None:
    unsure = dict.fromkeys(("overall", "owns", "growth", "scene", "lesson"), UNCERTAIN - 0.01)
    grade = GRADED.model_copy(
        update={
            "criteria": {"owns": 3.8, "growth": None},
            "steps": {"scene": True, "Repair": False, "lesson": None},
            "missing": [
                Missing(target=each, reason="nobody answered") for each in ("growth", "lesson")
            ],
            "confidence": unsure | {"Repair": UNCERTAIN},
            "tips": {},
        }
    )
    names = NAMES | {"growth": "Growth", "lesson": "Lesson"}
    assert view(grade, names=names).startswith(DOUBTFUL)
    narrow = view(grade, width=30, kind="dumb", names=names)
    assert "  ########..  3.8 ?\n" in narrow
    assert "  + Set the scene ?\n" in narrow
    assert narrow.isascii()


@pytest.mark.parametrize("confidence", [{}, {"owns": UNCERTAIN}, {"growth": 0.0, "gone": 0.0}])
def test_where_nothing_is_uncertain_no_mark_is_explained(confidence: dict[str, float]) -> None:
    assert view(GRADED.model_copy(update={"confidence": confidence})) == WIDE


@pytest.mark.parametrize(
    ("value", "plain", "overall", "line"),
    [
        (5.25, 3.1, 3.8, "calibrated by mine: 5.2 on its scale of 1 to 7; plain: 3.1 of 5"),
        (None, 3.1, None, "calibrated by mine: no score on its scale of 1 to 7; plain: 3.1 of 5"),
        (5.0, None, 3.7, "calibrated by mine: 5.0 on its scale of 1 to 7; plain: none"),
    ],
)
def test_a_calibrated_score_says_so_and_what_it_is_on_the_raters_scale(
    value: float | None, plain: float | None, overall: float | None, line: str
) -> None:
    made = Calibrated(value=value, scale=(1, 7), name="mine", plain=plain)
    shown = view(Grade(overall=overall, calibrated=made))
    assert shown.splitlines()[2] == f"  {line}"


@pytest.mark.parametrize("width", [30, 59, 60, 100])
def test_an_empty_grade_is_drawn_too(width: int) -> None:
    assert "Overall" in view(Grade(), width=width)
