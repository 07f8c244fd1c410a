from pathlib import Path

import pytest

from interviewer.errors import TranscriptError, UsageError
from interviewer.events import Coverage, Probe
from interviewer.guide import Guide
from interviewer.prompts import Prompts
from interviewer.regrading.asking import ask_again, moment_of
from interviewer.silence import Silence
from interviewer.text import messages
from interviewer.transcript import load_transcript
from tests.regrading.samples import FINAL, SECOND, content, held, model, names_in
from tests.scripted import ANSWER, GUIDE, PROBE, ScriptedModel

TWO = (ANSWER, "They said it was slow.", "I had told the team in 2019 that it was fine.", FINAL)


async def asked(path: Path, turn: int, by: ScriptedModel, guide: Guide | None = None) -> Probe:
    return await ask_again(moment_of(path, turn, guide), by, Prompts(), Silence())


@pytest.mark.parametrize("turn", [2, 3])
async def test_the_probe_of_a_turn_is_asked_again_about_the_same_gap(
    tmp_path: Path, turn: int
) -> None:
    path = await held(tmp_path, *TWO, limit=2)
    moment = moment_of(path, turn)
    new = await asked(path, turn, ScriptedModel(["And in 2019, what did the tool cost you?"]))
    assert moment.probe.text == {2: PROBE, 3: SECOND}[turn]
    assert new.text == "And in 2019, what did the tool cost you?"
    assert new.target == moment.probe.target


async def test_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path = await held(tmp_path)
    before, names = content(path), names_in(tmp_path)
    await asked(path, 2, ScriptedModel([PROBE]))
    assert content(path) == before
    assert names_in(tmp_path) == names


async def test_the_model_is_sent_what_it_was_sent_then(tmp_path: Path) -> None:
    then = model("Honesty", "Growth")
    path = await held(tmp_path, *TWO, by=then, limit=2, persona="tough")
    now = ScriptedModel([SECOND])
    await asked(path, 3, now)
    probing = [each for each in then.prompts if "Missing: " in messages(each)[-1]["content"]]
    assert now.prompts == probing[1:2]


async def test_only_what_was_said_before_counts(tmp_path: Path) -> None:
    path = await held(tmp_path, *TWO, limit=2)
    moment = moment_of(path, 2)
    assert [turn.said for turn in moment.interview.turns] == [ANSWER]
    assert moment.interview.probes == []


@pytest.mark.parametrize(
    ("turn", "what"),
    [(1, "turn 1 is the main question"), (4, "no probe was asked at turn 4")],
)
async def test_a_turn_without_a_probe_is_told_with_those_that_have_one(
    tmp_path: Path, turn: int, what: str
) -> None:
    path = await held(tmp_path, *TWO, limit=2)
    with pytest.raises(UsageError, match=what) as error:
        moment_of(path, turn)
    assert error.value.hint == "--reask 2 to 3"


async def test_a_session_without_probes_says_so(tmp_path: Path) -> None:
    path = await held(tmp_path, ANSWER, limit=0)
    with pytest.raises(UsageError, match="no probe was asked"):
        moment_of(path, 2)


async def test_a_guide_without_the_gap_cannot_ask_about_it(tmp_path: Path) -> None:
    path = await held(tmp_path)
    gap = next(e.gap for e in load_transcript(path).events if isinstance(e, Coverage))
    steps = tuple(step for step in GUIDE.steps if step.id != gap)
    goals = tuple(goal for goal in GUIDE.goals if goal.id != gap)
    with pytest.raises(TranscriptError, match="no interview by this guide"):
        moment_of(path, 2, GUIDE.model_copy(update={"steps": steps, "goals": goals}))


async def test_another_guide_words_what_is_missing(tmp_path: Path) -> None:
    path = await held(tmp_path)
    reworded = tuple(each.model_copy(update={"text": "New words."}) for each in GUIDE.steps)
    now = ScriptedModel([PROBE])
    await asked(path, 2, now, GUIDE.model_copy(update={"steps": reworded}))
    assert "New words." in messages(now.prompts[-1])[-1]["content"]
