"""Many calls at once: what went wrong keeps its name."""

import asyncio
from typing import Any

import httpx2
import pytest

from interviewer.errors import UnreachableError
from interviewer.llm.carrier import Carrier
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.pace import Pace
from tests.fake_endpoint import Answer, FakeEndpoint, tokens
from tests.llm.conftest import Naps, plain_repair

YES = tokens(("Yes", -0.1), ("No", -3))


def client(endpoint: Endpoint, naps: Naps) -> Client:
    return Client(endpoint, repair=plain_repair, pace=Pace(64), sleep=naps)


async def test_where_nobody_listens_it_says_so(naps: Naps) -> None:
    many = client(Endpoint("http://127.0.0.1:9/v1", "tiny"), naps)
    with pytest.raises(UnreachableError, match="nothing listens"):
        await many.decide("?", ("Yes", "No"))
    assert many.pace.objections == 0
    await many.aclose()


async def test_a_connection_that_is_lost_is_tried_again_and_objects_to_nothing(
    fake: FakeEndpoint, naps: Naps
) -> None:
    fake.will(Answer(cut=True), YES)
    many = client(fake.endpoint(), naps)
    await many.decide("?", ("Yes", "No"))
    assert (len(naps.taken), many.pace.objections) == (1, 0)
    await many.aclose()


async def test_a_reply_that_never_comes_is_an_objection(fake: FakeEndpoint, naps: Naps) -> None:
    fake.will(Answer(stall=True), YES)
    many = client(fake.endpoint(timeout_s=0.2), naps)
    await many.decide("?", ("Yes", "No"))
    assert many.pace.objections == 1
    await many.aclose()


async def test_more_than_a_hundred_calls_are_sent_at_once(fake: FakeEndpoint, naps: Naps) -> None:
    fake.will(Answer(stall=True))
    many = Client(fake.endpoint(), repair=plain_repair, pace=Pace(150, first=150), sleep=naps)
    tasks = [asyncio.create_task(many.decide(f"{n}?", ("Yes", "No"))) for n in range(150)]
    async with asyncio.timeout(10):
        while len(fake.requests) < 150:  # noqa: ASYNC110  the endpoint is a test's own
            await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await many.aclose()


async def test_a_call_is_put_together_as_httpx_would_do_it() -> None:
    parts: dict[str, Any] = {
        "headers": [("Accept", "application/json"), ("Authorization", "Bearer k")],
        "content": b'{"model": "tiny"}',
        "timeout": httpx2.Timeout(5.0, connect=1.0),
    }
    async with Carrier() as carrier:
        own = carrier.build_request("POST", "http://127.0.0.1:9/v1/chat/completions", **parts)
        usual = super(Carrier, carrier).build_request(own.method, own.url, **parts)
        asking = carrier.build_request("GET", own.url, params={"limit": "2"}, **parts)
    assert dict(own.headers) == dict(usual.headers)
    assert (own.url, own.content, own.extensions) == (usual.url, usual.content, usual.extensions)
    assert str(asking.url).endswith("?limit=2")
