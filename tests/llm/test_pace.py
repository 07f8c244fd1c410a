"""How many calls run at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from interviewer.llm.pace import Pace, seconds_of


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def calls(pace: Pace, clock: Clock, number: int, took: float = 0.1) -> None:
    """Have `number` calls answered, as many at once as may be."""
    left = number
    while left:
        at_once = min(left, pace.limit)
        begun = pace.now()
        for _ in range(at_once):
            await pace.__aenter__()
        clock.now += took
        for _ in range(at_once):
            pace.went_well(begun)
        for _ in range(at_once):
            await pace.__aexit__()
        left -= at_once


async def test_no_more_run_at_once_than_the_limit(clock: Clock) -> None:
    pace, most = Pace(8, first=3, clock=clock), 0

    async def call() -> None:
        nonlocal most
        async with pace:
            most = max(most, pace.active)
            await asyncio.sleep(0)

    await asyncio.gather(*(call() for _ in range(20)))
    assert (most, pace.active) == (3, 0)


async def test_it_doubles_each_round_trip_up_to_the_most(clock: Clock) -> None:
    pace = Pace(20, first=4, clock=clock)
    await calls(pace, clock, 4)
    assert pace.limit == 8
    await calls(pace, clock, 8 + 16)
    assert pace.limit == 20


async def test_an_objection_lowers_it_and_then_it_grows_by_one_each_round_trip(
    clock: Clock,
) -> None:
    pace = Pace(100, first=20, clock=clock)
    pace.objected(pace.now())
    assert pace.limit == 14
    clock.now += 1
    await calls(pace, clock, 14)
    assert pace.limit == 14
    await calls(pace, clock, 14)
    assert pace.limit == 15


async def test_objections_to_calls_sent_before_it_fell_lower_it_once(clock: Clock) -> None:
    pace = Pace(100, first=20, clock=clock)
    begun = pace.now()
    clock.now += 1
    for _ in range(10):
        pace.objected(begun)
    assert (pace.limit, pace.objections) == (14, 10)
    pace.objected(pace.now())
    assert pace.limit == 9


async def test_one_call_is_always_let_through(clock: Clock) -> None:
    pace = Pace(10, first=2, clock=clock)
    for _ in range(10):
        clock.now += 1
        pace.objected(pace.now())
    assert pace.limit == 1


async def test_it_does_not_grow_once_replies_take_much_longer(clock: Clock) -> None:
    pace = Pace(1000, first=4, clock=clock)
    await calls(pace, clock, 4, took=0.1)
    grown = pace.limit
    for _ in range(200):
        await calls(pace, clock, pace.limit, took=1.0)
    assert pace.limit < 20 * grown


async def test_a_limit_that_is_not_used_does_not_grow(clock: Clock) -> None:
    pace = Pace(100, first=10, clock=clock)
    async with pace:
        pace.went_well(pace.now())
    assert pace.limit == 10


Says = Callable[[Pace], None]


@pytest.mark.parametrize(
    "says",
    [
        lambda pace: pace.objected(pace.now(), 0.05),
        lambda pace: pace.went_well(
            pace.now(),
            {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "50ms"},
        ),
        lambda pace: pace.went_well(
            pace.now(), {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "0.05s"}
        ),
    ],
    ids=["retry-after", "requests", "tokens"],
)
async def test_all_calls_wait_as_long_as_one_reply_asked(says: Says) -> None:
    pace, sent = Pace(4), list[float]()

    async def call() -> None:
        async with pace:
            sent.append(pace.now())

    begun = pace.now()
    says(pace)
    assert pace.paused_s > 0
    await asyncio.wait_for(asyncio.gather(*(call() for _ in range(6))), 5)
    assert min(sent) - begun >= 0.05


async def test_a_limit_that_is_not_used_up_pauses_nothing(clock: Clock) -> None:
    pace = Pace(4, clock=clock)
    pace.went_well(
        pace.now(), {"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "60s"}
    )
    assert pace.paused_s == 0


async def test_a_call_that_was_cancelled_while_it_waited_holds_up_nobody() -> None:
    pace = Pace(1)
    order: list[str] = []

    async def call(name: str) -> None:
        async with pace:
            order.append(name)
            await asyncio.sleep(0)

    async with pace:
        waiting = [asyncio.create_task(call(name)) for name in ("first", "second", "third")]
        await asyncio.sleep(0)
        waiting[0].cancel()
    # "second" was woken by the end of the block: it is cancelled with its turn in its hands.
    waiting[1].cancel()
    await asyncio.wait_for(waiting[2], 5)
    assert order == ["third"]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("1s", 1), ("6m0s", 360), ("20ms", 0.02), ("1h2m", 3720), ("1.5", 1.5), ("soon", 0), ("", 0)],
)
def test_durations_are_read(told: str, seconds: float) -> None:
    assert seconds_of(told) == pytest.approx(seconds)
