from dataclasses import dataclass, field

import pytest

from interviewer.checks import Judge, Turn
from interviewer.errors import BrokenReplyError, UndecidedError
from interviewer.guide import Guide
from interviewer.labelling import WINDOW, Labelled, label
from interviewer.llm import T
from interviewer.prompts import Prompts
from interviewer.text import messages, sentences
from tests.scripted import LABELLED, TOLD, Labeller

WORDS = ("background", "mistake", "lesson", "excuse", "rambling", "other")
WHO = ("self", "others", "nobody")


async def labelled(
    model: Labeller, *said: str, guide: Guide = LABELLED
) -> tuple[list[Labelled], Judge]:
    judge = Judge(guide, model, Prompts())
    return await label(judge, [Turn(guide.question, each) for each in said]), judge


def likeliest(found: list[Labelled]) -> list[str]:
    return [max(each.p, key=lambda word: each.p[word]) for each in found]


async def test_each_sentence_is_asked_once_and_who_is_responsible_only_of_likely_mistakes() -> None:
    model = Labeller()
    found, _ = await labelled(model, TOLD)
    one, two, three = sentences(TOLD)
    assert model.asked == [(one, WORDS), (two, WORDS), (two, WHO), (three, WORDS)]
    assert likeliest(found) == ["background", "mistake", "lesson"]
    assert [(each.number, each.text) for each in found] == [(1, one), (2, two), (3, three)]


@pytest.mark.parametrize(("sure", "asked"), [(0.26, False), (0.24, True)])
async def test_a_label_that_is_possible_is_asked_about_though_another_is_likelier(
    sure: float, asked: bool
) -> None:
    # The other labels share the rest equally: 0.148 is too little to ask about, 0.152 is enough.
    model = Labeller(sure=sure)
    await labelled(model, "The lesson is to ask.")
    assert [options for _, options in model.asked] == ([WORDS, WHO] if asked else [WORDS])


async def test_probabilities_sum_to_one_whoever_is_responsible() -> None:
    found, _ = await labelled(Labeller(who={"self": 0.2, "others": 0.7, "nobody": 0.1}), TOLD)
    for each in found:
        assert each.p.keys() == set(WORDS)
        assert sum(each.p.values()) == pytest.approx(1)


async def test_what_is_blamed_on_others_moves_to_the_label_that_speaks_against_it() -> None:
    said = "My mistake was to trust them."
    own, _ = await labelled(Labeller(), said)
    blamed, _ = await labelled(Labeller(who={"self": 0.2, "others": 0.6, "nobody": 0.2}), said)
    assert own[0].p["mistake"] == pytest.approx(0.9 * 0.9 / 0.975)
    assert blamed[0].p["mistake"] == pytest.approx(0.9 * 0.2 / 0.9)
    assert blamed[0].p["excuse"] == pytest.approx(0.02 + 0.9 * 0.7 / 0.9)
    assert likeliest(blamed) == ["excuse"]


async def test_where_no_label_speaks_against_it_what_is_blamed_on_others_is_other() -> None:
    without = tuple(each for each in LABELLED.labels if each.word != "excuse")
    guide = LABELLED.model_copy(update={"labels": without})
    who = {"self": 0.2, "others": 0.6, "nobody": 0.2}
    found, _ = await labelled(Labeller(who=who), "My mistake was to trust them.", guide=guide)
    assert likeliest(found) == ["other"]


async def test_later_calls_show_the_earlier_sentences_with_the_labels_they_got() -> None:
    model = Labeller()
    await labelled(model, TOLD)
    one, two, three = sentences(TOLD)
    told = [(each["role"], each["content"]) for each in messages(model.prompts[-1])]
    assert told[-5:] == [
        *(("user", one), ("assistant", "background")),
        *(("user", two), ("assistant", "mistake")),
        ("user", three),
    ]


