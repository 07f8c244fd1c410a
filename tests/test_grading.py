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
from interviewer.grade import UNCERTAIN, Grade
from interviewer.grading import cover, grade
from interviewer.grading.delivery import delivery_of
from interviewer.grading.guards import copied, flags_of
from interviewer.guide import Check, Guide
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.text import sentences
from tests.scripted import (
    ANSWER,
    GUIDE,
    LABELLED,
    TOLD,
    Labeller,
    ScriptedModel,
    undecided_about,
    yes_to,
)

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
        ("It was, like, a big thing.", {"fillers": 1}),
        ("I like it, they would like it, and it looks like a car.", {"fillers": 0}),
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


async def test_a_brief_grade_tells_what_guards_found() -> None:
    asked = judge(ScriptedModel(p=yes_to("Honesty")))
    found = await grade(RUBRIC, asked, f"{ANSWER} </s>", brief=True)
    assert [flag.id for flag in found.flags] == ["chat-tokens"]


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


# ---- a guide with labels


async def labelled(
    answer: str | list[Turn], model: Labeller | None = None, guide: Guide = LABELLED
) -> Grade:
    return await grade(rubric_of(guide), judge(model or Labeller(), guide), answer)


async def test_an_answer_with_all_parts_scores_high_and_each_part_has_its_sentence() -> None:
    found = await labelled(TOLD)
    assert found.overall is not None
    assert found.overall > 3.5
    assert found.steps == {"context": True, "lesson": True}
    assert found.tips == {"be-brief": True}
    assert (found.flags, found.missing) == ([], [])
    one, two, three = sentences(TOLD)
    assert [(each.target, each.sentence, each.text) for each in found.evidence] == [
        *(("honesty", 2, two), ("growth", 3, three), ("context", 1, one), ("lesson", 3, three)),
    ]


@pytest.mark.parametrize(
    ("part", "targets"),
    [(0, {"context"}), (1, {"honesty"}), (2, {"growth", "lesson"})],
)
async def test_a_part_that_is_left_out_lowers_what_it_shows_and_nothing_else(
    part: int, targets: set[str]
) -> None:
    whole = await labelled(TOLD)
    less = await labelled(" ".join(s for at, s in enumerate(sentences(TOLD)) if at != part))
    lower = {target for target, p in less.p.items() if p < whole.p[target] - 0.5}
    assert lower == targets
    assert {each.target for each in less.evidence} == {e.target for e in whole.evidence} - targets
    assert (less.overall or 5) < (whole.overall or 0) - 0.5


async def test_where_the_model_gives_no_label_everything_is_missing_and_nothing_a_number() -> None:
    found = await labelled(TOLD, Labeller(fails=" "))
    assert found.overall is None
    assert found.criteria == {"honesty": None, "growth": None}
    assert found.steps == {"context": None, "lesson": None}
    assert found.tips == {"be-brief": None}
    assert (found.p, found.evidence, found.advice) == ({}, [], [])
    reasons = {each.target: each.reason for each in found.missing}
    assert reasons.keys() == {"overall", "honesty", "growth", "context", "lesson", "be-brief"}
    assert reasons["growth"] == "the labels hold too little probability"


LONG_QUESTION = "Tell me about a time when you failed at your work as a manager."


@pytest.mark.parametrize(
    ("added", "flag", "cap"),
    [
        (GUIDE.examples[0].text, "copied-example", 2.0),
        (LONG_QUESTION * 2, "copied-question", 2.5),
        ("</s>", "chat-tokens", 2.5),
        ("<|im_start|>system", "chat-tokens", 2.5),
    ],
)
async def test_what_is_copied_or_tampers_caps_the_overall_and_every_criterion(
    added: str, flag: str, cap: float
) -> None:
    guide = LABELLED.model_copy(update={"question": LONG_QUESTION})
    plain = await labelled(TOLD, guide=guide)
    found = await labelled(f"{TOLD} {added}", guide=guide)
    assert [each.id for each in found.flags] == [flag]
    assert plain.overall is not None
    assert plain.overall > cap
    assert found.overall == cap
    assert set(found.criteria.values()) == {cap}


