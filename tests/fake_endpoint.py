"""An endpoint on the loopback that answers as it is told: failures can't be recorded."""

import asyncio
import json
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from interviewer.llm.endpoint import Endpoint

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the endpoint does with one request."""

    body: Json | str = ""
    status: int = 200
    headers: Json = field(default_factory=dict)
    events: Sequence[Json | str] | None = None
    """Sent as a stream, with [DONE] at its end."""
    cut: bool = False
    """The connection is closed before the end that was promised."""
    delay_s: float = 0.0
    """Before it answers, in seconds."""
    stall: bool = False
    """Nothing more comes, until the other side goes."""


@dataclass
class FakeEndpoint:
    """Answers in order; the last one again and again. Keeps what it was asked."""

    url: str
    answers: deque[Answer] = field(default_factory=deque)
    requests: list[Json] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    choose: Callable[[Json], Answer] | None = None
    """Request -> what is done with it, in place of `answers`."""
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """The other side closed a connection on which an answer was still going on."""

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    def endpoint(self, **changes: Any) -> Endpoint:
        values: Json = {"model": "tiny", "api_key": "sk-a-secret-key", "timeout_s": 2.0} | changes
        return Endpoint(self.url, **values)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._serve_one(reader, writer):
                pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        except asyncio.IncompleteReadError:
            return False
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        sent = await reader.readexactly(int(headers.get("content-length", 0)))
        self.paths.append(head[0].split()[1])
        self.headers.append(headers)
        self.requests.append(json.loads(sent or "{}"))
        self.asked.set()
        answer = self._next()
        await asyncio.sleep(answer.delay_s)
        writer.write(_head(answer) + _content(answer))
        await writer.drain()
        if answer.stall:
            await reader.read()
            self.left.set()
        return not answer.cut and not answer.stall

    def _next(self) -> Answer:
        if self.choose:
            return self.choose(self.requests[-1])
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]


def _head(answer: Answer) -> bytes:
    length = len(_content(answer)) + (99 if answer.cut or answer.stall else 0)
    kind = "application/json" if answer.events is None else "text/event-stream"
    headers = {"content-type": kind, "content-length": length} | answer.headers
    lines = [f"HTTP/1.1 {answer.status} Said", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _content(answer: Answer) -> bytes:
    if answer.events is None:
        return _text(answer.body).encode()
    events = [*answer.events, *([] if answer.cut or answer.stall else ["[DONE]"])]
    return "".join(f"data: {_text(event)}\n\n" for event in events).encode()


def _text(body: Json | str) -> str:
    return body if isinstance(body, str) else json.dumps(body)


@asynccontextmanager
async def fake_endpoint() -> AsyncIterator[FakeEndpoint]:
    fake = FakeEndpoint("")
    tasks: set[asyncio.Task[None]] = set()

    def on_connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(fake.serve(reader, writer)))

    server = await asyncio.start_server(on_connect, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield fake
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def threaded_endpoint() -> Iterator[FakeEndpoint]:
    """Give an endpoint that answers while the test itself waits for something else."""
    ready, done = threading.Event(), asyncio.Event()
    made: list[FakeEndpoint] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with fake_endpoint() as fake:
            made.append(fake)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(5)
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


USED = {
    "prompt_tokens": 10,
    "completion_tokens": 2,
    "prompt_tokens_details": {"cached_tokens": 4},
}


def said(text: str, **choice: Any) -> Answer:
    """Answer a whole chat completion."""
    message = {"role": "assistant", "content": text}
    held = {"index": 0, "message": message, "finish_reason": "stop"} | choice
    return Answer({"object": "chat.completion", "choices": [held], "usage": USED})


def tokens(*likely: tuple[str, float]) -> Answer:
    """Answer one token with its alternatives: (token, log-probability), the likeliest first."""
    top = [{"token": token, "logprob": logprob} for token, logprob in likely]
    first = {"content": [top[0] | {"top_logprobs": top}] if top else []}
    return said(likely[0][0] if likely else "", logprobs=first)


JUDGING = tokens(("Yes", -0.5), ("No", -0.9), ("background", -3.0), ("self", -3.0))
"""Answers any question of the shipped guides' grading: a check, a label, who is responsible."""


def spoken(*pieces: str, **how: Any) -> Answer:
    """Answer a stream of `pieces`, with its end and usage unless it is cut or stalls."""
    events: list[Json | str] = [{"choices": [{"delta": {"role": "assistant", "content": None}}]}]
    events += [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
    if not how.get("cut") and not how.get("stall"):
        events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        events.append({"choices": [], "usage": USED, "timings": {"prompt_n": 6}})
    return Answer(events=events, **how)


def refused(
    status: int, message: str = "no", *, headers: Json | None = None, **error: Any
) -> Answer:
    """Answer an error."""
    body = {"error": {"message": message} | error}
    return Answer(body, status=status, headers=headers or {})
