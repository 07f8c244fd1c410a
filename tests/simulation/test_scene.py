"""Simulated interviews through the real session, with a model that does as it is told."""

from pathlib import Path

import pytest

from interviewer.errors import UnreachableError
from interviewer.events import Answer, End, Final, Graded, Probe
from interviewer.prompts import Prompts
from interviewer.simulation.measures import Measures
from interviewer.simulation.persona import Persona
from interviewer.simulation.run import Outcome, Topic, measured, scenes_of, simulate
from interviewer.simulation.scene import Held, Scene, Stage, hold
from interviewer.simulation.summary import row_of, rows_of
from interviewer.text import messages
from interviewer.transcript import load_transcript
from interviewer.transcript.folders import newest_first
from tests.scripted import Labeller
from tests.simulation.samples import FORGETFUL, GUIDE, RUDE, STORY, changed

ABOUT_BILLING = "When you launched the billing tool in Berlin, what was it like there?"
ABOUT_LESSON = "After the forty shops, what did you do on the stool?"


async def held(persona: Persona, folder: Path, *texts: str, played: bool = False) -> Held:
    stage = Stage(Labeller([*texts]), Prompts(), folder, "scripted", probes=2)
    return await hold(Scene(GUIDE, "failure", persona, STORY, played=played), stage)


async def measures(persona: Persona, folder: Path, *texts: str) -> Measures:
    return measured(await held(persona, folder, *texts), 2)


async def test_an_interview_is_held_to_its_end_and_all_of_it_saved(tmp_path: Path) -> None:
    found = await held(FORGETFUL, tmp_path)
    assert [event.event for event in found.events][-3:] == ["grade", "closing", "end"]
    saved = load_transcript(found.path)
    assert tuple(saved.events) == found.events
    assert saved.header.options["simulated"] == "forgetful"
    assert measured(found, 2).ended


async def test_usage_is_that_of_one_interview_where_many_share_a_model(tmp_path: Path) -> None:
    stage = Stage(Labeller([]), Prompts(), tmp_path, "scripted", probes=1)
    scenes = scenes_of([Topic(GUIDE, "failure", STORY)], [FORGETFUL], n=2)
    found = [outcome async for outcome in simulate(scenes, stage)]
    ends = [event for each in found for event in each.held.events if isinstance(event, End)]
    calls = [each.held.used.calls for each in found]
    assert [end.calls for end in ends] == calls
    assert sum(calls) == stage.model.usage.calls
    assert found[0].path != found[1].path


async def test_a_probe_for_what_was_not_told_is_on_a_real_gap_and_its_answer_gains(
    tmp_path: Path,
) -> None:
    found = await measures(FORGETFUL, tmp_path, *[ABOUT_BILLING] * 4)
    first = next(probe for probe in found.probes if probe.real is not None)
    assert first.real
    assert first.gained
    assert found.final is not None
    assert found.first is not None
    assert found.final > found.first


async def test_who_told_all_of_it_leaves_no_gap_that_is_real(tmp_path: Path) -> None:
    found = await measures(changed(tells=1.0), tmp_path, *[ABOUT_BILLING] * 4)
    assert found.ended
    assert [probe.real for probe in found.probes] == [None] * len(found.probes)


async def test_orders_and_insults_are_neither_obeyed_nor_given_back(tmp_path: Path) -> None:
    found = await held(RUDE, tmp_path)
    shown = measured(found, 2)
    assert shown.tone == ()
    assert shown.obeyed == ()
    assert not shown.too_high
    assert shown.ended
    assert [probe.source for probe in shown.probes] == ["template", "template"]


async def test_a_model_that_obeys_or_answers_back_is_found_out(tmp_path: Path) -> None:
    found = await held(RUDE, tmp_path)
    events = [
        event.model_copy(update={"text": f"Pineapple, {event.text}", "source": "model"})
        if isinstance(event, Probe)
        else event
        for event in found.events
    ]
    shown = measured(Held(found.scene, found.path, tuple(events), 1.0, found.used), 2)
    assert any("said on order" in each for each in shown.obeyed)
    assert any("ordered to say" in fault for probe in shown.probes for fault in probe.faults)
    assert any("said on order" in each for each in shown.odd)


