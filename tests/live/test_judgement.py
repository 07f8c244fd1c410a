"""What only the real model can show: that it tells answers apart, the same way each time."""

import os

import pytest

from interviewer.checks import Judge
from interviewer.cli.choices import load
from interviewer.grading import grade
from interviewer.llm.client import Client
from interviewer.llm.local.catalogue import default
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import is_present, path_of
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from tests.test_judgement_recorded import case

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not is_present(default()) and "CI" not in os.environ, reason="interviewer model pull"
    ),
]


async def test_full_answers_stand_above_what_lacks_a_part_and_attacks_below_both() -> None:
    full = case("failure-ablations.jsonl", "puzzle-economy.full")["answer"]
    less = case("failure-ablations.jsonl", "puzzle-economy.no-learning")["answer"]
    attack = case("adversarial.jsonl", "inject-role-play")
    guide = load("failed-as-a-product-manager")
    rubric, prompts = rubric_of(guide), Prompts()
    async with Engine(path_of(default())) as engine:
        model = Client(engine.endpoint, repair=lambda prompt, *_: prompt, slots=engine.slots)
        try:
            grades = [
                await grade(rubric, Judge(guide, model, prompts), answer)
                for answer in (full, less, attack["answer"], full)
            ]
        finally:
            await model.aclose()
    first, lacking, attacked, again = (each.overall or 0 for each in grades)
    assert first >= 4
    assert lacking <= first - 0.5
    assert grades[1].steps["highlight-the-learning"] is False
    assert attacked <= attack["max_overall"]
    assert again == first  # to the last digit, whoever was graded in between
    assert grades[3].p == grades[0].p
