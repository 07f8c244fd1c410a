"""A provider with a batch service on the loopback, as OpenAI publishes its API.

A batch takes a step each time somebody looks at it: validating, in_progress, finalizing, its end.
The order of its output is shuffled. What each batch comes to can be told, and so can failures of
single requests to the service.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from interviewer.guide import Guide
from interviewer.llm.endpoint import Endpoint
from tests.fake_endpoint import USED, Answer, Json, refused, said, tokens
from tests.scripted import LABELLED

CHAT = "/v1/chat/completions"
MOST_REQUESTS, MOST_BYTES = 50_000, 200_000_000
Fate = Literal["completed", "expired", "cancelled"]
Talk = Callable[[Json], Answer]
"""Body of a chat completion -> what is answered."""


def labelling(body: Json, guide: Guide = LABELLED) -> Answer:
    """Label by the word that stands in a sentence; leave out sentences with `unclear` in them."""
    words = [each.word for each in guide.labels]
    text = body["messages"][-1]["content"]
    if "response_format" in body:
        lines = [line.split("> ", 1) for line in text.splitlines() if line[:1].isdigit()]
        found = [
            {"number": int(number), "label": _named(sentence, words), "responsible": "self"}
            for number, sentence in lines
            if "unclear" not in sentence
        ]
        return said(json.dumps({"sentences": found}))
    if "statement" in text or "Yes" in text:
        return tokens(("Yes", -0.2), ("No", -1.8))
    if "who is made responsible" in body["messages"][0]["content"]:
        return tokens(("self", -0.1), ("others", -2.5))
    return tokens((_named(text, words), -0.1), ("other", -2.5))


def _named(sentence: str, words: Sequence[str]) -> str:
    return next((word for word in words if word in sentence), "other")


@dataclass
class ProviderServer:
    """What it was sent and what it made of it."""

    url: str = ""
    talk: Talk = labelling
    fates: list[Fate] = field(default_factory=list)
    """What the batches come to, in the order in which they are made; then all are completed."""
    room: int = MOST_REQUESTS
    """Requests that may wait in all batches together."""
    invalid: Callable[[Json], str] = lambda _: ""
    """Request of a batch -> why it fails validation; empty: it does not."""
    meddle: Callable[[str, str], Answer | None] = lambda _method, _path: None
    """(method, path) -> what is answered instead of what would be."""
    deaf: Callable[[str, str], bool] = lambda _method, _path: False
    """(method, path) -> whether the connection breaks after it was done."""
    quick: bool = False
    """A batch has ended when somebody looks at it the first time."""
    page: int = 2
    """Batches that the list gives at most in one answer."""
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, Json] = field(default_factory=dict)
    direct: list[Json] = field(default_factory=list)
    """Chat completions that came the ordinary way."""
    paid: list[Json] = field(default_factory=list)
    """Requests of batches that were run."""
    calls: list[tuple[str, str]] = field(default_factory=list)

    def endpoint(self, **changes: Any) -> Endpoint:
        values: Json = {"model": "tiny", "api_key": "sk-a-secret-key", "timeout_s": 5.0} | changes
        return Endpoint(self.url, **values)

    def statuses(self) -> list[str]:
        return [each["status"] for each in self.batches.values()]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._serve_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines if line)}
        sent = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = first.split()
        self.calls.append((method, path))
        answer = self.meddle(method, path) or self._answer(method, path, headers, sent)
        if isinstance(answer, Answer):
            data = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            answer = Raw(data.encode(), answer.status, answer.headers)
        if self.deaf(method, path):
            return False
        told = {"content-type": "application/json", "content-length": len(answer.data)}
        rows = [f"HTTP/1.1 {answer.status} Said"]
        rows += [f"{name}: {value}" for name, value in (told | answer.headers).items()]
        writer.write(("\r\n".join(rows) + "\r\n\r\n").encode() + answer.data)
        await writer.drain()
        return True

    def _answer(
        self, method: str, path: str, headers: dict[str, str], sent: bytes
    ) -> "Answer | Raw":
        url = urlsplit(path)
        match method, url.path.removeprefix("/v1").strip("/").split("/"):
            case "POST", ["chat", "completions"]:
                self.direct.append(json.loads(sent))
                return self.talk(self.direct[-1])
            case "POST", ["files"]:
                return self._upload(headers["content-type"], sent)
            case "GET", ["files", id, "content"] if id in self.files:
                return Raw(self.files[id])
            case "POST", ["batches"]:
                return self._create(json.loads(sent))
            case "GET", ["batches"]:
                return self._list(parse_qs(url.query))
            case "GET", ["batches", id] if id in self.batches:
                self._go_on(self.batches[id])
                return Answer(self.batches[id])
        return refused(404, f"no such thing: {method} {path}")

    def _upload(self, kind: str, sent: bytes) -> Answer:
        form = message_from_bytes(f"content-type: {kind}\r\n\r\n".encode() + sent, policy=HTTP)
        where = "content-disposition"
        fields = {part.get_param("name", header=where): part for part in form.walk()}
        file, purpose = fields.get("file"), fields.get("purpose")
        if file is None or purpose is None or purpose.get_payload(decode=True) != b"batch":
            return refused(400, "a file with the purpose batch is wanted", param="purpose")
        data = file.get_payload(decode=True)
        assert isinstance(data, bytes)
        if len(data) > MOST_BYTES or not (file.get_filename() or "").endswith(".jsonl"):
            return refused(400, "a .jsonl file of up to 200 MB is wanted", param="file")
        id = self._keep(data)
        return Answer({"id": id, "object": "file", "bytes": len(data), "purpose": "batch"})

    def _create(self, asked: Json) -> Answer:
        if asked["input_file_id"] not in self.files:
            return refused(400, "the file is not there", param="file_id")
        if (asked["endpoint"], asked["completion_window"]) != (CHAT, "24h"):
            return refused(400, "no such endpoint or window")
        id = f"batch_{len(self.batches) + 1}"
        empty = dict.fromkeys(("output_file_id", "error_file_id", "errors"))
        self.batches[id] = {"id": id, "object": "batch", "status": "validating"} | empty | asked
        return Answer(self.batches[id])

    def _list(self, query: dict[str, list[str]]) -> Answer:
        ids = list(reversed(self.batches))  # the newest first
        if after := query.get("after"):
            ids = ids[ids.index(after[0]) + 1 :]
        shown = ids[: min(self.page, int(query["limit"][0]))]
        data = [self.batches[id] for id in shown]
        return Answer({"object": "list", "data": data, "has_more": len(ids) > len(shown)})

    def _go_on(self, batch: Json) -> None:
        requests = [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]
        match batch["status"]:
            case "validating":
                if faults := self._faults(batch, requests):
                    batch |= {"status": "failed", "errors": {"object": "list", "data": faults}}
                else:
                    batch |= {"status": "in_progress", "waiting": len(requests)}
            case "in_progress":
                batch["status"] = "finalizing"
            case "finalizing":
                self._finish(batch, requests)
                return
            case _:
                return
        if self.quick:
            self._go_on(batch)

    def _faults(self, batch: Json, requests: list[Json]) -> list[Json]:
        waiting = sum(each.get("waiting", 0) for each in self.batches.values())
        if waiting + len(requests) > self.room:
            return [{"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}]
        ids = [each["custom_id"] for each in requests]
        found = [
            {"code": "invalid_request", "message": why, "line": line}
            for line, each in enumerate(requests, start=1)
            if (why := self.invalid(each))
        ]
        if len(set(ids)) < len(ids) or len(ids) > MOST_REQUESTS or not ids:
            found.append({"code": "invalid_file", "message": "the file is no batch"})
        for each in requests:
            assert (each["method"], each["url"]) == ("POST", batch["endpoint"])
            assert len(each["custom_id"]) <= 64
            assert each["body"]["model"]
        return found

    def _finish(self, batch: Json, requests: list[Json]) -> None:
        number = int(batch["id"].removeprefix("batch_")) - 1
        fate = self.fates[number] if number < len(self.fates) else "completed"
        # Requests run in any order, so a batch that was cut short has done any half of them.
        order = random.Random(batch["id"])  # noqa: S311
        order.shuffle(requests)
        done = len(requests) if fate == "completed" else len(requests) // 2
        output: list[Json] = []
        errors: list[Json] = []
        for at, request in enumerate(requests):
            line = {"id": f"batch_req_{at}", "custom_id": request["custom_id"]}
            if at >= done:
                error = {"code": f"batch_{fate}", "message": f"the batch was {fate}"}
                errors.append(line | {"response": None, "error": error})
                continue
            self.paid.append(request["body"])
            answer = self.talk(request["body"])
            response = {"status_code": answer.status, "request_id": "r", "body": answer.body}
            where = output if answer.status == 200 else errors
            where.append(line | {"response": response, "error": None})
        counts = {"total": len(requests), "completed": len(output), "failed": len(errors)}
        batch |= {"status": fate, "request_counts": counts, "waiting": 0}
        batch["output_file_id"] = self._lines(output)
        batch["error_file_id"] = self._lines(errors)

    def _lines(self, found: list[Json]) -> str | None:
        data = "".join(json.dumps(each) + "\n" for each in found).encode()
        return self._keep(data) if data else None

    def _keep(self, data: bytes) -> str:
        id = f"file-{len(self.files) + 1}"
        self.files[id] = data
        return id


@dataclass(frozen=True)
class Raw:
    data: bytes
    status: int = 200
    headers: Json = field(default_factory=dict)


@asynccontextmanager
async def provider_server(**values: Any) -> AsyncIterator[ProviderServer]:
    made = ProviderServer(**values)
    tasks: set[asyncio.Task[None]] = set()

    def on_connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(made.serve(reader, writer)))

    server = await asyncio.start_server(on_connect, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield made
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


__all__ = ["CHAT", "USED", "ProviderServer", "labelling", "provider_server"]
