"""A guide that a model drafts."""

from typing import Any

import pytest

from interviewer.bank.notes import TO_WRITE, notes_on
from interviewer.drafting import Drafted, draft
from interviewer.drafting.pattern import patterns_for
from interviewer.guide import parse_guide
from interviewer.prompts import Prompts
from tests.drafting.samples import (
    BANK,
    GOALS,
    LABELS,
    OTHER,
    STEPS,
    STRONG,
    TIPS,
    Filled,
    Filler,
    filler,
    paper,
)

PATTERNS = patterns_for(paper().question, "behavioural", BANK)


async def drafted(model: Filler, **about: Any) -> Drafted:
    return await draft(paper(**about), BANK, model, Prompts(), on_part=lambda *_: None)


def prompts_for(model: Filler, form: str) -> list[str]:
    return [prompt for name, prompt in model.asked if name == form]


async def test_all_that_the_model_gives_is_in_the_guide() -> None:
    found = await drafted(filler(), related=[BANK.cards[0].question], level="senior")
    guide = found.guide
    assert parse_guide(found.text) == guide
    assert found.missing == ()
    assert (guide.id, guide.role, guide.kind, guide.level) == (
        "angry-guest",
        "Waiter",
        "behavioural",
        "senior",
    )
    assert guide.draft
    assert [goal.name for goal in guide.goals] == ["Calm", "Ownership", "Courtesy"]
    assert guide.related == (BANK.cards[0].question,)
    assert [example.weak for example in guide.examples] == [False, True]
    assert guide.examples[0].text == " ".join(STRONG["parts"])


async def test_each_step_has_its_label_and_a_demonstration_that_is_no_example() -> None:
    guide = (await drafted(filler())).guide
    assert [label.word for label in guide.labels] == [
        "background",
        "anger",
        "words",
        "end",
        "general",
    ]
    assert guide.labels[2].shows == ("tell-your-words", "calm", "ownership")
    assert guide.demonstrations[0].sentences[0] == (OTHER["parts"][0], "background")
    notes = [str(note) for note in notes_on(guide, lambda _: True)]
    assert [note for note in notes if "draft" not in note] == []


async def test_the_model_is_told_what_was_wrong_and_asked_again() -> None:
    twice = {"labels": [*LABELS["labels"][:3], {"word": "answer", "about": "how it all ended"}]}
    model = filler(Labels=[twice, LABELS])
    assert (await drafted(model)).missing == ()
    first, second = prompts_for(model, "Labels")
    told = "the labels 'anger' and 'answer' begin with the same letter"
    assert told not in first
    assert told in second


async def test_a_sentence_of_the_pattern_is_refused_and_the_rest_is_kept() -> None:
    copied = {"steps": [*STEPS["steps"][:3], {"name": "End", "text": PATTERNS[0].steps[0].text}]}
    three: dict[str, list[Filled | None]] = {
        "Labels": [{"labels": LABELS["labels"][:3]}],
        "Choice": [{"chosen": ["words", "words", "anger"]}],
        "Answer": [{"parts": each["parts"][:3]} for each in (STRONG, OTHER)],
    }
    found = await drafted(filler(Steps=[copied], **three))
    assert [step.name for step in found.guide.steps] == [
        each["name"] for each in STEPS["steps"][:3]
    ]


async def test_names_that_make_no_id_or_the_same_one_are_asked_for_again() -> None:
    names = ["\u041e\u0442\u0432\u0435\u0442", "Set-up", "Set up", "Calm"]
    odd = {
        "steps": [{**step, "name": name} for step, name in zip(STEPS["steps"], names, strict=True)]
    }
    found = await drafted(filler(Steps=[odd, STEPS]))
    assert [step.name for step in found.guide.steps] == [each["name"] for each in STEPS["steps"]]


async def test_what_is_copied_is_asked_for_again_by_another_pattern() -> None:
    texts = [step.text for step in PATTERNS[0].steps[:4]]
    copied = {
        "steps": [
            {"name": f"Step {at}", "text": text} for at, text in zip("abcd", texts, strict=True)
        ]
    }
    model = filler(Steps=[copied, STEPS])
    found = await drafted(model)
    assert [step.name for step in found.guide.steps] == [each["name"] for each in STEPS["steps"]]
    first, second = prompts_for(model, "Steps")
    assert PATTERNS[0].question in first
    assert PATTERNS[1].question in second
    assert "copied" not in second