async def test_an_interview_without_its_grade_or_out_of_order_did_not_end(tmp_path: Path) -> None:
    found = await held(FORGETFUL, tmp_path)
    without = tuple(event for event in found.events if not isinstance(event, Graded))
    cut = found.events[:-2]
    for events in (without, cut, found.events[::-1]):
        shown = measured(Held(found.scene, found.path, events, 1.0, found.used), 2)
        assert not shown.ended
        assert shown.odd[0] == "did not end as it should"


async def test_a_model_that_plays_sees_the_persona_the_story_and_what_was_asked(
    tmp_path: Path,
) -> None:
    stage = Stage(
        Labeller(["I launched a tool.", "What was it?", "A tool for bread, which failed badly."]),
        Prompts(),
        tmp_path,
        "scripted",
        probes=0,
    )
    found = await hold(Scene(GUIDE, "failure", FORGETFUL, STORY, played=True), stage)
    assert [event.text for event in found.events if isinstance(event, Answer)] == [
        "I launched a tool."
    ]
    assert [event.text for event in found.events if isinstance(event, Final)] == ["What was it?"]
    model = stage.model
    assert isinstance(model, Labeller)
    first = messages(next(each for each in model.prompts if "You play a candidate" in each))
    assert FORGETFUL.who in first[0]["content"]
    assert STORY.parts[0].told in first[0]["content"]
    assert first[-1] == {"role": "user", "content": GUIDE.question}
    assert measured(found, 0).probes == ()


async def test_a_model_that_has_nothing_to_say_ends_the_interview(tmp_path: Path) -> None:
    found = await held(FORGETFUL, tmp_path, played=True)
    assert isinstance(found.events[-1], End)
    assert found.events[-1].reason == "ungraded"
    assert measured(found, 2).ended


async def test_what_was_said_before_a_model_went_away_is_saved(tmp_path: Path) -> None:
    model = Labeller([], p=lambda _: UnreachableError("gone"))
    stage = Stage(model, Prompts(), tmp_path, "scripted")
    guide = GUIDE.model_copy(update={"labels": (), "demonstrations": ()})
    with pytest.raises(UnreachableError):
        await hold(Scene(guide, "failure", FORGETFUL, STORY), stage)
    (saved,) = newest_first(tmp_path)
    assert [event.event for event in load_transcript(saved).events][-1] == "answer"


async def test_rows_sum_up_what_interviews_show(tmp_path: Path) -> None:
    found = [
        await measures(FORGETFUL, tmp_path, *[ABOUT_BILLING] * 4),
        await measures(RUDE, tmp_path),
    ]
    rows = rows_of(found, "persona")
    assert [row.name for row in rows] == ["forgetful", "rude"]
    assert [row.name for row in rows_of(found, "guide")] == ["failure"]
    both = row_of("both", found)
    assert both.interviews == both.ended == 2
    assert both.probes == sum(row.probes for row in rows)
    assert both.real <= both.decided <= both.probes


def test_a_script_that_nothing_varies_in_is_held_once_however_many_are_asked_for() -> None:
    topic = Topic(GUIDE, "failure", STORY)
    strong = changed(tells=1.0, asked="lines")
    scenes = list(scenes_of([topic], [strong, FORGETFUL], n=3, seed=5))
    assert [scene.seed for scene in scenes] == [5, 5, 6, 7]
    assert len(list(scenes_of([topic], [strong], n=3, played=True))) == 3


def test_where_there_is_no_story_a_model_plays_those_who_would_need_one() -> None:
    scenes = list(scenes_of([Topic(GUIDE, "failure", None)], [FORGETFUL, RUDE]))
    assert [scene.played for scene in scenes] == [True, False]


def test_an_outcome_knows_its_transcript(tmp_path: Path) -> None:
    scene = Scene(GUIDE, "failure", RUDE, STORY)
    found = Held(scene, tmp_path / "a.jsonl", (), 0.0, Labeller().usage)
    assert Outcome(found, measured(found, 0)).path == tmp_path / "a.jsonl"


async def test_a_candidate_who_leaves_ends_one_interview_and_no_more(tmp_path: Path) -> None:
    found = await held(RUDE.model_copy(update={"when_asked": ("/quit",)}), tmp_path)
    assert isinstance(found.events[-1], End)
    assert found.events[-1].reason == "quit"
    assert not measured(found, 2).ended
