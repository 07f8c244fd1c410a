from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from interviewer.planning import Planned, Practised, due
from interviewer.planning.schedule import Scheduled, schedule_of
from tests.planning.samples import NOW, card, practised

CARDS = [card("own", "ownership"), card("own-up", "ownership"), card("lead", "leadership")]


def scheduled(*reviews: tuple[float, float]) -> Scheduled:
    """Return the schedule of a competency that had these points so many days ago."""
    past = [practised("x", days, {"ownership": points}) for days, points in reviews]
    return schedule_of(past, NOW)[0]


def test_good_grades_that_came_in_time_double_the_interval() -> None:
    assert scheduled((30, 4.0)).interval_days == 4
    assert scheduled((30, 4.0), (26, 4.0)).interval_days == 8
    assert scheduled((30, 4.0), (26, 4.0), (18, 4.0)).interval_days == 16


def test_a_poor_grade_falls_back_to_the_next_day() -> None:
    found = scheduled((30, 4.0), (26, 4.0), (18, 2.0))
    assert found.interval_days == 1
    assert found.due == found.last + timedelta(days=1)


def test_a_middling_grade_stays_where_it_was() -> None:
    assert scheduled((30, 4.0), (26, 3.0)).interval_days == 4


def test_three_interviews_in_one_evening_are_no_spaced_practice() -> None:
    assert scheduled((30, 4.0), (29.99, 4.0), (29.98, 4.0)).interval_days == 4


def test_no_interval_is_longer_than_64_days() -> None:
    reviews = [(1000.0 - 70 * at, 5.0) for at in range(12)]
    assert scheduled(*reviews).interval_days == 64


POINTS = st.floats(1, 5)
REVIEWS = st.lists(st.tuples(st.floats(0, 400), POINTS), min_size=1, max_size=8)


@given(REVIEWS, st.data())
def test_a_better_grade_never_makes_an_interval_shorter(
    reviews: list[tuple[float, float]], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(reviews) - 1))
    days, points = reviews[at]
    better = [*reviews]
    better[at] = days, data.draw(st.floats(points, 5))
    assert scheduled(*better).interval_days >= scheduled(*reviews).interval_days


@given(REVIEWS)
def test_what_is_due_comes_after_what_was_practised(reviews: list[tuple[float, float]]) -> None:
    found = scheduled(*reviews)
    assert found.due - found.last == timedelta(days=found.interval_days)
    assert found.last == max(practised("x", days).at for days, _ in reviews)


def test_with_nothing_practised_it_says_where_to_start() -> None:
    found = due([], CARDS, NOW, start="lead")
    assert (found.state, found.competency) == ("new", None)
    assert found.take == Planned(guide="lead", why="A good one to begin with.")
    assert found.question == "lead?"
    elsewhere = due([], CARDS[:1], NOW, start="lead")
    assert elsewhere.take
    assert elsewhere.take.guide == "own"


def test_what_is_due_is_told_with_how_it_went_and_a_guide_that_was_not_asked_lately() -> None:
    found = due([practised("own", 5, {"ownership": 2.3})], CARDS, NOW)
    assert (found.state, found.competency) == ("due", "ownership")
    assert found.why == "You practised it 5 days ago, with 2.3 of 5, and it was due 4 days ago."
    assert found.take == Planned(guide="own-up", why="It practises ownership and was never asked.")


def test_of_what_is_due_the_most_overdue_in_intervals_comes_first() -> None:
    past = [practised("own", 3, {"ownership": 2.0}), practised("lead", 6, {"leadership": 4.0})]
    assert due(past, CARDS, NOW).competency == "ownership"  # 3 intervals of a day to 1.5 of four


def test_where_all_guides_were_asked_lately_it_is_the_one_asked_longest_ago() -> None:
    past = [
        practised("own", 3, {"ownership": 2.0}),
        practised("own-up", 5, {"ownership": 2.0}),
    ]
    found = due(past, CARDS[:2], NOW)
    assert found.take
    assert found.take.guide == "own-up"
    assert "asked lately; this one longest ago, 5 days ago" in found.take.why


def test_with_nothing_due_it_says_when_the_next_is_and_what_is_worth_it_all_the_same() -> None:
    found = due([practised("own", 1, {"ownership": 4.5})], CARDS, NOW)
    assert found.state == "ahead"
    assert found.why == "Nothing is due. Next is ownership, in 3 days."
    assert found.take == Planned(guide="lead", why="You have not practised leadership yet.")
    assert found.next
    assert found.next.competency == "ownership"
    only = due([practised("own", 1, {"ownership": 4.5})], CARDS[:1], NOW)
    assert only.take is None
    assert only.why.endswith("All guides that fit were asked lately.")


def test_what_no_guide_practises_is_passed_over() -> None:
    past = [practised("own", 90, {"ownership": 1.0}), practised("lead", 20, {"leadership": 4.0})]
    assert due(past, CARDS[2:], NOW).competency == "leadership"
    alone = due(past[:1], CARDS[2:], NOW)
    assert alone.why == "No guide that fits practises ownership, which is due."


def test_without_a_guide_there_is_nothing_to_take() -> None:
    past: list[Practised] = []
    assert due(past, [], NOW).state == "none"


def test_days_are_those_of_the_calendar() -> None:
    late, early = NOW.replace(hour=23), NOW.replace(hour=6)
    past = [practised("own", 0, {"ownership": 1.0}, at=late - timedelta(days=2))]
    said = due(past, CARDS, early).why
    assert said == "You practised it 2 days ago, with 1.0 of 5, and it was due yesterday."