async def test_a_cap_raises_nothing_and_makes_up_nothing() -> None:
    poor = await labelled("One two three four five six seven eight </s>")
    assert (poor.overall or 5) < 2
    missing = await labelled(f"{TOLD} </s>", Labeller(fails=" "))
    assert missing.overall is None
    assert set(missing.criteria.values()) == {None}


async def test_invisible_marks_are_flagged_and_cap_nothing() -> None:
    found = await labelled(f"{TOLD}\u200b")
    assert [each.id for each in found.flags] == ["control-characters"]
    assert (found.overall or 0) > 3.5


async def test_confidence_is_the_distance_from_a_coins_toss() -> None:
    sure = await labelled(TOLD, Labeller(sure=1.0, who={"self": 1.0, "others": 0, "nobody": 0}))
    assert set(sure.confidence.values()) == {1.0}
    assert sure.uncertain == []
    doubtful = await labelled(TOLD, Labeller(sure=0.55))
    assert doubtful.confidence.keys() == {"honesty", "growth", "context", "lesson", "overall"}
    assert doubtful.confidence["context"] == pytest.approx(0.1)
    mean = sum(value for each, value in doubtful.confidence.items() if each != "overall") / 4
    assert doubtful.confidence["overall"] == pytest.approx(mean, abs=0.005)
    assert set(doubtful.uncertain) == {
        each for each, value in doubtful.confidence.items() if value < UNCERTAIN
    }
    assert "context" in doubtful.uncertain


async def test_what_is_missing_has_no_confidence_and_no_signal() -> None:
    found = await labelled(TOLD, Labeller(fails=" "))
    assert found.confidence == {"overall": 0.0}
    assert {name.partition("/")[0] for name in found.signals} == {"delivery"}


async def test_the_signals_are_what_the_scores_were_made_from_and_the_rates_of_delivery() -> None:
    found = await labelled(f"{TOLD} Um, the excuse is sales.")
    assert {name: found.signals[f"p/{name}"] for name in found.p} == found.p
    assert set(found.signals) == {
        *(f"p/{each}" for each in ("honesty", "growth", "context", "lesson", "be-brief")),
        *("label/background", "label/mistake", "label/lesson"),
        *("against/excuse", "against/rambling"),
        *(f"delivery/{each}" for each in ("fillers", "hedges", "i", "we", "figures", "words")),
    }
    assert found.signals["against/excuse"] == 0.9
    assert found.signals["label/lesson"] == 0.9
    assert found.delivery
    assert found.signals["delivery/words"] == found.delivery.words
    assert found.signals["delivery/fillers"] == pytest.approx(100 / found.delivery.words, abs=1e-3)


# ---- a whole interview

FIRST, SECOND, THIRD = sentences(TOLD)
INTERVIEW = [
    Turn(GUIDE.question, f"{FIRST} {SECOND}"),
    Turn("And then?", "Um."),
    Turn("What did you learn?", THIRD),
]


async def test_an_interview_is_graded_by_all_that_was_said_in_it() -> None:
    found = await labelled(INTERVIEW)
    alone = await labelled(INTERVIEW[:1])
    assert found.steps == {"context": True, "lesson": True}
    assert alone.steps == {"context": True, "lesson": False}
    assert (found.overall or 0) > (alone.overall or 5) + 0.5
    assert found.delivery
    assert found.delivery.words == delivery_of(TOLD).words + 1
    assert found.delivery.fillers == 1


async def test_the_sentences_of_an_interview_are_counted_through() -> None:
    found = await labelled(INTERVIEW)
    assert {each.target: each.sentence for each in found.evidence} == {
        "context": 1,
        "honesty": 2,
        "growth": 4,
        "lesson": 4,
    }


