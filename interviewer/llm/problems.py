"""From every failure of a call to an error of ours, with what to do about it.

The first rule of `_RULES` that fits is taken. Nothing that an endpoint says is repeated before
keys, credentials and control characters are out of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import openai

from interviewer.errors import (
    BrokenReplyError,
    ModelError,
    RefusedError,
    UnreachableError,
)
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.replies import CutOffError, GarbledError, WebPageError, WithheldError
from interviewer.llm.retry import retry_after_s
from interviewer.text import printable

FAILURES = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    CutOffError,
    GarbledError,
    WebPageError,
    WithheldError,
    TimeoutError,
)
"""All that a call can fail with and that `explain` knows. Anything else is a defect of ours."""

_LONGEST = 300
_LEAST_KEY = 6  # shorter ones are no secrets, and would blot out letters
_SECRET = re.compile(r"\bsk-[\w-]{4,}[\w*.-]*|(?<=bearer )\S+|(?<=://)[^/@\s]+(?=@)", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"content[ _](?:filter|policy|management)", re.IGNORECASE)
_NAMELESS = re.compile(r"\bmodel\b", re.IGNORECASE)
_UNKNOWN_HOST = re.compile(r"name or service|name resolution|nodename|getaddrinfo", re.IGNORECASE)
_CERTIFICATE = re.compile(r"certificate|ssl|tls", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Failure:
    """What the rules look at."""

    error: BaseException
    cause: BaseException | None
    status: int
    """HTTP status; 0 where there is none."""
    codes: set[str]
    """The endpoint's own names for it."""
    text: str
    keyless: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    fits: Callable[[_Failure], bool]
    kind: type[ModelError]
    what: str
    hint: str


def explain(error: BaseException, endpoint: Endpoint) -> ModelError:
    """Return the error of ours for `error`, one of `FAILURES`: what, where, and the remedy."""
    failure = _failure(error, endpoint)
    rule = next(rule for rule in _RULES if rule.fits(failure))
    values = {
        "address": endpoint.address,
        "attempts": endpoint.attempts,
        "deadline": f"{endpoint.deadline_s:g} s",
        "model": endpoint.model or "any model",
        "status": failure.status,
        "text": failure.text,
        "timeout": f"{endpoint.timeout_s:g} s",
        "wait": _wait(error),
    }
    return rule.kind(
        redact(rule.what.format(**values), endpoint),
        where=endpoint.address,
        hint=redact(rule.hint.format(**values), endpoint),
    )


def faults_the_words(error: BaseException, endpoint: Endpoint) -> bool:
    """Tell whether the prompt's words or length are refused, which no other form would help."""
    failure = _failure(error, endpoint)
    return _too_long(failure) or _withheld(failure)


def redact(text: str, endpoint: Endpoint) -> str:
    """Return `text` without keys, credentials and control characters, and not too long."""
    if len(endpoint.api_key) >= _LEAST_KEY:
        text = text.replace(endpoint.api_key, "[key]")
    text = _SECRET.sub("[key]", printable(text))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _failure(error: BaseException, endpoint: Endpoint) -> _Failure:
    api = error if isinstance(error, openai.APIError) else None
    said = api.body.get("message") if api and isinstance(api.body, dict) else None
    cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
    return _Failure(
        error=error,
        cause=cause,
        status=error.status_code if isinstance(error, openai.APIStatusError) else 0,
        codes={str(code) for code in (api.code, api.type) if code} if api else set(),
        text=redact(" ".join(str(said or error).split()), endpoint) or type(error).__name__,
        keyless=not endpoint.api_key,
    )


def _wait(error: BaseException) -> str:
    wait_s = retry_after_s(error)
    return f"; it asks to wait {wait_s:.0f} s" if wait_s else ""


def _status(*statuses: int) -> Callable[[_Failure], bool]:
    return lambda failure: failure.status in statuses


def _is(*kinds: type[BaseException]) -> Callable[[_Failure], bool]:
    return lambda failure: isinstance(failure.error, kinds)


def _because(pattern: re.Pattern[str]) -> Callable[[_Failure], bool]:
    return lambda failure: _unconnected(failure) and bool(pattern.search(str(failure.cause)))


def _unconnected(failure: _Failure) -> bool:
    return isinstance(failure.cause, httpx2.ConnectError)


def _no_quota(failure: _Failure) -> bool:
    return failure.status == 402 or not failure.codes.isdisjoint(
        {"insufficient_quota", "billing_hard_limit_reached"}
    )


