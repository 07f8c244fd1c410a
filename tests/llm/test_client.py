"""What the three verbs promise, against an endpoint that does as it is told."""

import asyncio
from collections.abc import Callable

import pytest
from pydantic import BaseModel, Field

from interviewer.errors import BrokenReplyError, RefusedError, UndecidedError, UnreachableError
from interviewer.llm import Model
from interviewer.llm.client import Client
from tests.fake_endpoint import Answer, FakeEndpoint, refused, said, spoken, tokens
from tests.llm.conftest import hear

YES_NO = ("Yes", "No")


class Fruit(BaseModel):
    name: str
    seeds: int = Field(ge=0)


# --- all verbs ---


def test_a_client_is_a_model(client: Client) -> None:
    model: Model = client

    assert model.name == "tiny"


async def test_usage_is_counted_for_every_call(client: Client, fake: FakeEndpoint) -> None:
    fake.will(spoken("Hi"), tokens(("Yes", -0.1), ("No", -3)), said('{"name": "fig", "seeds": 9}'))

    await hear(client)
    await client.decide("?", YES_NO)
    await client.fill("?", Fruit)

    assert (client.usage.calls, client.usage.prompt) == (3, 30)
    assert (client.usage.cached, client.usage.completion) == (12, 6)


async def test_llama_cpp_timings_are_kept(client: Client, fake: FakeEndpoint) -> None:
    fake.will(spoken("Hi"))

    await hear(client)

    assert list(client.timings) == [{"prompt_n": 6}]


