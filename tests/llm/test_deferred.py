import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel

from interviewer.errors import ModelError, PendingError, RefusedError
from interviewer.llm import counted
from interviewer.llm.client import Client
from interviewer.llm.deferred import TIMES, DeferredWire, Failure, Kept, form_of, name_of, written
from interviewer.llm.replies import Reply
from tests.fake_endpoint import FakeEndpoint, refused, said, tokens
from tests.llm.conftest import Naps, plain_repair

BODY = {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 9}
REPLY = Reply.model_validate(said("Good day").body)


class Named(BaseModel):
    name: str


@dataclass
class Shelf:
    """Keeps all in memory."""

    replies: dict[str, Reply] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    wanted: dict[str, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def take(self, name: str) -> Kept:
        if name not in self.replies:
            return Kept(failure=self.failures.get(name))
        counted = name in self.taken
        self.taken.add(name)
        return Kept(self.replies[name].model_dump_json(), counted=counted)

    def put(self, name: str, reply: Reply) -> None:
        self.replies[name] = reply

    def want(self, name: str, sent: str) -> None:
        self.wanted[name] = json.loads(sent)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def wire(fake: FakeEndpoint, shelf: Shelf, naps: Naps) -> AsyncIterator[DeferredWire]:
    made = DeferredWire(fake.endpoint(attempts=2), shelf, sleep=naps)
    yield made
    await made.aclose()


@pytest.fixture
def fail(shelf: Shelf) -> Callable[..., None]:
    def fail(status: int, times: int = 1, **error: Any) -> None:
        shelf.failures[name_of(BODY)] = Failure(status, error, form_of(written(BODY)), times)

    return fail


def another(text: str) -> dict[str, Any]:
    return BODY | {"messages": [{"role": "user", "content": text}]}


async def test_a_reply_on_the_shelf_is_taken_and_nothing_sent(
    wire: DeferredWire, shelf: Shelf, fake: FakeEndpoint
) -> None:
    shelf.put(name_of(BODY), REPLY)
    assert (await wire.ask(BODY)).text == "Good day"
    assert (wire.usage.prompt, wire.usage.calls, fake.requests) == (10, 1, [])


async def test_a_reply_is_counted_for_the_first_who_takes_it(
    wire: DeferredWire, shelf: Shelf
) -> None:
    shelf.put(name_of(BODY), REPLY)
    for _ in range(2):
        await wire.ask(BODY)
    assert wire.usage.calls == 1


async def test_the_first_request_of_each_form_goes_out_and_the_others_are_noted(
    wire: DeferredWire, shelf: Shelf, fake: FakeEndpoint
) -> None:
    fake.will(said("Good day"))
    assert (await wire.ask(BODY)).text == "Good day"
    with counted() as used, pytest.raises(PendingError):
        await wire.ask(another("How are you?"))
    assert (await wire.ask(BODY | {"logprobs": True})).text == "Good day"
    assert used.pending == 1
    assert len(fake.requests) == 2
    assert list(shelf.wanted.values()) == [another("How are you?")]
    assert shelf.replies[name_of(BODY)].text == "Good day"


async def test_what_the_first_request_teaches_holds_for_all_that_are_noted(
    wire: DeferredWire, shelf: Shelf, fake: FakeEndpoint
) -> None:
    fake.will(refused(400, "use max_completion_tokens instead"), said("Good day"))
    await wire.ask(BODY)
    with pytest.raises(PendingError):
        await wire.ask(another("How are you?"))
    (sent,) = shelf.wanted.values()
    assert sent["max_completion_tokens"] == 9
    assert list(shelf.wanted) == [name_of(another("How are you?"))]


async def test_a_first_request_that_fails_is_noted_like_any_other(
    wire: DeferredWire, shelf: Shelf, fake: FakeEndpoint
) -> None:
    fake.will(refused(403, "batches alone"))
    with pytest.raises(PendingError):
        await wire.ask(BODY)
    assert list(shelf.wanted) == [name_of(BODY)]


@pytest.mark.parametrize("status", [0, 429, 500])
async def test_a_failure_that_may_pass_is_asked_again_a_few_times(
    wire: DeferredWire, shelf: Shelf, fail: Callable[..., None], status: int
) -> None:
    fail(status, times=TIMES - 1, message="too busy")
    with pytest.raises(PendingError):
        await wire.ask(BODY)
    assert shelf.wanted
    fail(status, times=TIMES, message="too busy")
    with pytest.raises(ModelError, match="3 times: too busy") as error:
        await wire.ask(BODY)
    assert type(error.value) is ModelError  # it fails the whole answer, not a part of it


async def test_a_refused_form_is_asked_again_in_another(
    wire: DeferredWire, shelf: Shelf, fail: Callable[..., None]
) -> None:
    fail(400, message="'max_tokens' is not supported; use 'max_completion_tokens'")
    for _ in range(2):  # the second time it is known already
        with pytest.raises(PendingError):
            await wire.ask(BODY)
    (sent,) = shelf.wanted.values()
    assert sent["max_completion_tokens"] == 9


async def test_a_form_that_was_answered_before_is_not_what_is_wrong(
    wire: DeferredWire, shelf: Shelf, fail: Callable[..., None], fake: FakeEndpoint, naps: Naps
) -> None:
    body = BODY | {"response_format": {"type": "json_schema"}}
    fake.will(said("Good day"))
    await wire.ask(another("How are you?") | {"response_format": {"type": "json_schema"}})
    later = DeferredWire(fake.endpoint(), shelf, sleep=naps)  # as in another process
    shelf.failures[name_of(body)] = Failure(400, {"message": "bad"}, form_of(written(body)), 1)
    with pytest.raises(RefusedError, match="bad"):
        await later.ask(body)
    await later.aclose()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, {"message": "nobody knows why"}),
        (400, {"message": "maximum context length is 10", "code": "context_length_exceeded"}),
        (429, {"message": "no credit", "code": "insufficient_quota"}),
    ],
)
async def test_a_refusal_that_no_other_form_would_help_is_told(
    wire: DeferredWire, shelf: Shelf, fail: Callable[..., None], status: int, error: Any
) -> None:
    fail(status, **error)
    with pytest.raises(RefusedError, match=error["message"]):
        await wire.ask(BODY)
    assert not shelf.wanted


