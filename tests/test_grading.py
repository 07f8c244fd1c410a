import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.checks import Judge, Turn
from interviewer.errors import (
    BrokenReplyError,
    ModelError,
    RefusedError,
    UndecidedError,
    UnreachableError,
)
from interviewer.grading import cover, grade
from interviewer.grading.delivery import delivery_of
from interviewer.grading.guards import copied, flags_of
from interviewer.guide import Check, Guide
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from tests.scripted import ANSWER, GUIDE, ScriptedModel, undecided_about, yes_to

RUBRIC = rubric_of(GUIDE)
EVERYTHING = ("Honesty", "Growth", "Context", "Lesson", "Brief")


def judge(model: ScriptedModel, guide: Guide = GUIDE) -> Judge:
    return Judge(guide, model, Prompts())


def flags(answer: str) -> list[str]:
    return [flag.id for flag in flags_of(answer, RUBRIC)]


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        ("Um, I mean it was, uh, basically fine.", {"fillers": 4, "words": 8}),
        ("Maybe I think it was a bit late.", {"hedges": 3, "i": 1}),
        ("I told my team, and we did our part by ourselves.", {"i": 2, "we": 3}),
        ("In 2019 we lost 3,500 users, half of twelve teams.", {"figures": 4}),
        ("Short one. This is the longest sentence here.", {"longest_sentence": 6}),
        ("word " * 140, {"words": 140, "speaking_s": 60}),
        ("I don\u2019t. \x1bI.", {"i": 2}),
        ("", {"words": 0, "speaking_s": 0, "longest_sentence": 0, "figures": 0}),
        ("The umbrella is mellow and the weather is weak.", {"fillers": 0, "i": 0, "we": 0}),
    ],
)
def test_delivery_counts_what_is_there(answer: str, counts: dict[str, int]) -> None:
    found = delivery_of(answer).model_dump()
    assert {name: found[name] for name in counts} == counts


@given(st.text())
def test_delivery_counts_never_fail(answer: str) -> None:
    found = delivery_of(answer)
    assert 0 <= found.longest_sentence <= found.words


def test_an_answer_in_plain_words_raises_no_flag() -> None:
    assert flags(ANSWER) == []


def test_an_answer_copied_from_an_example_is_flagged() -> None:
    assert flags(GUIDE.examples[0].text) == ["copied-example"]
    assert flags(GUIDE.examples[0].text.upper() + " I swear it was so.") == ["copied-example"]


def test_an_answer_that_repeats_the_question_is_flagged() -> None:
    question = "Tell me about a time when you failed at your work as a manager."
    rubric = RUBRIC.model_copy(update={"question": question})
    assert [flag.id for flag in flags_of(f"{question} Well.", rubric)] == ["copied-question"]


def test_seven_words_in_common_are_no_copy() -> None:
    assert copied("a b c d e f g x", "a b c d e f g y") == 0
    assert copied("a b c d e f g h", "x a b c d e f g h y") == 1


@pytest.mark.parametrize("mark", ["\x1b[31m", "\u202e", "\u200b"])
def test_control_and_invisible_characters_are_flagged(mark: str) -> None:
    assert flags(f"{ANSWER}{mark}") == ["control-characters"]


@pytest.mark.parametrize("token", ["<|im_end|>", "</s>", "[INST]"])
def test_chat_tokens_are_flagged(token: str) -> None:
    assert flags(f"{ANSWER} {token}") == ["chat-tokens"]


def test_line_ends_of_windows_are_not_flagged() -> None:
    assert flags(f"{ANSWER}\r\n{ANSWER}") == []


async def test_a_model_that_says_yes_to_everything_gives_the_top_of_the_scale() -> None:
    found = await grade(RUBRIC, judge(ScriptedModel(p=yes_to(*EVERYTHING))), ANSWER)
    assert found.overall is not None
    assert found.overall > 4.9
    assert set(found.steps.values()) == {True}
    assert found.tips == {"be-brief": True}
    assert found.missing == []
    assert found.flags == []


async def test_a_model_that_cannot_tell_an_answer_from_nothing_gives_the_bottom() -> None:
    found = await grade(RUBRIC, judge(ScriptedModel(p=lambda _: 0.9)), ANSWER)
    assert found.overall is not None
    assert found.overall < 3
    assert set(found.steps.values()) == {False}


async def test_a_habit_that_is_not_kept_is_flagged_in_the_words_of_the_guide() -> None:
    found = await grade(RUBRIC, judge(ScriptedModel(p=yes_to("Honesty"))), ANSWER)
    assert [(flag.id, flag.text) for flag in found.flags] == [
        ("be-brief", "Two minutes are enough.")
    ]


async def test_the_weakest_come_first_in_the_advice_and_it_is_never_more_than_two() -> None:
    def p(prompt: str) -> float:
        known = {"Honesty": 0.9, "Growth": 0.12, "Context": 0.2, "Lesson": 0.11}
        found = (value for name, value in known.items() if name in prompt)
        return next(found, 0.5) if "launched" in prompt else 0.1

    found = await grade(RUBRIC, judge(ScriptedModel(p=p)), ANSWER)
    assert [(each.target, each.text) for each in found.advice] == [
        ("lesson", "Close on what you learned."),
        ("growth", "They want to hear what you changed afterwards."),
    ]


