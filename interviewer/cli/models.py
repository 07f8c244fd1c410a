"""Which model is used and why, and the way to it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer.errors import UsageError
from interviewer.prompts import Prompts
from interviewer.settings import Settings

if TYPE_CHECKING:
    from interviewer.llm.client import Client
    from interviewer.llm.endpoint import Endpoint

PATIENT_S = 900.0
"""How long one of many calls may take, retries included."""
_OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Picked:
    """A model that was chosen, embedded or behind an endpoint."""

    name: str
    why: str
    settings: Settings
    weights: Path | None
    """The GGUF file of an embedded model; None: an endpoint."""


def pick(
    settings: Settings, sources: Mapping[str, str], *, allow_pull: bool, needed: bool = True
) -> Picked:
    """Choose the model: an endpoint where one is named, else the embedded one.

    Args:
        settings: What the user has set.
        sources: Setting -> where it was set.
        allow_pull: Whether weights that are not here may be pulled.
        needed: Whether they have to be here at all; False where no model will be asked.

    Raises:
        WeightsError: The embedded model is not here and can't or may not be pulled.
        UsageError: An endpoint is meant but its key is missing.
    """
    from interviewer.cli.weights import ensure_weights
    from interviewer.llm.local.catalogue import default

    chosen = settings.model
    if chosen and _is_embedded(chosen):
        path = ensure_weights(chosen, allow_pull=allow_pull) if needed else Path(chosen)
        return Picked(Path(chosen).name, f"embedded, from {_told(sources)}", settings, path)
    if chosen is None and settings.base_url is None:
        why = "embedded, no key needed"
        if settings.api_key:
            why += "; OPENAI_API_KEY is set: --model NAME uses it"
        name = default().name
        path = ensure_weights(name, allow_pull=allow_pull) if needed else Path(name)
        return Picked(name, why, settings, path)
    if settings.base_url is None and not settings.api_key:
        raise UsageError(
            f"the model {chosen} needs a key, and OPENAI_API_KEY is not set",
            hint="set it, or --base-url for an endpoint without keys, or leave --model out to use "
            "the embedded model",
        )
    why = f"endpoint, from {_told(sources)}"
    return Picked(chosen or settings.base_url or "", why, settings, None)


def _told(sources: Mapping[str, str]) -> str:
    found = {"model": sources["model"], "base_url": sources["base_url"]}
    return next((source for source in found.values() if source != "default"), "default")


def _is_embedded(name: str) -> bool:
    from interviewer.llm.local.catalogue import catalogue

    return name.endswith(".gguf") or name in {entry.name for entry in catalogue()}


def endpoint_of(picked: Picked) -> "Endpoint":
    """Return the endpoint of a model that is not embedded."""
    from interviewer.llm.endpoint import Endpoint

    settings = picked.settings
    return Endpoint(
        settings.base_url or _OPENAI,
        settings.model or "",
        settings.api_key or "",
        timeout_s=settings.timeout_s,
        at_once=settings.ask == "all",
    )


@asynccontextmanager
async def connected(
    picked: Picked,
    prompts: Prompts,
    thinking: Callable[[str], AbstractContextManager[None]],
    *,
    at_once: int = 0,
    patient: bool = False,
) -> AsyncIterator["Client"]:
    """Give the model, its engine started if it is embedded, and let go of both at the end.

    Args:
        picked: Which one.
        prompts: Mend replies.
        thinking: Shows that something takes its time.
        at_once: Calls that an endpoint is sent at the same time, at most, for many answers in
            which nobody waits for the next word: each has more time too. 0: somebody waits.
        patient: Whether a reply may take minutes, as a whole form does on a slow machine.
    """
    from interviewer.llm.client import Client
    from interviewer.llm.connect import connect
    from interviewer.llm.local.engine import Engine
    from interviewer.llm.pace import Pace

    def repair(prompt: str, reply: str, error: str) -> str:
        return prompts.render("repair", prompt=prompt, reply=reply, error=error)

    engine: Engine | None = None
    try:
        if picked.weights:
            with thinking("loading the model"):
                engine = await Engine(picked.weights).start()
            endpoint = engine.endpoint
            if patient:
                endpoint = replace(endpoint, timeout_s=PATIENT_S, deadline_s=PATIENT_S)
            model = Client(endpoint, repair=repair, slots=engine.slots)
        else:
            endpoint = endpoint_of(picked)
            if at_once or patient:
                endpoint = replace(endpoint, deadline_s=PATIENT_S)
            pace = Pace(at_once) if at_once else None
            model = await connect(endpoint, repair=repair, pace=pace)
        try:
            yield model
        finally:
            await model.aclose()
    finally:
        if engine:
            await engine.stop()
