"""The endpoint's connections: HTTP/1.1 with keep-alive on a bare asyncio protocol.

Made to cost little: on two cores it has to leave one to the client that is measured. A client that
sends a request before the reply to its last one is not served.
"""

import asyncio
import json
from collections.abc import Callable
from math import ceil
from typing import IO
from urllib.parse import parse_qs, urlsplit

import httptools

from benchmarks.load.conduct import Chance, Conduct, Gate
from benchmarks.load.replies import Asked, parse, reply
from benchmarks.load.stats import Stats

MODEL = "loopback"
_PAGE = b"<html><body><h1>Sorry</h1><p>Something is wrong on our side.</p></body></html>"
_REASONS = {200: "OK", 404: "Not Found", 400: "Bad Request", 429: "Too Many Requests"}
_STATUSES = {"429": 429, "500": 500, "503": 503}


class Served:
    """What all connections of an endpoint share."""

    def __init__(self, conduct: Conduct, record: IO[bytes] | None = None) -> None:
        """Serve as `conduct` says.

        Args:
            conduct: Latency, limits and faults.
            record: Gets each distinct body that comes, a line each.
        """
        self.conduct = conduct
        self.stats = Stats()
        self.chance = Chance(conduct)
        self.gate = Gate(conduct.most_a_second)
        self.record = record


class Connection(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._body: list[bytes] = []
        self._open: tuple[str, str, asyncio.TimerHandle | None] | None = None
        """Of the request that has no reply yet: its key, what becomes of it, and its timer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a stream's, as asked
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Parse what comes."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002  the protocol's
        """Count a request whose client did not wait."""
        if self._open:
            key, outcome, timer = self._open
            if timer:
                timer.cancel()
            self._open = None
            self._served.stats.done(key, outcome if outcome == "stalled" else "gone")

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._url, self._body = b"", []

    def on_url(self, url: bytes) -> None:
        """Take a piece of its address."""
        self._url += url

    def on_body(self, body: bytes) -> None:
        """Take a piece of its body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Answer it."""
        address = urlsplit(self._url.decode("latin-1"))
        if address.path.endswith("/chat/completions"):
            self._chat(b"".join(self._body))
        elif address.path.endswith("/models"):
            self._send_json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        elif address.path == "/stats":
            asked = parse_qs(address.query)
            window = [int(each) for each in asked.get("window", [""])[0].split(",") if each]
            self._send_json(
                200,
                self._served.stats.told(
                    prompts="prompts" in asked,
                    window=(window[0], window[1]) if len(window) == 2 else None,
                ),
            )
        else:
            self._send_json(404, _error("there is nothing here"))

    def _chat(self, body: bytes) -> None:
        served, stats = self._served, self._served.stats
        try:
            asked = parse(body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._send_json(400, _error(f"no chat completion: {error!r}"))
            return
        if served.record and asked.key not in stats.seen:
            served.record.write(body + b"\n")
        stats.come(asked.key)
        latency_s, fault = served.chance.draw()
        limit = served.conduct.most_at_once
        wait_s = 1.0 if limit and stats.at_once > limit else served.gate.let_in()
        if wait_s:
            stats.done(asked.key, "over-limit")
            self._refuse(429, ceil(wait_s))
        elif fault == "stalled":
            self._open = (asked.key, fault, None)
        else:
            timer = self._loop.call_later(latency_s, self._finish, asked, fault)
            self._open = (asked.key, fault or "answered", timer)

    def _finish(self, asked: Asked, fault: str) -> None:
        assert self._open  # noqa: S101  the timer belongs to it
        key, outcome, _ = self._open
        self._open = None
        self._served.stats.done(key, outcome)
        if not fault:
            self._send(200, reply(asked))
        elif fault in _STATUSES:
            self._refuse(_STATUSES[fault], self._served.chance.draw_wait_s())
        else:
            _MISDEEDS[fault](self, asked)

    def _refuse(self, status: int, wait_s: int) -> None:
        extra = f"retry-after: {wait_s}\r\n" if wait_s and status != 500 else ""
        self._send_json(status, _error("not now", kind="overloaded"), extra=extra)

    def page(self, status: int) -> None:
        """Send a page for people."""
        self._send(status, _PAGE, kind="text/html; charset=utf-8")

    def close(self, _: Asked) -> None:
        """End the connection without a word."""
        self._transport.close()

    def truncate(self, asked: Asked) -> None:
        """Send half of a body whose length is told as it is."""
        body = reply(asked)
        self._send(200, body[: len(body) // 2])

    def cut_short(self, asked: Asked) -> None:
        """Send half of a body, and end the connection."""
        body = reply(asked)
        self._transport.write(self._head(200, len(body)) + body[: len(body) // 2])
        self._transport.close()

    def halve(self, asked: Asked) -> None:
        """Let the model stop in the middle of what it says."""
        self._send(200, reply(asked, halved=True))

    def talk_nonsense(self, asked: Asked) -> None:
        """Let the model say something else."""
        self._send(200, reply(asked, nonsense=True))

    def _send_json(self, status: int, value: object, *, extra: str = "") -> None:
        self._send(status, json.dumps(value).encode(), extra=extra)

    def _send(
        self, status: int, body: bytes, *, extra: str = "", kind: str = "application/json"
    ) -> None:
        self._transport.write(self._head(status, len(body), extra=extra, kind=kind) + body)

    def _head(
        self, status: int, length: int, *, extra: str = "", kind: str = "application/json"
    ) -> bytes:
        return (
            f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}\r\ncontent-type: {kind}\r\n"
            f"content-length: {length}\r\n{extra}{self._served.gate.headers()}\r\n"
        ).encode()


_MISDEEDS: dict[str, Callable[[Connection, Asked], None]] = {
    "gateway": lambda connection, _: connection.page(502),
    "page": lambda connection, _: connection.page(200),
    "closed": Connection.close,
    "truncated": Connection.truncate,
    "cut-short": Connection.cut_short,
    "halved": Connection.halve,
    "nonsense": Connection.talk_nonsense,
}


def _error(message: str, kind: str = "invalid_request_error") -> dict[str, object]:
    return {"error": {"message": message, "type": kind, "code": None}}
