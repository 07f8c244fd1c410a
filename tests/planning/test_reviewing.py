from datetime import timedelta

from interviewer.events import Regraded
from interviewer.planning import Practised, Wish, practised_of, review_of
from interviewer.review import Review, Skipped, Unjudged
from interviewer.transcript import Recorded
from tests.planning.samples import NOW, card, graded, guide, interview, practised
from tests.planning.stories import STORIES

FAILURE = guide("failure", {"honesty": "ownership", "growth": "learning"})
CONFLICT = guide("conflict", {"candour": "ownership", "listening": "communication"})
CARDS = [card(f"guide-{at}", "ownership" if at % 2 else "strategy") for at in range(9)]


def review(*interviews: Recorded | Skipped, past: list[Practised] | None = None) -> Review:
    return review_of(interviews, cards=CARDS, past=past or [], wish=Wish(), now=NOW)


TWO = (
    interview(1, FAILURE, graded(2.2, honesty=2.0, growth=3.0)),
    interview(2, CONFLICT, graded(4.1, candour=4.0, listening=None)),
)


def test_a_competency_has_the_mean_of_the_interviews_that_tell_and_names_them() -> None:
    ownership = next(each for each in review(*TWO).standings if each.competency == "ownership")
    assert (ownership.points, ownership.interviews, ownership.missing) == (3.0, (1, 2), ())


def test_what_could_not_be_judged_is_missing_with_its_reason_and_no_zero() -> None:
    found = review(*TWO).standings[-1]
    assert (found.competency, found.points, found.interviews) == ("communication", None, ())
    assert found.missing == (Unjudged(number=2, reason="the model could not say"),)


def test_the_weakest_competency_comes_first_and_one_without_points_last() -> None:
    names = [each.competency for each in review(*TWO).standings]
    assert names == ["ownership", "learning", "communication"]


def test_an_interview_without_a_grade_or_an_answer_is_named_as_such() -> None:
    skipped = Skipped(guide="conflict", question="Conflict?", why="You skipped it.")
    found = review(interview(1, FAILURE), interview(2, CONFLICT, answer=None), skipped)
    assert [each.missing for each in found.outcomes] == [
        "it was not graded",
        "nothing was answered",
    ]
    assert found.skipped == (skipped,)
    assert found.best is None
    assert found.weakest is None
    assert {each.points for each in found.standings} == {None}
    assert found.standings[0].missing[0].reason == "it was not graded"


def test_a_grade_without_an_overall_score_says_why() -> None:
    found = review(interview(1, FAILURE, graded(None, honesty=2.0)))
    assert found.outcomes[0].missing == "the model could not say"
    assert found.best is None


def test_best_and_weakest_story_come_with_a_sentence_and_what_was_missing() -> None:
    found = review(*TWO)
    assert found.best
    assert found.weakest
    assert (found.best.number, found.best.score) == (2, 4.1)
    assert found.best.evidence == "The sentence of candour."
    assert found.best.lacking == "Lesson"
    assert (found.weakest.number, found.weakest.question) == (1, "Failure?")
    assert found.weakest.evidence == "The sentence of honesty."
    assert found.weakest.lacking == "Honesty"


def test_one_interview_has_no_weakest_story() -> None:
    found = review(TWO[0])
    assert found.best
    assert found.weakest is None


def test_a_later_grade_counts() -> None:
    again = Regraded(
        **graded(5.0, honesty=5.0, growth=5.0).model_dump(), at=NOW, model="m", model_source="flag"
    )
    found = review(interview(1, FAILURE, graded(2.0, honesty=2.0), later=[again]))
    assert found.outcomes[0].overall == 5.0
    assert found.outcomes[0].seconds == 600


def test_the_same_story_in_two_answers_is_named_with_what_both_hold() -> None:
    first, second = STORIES["locks"]
    (same,) = review(
        interview(1, FAILURE, answer=first),
        interview(2, CONFLICT, answer=STORIES["pricing"][0]),
        interview(3, guide("proud", {"impact": "impact"}), answer=second),
    ).same
    assert (same.one.number, same.other.number, same.other.at) == (1, 3, None)
    assert "Lisbon" in same.shared


def test_a_story_of_an_earlier_session_is_found_but_not_the_same_question_practised_again() -> None:
    first, second = STORIES["parking"]
    past = [
        practised("other", 3, answer=first),
        practised("failure", 4, answer=first),
    ]
    (same,) = review(interview(1, FAILURE, answer=second), past=past).same
    assert same.other.question == "other?"
    assert same.other.at == NOW - timedelta(days=3)
    assert same.other.session == "other-3"


def test_the_session_itself_among_the_past_counts_once() -> None:
    first, second = STORIES["parking"]
    both = [interview(1, FAILURE, answer=first), interview(2, CONFLICT, answer=second)]
    past = [found for each in both if (found := practised_of(each))]
    assert len(review(*both, past=past).same) == 1


def test_the_study_plan_has_a_guide_a_day_for_a_week_and_none_twice() -> None:
    study = review(*TWO).study
    assert [(each.day - NOW.date()).days for each in study] == [1, 2, 3, 4, 5, 6, 7]
    assert len({each.guide for each in study}) == 7
    assert study[0].question == f"{study[0].guide}?"
    assert all(each.why and each.minutes == 10 for each in study)


def test_a_study_plan_that_is_short_of_guides_says_so() -> None:
    found = review_of(TWO, cards=CARDS[:2], past=[], wish=Wish(role="Baker"), now=NOW)
    assert len(found.study) == 2
    assert found.notes == ("The study plan has 2 days. There are only 2 guides for 7 interviews.",)


def test_a_review_can_be_kept_as_json() -> None:
    found = review(*TWO, past=[practised("other", 3, answer=STORIES["locks"][0])])
    assert Review.model_validate_json(found.model_dump_json()) == found
