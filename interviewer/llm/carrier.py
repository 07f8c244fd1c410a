"""What carries many calls at once: aiohttp under the openai client.

It needs less than half of the processor time of httpx2 for a call (`benchmarks/throughput.py`). The
bridge between the two takes every connection that was refused or lost for a timeout; here each gets
its own name again, for a person is told something else and other calls are paced otherwise.
"""

from typing import Any

import aiohttp
import httpx2
from openai import DefaultAioHttpClient

_LIMITS = httpx2.Limits(max_connections=4096, keepalive_expiry=30.0)
"""The pace is what limits calls; None would mean 100 to what carries them."""


class Carrier(DefaultAioHttpClient):
    """A client for many calls at once."""

    def __init__(self) -> None:
        super().__init__(limits=_LIMITS)

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send one request.

        Raises:
            httpx2.TransportError: As httpx2 names what went wrong.
        """
        try:
            return await super().send(request, **options)
        except httpx2.ConnectTimeout as error:
            raise _named(error) from error


def _named(error: httpx2.ConnectTimeout) -> httpx2.TransportError:
    cause = error.__cause__
    if isinstance(cause, aiohttp.ServerTimeoutError):
        return error
    if isinstance(cause, aiohttp.ClientSSLError):
        return httpx2.ConnectError(str(error), request=error.request)
    if isinstance(cause, aiohttp.ClientConnectorError):  # whose own text speaks of "ssl" always
        return httpx2.ConnectError(str(cause.os_error), request=error.request)
    return httpx2.ReadError(str(error), request=error.request)
