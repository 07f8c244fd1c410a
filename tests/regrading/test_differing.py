from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interviewer.errors import GuideError
from interviewer.guide import Guide, Item
from interviewer.prompts import Prompts
from interviewer.regrading.differing import Difference, Today, Verified, verify
from interviewer.transcript import load_transcript
from tests.grading.samples import constant
from tests.regrading.samples import FINAL, REPLIES, held, model
from tests.scripted import ANSWER, GUIDE, LABELLED, PROBE, Labeller


def today(guide: Guide = GUIDE, **changes: Any) -> Today:
    made = Today(Prompts(), "scripted", (False, False), None, lambda _: guide)
    return replace(made, **changes)


def prompts(folder: Path, **templates: str) -> Prompts:
    folder = folder / "prompts"
    for name, text in templates.items():
        path = folder / f"{name.replace('__', '/')}.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Prompts(folder)


def named(found: Verified, kind: str) -> dict[str, Difference]:
    return {each.name: each for each in found.differences if each.kind == kind}


async def test_nothing_differs_from_a_session_of_a_moment_ago(tmp_path: Path) -> None:
    before = (path := await held(tmp_path)).read_bytes()
    found = await verify(path, today())
    assert found.same
    assert found.differences == ()
    assert path.read_bytes() == before


@pytest.mark.parametrize("limit", [0, 2])
@pytest.mark.parametrize("persona", ["friendly", "tough"])
@pytest.mark.parametrize("guide", [GUIDE, LABELLED])
async def test_a_session_with_every_kind_of_reply_is_rehearsed_to_its_end(
    tmp_path: Path, guide: Guide, persona: str, limit: int
) -> None:
    by = Labeller(["Think of one.", PROBE]) if guide is LABELLED else model("Honesty")
    replies = ("/hint", ANSWER, "/repeat", "I don't know", "/skip", "keep")
    path = await held(tmp_path, *replies, guide=guide, by=by, persona=persona, limit=limit)
    assert (await verify(path, today(guide))).differences == ()


async def test_a_session_that_was_left_is_rehearsed_as_far_as_it_went(tmp_path: Path) -> None:
    path = await held(tmp_path, ANSWER, "/quit")
    found = await verify(path, today())
    assert found.same
    assert found.rendered > 0


@pytest.mark.parametrize(
    ("guide", "kind", "expected", "unexpected"),
    [
        (GUIDE, (False, False), {"check", "evidence", "nothing", "probe"}, {"label", "warm"}),
        (GUIDE, (True, False), {"check", "evidence", "warm"}, {"label"}),
        (LABELLED, (True, False), {"label", "responsible", "probe"}, {"label-all", "warm"}),
        (LABELLED, (False, True), {"label-all", "label-all-how"}, {"warm"}),
    ],
)
async def test_every_prompt_that_the_model_is_sent_is_rendered_again(
    tmp_path: Path, guide: Guide, kind: tuple[bool, bool], expected: set[str], unexpected: set[str]
) -> None:
    path = await held(tmp_path, guide=guide)
    templates = dict.fromkeys((*expected, *unexpected), "{{ broken")
    for name in templates:
        found = await verify(
            path, today(guide, kind=kind, prompts=prompts(tmp_path / name, **{name: "{{ broken"}))
        )
        faults = [each for each in found.differences if f"{name}.j2" in each.today]
        assert bool(faults) is (name in expected), name
        assert named(found, "template")[name].used is (name in expected)


async def test_a_changed_template_is_named_with_both_hashes_and_whether_it_matters(
    tmp_path: Path,
) -> None:
    path = await held(tmp_path)
    text = Prompts()._source("check") + "\n"
    changed = prompts(tmp_path, check=text, test__injected="x", reply=Prompts()._source("reply"))
    found = named(await verify(path, today(prompts=changed)), "template")
    assert set(found) == {"check", "test/injected"}
    assert found["check"].then == Prompts().hashes()["check"][:8]
    assert found["check"].today == changed.hashes()["check"][:8]
    assert (found["check"].grade, found["check"].used) == (True, True)
    assert (found["test/injected"].grade, found["test/injected"].used) == (False, False)


