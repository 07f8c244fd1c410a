"""A client of a fake endpoint; it never really sleeps between attempts."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from interviewer.llm.client import Client
from interviewer.llm.slots import Slots
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

    def make(slots: Slots | None = None, **endpoint: Any) -> Client:
        address = fake.endpoint(**endpoint)
        made.append(Client(address, repair=plain_repair, slots=slots, sleep=naps))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def make_slotted(make_client: Callable[..., Client], tmp_path: Path) -> Callable[[], Client]:
    """Make clients of an endpoint that has the embedded engine's slots."""
    return lambda: make_client(slots=Slots(2, tmp_path, "engine"), local=True)


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()
