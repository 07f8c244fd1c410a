import pytest
from rich.cells import cell_len

from interviewer.review import Outcome, Review
from interviewer.terminal.review_view import draw_review
from tests.planning.reviews import whole
from tests.terminal.samples import NASTY, console_of, drawn


def text(review: Review, width: int = 80) -> str:
    console = console_of("pipe", width=width)
    draw_review(console, review)
    return drawn(console)


def flat(review: Review, width: int = 80) -> str:
    return " ".join(text(review, width).split())


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_fits_any_window_and_says_everything(width: int) -> None:
    made = text(whole(), width)
    assert all(cell_len(line) <= min(width, 88) for line in made.splitlines())
    said = " ".join(made.split())
    for part in (
        "3 interviews, 2 with a score, 1 skipped, 23 min in all",
        "Customer insight from interviews 1 and 2",
        "I phoned Braga.",
        "Interviews 1 and 2 tell the same story.",
        "Interview 1 tells a story that you told on 2031-06-15 already.",
        "Both hold: Lisbon.",
        "own, 20 min",
        "Begin with: interviewer chat own",
    ):
        assert part in said


def test_what_is_missing_is_a_dash_with_its_reason() -> None:
    said = flat(whole("nobody knows"))
    assert "- C? no score: nobody knows; 0:09 min" in said
    assert "- Nobody knows not from 3: nobody knows" in said


def test_words_from_outside_reach_no_terminal() -> None:
    made = text(whole(NASTY))
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(made)
    assert "[/b]" in made


def test_a_terminal_of_ascii_gets_plain_quotes() -> None:
    console = console_of("dumb", width=80)
    draw_review(console, whole())
    assert '"I phoned Braga."' in drawn(console)


def test_a_session_without_a_grade_has_no_empty_parts() -> None:
    outcome = Outcome(number=1, guide="a", question="A?", overall=None, seconds=0, missing="x")
    said = flat(Review(outcomes=(outcome,)))
    assert "less than a minute" in said
    assert not any(part in said for part in ("Competencies", "Best", "Study", "twice"))
