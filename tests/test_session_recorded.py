"""A whole interview with the embedded model, as a user runs `interviewer chat --cassette`.

It is played from its cassette. To record it anew, as CONTRIBUTING.md says:

    INTERVIEWER_TEST_GGUF=<file>.gguf pytest --record-mode=rewrite tests/test_session_recorded.py
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from interviewer import probing
from interviewer.checks import Turn
from interviewer.events import EVENT, Answer, Coverage, Event, Final, Graded, Probe, SelfScored
from interviewer.guide_file import find_guide, load_guide
from interviewer.shipped import shipped_guides_folder
from tests.test_journeys import Shell

GUIDE = load_guide(find_guide("failed-as-a-product-manager", [shipped_guides_folder()]))
CASSETTE = Path(__file__).parent / "cassettes" / "test_session_recorded" / "interview.yaml"
ANSWERS = (
    "Last spring I ran the search page of a travel site. I dropped the filter for pets because I "
    "was certain that few people used it, and bookings fell by 9 percent in two weeks.",
    "I had only looked at clicks on desktop. It was my decision and I told my director so.",
)
OWN = (4, 2, 3, 2)

T = TypeVar("T")


@pytest.fixture(scope="module")
def heard(record_mode: str, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    shell = Shell(tmp_path_factory.mktemp("home"))
    if record_mode == "none":
        return _events(_chat(shell))
    weights = os.environ.get("INTERVIEWER_TEST_GGUF")
    if not weights:
        pytest.fail("to record, set INTERVIEWER_TEST_GGUF to the weights of the embedded model")
    shell.timeout_s = 600
    recorded = _chat(shell, "--record", "--model", weights)
    assert _chat(shell) == recorded
    return _events(recorded)


def _chat(shell: Shell, *flags: str) -> str:
    common = ("--json", "--probes", "1", "--self-score", "--transcripts", "saved")
    said = [*ANSWERS, "keep", " ".join(map(str, OWN))]
    args: list[str | Path] = ["chat", GUIDE.id, *common, "--cassette", CASSETTE, *flags]
    done = shell.run(*args, said="\n\n".join(said))
    assert done.returncode == 0, (
        f"{done.stderr}\nif that is meant, record again with: pytest --record-mode=rewrite "
        "tests/test_session_recorded.py (INTERVIEWER_TEST_GGUF names the weights)"
    )
    return done.stdout


def _events(lines: str) -> list[Event]:
    return [EVENT.validate_json(line) for line in lines.splitlines()]


def test_an_interview_asks_about_a_gap_and_grades_with_evidence(heard: list[Event]) -> None:
    kinds = [event.event for event in heard]
    assert kinds[:5] == ["opening", "question", "answer", "coverage", "probe"]
    assert kinds[-3:] == ["grade", "closing", "end"]  # and no note of replies left unplayed
    coverage = _only(heard, Coverage)[0]
    assert set(coverage.p) == {each.id for each in (*GUIDE.steps, *GUIDE.goals)}
    probe = _only(heard, Probe)[0]
    assert probe.target == coverage.gap
    gap = probing.gaps_of(GUIDE)[probe.target]
    turns = [Turn(GUIDE.question, ANSWERS[0])]
    assert probing.faults_of(probe.text, turns, gap, [GUIDE.question]) == []
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


def test_the_candidates_own_scores_come_before_the_grade(heard: list[Event]) -> None:
    kinds = [event.event for event in heard]
    at = kinds.index("final")
    assert kinds[at : at + 4] == ["final", "invitation", "self-scored", "grade"]
    goals = [goal.id for goal in GUIDE.goals]
    assert _only(heard, SelfScored)[0].criteria == dict(zip(goals, OWN, strict=True))


def _only(events: Sequence[Event], kind: type[T]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]