async def test_a_part_that_a_used_template_includes_is_used(tmp_path: Path) -> None:
    path = await held(tmp_path)
    said = Prompts()._source("_said") + "\n"
    found = named(await verify(path, today(prompts=prompts(tmp_path, _said=said))), "template")
    assert (found["_said"].grade, found["_said"].used) == (True, True)


async def test_templates_that_are_gone_or_new_are_named(tmp_path: Path) -> None:
    hashes = Prompts().hashes() | {"forgotten": "0123456789abcdef", "say/old": "f" * 16}
    del hashes["rate"]
    path = await held(tmp_path, prompts=hashes)
    found = named(await verify(path, today()), "template")
    told = {name: (each.then, each.today, each.grade) for name, each in found.items()}
    assert told == {
        "forgotten": ("01234567", "gone", True),
        "say/old": ("ffffffff", "gone", False),
        "rate": ("not there", Prompts().hashes()["rate"][:8], True),
    }


async def test_a_transcript_without_hashes_is_not_said_to_be_the_same(tmp_path: Path) -> None:
    path = await held(tmp_path, prompts={})
    (found,) = (await verify(path, today())).differences
    assert (found.kind, found.then) == ("template", "not recorded")


@pytest.mark.parametrize(
    ("header", "changes", "expected"),
    [
        ({"model": "a"}, {"model": "b"}, Difference("model", "", "a", "b", grade=True)),
        ({"interviewer_version": "0.0.1"}, {}, None),
        (
            {},
            {"calibration": constant(3)},
            Difference("calibration", "", "none", "raters", grade=True),
        ),
    ],
)
async def test_another_model_version_or_calibration_is_named(
    tmp_path: Path, header: dict[str, Any], changes: dict[str, Any], expected: Difference | None
) -> None:
    path = await held(tmp_path, **header)
    (found,) = (await verify(path, today(**changes))).differences
    assert found == (expected or found)
    if expected is None:
        assert (found.kind, found.then, found.grade) == ("version", "0.0.1", True)


TIP = (Item(id="be-brief", name="Be Brief", text="One minute is enough."),)
RELATED = ("Tell me about a success.",)


async def test_the_parts_of_the_guide_that_changed_are_named(tmp_path: Path) -> None:
    path = await held(tmp_path)
    now = GUIDE.model_copy(update={"tips": TIP, "overview": "What it is about."})
    found = named(await verify(path, today(now)), "guide")
    assert {name: each.grade for name, each in found.items()} == {"tips": True, "overview": False}


async def test_what_a_changed_guide_leads_to_is_told_by_turn(tmp_path: Path) -> None:
    path = await held(tmp_path)
    found = named(
        await verify(path, today(GUIDE.model_copy(update={"related": RELATED}))), "session"
    )
    (closing,) = found.values()
    assert closing.name == "turn 2: the words of the closing"
    assert RELATED[0] in closing.today


async def test_a_gap_that_the_guide_no_longer_has_ends_what_can_be_rehearsed(
    tmp_path: Path,
) -> None:
    path = await held(tmp_path)
    other = tuple(each.model_copy(update={"id": f"other-{each.id}"}) for each in GUIDE.steps)
    goals = tuple(each.model_copy(update={"id": f"other-{each.id}"}) for each in GUIDE.goals)
    found = named(
        await verify(path, today(GUIDE.model_copy(update={"steps": other, "goals": goals}))),
        "session",
    )
    assert "turn 1: what follows the coverage" in found


async def test_a_guide_that_is_gone_is_a_difference(tmp_path: Path) -> None:
    def load(name: str) -> Guide:
        raise GuideError(f"there is no guide {name}")

    path = await held(tmp_path)
    (found,) = (await verify(path, replace(today(), guide=load))).differences
    assert (found.kind, found.name, found.grade) == ("guide", "failure", True)
    assert found.today == "there is no guide failure"


