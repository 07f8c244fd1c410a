import json
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.batch.grader import Grader
from interviewer.batch.trial import Kind, Trial, Tried, faults_of, trials_of, try_out
from interviewer.errors import DataError
from interviewer.grade import Grade
from interviewer.guide import Example
from interviewer.prompts import Prompts
from tests.batch.shell import command
from tests.fake_endpoint import JUDGING, fake_endpoint
from tests.scripted import GUIDE, ScriptedModel

STRONG = "I launched a strong plan in 2019 and I told everybody myself what I had got wrong."
WEAK = "I once launched a weaker thing and others were late, so it was not really good at all."
TESTED = GUIDE.model_copy(
    update={
        "examples": (
            Example(id="example-1", text=WEAK, weak=True),
            Example(id="example-2", text=STRONG, weak=False),
        )
    }
)


def grader(p: Callable[[str], float | Exception]) -> Grader:
    return Grader(TESTED, ScriptedModel(p=p), Prompts(), "scripted")


async def tried(p: Callable[[str], float | Exception]) -> list[Tried]:
    return await try_out(grader(p), lambda _: None)


def fair(prompt: str) -> float:
    return 0.95 if STRONG in prompt else 0.6 if WEAK in prompt else 0.5


async def test_a_model_that_sees_the_difference_can_judge() -> None:
    found = await tried(lambda prompt: 0.5 if "soup" in prompt else fair(prompt))
    assert [each.trial.name for each in found] == [
        *("example-2", "example-1", "off-topic", "injected", "empty"),
    ]
    assert found[0].grade.flags == []  # not a copy of itself
    assert faults_of(found) == []


async def test_a_model_that_says_yes_to_everything_cannot() -> None:
    faults = faults_of(await tried(lambda _: 0.9))
    assert faults[0].startswith("example-2 (strong) got")
    assert len(faults) >= 3


def graded(*scores: tuple[str, Kind, float | None]) -> list[Tried]:
    return [Tried(Trial(name, kind, ""), Grade(overall=score)) for name, kind, score in scores]


@pytest.mark.parametrize(
    ("strong", "weak", "worthless", "faults"),
    [
        (4.0, 3.0, 1.0, 0),
        (3.5, 3.0, 2.5, 0),
        (3.4, 3.0, 2.5, 1),
        (3.5, 3.0, 2.6, 1),
        (3.0, 3.0, 3.0, 3),
        (None, 3.0, 1.0, 1),
    ],
)
def test_half_a_point_must_lie_between_the_kinds(
    strong: float | None, weak: float, worthless: float, faults: int
) -> None:
    found = graded(("a", "strong", strong), ("b", "weak", weak), ("c", "worthless", worthless))
    assert len(faults_of(found)) == faults


def test_an_example_without_a_label_must_only_beat_the_worthless_ones() -> None:
    assert faults_of(graded(("a", "example", 3.0), ("b", "weak", 4.0))) == []
    assert len(faults_of(graded(("a", "example", 1.2), ("c", "worthless", 1.0)))) == 1


def test_a_guide_without_examples_has_nothing_to_test_on() -> None:
    with pytest.raises(DataError, match="no example answers"):
        trials_of(GUIDE.model_copy(update={"examples": ()}), Prompts())


async def test_a_model_that_cannot_judge_exits_1_and_says_so(tmp_path: Path) -> None:
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args = ("guide", "test", "failed-as-a-product-manager", "--model", "tiny")
        done = await command(tmp_path, *args, "--base-url", fake.url)
        found = await command(tmp_path, *args, "--base-url", fake.url, "--json")
    assert done.returncode == found.returncode == 1
    assert "tiny can't judge the guide failed-as-a-product-manager." in done.stdout
    assert "at least 0.5 higher" in done.stdout
    assert "Traceback" not in done.stderr
    assert json.loads(found.stdout)["can_judge"] is False
    assert found.stderr == ""
