"""One endpoint's wire: a request goes out, in the endpoint's dialect, and a reply comes back.

Retries, adaptation, usage and errors are settled here, so that the three verbs in `client.py`
hold nothing but what they ask and how they read the answer.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import httpx2
from openai import (
    AsyncOpenAI,
    AsyncStream,
    BadRequestError,
    DefaultAsyncHttpxClient,
    UnprocessableEntityError,
)

from interviewer.errors import BrokenReplyError, ModelError, RefusedError
from interviewer.llm import Usage
from interviewer.llm.allowance import Allowance
from interviewer.llm.dialect import Body, Dialect
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.pace import Pace
from interviewer.llm.problems import FAILURES, explain, faults_the_words
from interviewer.llm.replies import Chunk, Reply, parse_listing, parse_reply
from interviewer.llm.retry import (
    Patience,
    Sleep,
    is_objection,
    is_unconnected,
    retried,
    retry_after_s,
)
from interviewer.llm.speech import Speech

R = TypeVar("R")

_AT_ONCE = 64
"""Calls that may run at once where nobody says how many."""


class Wire:
    """The connections to one endpoint, what was learnt of it and what it was used for."""

    def __init__(
        self, endpoint: Endpoint, *, pace: Pace | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.endpoint = endpoint
        self.pace = pace or Pace(_AT_ONCE, first=_AT_ONCE)
        self.allowance: Allowance | None = None
        """Stops calls that could use too much; whoever sets it watches `usage`."""
        self.dialect = Dialect(logprobs=endpoint.logprobs)
        self.usage = Usage()
        self.timings: deque[dict[str, Any]] = deque(maxlen=100)
        self._met = self._replied = False
        self._patience = Patience(endpoint.attempts, endpoint.deadline_s, sleep)
        self._openai = openai_of(endpoint, many=pace is not None)
        # Whole, for a path would be joined to the base by parsing both anew for each call.
        self._chat = f"{endpoint.base_url.rstrip('/')}/chat/completions"

    async def ask(self, body: Body) -> Reply:
        """Return the reply to `body`, the JSON of a chat completion in its richest form.

        Raises:
            ModelError: There is none; the subclass and the hint say why.
        """
        reserved = self.allowance.reserve(body) if self.allowance else None
        try:
            reply = await self._send(self._post, body)
            self._count(reply)
            await self.pace.give_way()
        finally:
            if self.allowance and reserved:
                self.allowance.release(reserved)
        return reply

    async def speak(self, body: Body) -> AsyncGenerator[str, None]:
        """Yield the reply to `body` piece by piece; closing early stops the endpoint.

        Only what fails before the first piece is tried again: nobody hears words twice.

        Raises:
            BrokenReplyError: It broke off in the middle; `partial` holds what was said.
            ModelError: As for `ask`.
        """
        speech = await self._send(self._open, body | {"stream": True})
        try:
            while piece := await speech.next():
                yield piece
        except FAILURES as error:
            raise _broken(explain(error, self.endpoint), speech.said) from error
        finally:
            self._count(speech.last)
            await speech.aclose()

    async def models(self) -> list[str]:
        """Return the ids of the endpoint's models, in its order.

        Raises:
            ModelError: As for `ask`.
        """
        return await self._send(self._list, {})

    async def move(self, action: str, slot: int, name: str) -> bool:
        """Have llama.cpp `save` or `restore` the state of a slot; False where it can't."""
        address = f"{self.endpoint.base_url.removesuffix('/v1')}/slots/{slot}?action={action}"
        try:
            await self._openai.post(address, cast_to=httpx2.Response, body={"filename": name})
        except FAILURES:
            return False
        return True

    async def aclose(self) -> None:
        """Close all connections."""
        await self._openai.close()

    async def _send(self, send: Callable[[Body], Awaitable[R]], body: Body) -> R:
        sent = self.dialect.translate(body)
        while True:
            try:
                # What waits to be tried again counts as under way: it eases the endpoint too.
                async with self.pace:
                    return await retried(
                        partial(self._attempt, send, sent),
                        self._patience,
                        met=lambda: self._met,
                        replied=lambda: self._replied,
                    )
            except FAILURES as error:
                before, sent = sent, self._otherwise(body, sent, error)
                if sent == before:
                    raise explain(error, self.endpoint) from error

    async def _attempt(self, send: Callable[[Body], Awaitable[R]], sent: Body) -> R:
        """Send once, and note whether there is anybody at the address, and too busy."""
        begun = self.pace.now()
        try:
            reply = await send(sent)
        except FAILURES as error:
            self._met = self._met or not is_unconnected(error)
            if is_objection(error):
                self.pace.objected(begun, retry_after_s(error))
            raise
        self._met = self._replied = True
        return reply

    def _otherwise(self, body: Body, sent: Body, error: BaseException) -> Body:
        """Return `body` as it may be taken after `sent` was refused; the same if there's no way."""
        if not isinstance(error, BadRequestError | UnprocessableEntityError):
            return sent
        if faults_the_words(error, self.endpoint):
            return sent
        self.dialect.learn(sent, f"{error} {error.body}")
        return self.dialect.translate(body)

    async def _post(self, body: Body) -> Reply:
        # The raw response, which our own values read: the client's checks nothing.
        begun = self.pace.now()
        response = await self._openai.post(self._chat, cast_to=httpx2.Response, body=body)
        self.pace.went_well(begun, response.headers)
        return parse_reply(response)

    async def _open(self, body: Body) -> Speech:
        chunks = await self._openai.post(
            self._chat, cast_to=object, body=body, stream=True, stream_cls=AsyncStream[object]
        )
        speech = Speech(chunks)
        await speech.begin()
        return speech

    async def _list(self, _: Body) -> list[str]:
        return parse_listing(await self._openai.get("/models", cast_to=httpx2.Response))

    def _count(self, reply: Chunk) -> None:
        if used := reply.usage:
            self.usage.add(used.prompt_tokens, used.cached, used.completion_tokens)
        else:
            self.usage.add(0, 0, 0)
        if reply.timings:
            self.timings.append(reply.timings)


def openai_of(endpoint: Endpoint, *, many: bool = False) -> AsyncOpenAI:
    """Return the client library's client of an endpoint, for `many` calls at once or a few."""
    return AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key or "none",  # the client insists on one
        timeout=httpx2.Timeout(endpoint.timeout_s, connect=min(10.0, endpoint.timeout_s)),
        max_retries=0,  # tenacity is the one retry policy; two of them multiply
        http_client=_http_client(endpoint, many=many),
    )


def _http_client(endpoint: Endpoint, *, many: bool) -> httpx2.AsyncClient | None:
    """Return what carries the calls; None: whatever the client takes by itself."""
    if endpoint.local:
        return DefaultAsyncHttpxClient(trust_env=False)
    if not many:
        return None
    from interviewer.llm.carrier import Carrier

    return Carrier()


def _broken(problem: ModelError, said: str) -> ModelError:
    """Return `problem` as it is for a reply that had begun."""
    if isinstance(problem, RefusedError):
        return problem
    broken = BrokenReplyError(
        f"the reply broke off after {len(said)} characters: {problem.what}",
        where=problem.where,
        hint="ask again; what was said so far is kept",
    )
    broken.partial = said
    return broken
