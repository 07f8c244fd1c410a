"""What is said, piece by piece: broken, silent, stopped."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import pytest

from interviewer.errors import BrokenReplyError, RefusedError
from interviewer.llm.client import Client
from tests.fake_endpoint import Answer, FakeEndpoint, refused, spoken
from tests.llm.conftest import hear


async def test_a_stream_is_heard_piece_by_piece(client: Client, fake: FakeEndpoint) -> None:
    fake.will(spoken("Good", " day"))

    assert await hear(client) == ["Good", " day"]


async def test_a_stream_that_ends_with_usage_alone_is_whole(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(
        Answer(events=[{"choices": [{"delta": {"content": "Hi"}}]}, {"choices": [], "usage": {}}])
    )

    assert await hear(client) == ["Hi"]


@pytest.mark.parametrize(
    "broken",
    [
        spoken("Good", " day", cut=True),
        Answer(events=[{"choices": [{"delta": {"content": "Good day"}}]}]),
        Answer(events=[{"choices": [{"delta": {"content": "Good day"}}]}, "{not json"]),
        Answer(events=[{"choices": [{"delta": {"content": "Good day"}}]}, {"choices": 1}]),
        Answer(events=[{"choices": [{"delta": {"content": "Good day"}}]}, {"error": "oh"}]),
    ],
    ids=["connection lost", "orderly but early end", "no JSON", "no event", "error event"],
)
async def test_a_stream_broken_in_the_middle_keeps_what_was_said(
    client: Client, fake: FakeEndpoint, broken: Answer
) -> None:
    fake.will(broken)

    with pytest.raises(BrokenReplyError, match="after 8 characters") as caught:
        await hear(client)

    assert caught.value.partial == "Good day"
    assert "ask again" in caught.value.hint
    assert len(fake.requests) == 1
    assert client.usage.calls == 1


async def test_a_stream_that_falls_silent_is_broken(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.will(spoken("Well", stall=True))

    with pytest.raises(BrokenReplyError, match=r"no reply within 0\.05 s") as caught:
        await hear(make_client(timeout_s=0.05))

    assert caught.value.partial == "Well"


async def test_a_stream_that_breaks_before_the_first_words_is_tried_again(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(spoken(cut=True), Answer(events=[]), refused(503), spoken("Hi"))

    assert await hear(client) == ["Hi"]
    assert len(fake.requests) == 4


async def test_a_model_that_says_nothing_is_an_error(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.will(spoken())

    with pytest.raises(BrokenReplyError, match="said nothing"):
        await hear(make_client(attempts=1))


async def test_a_filter_that_stops_a_stream_is_named(client: Client, fake: FakeEndpoint) -> None:
    filtered = {"choices": [{"delta": {}, "finish_reason": "content_filter"}]}
    fake.will(Answer(events=[{"choices": [{"delta": {"content": "Well"}}]}, filtered]))

    with pytest.raises(RefusedError, match="content filter"):
        await hear(client)


async def test_closing_a_stream_early_makes_the_endpoint_stop(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(spoken("One", stall=True))

    async with aclosing(client.stream("Count.")) as pieces:
        async for _ in pieces:
            break

    await asyncio.wait_for(fake.left.wait(), 2)
    assert client.usage.calls == 1


async def test_cancelling_a_stream_makes_the_endpoint_stop(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(spoken("One", stall=True))
    pieces = client.stream("Count.")
    await anext(pieces)
    waiting = asyncio.ensure_future(anext(pieces))
    await asyncio.sleep(0.01)

    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(fake.left.wait(), 2)


async def test_cancelling_before_the_first_words_makes_the_endpoint_stop(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(spoken(stall=True))
    hearing = asyncio.ensure_future(hear(client))
    await asyncio.wait_for(fake.asked.wait(), 2)
    await asyncio.sleep(0.01)

    hearing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await hearing
    await asyncio.wait_for(fake.left.wait(), 2)
    assert len(fake.requests) == 1
