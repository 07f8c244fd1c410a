"""A client of a fake endpoint; it never really sleeps between attempts."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from interviewer.llm.client import Client
from tests.fake_endpoint import FakeEndpoint, fake_endpoint


@dataclass
class Naps:
    """Stands for sleep and keeps how long each would have been, in seconds."""

    taken: list[float] = field(default_factory=list)

    async def __call__(self, delay_s: float) -> None:
        self.taken.append(delay_s)


def plain_repair(prompt: str, reply: str, error: str) -> str:
    return f"{prompt}\nmend: {reply}\nfault: {error}"


async def hear(client: Client, prompt: str = "Say something.") -> list[str]:
    return [piece async for piece in client.stream(prompt)]


@pytest.fixture
async def fake() -> AsyncIterator[FakeEndpoint]:
    async with fake_endpoint() as made:
        yield made


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
async def make_client(fake: FakeEndpoint, naps: Naps) -> AsyncIterator[Callable[..., Client]]:
    made: list[Client] = []

    def make(**endpoint: Any) -> Client:
        made.append(Client(fake.endpoint(**endpoint), repair=plain_repair, sleep=naps))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()
