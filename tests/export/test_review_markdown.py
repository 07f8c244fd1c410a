from interviewer.export.review import review_markdown
from interviewer.review import Review
from tests.export.samples import EVIL
from tests.export.test_markdown import kinds, plain
from tests.planning.reviews import whole


def test_the_text_says_all_that_the_review_holds() -> None:
    said = " ".join(plain(review_markdown(whole())).split())
    for part in (
        "3 interviews, 2 with a score, 1 skipped, 23 min in all.",
        "Customer insight 2.3 (from interviews 1 and 2)",
        "B? (interview 2, 4.2 of 5)",
        "Missing most: ",
        "Mon 16 Jun: Tell me about a failure. Guide own, 20 min.",
    ):
        assert part in said, said


def test_words_from_outside_are_text() -> None:
    made = review_markdown(whole(EVIL))
    assert not kinds(made) & {"link_open", "image", "html_block", "html_inline", "code_block"}


def test_a_review_of_nothing_is_short() -> None:
    assert "Competencies" not in review_markdown(Review(outcomes=()))