@pytest.mark.parametrize("recorded", [True, False])
async def test_a_role_that_was_chosen_for_the_session_is_no_change_of_the_guide(
    tmp_path: Path, recorded: bool
) -> None:
    nurse = GUIDE.model_copy(update={"role": "Nurse"})
    options: dict[str, Any] = {"role": "Nurse", "level": None} if recorded else {}
    path = await held(tmp_path, guide=nurse, options=options | {"probes": 1, "persona": "neutral"})
    assert (await verify(path, today())).same


async def test_a_role_that_the_guide_itself_changed_is_one(tmp_path: Path) -> None:
    nurse = GUIDE.model_copy(update={"role": "Nurse"})
    path = await held(tmp_path, guide=nurse)
    assert named(await verify(path, today()), "guide").keys() == {"role"}


async def test_a_probe_that_the_rules_of_today_turn_down_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await held(tmp_path)
    monkeypatch.setattr("interviewer.probing.LONGEST", 5)
    found = named(await verify(path, today()), "session")
    valid = found["turn 2: whether the probe is valid"]
    assert valid.then == PROBE
    assert "has more than 5 words" in valid.today


async def test_a_try_that_was_turned_down_is_turned_down_again(tmp_path: Path) -> None:
    by = model("Honesty")
    by.texts = ["What is your score for billing?", PROBE]
    path = await held(tmp_path, by=by)
    assert (await verify(path, today())).same


async def test_another_gap_by_the_same_judgement_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await held(tmp_path)
    monkeypatch.setattr("interviewer.probing.SURE", 0.0)
    found = named(await verify(path, today()), "session")
    assert found["turn 1: the gap to ask about"].today == "no probe"


async def test_what_code_counts_and_guards_otherwise_is_told(tmp_path: Path) -> None:
    path = await held(tmp_path)
    text = path.read_text(encoding="utf-8")
    text = text.replace(f'"text":"{FINAL}"', f'"text":"{FINAL} um <|im_end|>"')
    path.write_text(text, encoding="utf-8")
    found = {
        name: each
        for name, each in named(await verify(path, today()), "session").items()
        if each.grade
    }
    guards = found["turn 2: what guards find in the answer"]
    assert (guards.then, guards.today) == ("nothing", "chat-tokens")
    assert "fillers 1" in found["turn 2: what is counted in the answer"].today


async def test_words_of_the_interviewer_that_changed_are_told(tmp_path: Path) -> None:
    path = await held(tmp_path)
    found = await verify(path, today(prompts=prompts(tmp_path, say__question="Well: why?")))
    words = named(found, "session")["turn 1: the words of the question"]
    assert (words.then, words.today) == (GUIDE.question, "Well: why?")


async def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    found = await verify(tmp_path / "gone.jsonl", today())
    assert not found.same
    assert "can't be read" in found.error


async def test_a_probe_that_a_template_worded_is_worded_again(tmp_path: Path) -> None:
    by = model("Honesty")
    by.texts = ["Hm.", "Hm."]
    path = await held(tmp_path, by=by)
    assert (await verify(path, today())).same
    found = await verify(path, today(prompts=prompts(tmp_path, say__probe="Go on?")))
    words = named(found, "session")["turn 2: the words of the probe"]
    assert words.then.startswith('You said "')
    assert words.today == "Go on?"


async def test_a_session_with_own_scores_is_rehearsed_to_its_end(tmp_path: Path) -> None:
    options = {"probes": 1, "persona": "neutral", "self_score": True, "role": None, "level": None}
    path = await held(tmp_path, *REPLIES, "4 3", self_score=True, options=options)
    assert "self-scored" in {event.event for event in load_transcript(path).events}
    assert (await verify(path, today())).differences == ()
    changed = await verify(
        path, today(prompts=prompts(tmp_path, **{"say/self-score": "Score it."}))
    )
    assert "turn 2: the words of the invitation" in named(changed, "session")
