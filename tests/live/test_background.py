"""What only the real model can show of a CV: that its lines make good probes, and no grade."""

import os

import pytest

from interviewer.background import Background, projects_of
from interviewer.checks import Judge
from interviewer.cli.choices import load
from interviewer.events import Event, Graded, Probe
from interviewer.interview import Interview
from interviewer.llm.client import Client
from interviewer.llm.local.catalogue import default
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import is_present, path_of
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Session
from tests.papers import CV, EVIL
from tests.scripted import Ear, ScriptedCandidate

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not is_present(default()) and "CI" not in os.environ, reason="interviewer model pull"
    ),
]
SAID = (
    "The booking engine had bookings that were double.",
    "I told them of it a month too late, and two left.",
)


async def held(model: Client, cv: str) -> list[Event]:
    guide, events = load("difficult-stakeholder"), list[Event]()
    await Session(
        Interview(guide, limit=1),
        rubric_of(guide),
        Judge(guide, model, Prompts()),
        ScriptedCandidate(*SAID, " ".join(SAID)),
        Ear(),
        [events.append],
        projects=projects_of(Background(cv=cv).cv),
    ).run()
    return events


async def test_a_cv_makes_a_probe_and_changes_no_digit_of_the_grade() -> None:
    async with Engine(path_of(default())) as engine:
        model = Client(engine.endpoint, repair=lambda prompt, *_: prompt, slots=engine.slots)
        try:
            runs = [await held(model, cv) for cv in ("", CV, EVIL)]
        finally:
            await model.aclose()
    plain, with_cv, attacked = ([each for each in run if isinstance(each, Graded)] for run in runs)
    assert plain == with_cv == attacked
    (probe,) = (each for each in runs[1] if isinstance(each, Probe))
    assert (probe.source, probe.tied_to) == ("model", "cv")
    assert probe.text.startswith("From your CV: ")
