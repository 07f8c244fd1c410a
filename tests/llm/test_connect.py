"""From an address to a model."""

from collections.abc import Iterable

import pytest

from interviewer.errors import RefusedError, UsageError
from interviewer.llm.connect import connect, models
from interviewer.llm.endpoint import Endpoint
from tests.fake_endpoint import Answer, FakeEndpoint, refused
from tests.llm.conftest import plain_repair


def listing(ids: Iterable[str]) -> Answer:
    return Answer({"object": "list", "data": [{"id": name, "object": "model"} for name in ids]})


async def test_models_are_listed(fake: FakeEndpoint) -> None:
    fake.will(listing(["a", "b"]))

    assert await models(fake.endpoint()) == ["a", "b"]
    assert fake.paths == ["/v1/models"]


async def test_a_listing_that_is_refused_says_why(fake: FakeEndpoint) -> None:
    fake.will(refused(401))

    with pytest.raises(RefusedError):
        await models(fake.endpoint())


async def test_a_model_that_is_named_is_not_looked_for(fake: FakeEndpoint) -> None:
    client = await connect(fake.endpoint(), repair=plain_repair)

    assert client.name == "tiny"
    assert fake.paths == []
    await client.aclose()


async def test_the_only_model_is_taken(fake: FakeEndpoint) -> None:
    fake.will(listing(["lonely"]))

    client = await connect(fake.endpoint(model=""), repair=plain_repair)

    assert client.name == "lonely"
    await client.aclose()


@pytest.mark.parametrize(
    ("ids", "what", "hint"), [("", "lists no model", "load"), ("ab", "2 models", "one of a, b")]
)
async def test_no_model_is_guessed(fake: FakeEndpoint, ids: str, what: str, hint: str) -> None:
    fake.will(listing(ids))

    with pytest.raises(UsageError, match=what) as caught:
        await connect(fake.endpoint(model=""), repair=plain_repair)

    assert hint in caught.value.hint


@pytest.mark.parametrize("key", ["sk-abc\n", "two words", "\u043a\u043b\u044e\u0447"])
def test_a_key_that_can_not_be_sent_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(UsageError, match="can't be sent") as caught:
        Endpoint("http://model.test/v1", "tiny", api_key=key)

    assert key.strip() not in str(caught.value)


@pytest.mark.parametrize("url", ["", "model.test/v1", "ftp://model.test", "http://"])
def test_an_address_without_a_scheme_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="no address") as caught:
        Endpoint(url, "tiny")

    assert "http://127.0.0.1" in caught.value.hint


def test_neither_key_nor_credentials_are_shown() -> None:
    endpoint = Endpoint("http://me:hunter22@model.test/v1?key=x", "tiny", api_key="sk-secret")

    assert endpoint.address == "http://model.test/v1"
    assert "hunter22" not in repr(endpoint)
    assert "sk-secret" not in repr(endpoint)
