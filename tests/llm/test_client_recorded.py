"""The three verbs with the embedded model's own replies."""

from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel
from vcr.errors import CannotOverwriteExistingCassetteException

from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.prompts import Prompts

QUESTION = "Did the speaker name a mistake of their own? Reply with one word, Yes or No."


class Fruit(BaseModel):
    name: str
    colours: list[str]


@pytest.fixture
async def recorded(recording_endpoint: Endpoint) -> AsyncIterator[Client]:
    def repair(prompt: str, reply: str, error: str) -> str:
        return Prompts().render("repair", prompt=prompt, reply=reply, error=error)

    client = Client(recording_endpoint, repair=repair)
    yield client
    await client.aclose()


@pytest.mark.vcr
async def test_the_probabilities_of_the_options_sum_to_one(recorded: Client) -> None:
    p = await recorded.decide(f"I shipped late; my plan was wrong.\n{QUESTION}", ["Yes", "No"])

    assert p.keys() == {"Yes", "No"}
    assert sum(p.values()) == pytest.approx(1)


@pytest.mark.vcr
async def test_a_confession_is_likelier_a_mistake_than_a_weather_report(recorded: Client) -> None:
    confession = await recorded.decide(
        f"I shipped late; my plan was wrong.\n{QUESTION}", ["Yes", "No"]
    )
    weather = await recorded.decide(f"It was sunny all day.\n{QUESTION}", ["Yes", "No"])

    assert confession["Yes"] > weather["Yes"]


@pytest.mark.vcr
async def test_a_rating_is_a_distribution_over_its_points(recorded: Client) -> None:
    p = await recorded.decide(
        "Rate this answer from 1 (poor) to 5 (excellent): 'I do not know.'\nReply with one figure.",
        ["1", "2", "3", "4", "5"],
    )

    assert max(p, key=lambda points: p[points]) in {"1", "2"}


@pytest.mark.vcr
async def test_a_stream_comes_in_pieces_and_is_counted(recorded: Client) -> None:
    pieces = [piece async for piece in recorded.stream("Greet a candidate.", max_tokens=20)]

    assert len(pieces) > 3
    assert recorded.usage.completion == pytest.approx(len(pieces), abs=1)
    assert recorded.timings[0]["prompt_n"] > 0


@pytest.mark.vcr
async def test_a_schema_is_filled(recorded: Client) -> None:
    fruit = await recorded.fill("Describe a lemon: its name and its colours, as JSON.", Fruit)

    assert "lemon" in fruit.name.lower()
    assert "yellow" in " ".join(fruit.colours).lower()


@pytest.mark.vcr
async def test_a_request_that_was_not_recorded_fails_as_itself(
    recorded: Client, record_mode: str
) -> None:
    if record_mode != "none":
        pytest.skip("nothing to record")

    with pytest.raises(CannotOverwriteExistingCassetteException):
        await recorded.decide("Never asked before?", ["Yes", "No"])
