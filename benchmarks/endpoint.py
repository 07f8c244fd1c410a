"""An OpenAI-compatible endpoint on this machine that no model stands behind.

    python benchmarks/endpoint.py [--port N] [--latency S] [--faults SHARE] ...
    python benchmarks/endpoint.py --smoke    # how many requests a second it takes

It serves `POST /v1/chat/completions`, `GET /v1/models` and `GET /stats` on 127.0.0.1. A reply
depends on nothing but its request. Its latency is fixed or lognormal; beyond a limit it answers
429; in a share of calls it does one of the faults that `load/conduct.py` lists. `/stats` tells what
it did, `?prompts` with how often each prompt was answered, `?window=A,B` with the seconds between
the answers A and B. At its start it prints its address as a line of JSON.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from benchmarks.load.conduct import Conduct
from benchmarks.load.running import Served as Running
from benchmarks.load.serving import Connection, Served

LEAST = 1500
"""Requests a second that it has to take on one core, or it would be what is measured."""
CONNECTIONS = 32


async def serve(conduct: Conduct, *, port: int, record: Path | None, leashed: bool) -> None:
    """Serve until a signal ends the process, or standard input does if it is leashed."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    with ExitStack() as stack:
        file = stack.enter_context(record.open("wb")) if record else None
        served = Served(conduct, file)
        server = await loop.create_server(lambda: Connection(served), "127.0.0.1", port)
        port = server.sockets[0].getsockname()[1]
        print(json.dumps({"base_url": f"http://127.0.0.1:{port}/v1"}), flush=True)
        if leashed:
            threading.Thread(target=_await_end, args=(loop, ended), daemon=True).start()
        await ended.wait()
        server.close()


def _await_end(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    with suppress(RuntimeError):  # the loop was ended otherwise
        loop.call_soon_threadsafe(ended.set)


class Asking(asyncio.Protocol):
    """Sends one request after the other over a connection, as fast as replies come."""

    def __init__(self, requests: Sequence[bytes], done: asyncio.Future[None]) -> None:
        self._requests = iter(requests)
        self._done = done
        self._missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a stream's, as asked
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take a reply, which comes in one piece or in several."""
        if not self._missing:
            head, _, body = data.partition(b"\r\n\r\n")
            length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self._missing = int(length) - len(body)
        else:
            self._missing -= len(data)
        if not self._missing:
            self._next()

    def _next(self) -> None:
        if (request := next(self._requests, None)) is None:
            self._transport.close()
            self._done.set_result(None)
        else:
            self._transport.write(request)


async def ask_all(port: int, bodies: Sequence[bytes]) -> float:
    """Send all of them over some connections; return the seconds that it took."""
    head = "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: "
    requests = [f"{head}{len(body)}\r\n\r\n".encode() + body for body in bodies]
    loop = asyncio.get_running_loop()
    begun, done = time.perf_counter(), []
    for at in range(CONNECTIONS):
        one = loop.create_future()
        done.append(one)
        share = requests[at::CONNECTIONS]
        await loop.create_connection(lambda s=share, o=one: Asking(s, o), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*done)
    return time.perf_counter() - begun


def measure(distinct: int, times: int) -> None:
    """Print how many requests a second it takes from a client that costs next to nothing."""
    from benchmarks.load.bodies import record

    with tempfile.TemporaryDirectory() as folder:
        lines = record(Path(folder) / "bodies.jsonl", distinct).read_bytes().splitlines()
    sent, count = lines * times, distinct * times
    with Running(Conduct()) as endpoint:
        before = endpoint.stats()["cpu_s"]
        seconds = asyncio.run(ask_all(endpoint.port, sent))
        stats = endpoint.stats()
    a_core = count / (stats["cpu_s"] - before)
    print(
        f"{stats['outcomes']['answered']} requests of our grader's over {CONNECTIONS} connections:"
    )
    print(
        f"{count / seconds:.0f} a second, {a_core:.0f} for each second of its processor time",
        end="",
    )
    print(f" (needed: {LEAST})")


def main() -> None:
    parser = argparse.ArgumentParser(description="An endpoint without a model, for measurements.")
    add = parser.add_argument
    add("--port", type=int, default=0, help="0: any that is free")
    add("--latency", type=float, default=0.0, help="seconds to a reply, the median if random")
    add("--spread", type=float, default=0.0, help="of a lognormal latency; 0: fixed")
    add("--most-at-once", type=int, default=0, help="requests; more get 429")
    add("--most-a-second", type=float, default=0.0, help="requests; more get 429")
    add("--faults", type=float, default=0.0, help="share of requests that something happens to")
    add("--retry-after", type=int, default=1, help="seconds, of faults 429 and 503")
    add("--seed", type=int, default=1)
    add("--record", type=Path, help="file for each distinct body, a line each")
    add("--leashed", action="store_true", help="end when standard input does")
    add("--smoke", action="store_true", help="measure it, and end")
    given = parser.parse_args()
    if given.smoke:
        measure(200, 20)
        return
    conduct = Conduct(
        latency_s=given.latency,
        spread=given.spread,
        most_at_once=given.most_at_once,
        most_a_second=given.most_a_second,
        faults=given.faults,
        retry_after_s=given.retry_after,
        seed=given.seed,
    )
    serving = serve(conduct, port=given.port, record=given.record, leashed=given.leashed)
    with suppress(KeyboardInterrupt):
        asyncio.run(serving)


if __name__ == "__main__":
    main()