def _too_long(failure: _Failure) -> bool:
    known = {"context_length_exceeded", "exceed_context_size_error"}
    return not failure.codes.isdisjoint(known) or (
        failure.status in {400, 413, 422} and bool(_TOO_LONG.search(failure.text))
    )


def _withheld(failure: _Failure) -> bool:
    known = {"content_filter", "content_policy_violation"}
    return isinstance(failure.error, WithheldError | openai.ContentFilterFinishReasonError) or (
        not failure.codes.isdisjoint(known)
        or (failure.status in {400, 403} and bool(_FILTERED.search(failure.text)))
    )


def _unknown_model(failure: _Failure) -> bool:
    return "model_not_found" in failure.codes or (
        failure.status == 404 and bool(_NAMELESS.search(failure.text))
    )


def _wrongly_addressed(failure: _Failure) -> bool:
    return isinstance(failure.cause, httpx2.InvalidURL | httpx2.UnsupportedProtocol)


def _silent(failure: _Failure) -> bool:
    return failure.status in {408, 504} or isinstance(
        failure.error, openai.APITimeoutError | httpx2.TimeoutException
    )


_V1 = "the address of the API itself, which most often ends in /v1"
_AGAIN = "again in a minute; nothing that was said or graded is lost"

_RULES = (
    _Rule(
        _no_quota,
        RefusedError,
        "the account behind this key has nothing left to spend: {text}",
        "another key, or add credit with the provider",
    ),
    _Rule(
        _too_long,
        RefusedError,
        "the prompt is longer than {model} can read: {text}",
        "a shorter answer, or a model or server with a larger context",
    ),
    _Rule(
        _withheld,
        RefusedError,
        "{model} would not answer this: {text}",
        "other words, or another model",
    ),
    _Rule(
        lambda failure: failure.status == 401 and failure.keyless,
        RefusedError,
        "this endpoint wants an API key, and none is set",
        "set OPENAI_API_KEY to a key of this endpoint",
    ),
    _Rule(
        _status(401),
        RefusedError,
        "this endpoint does not know the API key: {text}",
        "check OPENAI_API_KEY, and that the key belongs to this endpoint",
    ),
    _Rule(
        _unknown_model,
        RefusedError,
        "there is no model {model} here: {text}",
        "one of the models that {address}/models lists",
    ),
    _Rule(
        _status(403),
        RefusedError,
        "the API key may not do this: {text}",
        "a key that may use {model}",
    ),
    _Rule(_status(404, 405), RefusedError, "there are no chat completions at this address", _V1),
    _Rule(_is(WebPageError), RefusedError, "a web page answers here, not a model", _V1),
    _Rule(_wrongly_addressed, RefusedError, "no request can be sent to this address", _V1),
    _Rule(
        _status(429),
        UnreachableError,
        "the endpoint still asks to slow down after {attempts} attempts or {deadline}{wait}",
        "fewer calls at a time, or again later",
    ),
    _Rule(
        _silent,
        UnreachableError,
        "no reply within {timeout}",
        "a longer timeout, or a smaller model",
    ),
    _Rule(
        _is(TimeoutError),
        UnreachableError,
        "no reply within {deadline}, retries included",
        "a longer deadline, or a smaller model",
    ),
    _Rule(
        _because(_UNKNOWN_HOST),
        UnreachableError,
        "no host of this name can be found",
        "check the address, and that this machine is online",
    ),
    _Rule(
        _because(_CERTIFICATE),
        UnreachableError,
        "no secure connection can be made: {text}",
        "check the address and the certificate; a local server may want http://",
    ),
    _Rule(
        _unconnected,
        UnreachableError,
        "nothing listens at this address",
        "start the server, or check the address and the port",
    ),
    _Rule(
        _is(openai.APIConnectionError, httpx2.HTTPError, httpx2.StreamError),
        UnreachableError,
        "the connection breaks off each time: {text}",
        "check the server, and a proxy between it and here",
    ),
    _Rule(
        lambda failure: failure.status >= 500,
        UnreachableError,
        "the endpoint itself fails (status {status}): {text}",
        _AGAIN,
    ),
    _Rule(
        lambda failure: failure.status > 0,
        RefusedError,
        "the endpoint refuses the request (status {status}): {text}",
        "another model, or another endpoint",
    ),
    _Rule(_is(CutOffError), BrokenReplyError, "the reply broke off: {text}", _AGAIN),
    _Rule(lambda _: True, BrokenReplyError, "the reply makes no sense: {text}", _AGAIN),
)
