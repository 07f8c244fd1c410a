"""A cassette between a client and its endpoint: recorded, and played where no endpoint is."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from interviewer.errors import CassetteError, ModelError, RefusedError
from interviewer.events import Final, Invitation, Question
from interviewer.llm.cassette import NOWHERE, Cassette
from interviewer.llm.cassette_file import About, load_cassette
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from tests.fake_endpoint import Answer, FakeEndpoint, refused, said, spoken, tokens
from tests.llm.conftest import hear, plain_repair

ABOUT = About(recorded_by="1", model="tiny", shown="tiny", at_once=False, guide="failure")
SECRET = "sk-a-secret-key"  # noqa: S105
YES = tokens(("Yes", -0.5), ("No", -0.9))


class Fruit(BaseModel):
    name: str


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.yaml"


def content(path: Path) -> bytes:
    return path.read_bytes()


def mode(path: Path) -> int:
    return path.stat().st_mode


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def played(path: Path, ask: Callable[[Client, Cassette], Any]) -> Any:
    """Return what `ask` returns of a client of nothing but the cassette."""
    cassette = Cassette.play(path)

    async def sleep(_: float) -> None: ...

    client = Client(Endpoint(NOWHERE, "tiny", local=True), repair=plain_repair, sleep=sleep)
    try:
        with cassette.inserted(ABOUT):
            return await ask(client, cassette)
    finally:
        await client.aclose()


async def test_all_three_verbs_are_played_as_they_were_recorded(
    client: Client, fake: FakeEndpoint, path: Path
) -> None:
    fake.will(YES, spoken("Good ", "day."), said("no fruit"), said('{"name": "lemon"}'))

    async def ask(model: Client, _: Cassette) -> Any:
        p = await model.decide("Was it late?", ["Yes", "No"])
        pieces = await hear(model)
        return p, pieces, await model.fill("A fruit?", Fruit), model.usage

    cassette = Cassette.record(path, anew=False)
    with cassette.inserted(ABOUT, key=SECRET, addresses=[fake.url]):
        live = await ask(client, cassette)
    assert live[1] == ["Good ", "day."]
    assert len(fake.requests) == 4
    assert await played(path, ask) == live
    assert len(fake.requests) == 4


async def test_the_same_prompt_gets_its_replies_in_the_order_in_which_they_came(
    client: Client, fake: FakeEndpoint, path: Path
) -> None:
    fake.will(spoken("One."), spoken("Two."))

    async def ask(model: Client, _: Cassette) -> Any:
        return await hear(model), await hear(model)

    with Cassette.record(path, anew=False).inserted(ABOUT):
        assert await ask(client, Cassette("")) == (["One."], ["Two."])  # type: ignore[arg-type]
    assert await played(path, ask) == (["One."], ["Two."])


async def test_neither_key_nor_address_nor_header_is_on_it(
    client: Client, fake: FakeEndpoint, path: Path
) -> None:
    host = fake.url.split("/")[2]
    told = f"key {SECRET} and sk-another-one are unknown at {fake.url} ({host})"
    fake.will(
        refused(400, told, headers={"x-organisation": "acme"}),
        said(f"Your key is {SECRET}.", logprobs=None),
    )

    async def ask(model: Client, _: Cassette) -> Any:
        with pytest.raises(RefusedError):
            await model.decide("Who?", ["Yes", "No"])
        await model.fill(f"My key is {SECRET}", Fruit)

    with (
        Cassette.record(path, anew=False).inserted(ABOUT, key=SECRET, addresses=[fake.url]),
        pytest.raises(ModelError),
    ):
        await ask(client, Cassette(path))
    kept = content(path).decode()
    for secret in (SECRET, "sk-another", host, "127.0.0.1", "authorization", "Bearer", "acme"):
        assert secret not in kept
    assert kept.count("[removed]") >= 4
    assert mode(path) & 0o077 == 0


async def test_a_failure_that_passed_is_played_without_the_wait(
    client: Client, fake: FakeEndpoint, path: Path
) -> None:
    fake.will(refused(503, "busy", headers={"retry-after": "60"}), YES)

    async def ask(model: Client, _: Cassette) -> Any:
        return await model.decide("Late?", ["Yes", "No"])

    with Cassette.record(path, anew=False).inserted(ABOUT):
        live = await ask(client, Cassette(path))
    assert [call.status for call in load_cassette(path)[1]] == [503, 200]
    assert await played(path, ask) == live


async def test_how_the_embedded_engine_keeps_its_slots_is_not_on_it(
    make_slotted: Callable[[], Client], fake: FakeEndpoint, path: Path
) -> None:
    fake.will(Answer({}), YES)
    fake.choose = lambda request: YES if "messages" in request else Answer({})
    prompt = "How to label.\x1dIt was May.\x1d Late?"

    async def ask(model: Client, _: Cassette) -> Any:
        return await model.decide(prompt, ["Yes", "No"]), model.usage

    with Cassette.record(path, anew=False).inserted(ABOUT):
        live = await ask(make_slotted(), Cassette(path))
    assert len(fake.requests) == 3  # it read the beginning, saved it, and was asked
    (call,) = load_cassette(path)[1]
    assert "id_slot" not in call.body
    assert await played(path, ask) == live


def asking(
    *prompts: str, event: Any = None, last: str = "At last?"
) -> Callable[[Client, Cassette], Any]:
    async def ask(model: Client, cassette: Cassette) -> None:
        cassette.hear(Question(text="Tell me."))
        for prompt in prompts:
            cassette.note("label", prompt)
            await model.decide(prompt, ["Yes", "No"])
        if event:
            cassette.hear(event)
            cassette.note("check", last)
            await model.decide(last, ["Yes", "No"])

    return ask


@pytest.fixture
async def recorded(client: Client, fake: FakeEndpoint, path: Path) -> Path:
    """Record two labels in turn 1 and a check at the grading."""
    fake.will(YES)
    cassette = Cassette.record(path, anew=False)
    options = {"persona": "tough", "role": None, "self-score": True}
    with cassette.inserted(ABOUT.model_copy(update={"options": options})):
        await asking("One?", long("9 percent"), event=Final(text="x", kept=True))(client, cassette)
    return path


def long(figure: str) -> str:
    words = " ".join(f"word{number}" for number in range(40))
    return f"{words}\nBookings fell by {figure} in two weeks. {words}"


async def test_a_cassette_names_the_prompt_and_the_turn_of_each_call(recorded: Path) -> None:
    calls = load_cassette(recorded)[1]
    assert [(call.prompt, call.place) for call in calls] == [
        *(("label", "turn 1"), ("label", "turn 1"), ("check", "grading"))
    ]


async def test_a_prompt_that_differs_is_named_with_the_place_where_it_differs(
    recorded: Path,
) -> None:
    with pytest.raises(CassetteError) as caught:
        await played(recorded, asking("One?", long("12 percent")))
    assert caught.value.where == str(recorded)
    what, where, before, after = caught.value.what.splitlines()
    assert what == "the prompt label, turn 1, is not the recorded one"
    assert where == "  message 1 of 1, first difference:"
    assert re.match(r"    recorded: \.\.\..{20,40}Bookings fell by 9 percent in .*\.\.\.$", before)
    assert re.match(r"    now:      \.\.\..{20,40}Bookings fell by 12 percent in .*\.\.\.$", after)
    assert max(map(len, (before, after))) < 140
    assert "interviewer chat failure --persona tough --self-score, or --rec" in caught.value.hint


async def test_another_prompt_than_the_next_one_is_told_with_both_names(recorded: Path) -> None:
    with pytest.raises(CassetteError, match="recorded next: label, turn 1") as caught:
        await played(recorded, asking("One?", event=Final(text="x", kept=True), last="Else?"))
    assert caught.value.what.startswith("the prompt check, grading, is not the recorded one")


async def test_more_than_was_recorded_is_told_as_that(recorded: Path) -> None:
    prompts = ("One?", long("9 percent"), "At last?")
    with pytest.raises(CassetteError, match="comes after all that was recorded"):
        await played(recorded, asking(*prompts, event=Final(text="x", kept=True)))


async def test_another_way_of_asking_is_told_by_its_name(recorded: Path) -> None:
    async def ask(model: Client, _: Cassette) -> None:
        await hear(model, "One?")

    with pytest.raises(CassetteError, match="max_tokens: recorded 1, now 200"):
        await played(recorded, ask)


async def test_what_nothing_asked_for_is_counted(recorded: Path) -> None:
    async def ask(model: Client, cassette: Cassette) -> int:
        await model.decide("One?", ["Yes", "No"])
        return cassette.unplayed

    assert await played(recorded, ask) == 2


async def test_played_nothing_reaches_a_network_not_even_what_is_no_prompt(recorded: Path) -> None:
    async def ask(model: Client, _: Cassette) -> None:
        await model._wire.models()

    with pytest.raises(CassetteError):
        await played(recorded, ask)


async def test_a_cassette_is_there_after_each_reply_and_not_before_the_first(
    client: Client, fake: FakeEndpoint, path: Path
) -> None:
    fake.will(YES)
    cassette = Cassette.record(path, anew=False)
    with cassette.inserted(ABOUT):
        assert names(path.parent) == []
        for count in (1, 2, 3):
            await client.decide(f"Question {count}?", ["Yes", "No"])
            assert len(load_cassette(path)[1]) == count
    assert names(path.parent) == [path.name]


async def test_recorded_anew_the_old_one_stays_until_a_reply_has_come(
    client: Client, fake: FakeEndpoint, recorded: Path
) -> None:
    before = content(recorded)
    fake.will(YES)
    with Cassette.record(recorded, anew=True).inserted(ABOUT):
        assert content(recorded) == before
        await client.decide("Anew?", ["Yes", "No"])
    (call,) = load_cassette(recorded)[1]
    assert call.body["messages"][0]["content"] == "Anew?"


async def test_the_place_is_grading_though_own_scores_are_asked_for_first(
    client: Client, fake: FakeEndpoint, path: Path
) -> None:
    fake.will(YES)
    cassette = Cassette.record(path, anew=False)
    places = []
    with cassette.inserted(ABOUT):
        for event in (Invitation(text="?"), Final(text="x", kept=True), Invitation(text="?")):
            cassette.hear(event)
            await client.decide(f"{event.event}?", ["Yes", "No"])
            places.append(load_cassette(path)[1][-1].place)
    assert places == ["the final answer", "grading", "grading"]


async def test_vcrpy_itself_reads_it(recorded: Path) -> None:
    from vcr.persisters.filesystem import FilesystemPersister
    from vcr.serializers import yamlserializer

    requests, responses, about = FilesystemPersister.load_cassette(recorded, yamlserializer)
    assert [json.loads(each.body)["model"] for each in requests] == ["tiny"] * 3
    assert json.loads(responses[0]["body"]["string"])["choices"]
    assert about["guide"] == "failure"
