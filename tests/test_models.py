"""Which model is taken, why, and that nothing of it is left running."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from interviewer.cli import weights
from interviewer.cli.models import PATIENT_S, Picked, connected, pick
from interviewer.errors import UsageError, WeightsError
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.local import engine
from interviewer.llm.local.catalogue import default
from interviewer.prompts import Prompts
from interviewer.settings import Settings
from tests.fake_endpoint import fake_endpoint, said, tokens

WEIGHTS = Path("weights.gguf")


@pytest.fixture(autouse=True)
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Keep which weights were asked for, and whether they might be pulled."""
    found: list[tuple[str, bool]] = []

    def ensure(name: str, *, allow_pull: bool) -> Path:
        found.append((name, allow_pull))
        return WEIGHTS

    monkeypatch.setattr(weights, "ensure_weights", ensure)
    return found


def picked(*, source: str = "flag", allow_pull: bool = True, **settings: Any) -> Picked:
    sources = {
        name: source if name in settings else "default" for name in ("model", "base_url", "api_key")
    }
    return pick(Settings(**settings), sources, allow_pull=allow_pull)


@pytest.mark.parametrize("allow_pull", [True, False])
def test_without_any_setting_the_embedded_model_is_taken(
    asked_for: list[tuple[str, bool]], allow_pull: bool
) -> None:
    found = picked(allow_pull=allow_pull)
    assert (found.name, found.weights) == (default().name, WEIGHTS)
    assert found.why == "embedded, no key needed"
    assert asked_for == [(default().name, allow_pull)]


def test_a_key_alone_takes_no_endpoint_but_says_how_to() -> None:
    found = picked(api_key="sk-a-secret-key")
    assert found.weights == WEIGHTS
    assert "--model NAME uses it" in found.why
    assert "secret" not in found.why


@pytest.mark.parametrize("model", ["my/own.gguf", default().name])
def test_a_file_or_a_name_of_the_catalogue_is_an_embedded_model(
    asked_for: list[tuple[str, bool]], model: str
) -> None:
    found = picked(model=model, source="environment")
    assert (found.name, found.weights) == (Path(model).name, WEIGHTS)
    assert found.why == "embedded, from environment"
    assert asked_for == [(model, True)]


def test_another_name_is_a_model_of_an_endpoint() -> None:
    found = picked(model="large", api_key="sk-a-secret-key")
    assert (found.name, found.weights, found.why) == ("large", None, "endpoint, from flag")


def test_an_address_alone_is_an_endpoint_too() -> None:
    found = picked(base_url="http://127.0.0.1:1/v1", source="file")
    assert found.weights is None
    assert (found.name, found.why) == ("http://127.0.0.1:1/v1", "endpoint, from file")


def test_an_endpoint_without_a_key_or_an_address_is_refused_with_the_ways_out() -> None:
    with pytest.raises(UsageError, match="large needs a key") as caught:
        picked(model="large")
    assert "--base-url" in caught.value.hint


async def test_an_endpoint_is_spoken_to_and_mends_its_replies_by_the_prompt() -> None:
    async with fake_endpoint() as fake:
        fake.will(said("I don't know."), said('{"persona": "tough"}'))
        found = picked(model="tiny", base_url=fake.url)
        async with connected(found, Prompts(None), lambda _: nullcontext()) as model:
            filled = await model.fill("Who?", Settings)
        assert (filled.persona, model.name, model.local) == ("tough", "tiny", False)
        mended = fake.requests[1]["messages"][0]["content"]
        assert "Who?" in mended
        assert "I don't know." in mended


class Started:
    """Stands for an engine, and for the waits that were shown."""

    base_url = ""
    api_key = "a-key-of-this-run"
    fails: Exception | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log.append(f"made for {path}")

    log: list[str] = []  # noqa: RUF012  one for all of them, emptied by the fixture

    slots = None

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.base_url, "embedded", self.api_key, local=True)

    async def start(self) -> "Started":
        if self.fails:
            raise self.fails
        self.log.append("started")
        return self

    async def stop(self) -> None:
        self.log.append("stopped")

    @classmethod
    def thinking(cls, what: str) -> AbstractContextManager[None]:
        cls.log.append(what)
        return nullcontext()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> type[Started]:
    Started.log.clear()
    monkeypatch.setattr(engine, "Engine", Started)
    return Started


async def test_the_engine_of_an_embedded_model_stops_whatever_happens(
    started: type[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use() -> None:
        async with connected(picked(), Prompts(None), started.thinking) as model:
            assert model.local
            await model.decide("?", ["Yes", "No"])
            raise ZeroDivisionError

    async with fake_endpoint() as fake:
        fake.will(tokens(("Yes", -0.1), ("No", -3)))
        monkeypatch.setattr(started, "base_url", fake.url)
        with pytest.raises(ZeroDivisionError):
            await use()
        assert fake.headers[0]["authorization"] == f"bearer {started.api_key}"
    assert started.log == ["loading the model", f"made for {WEIGHTS}", "started", "stopped"]


async def test_an_engine_that_does_not_start_is_told(
    started: type[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started, "fails", WeightsError("it is too large"))
    with pytest.raises(WeightsError, match="too large"):
        await connected(picked(), Prompts(None), started.thinking).__aenter__()
    assert "stopped" not in started.log


async def test_a_whole_form_may_take_minutes_where_the_caller_is_patient(
    started: type[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started, "base_url", "http://127.0.0.1:9/v1")
    for patient, longest_s in ((False, 120.0), (True, PATIENT_S)):
        seen = started.thinking
        async with connected(picked(), Prompts(None), seen, patient=patient) as model:
            assert model._endpoint.deadline_s == longest_s