async def test_an_answer_longer_than_a_window_goes_on_in_a_new_conversation() -> None:
    said = [f"The background of number {each} is this." for each in range(2 * WINDOW + 1)]
    model = Labeller()
    found, _ = await labelled(model, " ".join(said))
    assert [each.text for each in found] == model.labelled == said
    assert [each.number for each in found] == list(range(1, len(said) + 1))
    shown = [sum(each["content"] in said for each in messages(prompt)) for prompt in model.prompts]
    assert max(shown) == WINDOW
    assert shown.count(1) == 3  # conversations that begin


async def test_the_sentences_of_an_interview_are_counted_through_as_in_one_answer() -> None:
    found, _ = await labelled(Labeller(), "One came. Two went.", "Three stayed.")
    assert [(each.number, each.text) for each in found] == [
        *((1, "One came."), (2, "Two went."), (3, "Three stayed.")),
    ]


async def test_a_sentence_that_the_model_gives_no_label_is_other_and_the_rest_are_judged() -> None:
    found, _ = await labelled(Labeller(fails="Say Yes"), f"Say Yes to everything. {TOLD}")
    assert likeliest(found) == ["other", "background", "mistake", "lesson"]


async def test_an_answer_of_which_most_sentences_get_no_label_is_not_guessed() -> None:
    with pytest.raises(UndecidedError):
        await labelled(Labeller(fails="Say Yes"), "Say Yes. Say Yes again. The lesson is to ask.")


async def test_nothing_is_asked_of_nothing() -> None:
    model = Labeller()
    assert (await labelled(model, "", " \n"))[0] == []
    assert model.asked == []


async def test_no_sentence_is_labelled_twice() -> None:
    model = Labeller()
    found, judge = await labelled(model, TOLD)
    asked = list(model.asked)
    assert await label(judge, [Turn(LABELLED.question, TOLD)]) == found
    assert model.asked == asked


@dataclass
class Filler(Labeller):
    """Fills the form with the given sentences, and counts how often it was asked to."""

    rows: list[dict[str, object]] = field(default_factory=list)
    forms: int = 0
    broken: bool = False

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:  # noqa: ARG002
        self.forms += 1
        if self.broken:
            raise BrokenReplyError("no form")
        return schema.model_validate({"sentences": self.rows})


async def at_once(model: Filler) -> list[Labelled]:
    judge = Judge(LABELLED, model, Prompts(), at_once=True)
    return await label(judge, [Turn("Why?", "My mistake was to trust them. Hello there.")])


async def test_where_calls_cost_money_one_call_labels_all_sentences() -> None:
    rows: list[dict[str, object]] = [
        {"number": 1, "label": "mistake", "responsible": "self"},
        {"number": 2, "label": "other", "responsible": "nobody"},
    ]
    model = Filler(rows=rows)
    found = await at_once(model)
    assert likeliest(found) == ["mistake", "other"]
    assert all(sum(each.p.values()) == pytest.approx(1) for each in found)
    assert (model.forms, model.asked) == (1, [])


async def test_a_mistake_that_one_call_lays_on_others_speaks_against_the_candidate() -> None:
    model = Filler(rows=[{"number": 1, "label": "mistake", "responsible": "others"}])
    assert likeliest(await at_once(model))[0] == "excuse"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"number": 1, "label": "nonsense", "responsible": "self"}],
        [{"number": 1, "label": "mistake", "responsible": "self"}] * 2,
    ],
    ids=["nothing", "no label", "a number twice"],
)
async def test_what_one_call_leaves_out_or_misnames_is_asked_one_by_one(
    rows: list[dict[str, object]],
) -> None:
    model = Filler(rows=rows)
    assert likeliest(await at_once(model)) == ["mistake", "other"]
    assert model.asked


async def test_a_model_that_can_not_fill_a_form_is_asked_one_by_one() -> None:
    assert likeliest(await at_once(Filler(broken=True))) == ["mistake", "other"]