async def test_a_call_without_usage_is_counted_as_a_call(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(Answer({"choices": [{"message": {"content": '{"name": "fig", "seeds": 9}'}}]}))

    await client.fill("?", Fruit)

    assert (client.usage.calls, client.usage.prompt) == (1, 0)


async def test_the_same_prompt_always_makes_the_same_request(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(spoken("Hi"))

    await hear(client)
    await hear(client)

    assert fake.requests[0] == fake.requests[1]
    assert fake.requests[0] == {
        "model": "tiny",
        "messages": [{"role": "user", "content": "Say something."}],
        "max_tokens": 200,
        "temperature": 0.3,
        "seed": 7,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_an_endpoint_without_a_key_is_asked_without_one(
    make_client: Callable[..., Client], fake: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    fake.will(spoken("Hi"))

    await hear(make_client(api_key=""))

    assert fake.headers[0]["authorization"] == "bearer none"


# --- what the endpoint does not know ---


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    ("complaint", "gone", "come"),
    [
        ("use 'max_completion_tokens' instead", {"max_tokens"}, {"max_completion_tokens"}),
        ("'temperature' does not support 0.3", {"temperature"}, set()),
        ("seed: extra inputs are not permitted", {"seed"}, set()),
        ("unknown field stream_options", {"stream_options"}, set()),
    ],
)
async def test_a_refused_parameter_is_left_out_from_then_on(
    client: Client, fake: FakeEndpoint, status: int, complaint: str, gone: set[str], come: set[str]
) -> None:
    fake.will(refused(status, complaint), spoken("Hi"))

    assert await hear(client) == ["Hi"]
    await hear(client)

    rich, plain, again = (request.keys() for request in fake.requests)
    assert plain == (rich - gone) | come
    assert again == plain


async def test_a_refusal_that_names_no_parameter_is_final(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(refused(400, "because"))

    with pytest.raises(RefusedError, match="because"):
        await hear(client)

    assert len(fake.requests) == 1


async def test_what_is_refused_again_is_not_sent_for_ever(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(refused(400, "seed and temperature are bad"))

    with pytest.raises(RefusedError):
        await hear(client)

    assert len(fake.requests) == 3


# --- decide ---


async def test_probabilities_sum_to_one_and_merge_the_ways_to_say_an_option(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(tokens(("Yes", -1), (" yes", -2), ("No", -2), ("Y", -3), ("**no", -4), ("Is", -5)))

    p = await client.decide("?", YES_NO)

    assert sum(p.values()) == pytest.approx(1)
    assert p["Yes"] / p["No"] == pytest.approx((0.3679 + 0.1353 + 0.0498) / (0.1353 + 0.0183), 0.01)
    assert fake.requests[0]["max_tokens"] == 1
    assert fake.requests[0]["temperature"] == 0


async def test_options_without_a_first_letter_of_their_own_are_refused(client: Client) -> None:
    with pytest.raises(ValueError, match="first letter"):
        await client.decide("?", ["yes", "Yesterday"])


async def test_too_little_probability_is_undecided(client: Client, fake: FakeEndpoint) -> None:
    fake.will(tokens(("Hm", -0.1), ("Yes", -3)))

    with pytest.raises(UndecidedError, match=r"Yes, No: they hold 0\.05.*'Hm'") as caught:
        await client.decide("?", YES_NO)

    assert caught.value.hint


async def test_a_model_that_says_nothing_is_undecided(client: Client, fake: FakeEndpoint) -> None:
    fake.will(tokens())

    with pytest.raises(UndecidedError, match="likeliest: nothing"):
        await client.decide("?", YES_NO, floor=0)


async def test_an_endpoint_that_allows_five_alternatives_is_asked_for_five(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(refused(400, "top_logprobs must be at most 5"), tokens(("Yes", -0.1)))

    await client.decide("?", YES_NO)

    assert [request["top_logprobs"] for request in fake.requests] == [20, 5]


@pytest.mark.parametrize(
    "no_logprobs",
    [
        [said("Yes")],
        [refused(400, "logprobs are not supported")],
        [refused(400, "bad top_logprobs"), refused(400, "bad top_logprobs")],
    ],
    ids=["left out", "refused", "refused however few"],
)
async def test_without_log_probabilities_samples_are_counted(
    client: Client, fake: FakeEndpoint, no_logprobs: list[Answer]
) -> None:
    fake.will(*no_logprobs)
    if no_logprobs[0].status != 200:
        fake.will(said("Yes"))  # the same question in the plain form: it tells nothing new
    fake.will(said("Yes"), said("yes."), said("No"), said("**Yes**"), said("I think"), said("No"))

    p = await client.decide("?", YES_NO)
    asked = len(fake.requests)
    await client.decide("?", YES_NO)

    assert p == pytest.approx({"Yes": 4 / 6, "No": 2 / 6})
    assert len(fake.requests) == asked + 5
    assert [request["seed"] for request in fake.requests[-5:]] == [7, 8, 9, 10, 11]
    assert fake.requests[-1]["temperature"] == 1
    assert "logprobs" not in fake.requests[-1]


async def test_samples_that_name_no_option_are_undecided(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.will(said("Hm"))

    with pytest.raises(UndecidedError, match="0 of 3"):
        await make_client(logprobs=False, samples=3).decide("?", YES_NO, floor=0)


async def test_log_probabilities_that_fail_to_come_once_are_not_given_up(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.will(said("Yes"), tokens(("Yes", -0.1)))
    client = make_client(logprobs=True)

    with pytest.raises(UndecidedError):
        await client.decide("?", YES_NO)

    assert (await client.decide("?", YES_NO))["Yes"] > 0.8


# --- fill ---


async def test_a_schema_is_filled(client: Client, fake: FakeEndpoint) -> None:
    fake.will(said('{"name": "fig", "seeds": 900}'))

    assert await client.fill("?", Fruit) == Fruit(name="fig", seeds=900)

    form = fake.requests[0]["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    assert form["json_schema"]["schema"]["required"] == ["name", "seeds"]


async def test_simpler_forms_of_json_are_tried_and_remembered(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(
        refused(400, "This response_format type is unavailable now"),
        refused(400, "Bad Request"),
        said('Here it is:\n```json\n{"name": "fig", "seeds": 9}\n```\nEnjoy!'),
    )

    assert (await client.fill("?", Fruit)).seeds == 9
    await client.fill("?", Fruit)

    forms = [request.get("response_format", {}).get("type") for request in fake.requests]
    assert forms == ["json_schema", "json_object", None, None]


async def test_a_prompt_too_long_is_not_blamed_on_the_form(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(refused(400, "too long", code="context_length_exceeded"))

    with pytest.raises(RefusedError, match="longer than tiny can read"):
        await client.fill("?", Fruit)

    assert len(fake.requests) == 1


async def test_a_reply_that_does_not_fit_is_mended_once(client: Client, fake: FakeEndpoint) -> None:
    fake.will(said('{"name": "fig", "seeds": -1}'), said('{"name": "fig", "seeds": 1}'))

    assert (await client.fill("A fruit?", Fruit)).seeds == 1

    mend = fake.requests[1]["messages"][0]["content"]
    assert mend.startswith("A fruit?")
    assert '"seeds": -1' in mend
    assert "seeds: Input should be greater than or equal to 0" in mend


@pytest.mark.parametrize(("reason", "note"), [("stop", "form, nor"), ("length", "was cut off")])
async def test_a_reply_that_can_not_be_mended_is_an_error(
    client: Client, fake: FakeEndpoint, reason: str, note: str
) -> None:
    fake.will(said("no braces", finish_reason=reason))

    with pytest.raises(BrokenReplyError, match=note) as caught:
        await client.fill("?", Fruit)

    assert caught.value.partial == "no braces"
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    "withheld",
    [
        said("", message={"content": None, "refusal": "I can't help with that"}),
        said("", finish_reason="content_filter"),
    ],
)
async def test_a_refusal_of_the_model_is_named(
    client: Client, fake: FakeEndpoint, withheld: Answer
) -> None:
    fake.will(withheld)

    with pytest.raises(RefusedError, match="tiny would not answer this"):
        await client.fill("?", Fruit)

    assert len(fake.requests) == 1


# --- warm ---


MARKED = "How to judge.\x1dThe answer.\x1dThe question."


async def test_an_endpoint_without_slots_is_not_asked_to_read_ahead(
    client: Client, fake: FakeEndpoint
) -> None:
    await client.warm(MARKED)

    assert fake.requests == []


async def test_the_embedded_engine_reads_a_prompt_in_the_slot_that_holds_its_beginning(
    make_slotted: Callable[[], Client], fake: FakeEndpoint
) -> None:
    fake.choose = lambda body: (
        Answer({"n_saved": 5}) if "filename" in body else tokens(("Yes", -0.1), ("No", -3))
    )
    client = make_slotted()

    await client.decide(MARKED, YES_NO)
    await client.decide("How to judge.\x1dThe answer.\x1dAnother question.", YES_NO)

    read, saved, asked, again = fake.requests
    assert (read["messages"][0]["content"], read["id_slot"]) == ("How to judge.", 0)
    assert fake.paths[1] == "/slots/0?action=save"
    assert "/" not in saved["filename"]
    assert (asked["id_slot"], again["id_slot"]) == (0, 0)
    assert asked["messages"][0]["content"] == "How to judge.The answer.The question."


async def test_a_state_that_cannot_be_kept_is_no_matter(
    make_slotted: Callable[[], Client], fake: FakeEndpoint
) -> None:
    fake.choose = lambda body: (
        refused(400) if "filename" in body else tokens(("Yes", -0.1), ("No", -3))
    )

    assert (await make_slotted().decide(MARKED, YES_NO))["Yes"] > 0.9


async def test_speech_has_its_slot_too_and_a_plain_prompt_none(
    make_slotted: Callable[[], Client], fake: FakeEndpoint
) -> None:
    fake.choose = lambda body: spoken("Hi") if body.get("stream") else said("x")
    client = make_slotted()

    assert await hear(client, MARKED) == ["Hi"]
    assert fake.requests[-1]["id_slot"] == 0
    assert await hear(client) == ["Hi"]
    assert "id_slot" not in fake.requests[-1]


async def test_speech_that_is_cut_short_lets_the_next_prompt_in(
    make_slotted: Callable[[], Client], fake: FakeEndpoint
) -> None:
    fake.choose = lambda body: spoken("Hi", " there") if body.get("stream") else said("x")
    client = make_slotted()

    pieces = client.stream(MARKED)
    assert await anext(pieces) == "Hi"
    await pieces.aclose()

    assert await asyncio.wait_for(hear(client, MARKED), 2) == ["Hi", " there"]


async def test_reading_ahead_never_fails(
    make_slotted: Callable[[], Client], fake: FakeEndpoint
) -> None:
    fake.will(refused(404))

    await make_slotted().warm(MARKED)


async def test_a_connection_that_is_always_lost_is_an_error(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    client = make_client(attempts=1)
    fake.will(Answer(cut=True))

    with pytest.raises(UnreachableError):
        await client.decide("?", YES_NO)
