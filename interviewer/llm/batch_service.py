"""The provider's batch service: files up, batches made and looked at, files down.

It follows OpenAI's published API (`/files`, `/batches`), through the client library and our one
retry policy. Making a batch costs money, so it is the one request that is never blindly repeated:
each batch carries a key of ours in its metadata, and is looked for before it is made again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import quote

import httpx2
import openai
from pydantic import BaseModel, ConfigDict, Field

from interviewer.errors import ModelError, RefusedError
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.problems import FAILURES, explain, redact
from interviewer.llm.replies import CutOffError, parse
from interviewer.llm.retry import Patience, Sleep, is_unconnected, retried
from interviewer.llm.wire import openai_of

R = TypeVar("R")

URL = "/v1/chat/completions"
KEY = "interviewer"
"""Name of our key in a batch's metadata."""
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
TRANSFER_S = 3600.0
"""The longest time to move a file, retries included, in seconds."""
_SILENCE = httpx2.Timeout(300.0, connect=10.0)
"""The longest silence while a large file is taken in, in seconds."""
_PAGE = 100
_TYPE = "application/jsonl"


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Fault(_Sent):
    """Why a batch was not even begun."""

    code: str | None = None
    message: str | None = None
    line: int | None = None
    """Of the file that was sent, from 1; None where it is about the whole."""


class _Faults(_Sent):
    data: list[Fault] | None = None


class Batch(_Sent):
    """A batch, as far as it is read."""

    id: Annotated[str, Field(min_length=1)]
    status: str
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: _Faults | None = None
    metadata: dict[str, str] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ENDED

    @property
    def faults(self) -> list[Fault]:
        """Why it failed."""
        return (self.errors and self.errors.data) or []

    @property
    def key(self) -> str:
        """Our key; empty: it is somebody else's."""
        return (self.metadata or {}).get(KEY, "")


class _File(_Sent):
    id: Annotated[str, Field(min_length=1)]


class _Page(_Sent):
    data: list[Batch]
    has_more: bool = False


class BatchService:
    """The batch service of one endpoint."""

    def __init__(self, endpoint: Endpoint, *, sleep: Sleep = asyncio.sleep) -> None:
        self._endpoint = endpoint
        self._patience = Patience(endpoint.attempts, endpoint.deadline_s, sleep)
        self._long = Patience(endpoint.attempts, TRANSFER_S, sleep)
        self._openai = openai_of(endpoint)
        self.met = False
        """Whether it has ever answered."""

    async def upload(self, path: Path) -> str:
        """Return the id of the file that `path` is there.

        Raises:
            ModelError: It can't be sent, or is refused.
        """

        async def send() -> str:
            with path.open("rb") as file:  # opened at each attempt: it is read to its end
                sent = await self._openai.files.with_raw_response.create(
                    file=(path.name, file, _TYPE), purpose="batch", timeout=_SILENCE
                )
            return parse(_File, sent.http_response).id

        return await self._do(send, "there is no batch service here", self._long)

    async def create(self, file_id: str, key: str) -> Batch:
        """Make a batch of an uploaded file, once: after a doubtful attempt it is looked for first.

        Raises:
            ModelError: It is refused, or can't be reached.
        """
        body = {
            "input_file_id": file_id,
            "endpoint": URL,
            "completion_window": "24h",
            "metadata": {KEY: key},
        }
        doubtful = False

        async def send() -> Batch:
            nonlocal doubtful
            if doubtful and (found := await self._find(key)):
                return found
            doubtful = True
            made = await self._openai.post("/batches", cast_to=httpx2.Response, body=body)
            return parse(Batch, made)

        return await self._do(send, "there is no batch service here")

    async def find(self, key: str) -> Batch | None:
        """Return the batch that was made with `key`; None if there is none.

        Raises:
            ModelError: The list can't be had.
        """
        return await self._do(lambda: self._find(key), "there is no list of batches here")

    async def batch(self, id: str) -> Batch:
        """Return how a batch stands.

        Raises:
            ModelError: It can't be reached, or knows no such batch.
        """

        async def get() -> Batch:
            path = f"/batches/{quote(id, safe='')}"
            return parse(Batch, await self._openai.get(path, cast_to=httpx2.Response))

        return await self._do(get, f"the batch {id} is not known here")

    async def download(self, file_id: str, path: Path) -> None:
        """Write a file of the service to `path`, whole or not at all.

        Raises:
            ModelError: It can't be had.
        """
        part = path.with_suffix(path.suffix + ".part")

        async def get() -> None:
            with part.open("wb") as file:
                async for data in self._content(file_id):
                    file.write(data)

        await self._do(get, f"the file {file_id} is not known here", self._long)
        part.replace(path)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._openai.close()

    async def _content(self, file_id: str) -> AsyncIterator[bytes]:
        streaming = self._openai.files.with_streaming_response
        async with streaming.content(file_id) as response:
            async for data in response.iter_bytes():
                yield data

    async def _find(self, key: str) -> Batch | None:
        after, seen = "", set[str]()
        while True:
            query = {"limit": str(_PAGE)} | ({"after": after} if after else {})
            path = f"/batches?{httpx2.QueryParams(query)}"
            page = parse(_Page, await self._openai.get(path, cast_to=httpx2.Response))
            if found := next((each for each in page.data if each.key == key), None):
                return found
            if not (page.has_more and page.data):
                return None
            after = page.data[-1].id
            if after in seen:
                raise CutOffError("the list of batches has no end")
            seen.add(after)

    async def _do(
        self, call: Callable[[], Awaitable[R]], unknown: str, patience: Patience | None = None
    ) -> R:
        async def attempt() -> R:
            try:
                done = await call()
            except FAILURES as error:
                self.met = self.met or not is_unconnected(error)
                raise
            self.met = True
            return done

        try:
            return await retried(attempt, patience or self._patience, met=lambda: self.met)
        except FAILURES as error:
            raise self._explained(error, unknown) from error

    def _explained(self, error: BaseException, unknown: str) -> ModelError:
        if isinstance(error, openai.APIStatusError) and error.status_code in {404, 405}:
            return RefusedError(
                f"{unknown}: {redact(' '.join(str(error).split()), self._endpoint)}",
                where=self._endpoint.address,
                hint="the address and key that the batches were made with, of a provider that "
                "has /v1/files and /v1/batches",
            )
        return explain(error, self._endpoint)