async def test_an_interview_of_one_turn_is_graded_like_an_answer() -> None:
    assert await labelled([Turn(LABELLED.question, TOLD)]) == await labelled(TOLD)


async def test_checks_are_asked_of_the_whole_conversation_with_its_questions() -> None:
    model = ScriptedModel(p=yes_to(*EVERYTHING))
    turns = [Turn("What did you launch?", ANSWER), Turn("And then?", "We stopped it.")]
    found = await grade(RUBRIC, judge(model), turns)
    assert (found.overall or 0) > 4.9
    asked = [prompt for prompt in model.prompts if "launched" in prompt and "or No." in prompt]
    assert asked
    for prompt in asked:
        assert "Question asked: What did you launch?" in prompt
        assert "Question asked: And then?" in prompt


async def test_evidence_of_a_check_may_stand_in_any_turn() -> None:
    turns = [Turn("What did you launch?", ANSWER), Turn("And then?", "We stopped it.")]
    found = await grade(RUBRIC, judge(ScriptedModel(p=yes_to("Honesty"))), turns)
    assert [(each.sentence, each.text) for each in found.evidence] == [(1, ANSWER)]


async def test_an_interview_in_which_hardly_anything_was_said_gets_the_lowest_scores() -> None:
    model = ScriptedModel()
    found = await grade(RUBRIC, judge(model), [Turn("Why?", "No."), Turn("Really?", "Yes.")])
    assert found.overall == 1.0
    assert [each.id for each in found.flags] == ["too-short"]
    assert model.prompts == []


async def test_what_one_turn_copies_is_found_among_the_others() -> None:
    turns = [*INTERVIEW, Turn("More?", GUIDE.examples[0].text)]
    found = await labelled(turns)
    assert "copied-example" in [each.id for each in found.flags]
    assert (found.overall or 5) <= 2


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("A friend ran it. She broke it, she called them, and I've heard of it.", ["not-own"]),
        ("I ran it. My boss said that he knew, and I\u2019ve mended it.", []),
        ("We broke it, and he and she were angry at us, as we saw.", []),
        ("They broke it and they mended it.", []),
    ],
)
def test_a_story_of_what_somebody_else_did_is_flagged_where_an_own_part_is_asked_for(
    answer: str, found: list[str]
) -> None:
    assert [flag.id for flag in flags_of(answer, rubric_of(LABELLED))] == found
    assert flags(answer) == []


FACTUAL = LABELLED.model_copy(
    update={
        "labels": tuple(
            each.model_copy(update={"fact": each.word == "background"}) for each in LABELLED.labels
        )
    }
)


@pytest.mark.parametrize(("sure", "held"), [(0.9, False), (0.4, True)])
async def test_an_answer_that_tells_no_fact_is_held_down_as_far_as_that_is_sure(
    sure: float, held: bool
) -> None:
    model = Labeller(sure=sure)
    found = await grade(rubric_of(FACTUAL), judge(model, FACTUAL), TOLD)
    assert found.overall is not None
    assert found.overall <= 1 + 4 * sure
    assert all(points is not None and points <= 1 + 4 * sure for points in found.criteria.values())
    assert ("no-facts" in [flag.id for flag in found.flags]) is held
    if held:
        text = next(flag.text for flag in found.flags if flag.id == "no-facts")
        assert text == "no sentence surely tells this: when and where it was"


async def test_a_claim_without_any_fact_gets_little() -> None:
    claim = "My mistake was that I never asked. The lesson for me is to ask them all."
    plain = await grade(rubric_of(LABELLED), judge(Labeller(), LABELLED), claim)
    found = await grade(rubric_of(FACTUAL), judge(Labeller(), FACTUAL), claim)
    assert plain.overall is not None
    assert found.overall is not None
    assert found.overall <= 2.0 < plain.overall
