"""What carries many calls at once: aiohttp under the openai client.

It needs far less of the processor for a call than httpx2, which the bare loop of
`benchmarks/throughput.py` uses. The bridge between the two takes every connection that was refused
or lost for a timeout; here each gets its own name again, for a person is told something else and
other calls are paced otherwise.
"""

from functools import cache
from typing import Any

import aiohttp
import httpx2
from openai import DefaultAioHttpClient

_LIMITS = httpx2.Limits(max_connections=4096, keepalive_expiry=30.0)
"""The pace is what limits calls; None would mean 100 to what carries them."""


_WHOLE = {"headers", "content", "timeout"}
_address = cache(httpx2.URL)


class Carrier(DefaultAioHttpClient):
    """A client for many calls at once."""

    def __init__(self) -> None:
        super().__init__(limits=_LIMITS)
        self._usual = {name.lower(): value for name, value in self.headers.items()}

    def build_request(self, method: str, url: httpx2.URL | str, **parts: Any) -> httpx2.Request:
        """Make a request.

        One as the openai client makes it for a call is put together from what it names. To merge
        URL, headers, cookies and parameters anew with the client's own is much of a call's cost.
        """
        given = {name for name, value in parts.items() if value is not None}
        if not given <= _WHOLE or "timeout" not in given:
            return super().build_request(method, url, **parts)
        named = {name.lower(): value for name, value in parts.get("headers") or ()}
        return httpx2.Request(
            method,
            _address(str(url)),
            headers=list((self._usual | named).items()),
            content=parts.get("content"),
            extensions={"timeout": parts["timeout"].as_dict()},
        )

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
