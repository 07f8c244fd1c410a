"""What a run may use."""

import pytest

from interviewer.errors import SpentError, UsageError
from interviewer.llm import Usage, counted
from interviewer.llm.allowance import Allowance, Prices
from interviewer.llm.client import Client
from tests.fake_endpoint import FakeEndpoint, tokens

YES = tokens(("Yes", -0.1), ("No", -3))
LONG = "Was it good? " * 40


def body(characters: int, max_tokens: int = 10) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": "x" * characters}], "max_tokens": max_tokens}


def test_a_call_that_could_pass_the_limit_is_not_allowed() -> None:
    allowance = Allowance(Usage(), tokens=100)
    with pytest.raises(SpentError):
        allowance.reserve(body(1000))
    allowance.reserve(body(20))


def test_calls_under_way_count_until_they_are_over() -> None:
    allowance = Allowance(Usage(), tokens=100)
    first = allowance.reserve(body(100))
    with pytest.raises(SpentError):
        allowance.reserve(body(100))
    allowance.release(first)
    allowance.reserve(body(100))


def test_what_was_used_counts() -> None:
    usage = Usage()
    allowance = Allowance(usage, tokens=100)
    usage.add(90, 0, 5)
    with pytest.raises(SpentError):
        allowance.reserve(body(20))


def test_a_cost_is_reckoned_from_both_prices() -> None:
    usage = Usage()
    usage.add(1_000_000, 0, 100_000)
    prices = Prices(0.15, 0.60)
    assert prices.cost(usage.prompt, usage.completion) == pytest.approx(0.21)
    with pytest.raises(SpentError):
        Allowance(usage, cost=0.21, prices=prices).reserve(body(20))
    Allowance(usage, cost=0.22, prices=prices).reserve(body(20))


def test_a_cost_without_a_price_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="no price"):
        Allowance(Usage(), cost=1.0)


async def test_a_client_sends_nothing_that_could_be_too_much(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(YES)
    await client.decide("Good?", ("Yes", "No"))
    client.allow(Allowance(client.usage, tokens=60))
    with pytest.raises(SpentError):
        await client.decide(LONG, ("Yes", "No"))
    await client.decide("Good?", ("Yes", "No"))
    assert len(fake.requests) == 2


async def test_calls_are_counted_apart_for_whoever_asks(client: Client, fake: FakeEndpoint) -> None:
    fake.will(YES)
    await client.decide("Good?", ("Yes", "No"))
    with counted() as used:
        await client.decide("Bad?", ("Yes", "No"))
    await client.decide("Ugly?", ("Yes", "No"))
    assert (used.calls, client.usage.calls) == (1, 3)
