"""From an endpoint to a model that can be talked to."""

from dataclasses import replace

from interviewer.errors import UsageError
from interviewer.llm.client import Client, Repair
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.pace import Pace
from interviewer.llm.wire import Wire


async def models(endpoint: Endpoint) -> list[str]:
    """Return the ids of the models that `endpoint` lists, in its order.

    Raises:
        ModelError: It can't be reached, or refuses.
    """
    wire = Wire(replace(endpoint, attempts=min(2, endpoint.attempts)))  # somebody waits for it
    try:
        return await wire.models()
    finally:
        await wire.aclose()


async def connect(endpoint: Endpoint, *, repair: Repair, pace: Pace | None = None) -> Client:
    """Return a client of `endpoint`; if it names no model, of the only one that it lists.

    Args:
        endpoint: Where, and with how much patience. One that names a model is not asked anything.
        repair: Renders the prompt that shows a reply and its fault.
        pace: How many calls run at once.

    Raises:
        ModelError: It can't be reached, or refuses.
        UsageError: It lists none, or several.
    """
    return Client(await named(endpoint), repair=repair, pace=pace)


async def named(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with a model: if it names none, the only one that it lists.

    Raises:
        ModelError, UsageError: As `connect`.
    """
    if endpoint.model:
        return endpoint
    return replace(endpoint, model=_only(await models(endpoint), endpoint.address))


def _only(found: list[str], address: str) -> str:
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError("the endpoint lists no model", where=address, hint="load one there")
    raise UsageError(
        f"the endpoint has {len(found)} models, and none is named",
        where=address,
        hint=f"one of {', '.join(found[:10])}",
    )
