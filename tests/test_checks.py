"""Ratings; what else a judge does is tested by the grades that are made from it."""

import pytest

from interviewer.checks import POINTS, Judge, Turn
from interviewer.errors import UndecidedError
from interviewer.grading.judging import judge_answer
from interviewer.guide import Check, Rating
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from tests.scripted import ANSWER, GUIDE, ScriptedModel

RATING = Rating(of="how calm the candidate is", typical=4.0, spread=1.0)
TURNS = [Turn("Why?", f"{ANSWER} calm"), Turn("Really?", "Yes."), Turn("How?", f"{ANSWER} wild")]


def judge(model: ScriptedModel) -> Judge:
    return Judge(GUIDE, model, Prompts())


def rated(points: float) -> float:
    """Return P(1) with which `ScriptedModel` expects `points`: the other figures share the rest."""
    return (4.5 - points) / 3.5


@pytest.mark.parametrize(("points", "p"), [(4.0, 0.5), (3.0, 0.269), (2.0, 0.119)])
async def test_a_rating_is_the_distance_from_a_usual_one(points: float, p: float) -> None:
    model = ScriptedModel(p=lambda _: rated(points))
    found = await judge(model).rating(RATING, TURNS[:1])
    assert found.p == pytest.approx(p, abs=0.001)
    assert "Rate how calm the candidate is" in model.prompts[0]
    assert len(POINTS) == 7


async def test_each_answer_is_rated_by_itself_but_remarks_of_a_few_words_are_not() -> None:
    def p(prompt: str) -> float:
        return rated(2.0 if "wild" in prompt else 4.0)

    model = ScriptedModel(p=p)
    found = await judge(model).rating(RATING.model_copy(update={"each": True}), TURNS)
    assert len(model.prompts) == 2
    assert found.p == pytest.approx(0.269, abs=0.001)  # one point below on the mean


async def test_an_interview_of_remarks_is_rated_as_a_whole() -> None:
    model = ScriptedModel()
    each = RATING.model_copy(update={"each": True})
    await judge(model).rating(each, [Turn("Why?", "No."), Turn("Really?", "Yes.")])
    assert len(model.prompts) == 1
    assert "> No.\n" in model.prompts[0]


async def test_a_rating_that_the_model_does_not_give_is_missing_with_its_reason() -> None:
    model = ScriptedModel(p=lambda _: UndecidedError("no figure"))
    found = await judge(model).rating(RATING, TURNS)
    assert (found.p, found.reason) == (None, "no figure")


async def test_a_guide_may_have_a_goal_rated_and_no_statement_is_asked_about_it() -> None:
    guide = GUIDE.model_copy(update={"checks": (Check(target="honesty", rating=RATING),)})
    model = ScriptedModel(p=lambda _: rated(4.0))
    asked = Judge(guide, model, Prompts())
    found = await judge_answer(rubric_of(guide), asked, TURNS[:1], "goal")
    assert found.targets["honesty"].p == pytest.approx(0.5)
    assert sum("how calm" in prompt for prompt in model.prompts) == 1
    assert not [prompt for prompt in model.prompts if "Honesty" in prompt]
