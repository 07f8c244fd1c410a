"""The one retry policy. The client's own retries are off: two policies multiply."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2
import openai
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_any,
    stop_before_delay,
    wait_random_exponential,
)
from tenacity.stop import stop_base

from interviewer.llm.replies import CutOffError, GarbledError, WebPageError

log = logging.getLogger(__name__)
# Whoever uses this as a library decides where retries are told; a person at a screen is spared.
logging.getLogger("interviewer").addHandler(logging.NullHandler())

R = TypeVar("R")
Sleep = Callable[[float], Awaitable[None]]

_PASSING = {408, 409, 429}
_TOO_MANY = {429, 503}
_NOT_PASSING_CODES = {"insufficient_quota", "billing_hard_limit_reached"}
_LASTING = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.TooManyRedirects)
_backoff = wait_random_exponential(multiplier=0.5, max=20)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long one request is tried."""

    attempts: int
    deadline_s: float
    sleep: Sleep = asyncio.sleep
    """Replaced in tests, which do not wait."""


UNMET_S = 1.0
"""How long is waited in all for an address where nothing listens and nothing ever answered."""


async def retried(
    call: Callable[[], Awaitable[R]],
    patience: Patience,
    *,
    met: Callable[[], bool],
    replied: Callable[[], bool] = lambda: False,
) -> R:
    """Return what `call` returns, tried again while its failure may pass.

    A wait that would end after the deadline is not begun: the failure is raised at once.

    Args:
        call: Sends the request.
        patience: How often and how long.
        met: Tells whether anybody has ever answered. A mistyped address is told soon; an
            endpoint that is known may be on its way back.
        replied: Tells whether it has ever replied as an endpoint does. A page for people is then
            a gateway's, and passes.

    Raises:
        TimeoutError: The deadline came while waiting for a reply.
        Exception: Whatever `call` raised last.
    """

    def passes(error: BaseException) -> bool:
        return may_pass(error) or (replied() and is_page(error))

    async with asyncio.timeout(patience.deadline_s):
        begun = time.monotonic()
        try:
            return await call()
        except Exception as error:  # noqa: BLE001  raised again, here or by whoever tries again
            first = error
        if not passes(first):
            raise first
        # Most calls never come here, and so never pay for the policy's machinery.
        failed = [first]

        async def again() -> R:
            if failed:
                raise failed.pop()
            return await call()

        left = replace(patience, deadline_s=patience.deadline_s - (time.monotonic() - begun))
        result: R = await _retrying(passes, left, _StopUnmet(met, begun))(again)
    return result


def _retrying(
    passes: Callable[[BaseException], bool], patience: Patience, unmet: "_StopUnmet"
) -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception(passes),
        wait=_wait_s,
        stop=stop_any(
            stop_after_attempt(patience.attempts),
            stop_before_delay(patience.deadline_s),
            unmet,
        ),
        sleep=patience.sleep,
        before_sleep=_note,
        reraise=True,
    )


class _StopUnmet(stop_base):
    """Gives up soon where nothing listens and nothing ever answered."""

    def __init__(self, met: Callable[[], bool], begun: float) -> None:
        self._met, self._begun = met, begun

    def __call__(self, retry_state: RetryCallState) -> bool:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        # By the clock from the first attempt on, which tenacity did not see begin.
        waited_s = max(retry_state.idle_for, time.monotonic() - self._begun)
        is_late = waited_s + retry_state.upcoming_sleep > UNMET_S
        return is_unconnected(error) and is_late and not self._met()


def is_unconnected(error: BaseException | None) -> bool:
    """Tell whether there was nobody to connect to."""
    cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
    return isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout)


def is_objection(error: BaseException) -> bool:
    """Tell whether an endpoint means that there are too many calls."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in _TOO_MANY and error.code not in _NOT_PASSING_CODES
    return isinstance(error, openai.APITimeoutError | TimeoutError)


def is_page(error: BaseException) -> bool:
    """Tell whether a page for people came in place of a reply."""
    return isinstance(error, WebPageError)


def may_pass(error: BaseException) -> bool:
    """Tell whether the same request may succeed a little later."""
    if isinstance(error, openai.APIStatusError):
        passing = error.status_code in _PASSING or error.status_code >= 500
        return passing and error.code not in _NOT_PASSING_CODES
    if isinstance(error, openai.APIResponseValidationError):
        return True
    if isinstance(error, openai.APIConnectionError):
        return not isinstance(error.__cause__, _LASTING)
    if isinstance(error, openai.APIError):  # an error that came as an event of a stream
        return error.code not in {"400", "401", "403", "404", *_NOT_PASSING_CODES}
    return isinstance(error, CutOffError | GarbledError)


def retry_after_s(error: BaseException) -> float | None:
    """Return how long the endpoint asks to wait, in seconds from now; None if it does not."""
    if not isinstance(error, openai.APIStatusError):
        return None
    told = error.response.headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(told))
    except ValueError:
        return _seconds_until(told)


def _seconds_until(date: str) -> float | None:
    try:
        then = parsedate_to_datetime(date)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    told = retry_after_s(error) if error else None
    return _backoff(state) if told is None else told


def _note(state: RetryCallState) -> None:
    # The error's text is left out: an endpoint may repeat the key in it.
    error = state.outcome.exception() if state.outcome else None
    log.warning(
        "attempt %d failed (%s), again in %.1f s",
        state.attempt_number,
        type(error).__name__,
        state.upcoming_sleep,
    )