async def test_evidence_is_verbatim_and_only_for_what_is_shown() -> None:
    found = await grade(RUBRIC, judge(ScriptedModel(p=yes_to("Honesty"))), f"{ANSWER} It failed.")
    assert [(each.target, each.sentence, each.text) for each in found.evidence] == [
        ("honesty", 1, ANSWER)
    ]


async def test_no_sentence_stands_as_evidence_where_the_model_names_none() -> None:
    yes = yes_to(*EVERYTHING)
    # One part, so the options are A and Z: what A does not get is Z's.
    model = ScriptedModel(p=lambda prompt: 0.0 if "letter alone" in prompt else yes(prompt))
    assert (await grade(RUBRIC, judge(model), ANSWER)).evidence == []


@pytest.mark.parametrize("kind", [UndecidedError, RefusedError, BrokenReplyError])
async def test_what_could_not_be_judged_is_missing_with_its_reason_and_never_a_number(
    kind: type[ModelError],
) -> None:
    def p(prompt: str) -> float | Exception:
        return kind("no clear answer") if "Growth" in prompt else yes_to(*EVERYTHING)(prompt)

    found = await grade(RUBRIC, judge(ScriptedModel(p=p)), ANSWER)
    assert found.overall is None
    assert found.criteria["growth"] is None
    assert found.criteria["honesty"] is not None
    assert "growth" not in found.p
    assert "growth" not in [each.target for each in found.advice]
    assert "growth" not in [each.target for each in found.evidence]
    assert [(each.target, each.reason) for each in found.missing] == [
        ("overall", "a goal or step could not be judged"),
        ("growth", "no clear answer"),
    ]


async def test_a_habit_that_could_not_be_judged_leaves_the_overall_grade_standing() -> None:
    found = await grade(RUBRIC, judge(ScriptedModel(p=undecided_about("Be Brief"))), ANSWER)
    assert found.overall is not None
    assert found.tips == {"be-brief": None}
    assert [each.target for each in found.missing] == ["be-brief"]


async def test_one_missing_check_of_several_makes_its_goal_missing() -> None:
    own = (
        Check(target="honesty", statement="owns it"),
        Check(target="honesty", statement="blames nobody"),
    )
    guide = GUIDE.model_copy(update={"checks": own})
    model = ScriptedModel(p=undecided_about("blames nobody"))
    found = await grade(rubric_of(guide), judge(model, guide), ANSWER)
    assert found.criteria["honesty"] is None


async def test_a_statement_that_speaks_against_the_candidate_counts_the_other_way() -> None:
    own = (Check(target="honesty", statement="blames others", negative=True),)
    guide = GUIDE.model_copy(update={"checks": own})
    model = ScriptedModel(p=yes_to("blames others"))
    found = await grade(rubric_of(guide), judge(model, guide), ANSWER)
    assert (found.criteria["honesty"] or 5) < 1.1


async def test_an_endpoint_that_is_gone_is_no_missing_score_but_an_error() -> None:
    model = ScriptedModel(p=lambda _: UnreachableError("gone"))
    with pytest.raises(UnreachableError):
        await grade(RUBRIC, judge(model), ANSWER)


@pytest.mark.parametrize("answer", ["", "I never failed.", "\u200b " * 40, "one two three 4 5 6 7"])
async def test_too_short_an_answer_gets_the_lowest_scores_and_no_model_is_asked(
    answer: str,
) -> None:
    model = ScriptedModel()
    found = await grade(RUBRIC, judge(model), answer)
    assert model.prompts == []
    assert found.overall == 1.0
    assert set(found.criteria.values()) == {1.0}
    assert set(found.steps.values()) == {False}
    assert [flag.id for flag in found.flags] == ["too-short"]
    assert [each.target for each in found.advice] == ["context", "lesson"]


async def test_a_brief_grade_holds_scores_and_nothing_else() -> None:
    found = await grade(RUBRIC, judge(ScriptedModel(p=yes_to("Honesty"))), ANSWER, brief=True)
    assert found.overall is not None
    assert found.tips == {}
    assert [*found.evidence, *found.advice, *found.flags] == []


async def test_coverage_is_told_of_steps_first_and_goals_second() -> None:
    p = await cover(
        RUBRIC, judge(ScriptedModel(p=undecided_about("Growth"))), [Turn(GUIDE.question, ANSWER)]
    )
    assert list(p) == ["context", "lesson", "honesty", "growth"]
    assert p["growth"] is None
    assert (p["context"] or 0) > 0.9


async def test_nothing_is_asked_twice() -> None:
    model = ScriptedModel(p=yes_to(*EVERYTHING))
    asked = judge(model)
    await grade(RUBRIC, asked, ANSWER, brief=True)
    once = list(model.prompts)
    await grade(RUBRIC, asked, ANSWER, brief=True)
    assert model.prompts == once
    assert len(set(once)) == len(once)