async def test_a_withheld_reply_is_a_refusal(wire: DeferredWire, shelf: Shelf) -> None:
    body = said("", finish_reason="content_filter").body
    shelf.put(name_of(BODY), Reply.model_validate(body))
    with pytest.raises(RefusedError, match="would not answer"):
        await wire.ask(BODY)


async def test_after_its_last_words_nothing_is_noted(wire: DeferredWire, shelf: Shelf) -> None:
    wire.last_words = "no more rounds"
    with pytest.raises(ModelError, match="no more rounds"):
        await wire.ask(BODY)
    assert not shelf.wanted


async def test_all_samples_of_a_choice_are_noted_in_one_round(
    wire: DeferredWire, shelf: Shelf, fake: FakeEndpoint
) -> None:
    fake.will(said("Yes"))  # without log-probabilities: five samples are asked in their stead
    client = Client(wire.endpoint, repair=plain_repair, wire=wire)
    with pytest.raises(PendingError):
        await client.decide("Is it?", ["Yes", "No"])
    assert [each["seed"] for each in shelf.wanted.values()] == [8, 9, 10, 11]
    for name in shelf.wanted:
        shelf.put(name, Reply.model_validate(said("Yes").body))
    assert (await client.decide("Is it?", ["Yes", "No"]))["Yes"] == pytest.approx(6 / 7)


async def test_the_verbs_say_the_same_as_without_a_shelf(
    wire: DeferredWire, fake: FakeEndpoint, make_client: Callable[..., Client]
) -> None:
    fake.choose = lambda body: (
        said('{"name": "Ann"}') if "response_format" in body else tokens(("Yes", -0.1), ("No", -3))
    )
    deferred = Client(wire.endpoint, repair=plain_repair, wire=wire)
    direct = make_client()
    assert await deferred.fill("Who?", Named) == await direct.fill("Who?", Named)
    for _ in range(2):  # from the endpoint, then from the shelf
        assert await deferred.decide("Is it?", ["Yes", "No"]) == await direct.decide(
            "Is it?", ["Yes", "No"]
        )
