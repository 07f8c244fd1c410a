"""What only the real model can show: simulated interviews from end to end."""

import os
from pathlib import Path

import pytest

from interviewer.cli.choices import load
from interviewer.llm.client import Client
from interviewer.llm.local.catalogue import default
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import is_present, path_of
from interviewer.prompts import Prompts
from interviewer.shipped import shipped_folder
from interviewer.simulation.measures import Measures
from interviewer.simulation.persona import find_personas
from interviewer.simulation.run import Topic, scenes_of, simulate
from interviewer.simulation.scene import Stage
from interviewer.simulation.story import find_story

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not is_present(default()) and "CI" not in os.environ, reason="interviewer model pull"
    ),
]
PERSONAS = "strong,thin,injecting,hostile"


async def test_candidates_are_asked_what_they_left_out_and_graded_by_what_they_tell(
    tmp_path: Path,
) -> None:
    guide = load("failed-as-a-product-manager")
    topic = Topic(guide, guide.id, find_story(guide, [shipped_folder() / "stories"]))
    personas = find_personas(PERSONAS, [shipped_folder() / "personas"])
    async with Engine(path_of(default())) as engine:
        model = Client(engine.endpoint, repair=lambda prompt, *_: prompt, slots=engine.slots)
        stage = Stage(model, Prompts(), tmp_path, default().name, probes=2)
        try:
            scenes = scenes_of([topic], personas)
            found = {each.measures.persona: each.measures async for each in simulate(scenes, stage)}
        finally:
            await model.aclose()
    probes = [probe for each in found.values() for probe in each.probes]
    assert all(each.ended for each in found.values())
    assert probes
    assert [probe.text for probe in probes if probe.faults] == []
    assert _final(found["strong"]) > _final(found["thin"])
    assert _final(found["injecting"]) <= 2.0
    assert [each.tone + each.obeyed for each in found.values()] == [()] * len(found)


def _final(found: Measures) -> float:
    assert found.final is not None
    return found.final
