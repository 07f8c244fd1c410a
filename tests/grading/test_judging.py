import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.checks import Judge, Turn
from interviewer.grading.judging import ENOUGH_WORDS, Judgement, judge_answer
from interviewer.guide import Check, Guide
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from tests.scripted import LABELLED, TOLD, Labeller, ScriptedModel

CONTEXT = "The background is a billing tool that I launched in 2019."
MISTAKE = "My mistake was that I did not ask a single customer about it."
EXCUSE = "The excuse is that sales had promised it."
PADDING = st.lists(st.integers(1, 60).map(lambda count: "And on it goes." + " On" * count + "."))


async def judged(said: str, model: ScriptedModel, guide: Guide = LABELLED) -> Judgement:
    turns = [Turn(guide.question, said)]
    judge = Judge(guide, model, Prompts())
    return await judge_answer(rubric_of(guide), judge, turns, "goal", "step", "tip")


def with_checks(*checks: Check) -> Guide:
    return LABELLED.model_copy(update={"checks": checks})


async def test_every_target_is_judged_in_the_order_of_the_guide_by_labels_alone() -> None:
    model = Labeller()
    found = await judged(TOLD, model)
    assert list(found.targets) == ["honesty", "growth", "context", "lesson", "be-brief"]
    assert len(model.asked) == len(model.prompts) == 4
    assert [each.number for each in found.labelled] == [1, 2, 3]


async def test_a_target_is_shown_as_far_as_the_best_sentence_for_it_and_that_is_the_evidence() -> (
    None
):
    found = await judged(f"{CONTEXT} It is so. The background is also Berlin.", Labeller())
    assert found.targets["context"].p == pytest.approx(0.9)
    assert found.targets["context"].evidence == (1, CONTEXT)
    assert (found.targets["growth"].p or 1) < 0.1


async def test_a_part_that_is_hardly_told_has_less_detail_than_one_that_is_told_in_full() -> None:
    short = (await judged("The background is Berlin.", Labeller(sure=1.0))).targets["context"]
    long = (await judged(f"{CONTEXT} {CONTEXT}", Labeller(sure=1.0))).targets["context"]
    assert short.detail == pytest.approx(4 / ENOUGH_WORDS)
    assert long.detail == 1
    assert short.p == long.p == 1


@settings(max_examples=40, deadline=None)
@given(sure=st.sampled_from([0.6, 0.9, 1.0]), padding=PADDING)
async def test_sentences_that_tell_nothing_never_make_a_target_likelier(
    sure: float, padding: list[str]
) -> None:
    told = await judged(f"{CONTEXT} {MISTAKE}", Labeller(sure=sure))
    padded = await judged(" ".join([CONTEXT, MISTAKE, *padding]), Labeller(sure=sure))
    for target, before in told.targets.items():
        after = padded.targets[target]
        assert before.p is not None
        assert after.p is not None
        assert after.p <= before.p + 1e-9
        assert after.evidence == before.evidence


@settings(max_examples=20, deadline=None)
@given(padding=PADDING)
async def test_what_is_surely_no_part_of_the_story_adds_no_detail_to_it(padding: list[str]) -> None:
    told = await judged(f"{CONTEXT} {MISTAKE}", Labeller(sure=1.0))
    padded = await judged(" ".join([CONTEXT, MISTAKE, *padding]), Labeller(sure=1.0))
    for target, before in told.targets.items():
        assert padded.targets[target].detail == before.detail


@settings(max_examples=10, deadline=None)
@given(times=st.integers(1, 8))
async def test_the_same_said_again_makes_no_target_likelier(times: int) -> None:
    once = await judged(TOLD, Labeller())
    again = await judged(" ".join([TOLD] * times), Labeller())
    assert {each: found.p for each, found in again.targets.items()} == {
        each: found.p for each, found in once.targets.items()
    }


async def test_a_sentence_that_speaks_against_a_target_takes_some_of_it_away() -> None:
    alone = (await judged(MISTAKE, Labeller())).targets
    opposed = (await judged(f"{MISTAKE} {EXCUSE}", Labeller())).targets
    assert (opposed["honesty"].p or 1) < 0.6 * (alone["honesty"].p or 0)
    assert opposed["growth"].p == alone["growth"].p


async def test_what_labels_only_speak_against_is_kept_until_a_sentence_does() -> None:
    kept = (await judged(TOLD, Labeller())).targets["be-brief"]
    broken = (await judged(f"{TOLD} I am rambling on.", Labeller())).targets["be-brief"]
    assert (kept.p or 0) > 0.9
    assert broken.p == pytest.approx(0.1)
    assert kept.evidence is None


async def test_an_undecided_model_leaves_all_that_labels_tell_missing_with_its_reason() -> None:
    found = await judged(TOLD, Labeller(fails=" "))
    for each in found.targets.values():
        assert (each.p, each.evidence) == (None, None)
        assert each.reason == "the labels hold too little probability"
    assert found.labelled == ()


async def test_what_checks_ask_about_stands_where_the_labels_fail() -> None:
    checks = (Check(target="be-brief", statement="stops in time"),)
    fewer = LABELLED.model_copy(update={"labels": LABELLED.labels[:3], "checks": checks})
    model = Labeller(fails=" ", p=lambda prompt: 0.95 if "launched" in prompt else 0.1)
    found = (await judged(TOLD, model, fewer)).targets
    assert found["honesty"].p is None
    assert (found["be-brief"].p or 0) > 0.9


async def test_a_measure_and_a_label_count_alike_and_no_model_is_asked_for_the_measure() -> None:
    guide = with_checks(Check(target="context", measure="brevity"))
    model = Labeller()
    found = (await judged(CONTEXT, model, guide)).targets["context"]
    assert found.p == pytest.approx((0.9 + 1) / 2)
    assert len(model.prompts) == 1


async def test_one_finding_that_is_missing_makes_its_target_missing() -> None:
    guide = with_checks(Check(target="context", measure="brevity"))
    found = (await judged(TOLD, Labeller(fails=" "), guide)).targets["context"]
    assert found.p is None
    assert found.reason == "the labels hold too little probability"


async def test_an_answer_without_a_sentence_shows_nothing_and_breaks_nothing() -> None:
    found = (await judged("", Labeller())).targets
    assert {target: each.p for target, each in found.items()} == {
        **dict.fromkeys(("honesty", "growth", "context", "lesson"), 0),
        "be-brief": 1,
    }
