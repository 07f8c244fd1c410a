"""The three verbs to a language model, spoken to any OpenAI-compatible endpoint."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, nullcontext, suppress
from functools import cache
from typing import Any

from openai import pydantic_function_tool
from pydantic import BaseModel, ValidationError

from interviewer.errors import BrokenReplyError, InterviewerError, PendingError
from interviewer.llm import T
from interviewer.llm.allowance import Allowance
from interviewer.llm.dialect import Body
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.options import check_options, from_samples, from_tokens
from interviewer.llm.pace import Pace
from interviewer.llm.replies import Reply
from interviewer.llm.retry import Sleep
from interviewer.llm.slots import Slots
from interviewer.llm.wire import Wire
from interviewer.text import messages

Repair = Callable[[str, str, str], str]
"""(prompt, reply, error) -> the prompt that asks to mend the reply."""

_TOP = 20
_SAMPLE_TOKENS = 3
_TITLE = re.compile(r"[^\w-]+", re.ASCII)


class Client:
    """A `Model` behind an endpoint.

    The same prompt always makes the same request, so endpoints can cache and tests can replay.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        repair: Repair,
        slots: Slots | None = None,
        pace: Pace | None = None,
        wire: Wire | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Speak to `endpoint`; nothing is sent yet.

        Args:
            endpoint: Where, which model, and with how much patience.
            repair: Renders the prompt that shows a reply and its fault, for `fill`.
            slots: Of the embedded engine; None for any other endpoint.
            pace: How many calls run at once.
            wire: The way to the endpoint; None: each request is sent at once.
            sleep: Waits between attempts.
        """
        self._slots = slots
        self._wire = wire or Wire(endpoint, pace=pace, sleep=sleep)
        self._endpoint = endpoint
        self._repair = repair
        self.name = endpoint.model
        self.local = endpoint.local
        self.at_once = not endpoint.local if endpoint.at_once is None else endpoint.at_once
        self.usage = self._wire.usage
        self.timings = self._wire.timings
        """llama.cpp's own measurements of the last 100 calls; empty with other endpoints."""

    @property
    def pace(self) -> Pace:
        """How many calls run at once."""
        return self._wire.pace

    def allow(self, allowance: Allowance | None) -> None:
        """Send no call that could use more than is allowed: it raises a SpentError instead."""
        self._wire.allowance = allowance

    def stream(self, prompt: str, *, max_tokens: int = 200) -> AsyncGenerator[str, None]:
        """Say something, piece by piece; `aclose` or a cancellation stops the endpoint.

        Raises:
            UnreachableError: No first words after all attempts or the deadline.
            RefusedError: The endpoint says no: key, model, length, content.
            BrokenReplyError: It broke off; `partial` holds what was said.
        """
        usage = {"stream_options": {"include_usage": True}}
        body = self._body(prompt, max_tokens, temperature=self._endpoint.temperature)
        return self._speak(prompt, body | usage)

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:
        """Fill `schema`, with one attempt to mend a reply that does not fit it.

        Args:
            prompt: Describes the fields too: not every endpoint can be given a schema.
            schema: What the reply must be.
            max_tokens: The longest reply, in tokens.

        Raises:
            UnreachableError, RefusedError: As for `stream`.
            BrokenReplyError: The mended reply does not fit either; `partial` holds it.
        """
        reply = await self._json(prompt, schema, max_tokens)
        try:
            return _parse(reply, schema)
        except ValidationError as error:
            mend = self._repair(prompt, reply.text, _faults(error))
        reply = await self._json(mend, schema, max_tokens)
        try:
            return _parse(reply, schema)
        except ValidationError as error:
            raise self._misfit(reply, error) from error

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        """Choose among `options` and say how sure the model is.

        Reads the log-probabilities of the reply's first token, so it costs one token and the
        candidate's words cannot change the form of the reply. Where the endpoint gives none,
        `Endpoint.samples` replies are counted.

        Args:
            prompt: Ends by asking for one of `options`.
            options: Two or more words or figures that differ in their first letter.
            floor: The least probability, 0 to 1, that the options must hold together.

        Returns:
            Option -> probability, never exactly 0; the values sum to 1.

        Raises:
            ValueError: `options` can't be told apart.
            UnreachableError, RefusedError: As for `stream`.
            UndecidedError: The options hold less than `floor`; no grade is guessed.
        """
        check_options(options)
        dialect = self._wire.dialect
        if dialect.logprobs is not False:
            reply = await self._ask(
                prompt, self._body(prompt, 1) | {"logprobs": True, "top_logprobs": _TOP}
            )
            found = reply.alternatives()
            if found is not None or dialect.logprobs:
                dialect.logprobs = True
                return from_tokens(found or [], options, floor)
            dialect.logprobs = False
        return from_samples(await self._samples(prompt), options, floor)

    async def warm(self, prompt: str) -> None:
        """Have the embedded engine read `prompt` up to its last mark; a failure is no matter."""
        if self._slots:
            with suppress(InterviewerError):
                async with self._slots.lock:
                    await self._slots.warm(prompt, self)

    async def read(self, text: str, slot: int) -> None:
        """Have a slot of the embedded engine read `text`; no call that `usage` counts.

        Raises:
            ModelError: It can't.
        """
        await self._wire.read(self._body(text, 1) | {"id_slot": slot})

    async def move(self, action: str, slot: int, name: str) -> bool:
        """`save` the state of a slot in the file `name`, or `restore` it; False where it failed."""
        return await self._wire.move(action, slot, name)

    async def aclose(self) -> None:
        """Close all connections; the client can't be used after it."""
        await self._wire.aclose()

    def _body(self, prompt: str, max_tokens: int, *, temperature: float = 0.0) -> Body:
        return {
            "model": self._endpoint.model,
            "messages": messages(prompt),
            "max_tokens": max_tokens,
            "temperature": temperature,
            "seed": self._endpoint.seed,
        }

    async def _samples(self, prompt: str) -> list[str]:
        """Return several replies, one after the other: the caller rules how many run at once."""
        body = self._body(prompt, _SAMPLE_TOKENS, temperature=1.0)
        seeds = range(self._endpoint.seed, self._endpoint.seed + self._endpoint.samples)
        replies: list[str] = []
        pending: PendingError | None = None
        for seed in seeds:
            try:
                replies.append((await self._ask(prompt, body | {"seed": seed})).text)
            except PendingError as error:  # the others are noted too, and come with it
                pending = error
        if pending:
            raise pending
        return replies

    async def _json(self, prompt: str, schema: type[T], max_tokens: int) -> Reply:
        form = {"response_format": _form(schema)}
        return await self._ask(prompt, self._body(prompt, max_tokens) | form)

    async def _ask(self, prompt: str, body: Body) -> Reply:
        if not self._slots:
            return await self._wire.ask(body)
        async with self._slots.lock:
            slot = await self._slots.place(prompt, self)
            return await self._wire.ask(body if slot is None else body | {"id_slot": slot})

    async def _speak(self, prompt: str, body: Body) -> AsyncGenerator[str, None]:
        async with self._slots.lock if self._slots else nullcontext():
            slot = await self._slots.place(prompt, self) if self._slots else None
            body = body if slot is None else body | {"id_slot": slot}
            async with aclosing(self._wire.speak(body)) as pieces:
                async for piece in pieces:
                    yield piece

    def _misfit(self, reply: Reply, error: ValidationError) -> BrokenReplyError:
        cut = " (it was cut off)" if reply.finish_reason == "length" else ""
        broken = BrokenReplyError(
            f"the model did not fill the form, nor mend it{cut}: {_faults(error)}",
            where=self._endpoint.address,
            hint="a larger model, or one made for instructions",
        )
        broken.partial = reply.text
        return broken


def only_reads(body: Body) -> bool:
    """Tell whether a request has the embedded engine read, and nobody reads its reply."""
    return "id_slot" in body and body.get("max_tokens") == 1 and "logprobs" not in body


@cache
def _form(schema: type[BaseModel]) -> dict[str, Any]:
    """Return `schema` as endpoints take it; to work it out costs more than all else of a call."""
    described = {
        "name": _TITLE.sub("_", schema.__name__)[:64],
        "strict": True,
        "schema": pydantic_function_tool(schema)["function"]["parameters"],
    }
    return {"type": "json_schema", "json_schema": described}


def _parse(reply: Reply, schema: type[T]) -> T:
    """Return what the reply's outermost braces hold: models like to put words or fences around."""
    text = reply.text
    held = text[text.find("{") : text.rfind("}") + 1]
    return schema.model_validate_json(held or text)


def _faults(error: ValidationError) -> str:
    """Return what is wrong, without repeating the reply."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'reply'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)
    )
