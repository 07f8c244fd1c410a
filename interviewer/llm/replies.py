"""What an endpoint sends back, as far as it is read, and how it can fail to make sense.

Endpoints differ in what they add and leave out: unknown fields are ignored, and what may be
missing has a default.
"""

from typing import Annotated, Any, TypeVar

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

T = TypeVar("T", bound=BaseModel)


class CutOffError(Exception):
    """The reply ended before its end."""


class GarbledError(Exception):
    """The reply is not what the protocol says."""


class WebPageError(Exception):
    """A page for people came instead of a reply."""


class WithheldError(Exception):
    """The model or the endpoint would not say it."""


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Token(_Sent):
    """A token that was said or could have been, with its log-probability."""

    token: str
    logprob: Annotated[float, Field(le=0.01)]


class Place(Token):
    """The token that was said at one place, and the likeliest ones there."""

    top_logprobs: list[Token] | None = None


class Logprobs(_Sent):
    """The places of a reply."""

    content: list[Place] | None = None


class Message(_Sent):
    """What was said: whole in a reply, a piece in a stream."""

    content: str | None = None
    refusal: str | None = None


class Choice(_Sent):
    """One answer of a model, or the next piece of it."""

    message: Message = Message()
    delta: Message = Message()
    logprobs: Logprobs | None = None
    finish_reason: str | None = None


class _Details(_Sent):
    cached_tokens: int | None = None


class Used(_Sent):
    """What a call has used, in tokens."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Details | None = None

    @property
    def cached(self) -> int:
        """Of the prompt's tokens, how many came from the endpoint's cache."""
        return (self.prompt_tokens_details and self.prompt_tokens_details.cached_tokens) or 0


class Chunk(_Sent):
    """One event of a stream."""

    choices: list[Choice] = []
    usage: Used | None = None
    timings: dict[str, Any] | None = None
    """llama.cpp's own measurements, in ms and tokens per second."""


class Reply(Chunk):
    """A whole reply."""

    choices: Annotated[list[Choice], Field(min_length=1)]

    @property
    def text(self) -> str:
        """What the model said."""
        return self.choices[0].message.content or ""

    @property
    def finish_reason(self) -> str | None:
        """Why it stopped: `stop`, `length`, ..."""
        return self.choices[0].finish_reason

    def alternatives(self) -> list[Token] | None:
        """Return what the first token could have been, the likeliest first.

        Returns:
            None where the endpoint gives no log-probabilities; empty if nothing was said.
        """
        logprobs = self.choices[0].logprobs
        if logprobs is None or logprobs.content is None:
            return None
        if not logprobs.content:
            return []
        first = logprobs.content[0]
        return sorted(first.top_logprobs or [first], key=lambda token: -token.logprob)


class _Named(_Sent):
    id: str


class Listing(_Sent):
    """The models of an endpoint."""

    data: list[_Named]


def parse_reply(response: httpx2.Response) -> Reply:
    """Return the reply in `response`.

    Raises:
        WithheldError: The model refused, or a content filter stopped it.
        WebPageError, GarbledError: It is no reply.
    """
    reply = parse(Reply, response)
    refuse_withheld(reply.choices[0], reply.choices[0].message)
    return reply


def parse_listing(response: httpx2.Response) -> list[str]:
    """Return the ids of the models in `response`.

    Raises:
        WebPageError, GarbledError: It is no list of models.
    """
    return [model.id for model in parse(Listing, response).data]


def parse_chunk(data: object) -> Chunk:
    """Return the event of a stream whose JSON is `data`.

    Raises:
        WithheldError: The model refused, or a content filter stopped it.
        GarbledError: It is no event of a chat completion.
    """
    try:
        chunk = Chunk.model_validate(data)
    except ValidationError as error:
        raise GarbledError("an event of the stream is no chat completion") from error
    for choice in chunk.choices:
        refuse_withheld(choice, choice.delta)
    return chunk


def refuse_withheld(choice: Choice, said: Message) -> None:
    """Raise WithheldError if `choice` was refused or filtered."""
    if said.refusal:
        raise WithheldError(said.refusal)
    if choice.finish_reason == "content_filter":
        raise WithheldError("the endpoint's content filter stopped the reply")


def parse(kind: type[T], response: httpx2.Response) -> T:
    """Return the value that `response` holds as JSON.

    Raises:
        WebPageError, GarbledError: It is something else.
    """
    if "html" in response.headers.get("content-type", ""):
        raise WebPageError
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as error:
        raise GarbledError(f"no valid {kind.__name__.lower()}") from error
