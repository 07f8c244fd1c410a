from interviewer.planning import practised_of
from interviewer.planning.past import LONGEST
from tests.planning.samples import NOW, graded, guide, interview


def test_an_interview_tells_points_by_competency_the_mean_of_its_goals() -> None:
    asked = guide("failure", {"honesty": "ownership", "blame": "ownership", "growth": "learning"})
    found = practised_of(interview(2, asked, graded(3.0, honesty=2.0, blame=3.0, growth=None)))
    assert found
    assert found.points == {"ownership": 2.5}
    assert (found.guide, found.number, found.overall) == ("failure", 2, 3.0)
    assert found.answer == "I failed."
    assert found.at < NOW


def test_an_older_guide_gets_its_competencies_from_the_guide_as_it_is_now() -> None:
    old = {**guide("failure", {"honesty": "", "growth": ""}), "competencies": {}}
    recorded = interview(1, old, graded(3.0, honesty=2.0, growth=4.0))
    now = {"failure": {"honesty": "ownership"}}
    found = practised_of(recorded, lambda id: now.get(id, {}))
    assert found
    assert found.points == {"ownership": 2.0, "growth": 4.0}
    alone = practised_of(recorded)
    assert alone
    assert alone.points == {"honesty": 2.0, "growth": 4.0}


def test_an_interview_without_an_answer_was_not_practised() -> None:
    assert practised_of(interview(1, guide("failure", {}), answer=None)) is None


def test_an_interview_without_a_grade_has_no_points() -> None:
    found = practised_of(interview(1, guide("failure", {"honesty": "ownership"})))
    assert found
    assert (found.points, found.overall) == ({}, None)


def test_of_a_very_long_answer_only_the_beginning_is_kept() -> None:
    found = practised_of(interview(1, guide("failure", {}), answer="word " * 100_000))
    assert found
    assert len(found.answer) == LONGEST
