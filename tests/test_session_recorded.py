"""A whole interview as the embedded model held it, played from a cassette."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from interviewer import probing
from interviewer.checks import Judge, Turn
from interviewer.events import Answer, Coverage, Event, Final, Graded, Probe
from interviewer.guide_file import find_guide, load_guide
from interviewer.interview import Interview
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Session
from interviewer.shipped import shipped_guides_folder
from tests.scripted import Ear, ScriptedCandidate

ANSWERS = (
    "Last spring I ran the search page of a travel site. I dropped the filter for pets because I "
    "was certain that few people used it, and bookings fell by 9 percent in two weeks.",
    "I had only looked at clicks on desktop. It was my decision and I told my director so.",
)

T = TypeVar("T")


@pytest.mark.vcr
async def test_an_interview_asks_about_a_gap_and_grades_with_evidence(
    recording_endpoint: Endpoint,
) -> None:
    # Not local: what is read ahead depends on how fast the candidate is, so it can't be recorded.
    prompts = Prompts()
    model = Client(replace(recording_endpoint, local=False), repair=lambda *_: "")
    name = find_guide("failed-as-a-product-manager", [shipped_guides_folder()])
    guide = load_guide(name)
    rubric = rubric_of(guide)
    heard: list[Event] = []
    session = Session(
        Interview(guide, limit=1),
        rubric,
        Judge(guide, model, prompts),
        ScriptedCandidate(*ANSWERS),
        Ear(),
        [heard.append],
    )
    await session.run()
    await model.aclose()

    kinds = [event.event for event in heard]
    assert kinds[:5] == ["opening", "question", "answer", "coverage", "probe"]
    assert kinds[-3:] == ["grade", "closing", "end"]
    coverage = _only(heard, Coverage)[0]
    assert set(coverage.p) == {each.id for each in (*guide.steps, *guide.goals)}
    probe = _only(heard, Probe)[0]
    assert probe.target == coverage.gap
    gap = probing.gaps_of(guide)[probe.target]
    turns = [Turn(guide.question, ANSWERS[0])]
    assert probing.faults_of(probe.text, turns, gap, [guide.question]) == []
    assert [answer.text for answer in _only(heard, Answer)] == list(ANSWERS)
    final = _only(heard, Final)[0]
    assert final.kept
    grade = _only(heard, Graded)[0]
    assert grade.overall is not None
    assert grade.first is not None
    assert all(points is not None for points in grade.criteria.values())
    assert grade.evidence
    assert all(each.text in final.text for each in grade.evidence)
    assert not grade.missing


def _only(events: Sequence[Event], kind: type[T]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]
