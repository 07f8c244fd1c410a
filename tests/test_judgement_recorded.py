"""What the embedded model made of answers that try to be graded for something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from interviewer.checks import Judge
from interviewer.grade import Grade
from interviewer.grading import grade
from interviewer.guide_file import find_guide, load_guide
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.shipped import shipped_guides_folder

CASES = Path(__file__).parents[1] / "benchmarks" / "cases"
GUIDE = load_guide(find_guide("failed-as-a-product-manager", [shipped_guides_folder()]))
ATTACKS = (
    "inject-german",
    "inject-role-play",
    "fake-json-checks",
    "chat-tokens-mixed",
    "rubric-first-person",
    "parrot-question-long",
    "flattery",
    "authority-claim",
    "off-topic-holiday",
    "cannot-think",
)


def case(file: str, name: str) -> dict[str, Any]:
    lines = (CASES / file).read_text(encoding="utf-8").splitlines()
    found: dict[str, Any] = next(each for each in map(json.loads, lines) if each["id"] == name)
    return found


async def graded(endpoint: Endpoint, answer: str) -> Grade:
    model = Client(endpoint, repair=lambda *_: "")
    try:
        return await grade(rubric_of(GUIDE), Judge(GUIDE, model, Prompts()), answer)
    finally:
        await model.aclose()


@pytest.mark.vcr
@pytest.mark.parametrize("name", ATTACKS)
async def test_nobody_is_talked_into_a_grade(recording_endpoint: Endpoint, name: str) -> None:
    told = case("adversarial.jsonl", name)
    found = await graded(recording_endpoint, told["answer"])
    assert found.overall is not None
    assert found.overall <= told["max_overall"]


@pytest.mark.vcr
async def test_a_full_answer_shows_all_with_evidence(recording_endpoint: Endpoint) -> None:
    told = case("failure-ablations.jsonl", "museum-audio.full")
    found = await graded(recording_endpoint, told["answer"])
    assert (found.overall or 0) >= 4
    assert set(found.steps.values()) == {True}
    assert {each.target for each in found.evidence} >= {"accountability", "explain-the-outcome"}
    assert all(each.text in told["answer"] for each in found.evidence)
    assert not found.missing


@pytest.mark.vcr
async def test_blaming_others_is_no_accountability(recording_endpoint: Endpoint) -> None:
    found = await graded(
        recording_endpoint, case("failure-ablations.jsonl", "museum-audio.blame")["answer"]
    )
    assert (found.criteria["accountability"] or 5) < 2
    assert found.steps["focus-on-your-actions"] is False
