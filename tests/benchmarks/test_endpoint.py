"""The benchmarks' endpoint says what our client understands, and does each fault that it names."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import BaseModel

from benchmarks.load.answers import answer
from benchmarks.load.conduct import FAULTS, Chance, Conduct, Gate
from benchmarks.load.replies import parse, reply
from benchmarks.load.serving import Connection, Served
from interviewer.checks import Judge, Turn
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.errors import ModelError
from interviewer.labelling import label
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.prompts import Prompts
from interviewer.text import sentences


class Name(BaseModel):
    name: str


@asynccontextmanager
async def served(conduct: Conduct) -> AsyncIterator[tuple[Client, Served]]:
    shared = Served(conduct)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(shared), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    endpoint = Endpoint(url, "loopback", attempts=1, timeout_s=0.2, deadline_s=5)
    client = Client(endpoint, repair=lambda prompt, *_: prompt)
    try:
        yield client, shared
    finally:
        await client.aclose()
        server.close()


async def test_every_sentence_of_an_answer_gets_a_label_in_one_call() -> None:
    async with served(Conduct()) as (client, shared):
        judge = Judge(load(DEFAULT_GUIDE), client, Prompts(None), at_once=True)
        found = await label(judge, [Turn("What happened?", answer(1))])
        assert len(found) == len(sentences(answer(1)))
        assert max(found[0].p.values()) > 0.5
        assert shared.stats.outcomes == {"answered": 1}


async def test_it_chooses_with_probabilities() -> None:
    async with served(Conduct()) as (client, _):
        p = await client.decide("It rained. Reply with one word, Yes or No.", ["Yes", "No"])
        assert max(p.values()) == pytest.approx(0.8)


async def test_the_same_request_gets_the_same_reply() -> None:
    async with served(Conduct()) as (client, shared):
        prompt = "Was it good? Reply with one word, Yes or No."
        first, second = [await client.decide(prompt, ["Yes", "No"]) for _ in range(2)]
        assert first == second
        assert list(shared.stats.prompts.values()) == [2]


async def test_it_fills_another_schema() -> None:
    async with served(Conduct()) as (client, _):
        assert await client.fill("Who?", Name) == Name(name="")


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_a_failure_of_the_call(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chance, "draw", lambda _: (0.0, fault))
    async with served(Conduct()) as (client, shared):
        with pytest.raises(ModelError):
            await client.fill("Who?", Name)
        await client.aclose()
        await asyncio.sleep(0.01)  # it sees the connection close
        assert set(shared.stats.outcomes) == {fault}


def test_faults_come_as_often_as_they_are_told_to_and_each_of_them() -> None:
    chance = Chance(Conduct(faults=0.3))
    drawn = Counter(chance.draw()[1] for _ in range(10_000))
    assert set(drawn) == {"", *FAULTS}
    assert 2_800 < 10_000 - drawn[""] < 3_200


def test_the_same_seed_draws_the_same_faults() -> None:
    one, other = (Chance(Conduct(faults=0.5, latency_s=1, spread=0.4, seed=3)) for _ in range(2))
    assert [one.draw() for _ in range(50)] == [other.draw() for _ in range(50)]


async def test_what_goes_beyond_the_limit_is_refused() -> None:
    async with served(Conduct(latency_s=0.05, most_at_once=2)) as (client, shared):
        calls = (client.fill(f"Who is {number}?", Name) for number in range(4))
        done = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(isinstance(each, ModelError) for each in done) == 2
        assert shared.stats.outcomes == {"answered": 2, "over-limit": 2}


def test_a_gate_lets_in_a_second_s_worth_and_tells_how_long_to_wait() -> None:
    gate = Gate(5)
    waits = [gate.let_in() for _ in range(7)]
    assert waits[:5] == [0] * 5
    assert 0 < waits[5] <= 0.2
    assert "x-ratelimit-remaining-requests: 0" in gate.headers()


def test_no_two_answers_share_a_sentence() -> None:
    told = [each for number in range(300) for each in sentences(answer(number))]
    assert len(set(told)) == len(told)


def test_a_reply_is_made_from_the_request_alone() -> None:
    body = b'{"model": "m", "messages": [{"role": "user", "content": "Yes or No"}]}'
    assert reply(parse(body)) == reply(parse(body))
