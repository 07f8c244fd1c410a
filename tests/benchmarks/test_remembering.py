"""What a benchmark keeps of the model's replies: whole ones and what they cost, nothing else."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from benchmarks.load.remembering import _TABLES, Remembering
from interviewer.errors import UnreachableError
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint

KEPT = "select p, seconds >= 0 from replies left join costs using (key)"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Remembering:
    async def stream(_: Client, prompt: str, **__: int) -> AsyncGenerator[str, None]:
        for piece in ("What ", "next?", " And then?"):
            if prompt == "fail" and piece == "next?":
                raise UnreachableError("gone")
            yield piece

    monkeypatch.setattr(Client, "stream", stream)
    made = Remembering(Endpoint("http://127.0.0.1:9/v1", "x", ""), repair=lambda prompt, *_: prompt)
    made.replies, made.weights = sqlite3.connect(":memory:"), "x"
    made.replies.executescript(_TABLES)
    return made


async def test_what_its_listener_has_heard_enough_of_is_kept_with_its_cost(
    client: Remembering,
) -> None:
    async with aclosing(client.stream("ask")) as pieces:
        assert [piece async for piece in pieces if "?" in piece][:1] == ["next?"]
    async with aclosing(client.stream("ask again")) as pieces:
        await anext(pieces)
    assert client.replies.execute(KEPT).fetchall() == [("What next? And then?", 1), ("What ", 1)]
    assert client.spent_s > 0
    await client.aclose()


async def test_what_broke_off_is_not_kept(client: Remembering) -> None:
    with pytest.raises(UnreachableError):
        [piece async for piece in client.stream("fail")]
    assert client.replies.execute(KEPT).fetchall() == []
    await client.aclose()