async def test_steps_told_again_as_tips_are_asked_for_again() -> None:
    same = {
        "tips": [
            {**tip, "name": step["name"]}
            for tip, step in zip(TIPS["tips"], STEPS["steps"], strict=False)
        ]
    }
    model = filler(Tips=[same, TIPS])
    found = await drafted(model)
    assert [tip.name for tip in found.guide.tips] == [each["name"] for each in TIPS["tips"]]
    assert "a tip is no goal and no step" in prompts_for(model, "Tips")[1]


def test_the_patterns_are_of_the_same_kind_and_the_questions_least_like_it_come_first() -> None:
    assert {each.kind for each in PATTERNS[:3]} == {"behavioural"}
    asked = "Describe a time when your team missed a deadline, and how you handled it."
    ids = [each.id for each in patterns_for(asked, "behavioural", BANK)]
    assert ids.index("missed-a-deadline") > ids.index("hardest-product-decision")


async def test_what_the_model_can_not_give_a_person_has_to_write() -> None:
    forms = ("Goals", "Steps", "Labels", "Answer", "Weak", "Tips")
    nothing: dict[str, list[Filled | None]] = {form: [None] for form in forms}
    model = filler(**nothing)
    found = await drafted(model)
    assert found.guide.labels == ()
    assert found.missing == (
        "why it is asked",
        "goals",
        "steps",
        "labels",
        "the competencies of the goals",
        "a strong example",
        "a weak example",
        "tips",
    )
    assert found.text.count(TO_WRITE) == 6
    assert len(prompts_for(model, "Goals")) == 3


async def test_without_labels_that_pass_there_is_a_guide_without_labels() -> None:
    bad = {"labels": [{"word": "other", "about": "all that there is"}] * 4}
    found = await drafted(filler(Labels=[bad]))
    assert found.missing == ("labels",)
    assert (found.guide.labels, found.guide.demonstrations) == ((), ())
    assert len(found.guide.examples) == 2


async def test_without_a_second_story_the_strong_example_is_the_demonstration() -> None:
    found = await drafted(filler(Answer=[STRONG, None]))
    assert found.guide.demonstrations[0].sentences[-1][0] == STRONG["parts"][-1]


@pytest.mark.parametrize(
    "text",
    [
        "They want - as ever - 1. a list\n2. and another ## Tips for Success",
        'They want "quotes": and {% braces %} in their words, always.',
        "They want [your name here] to be said out loud by the candidate.",
    ],
)
async def test_marks_in_the_models_words_do_not_change_the_form(text: str) -> None:
    goals = {**GOALS, "goals": [*GOALS["goals"][:2], {"name": "Odd", "text": text}]}
    found = await drafted(filler(Goals=[goals]))
    assert len(found.guide.steps) == 4
    assert len(found.guide.tips) == 3


async def test_a_long_line_that_would_be_read_otherwise_is_not_broken() -> None:
    odd = (
        "They want a count that a stranger can follow from the first guess to the very last one - "
        "as a list - 2. and so on - as long as it takes - until all is told"
    )
    goals = {**GOALS, "goals": [*GOALS["goals"][:2], {"name": "Odd", "text": odd}]}
    found = await drafted(filler(Goals=[goals]))
    assert found.guide.goals[2].text == odd


async def test_each_part_is_told_of_once() -> None:
    told: list[tuple[str, str]] = []
    await draft(paper(), BANK, filler(), Prompts(), on_part=lambda *each: told.append(each))
    assert [part for part, _ in told] == [
        *("goals", "steps", "labels", "strong example", "demonstration", "weak example", "tips")
    ]


async def test_a_bank_without_a_pattern_gives_a_form_to_fill_in() -> None:
    empty = BANK.filtered(kind="none")
    found = await draft(paper(), empty, filler(), Prompts(), on_part=lambda *_: None)
    assert len(found.missing) == 8
