"""What is tried again, how often, and how long is waited."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import openai
import pytest

from interviewer.errors import ModelError, RefusedError, UnreachableError
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.retry import Patience, may_pass, retried, retry_after_s
from tests.fake_endpoint import Answer, FakeEndpoint, fake_endpoint, refused, tokens
from tests.llm.conftest import Naps, plain_repair

YES_NO = ("Yes", "No")
YES = tokens(("Yes", -0.1), ("No", -3))


@pytest.mark.parametrize(
    "passing",
    [
        refused(408),
        refused(409),
        refused(429),
        refused(500),
        refused(503, "Loading model"),
        Answer(cut=True),
        Answer("{half a"),
        Answer({"choices": []}),
        Answer({"choices": [{"logprobs": {"content": [{"token": "Yes", "logprob": 5}]}}]}),
    ],
    ids=lambda answer: f"{answer.status} {answer.body}"[:30],
)
async def test_what_may_pass_is_tried_again(
    client: Client, fake: FakeEndpoint, naps: Naps, passing: Answer
) -> None:
    fake.will(passing, YES)

    await client.decide("?", YES_NO)

    assert len(fake.requests) == 2
    assert len(naps.taken) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_what_will_not_pass_is_tried_once(
    client: Client, fake: FakeEndpoint, status: int
) -> None:
    fake.will(refused(status))

    with pytest.raises(RefusedError):
        await client.decide("?", YES_NO)

    assert len(fake.requests) == 1


async def test_an_empty_account_is_not_asked_again(client: Client, fake: FakeEndpoint) -> None:
    fake.will(refused(429, "You exceeded your current quota", code="insufficient_quota"))

    with pytest.raises(RefusedError, match="nothing left to spend"):
        await client.decide("?", YES_NO)

    assert len(fake.requests) == 1


async def test_it_gives_up_after_so_many_attempts(
    client: Client, fake: FakeEndpoint, naps: Naps
) -> None:
    fake.will(refused(503))

    with pytest.raises(UnreachableError, match="status 503"):
        await client.decide("?", YES_NO)

    assert len(fake.requests) == 6
    assert len(naps.taken) == 5
    assert all(nap <= 20 for nap in naps.taken)


async def test_it_waits_as_long_as_the_endpoint_asks(
    client: Client, fake: FakeEndpoint, naps: Naps
) -> None:
    fake.will(refused(429, headers={"retry-after": "7"}), YES)

    await client.decide("?", YES_NO)

    assert naps.taken == [7]


async def test_a_date_to_wait_for_is_understood(
    client: Client, fake: FakeEndpoint, naps: Naps
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    fake.will(refused(503, headers={"retry-after": date}), YES)

    await client.decide("?", YES_NO)

    assert naps.taken == [pytest.approx(29, abs=2)]


async def test_a_wait_beyond_the_deadline_is_not_begun(
    make_client: Callable[..., Client], fake: FakeEndpoint, naps: Naps
) -> None:
    fake.will(refused(429, headers={"retry-after": "300"}))

    with pytest.raises(UnreachableError, match="asks to wait 300 s"):
        await make_client(deadline_s=60).decide("?", YES_NO)

    assert naps.taken == []


async def test_the_deadline_ends_a_reply_that_does_not_come(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.will(Answer(stall=True))

    with pytest.raises(UnreachableError, match=r"within 0\.05 s, retries included"):
        await make_client(deadline_s=0.05).decide("?", YES_NO)


async def test_a_silent_endpoint_is_tried_again(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.will(Answer(stall=True), YES)

    await make_client(timeout_s=0.05).decide("?", YES_NO)

    assert len(fake.requests) == 2


async def test_many_calls_at_once_do_not_share_their_retries(
    client: Client, fake: FakeEndpoint, naps: Naps
) -> None:
    fake.will(*[refused(503)] * 10, YES)

    results = await asyncio.gather(*(client.decide(str(n), YES_NO) for n in range(10)))

    assert len(results) == 10
    assert len(naps.taken) == 10


async def test_the_log_of_a_retry_holds_no_words_of_the_endpoint(
    client: Client, fake: FakeEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    fake.will(refused(500, "your key sk-a-secret-key"), YES)

    with caplog.at_level(logging.WARNING, logger="interviewer"):
        await client.decide("?", YES_NO)

    assert "attempt 1 failed (InternalServerError)" in caplog.text
    assert "sk-a" not in caplog.text


def status_error(**headers: str) -> openai.APIStatusError:
    request = httpx2.Request("POST", "http://model.test")
    response = httpx2.Response(429, headers=headers, request=request)
    return openai.RateLimitError("no", response=response, body=None)


@pytest.mark.parametrize(
    ("told", "wait_s"),
    [
        ("2.5", 2.5),
        ("-3", 0.0),
        ("soon", None),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0),
        ("Mon, 01 Jan 2001 00:00:00 -0000", 0.0),
    ],
)
def test_retry_after_is_read(told: str, wait_s: float | None) -> None:
    assert retry_after_s(status_error(**{"retry-after": told})) == wait_s


@pytest.mark.parametrize(("code", "passes"), [("500", True), ("404", False), (None, True)])
def test_an_error_that_comes_in_a_stream_is_judged_by_its_code(
    code: str | None, passes: bool
) -> None:
    request = httpx2.Request("POST", "http://model.test")

    assert may_pass(openai.APIError("no", request, body={"code": code})) is passes


def test_an_address_that_can_not_work_is_not_tried_again() -> None:
    error = openai.APIConnectionError(request=httpx2.Request("POST", "http://model.test"))
    error.__cause__ = httpx2.UnsupportedProtocol("no")

    assert not may_pass(error)


def test_a_reply_of_another_shape_may_pass() -> None:
    response = httpx2.Response(200, request=httpx2.Request("POST", "http://model.test"))

    assert may_pass(openai.APIResponseValidationError(response, None))


async def test_a_web_page_of_an_endpoint_that_has_replied_before_passes(
    client: Client, fake: FakeEndpoint, naps: Naps
) -> None:
    fake.will(YES, Answer("<html>", headers={"content-type": "text/html"}), YES)
    for _ in range(2):
        await client.decide("?", YES_NO)
    assert (len(fake.requests), len(naps.taken)) == (3, 1)


async def test_a_web_page_where_no_reply_ever_came_is_not_tried_again(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(Answer("<html>", headers={"content-type": "text/html"}))

    with pytest.raises(ModelError, match="web page") as caught:
        await client.decide("?", YES_NO)

    assert "/v1" in caught.value.hint
    assert len(fake.requests) == 1


async def test_a_reply_after_a_retry_is_counted_once(client: Client, fake: FakeEndpoint) -> None:
    fake.will(refused(503), YES)

    await client.decide("?", YES_NO)

    assert client.usage.calls == 1


def refuse(fake: FakeEndpoint) -> None:
    fake.url = "http://127.0.0.1:1/v1"


async def test_an_address_where_nothing_ever_answered_is_given_up_soon(
    make_client: Callable[..., Client], fake: FakeEndpoint, naps: Naps
) -> None:
    refuse(fake)
    client = make_client()

    for _ in range(2):
        naps.taken.clear()
        with pytest.raises(UnreachableError, match="nothing listens at this address"):
            await client.decide("?", YES_NO)
        assert sum(naps.taken) <= 1


async def test_it_is_given_up_within_two_seconds_by_the_clock() -> None:
    client = Client(Endpoint("http://127.0.0.1:1/v1", "tiny"), repair=plain_repair)
    began = time.monotonic()

    with pytest.raises(UnreachableError, match="nothing listens at this address"):
        await client.decide("?", YES_NO)

    assert time.monotonic() - began < 2
    await client.aclose()


async def test_an_address_that_long_gives_no_sign_is_not_tried_again(
    naps: Naps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interviewer.llm.retry.UNMET_S", 0.02)
    monkeypatch.setattr("interviewer.llm.retry._backoff", lambda _: 0.0)
    tried = 0

    async def connect() -> None:
        nonlocal tried
        tried += 1
        await asyncio.sleep(0.05)
        raise httpx2.ConnectTimeout("")

    async def call() -> None:
        try:
            await connect()
        except httpx2.ConnectTimeout as error:
            raise openai.APITimeoutError(httpx2.Request("POST", "http://h")) from error

    with pytest.raises(openai.APITimeoutError):
        await retried(call, Patience(6, 9.0, naps), met=lambda: False)
    assert tried == 1


@pytest.mark.parametrize("first", [YES, refused(401)], ids=["answered", "refused"])
async def test_an_endpoint_that_has_answered_once_is_waited_for(first: Answer, naps: Naps) -> None:
    async with fake_endpoint() as fake:
        fake.will(first)
        client = Client(fake.endpoint(), repair=plain_repair, sleep=naps)
        with suppress(RefusedError):
            await client.decide("?", YES_NO)

    with pytest.raises(UnreachableError, match="nothing listens at this address"):
        await client.decide("?", YES_NO)

    assert len(naps.taken) == 5
    await client.aclose()
