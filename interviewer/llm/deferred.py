"""A wire that does not send: it takes replies from a shelf, and notes what is not there yet.

Whoever owns the shelf sends what was noted, all together, and asks again once the replies are on
it. A request keeps its name whatever form it is sent in, so a reply is found again after the
dialect has learnt something.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

import httpx2
import openai

from interviewer.errors import ModelError, PendingError
from interviewer.llm.dialect import Body
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.problems import FAILURES, explain, faults_the_words, redact
from interviewer.llm.replies import Reply, refuse_withheld
from interviewer.llm.retry import may_pass
from interviewer.llm.wire import Wire

TIMES = 3
"""How often a request is asked whose failures may pass."""
_OTHER_FORM = (400, 422)


@dataclass(frozen=True, slots=True)
class Failure:
    """How a request failed the last time."""

    status: int
    """HTTP status; 0: it was not run at all."""
    error: Mapping[str, Any]
    """What the endpoint said: `code`, `message`, ..."""
    form: str
    """`form_of` what was sent; empty: no other form would help."""
    times: int
    """How often it has failed so far."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a shelf knows of a request."""

    reply: str | None = None
    """JSON of a `Reply`."""
    counted: bool = False
    """It was taken before, so its tokens are some other answer's."""
    failure: Failure | None = None


class Shelf(Protocol):
    """Where replies are kept."""

    def take(self, name: str) -> Kept:
        """Return what is known of a request; a reply counts as taken from then on."""
        ...

    def put(self, name: str, reply: Reply) -> None:
        """Keep a reply."""
        ...

    def want(self, name: str, sent: str) -> None:
        """Note a request, as the JSON that is to be sent; once is enough.

        Raises:
            RefusedError: It is larger than can be sent.
        """
        ...


def name_of(body: Body) -> str:
    """Return the name of a request in its richest form: 32 hex digits."""
    return form_of(written(body))


def form_of(text: str) -> str:
    """Return the hash of a request as it is written."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def written(body: Body) -> str:
    """Return the JSON of a request, the same for the same request."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class DeferredWire(Wire):
    """A wire whose requests wait for each other.

    The first request of each form goes out at once, the ordinary way: what it teaches of the
    endpoint's dialect would else cost a whole round of batches. Its reply is kept like any other.
    If it can't be had, nothing is lost but the lesson: the batch will tell what is wrong.
    """

    def __init__(self, endpoint: Endpoint, shelf: Shelf, **how: Any) -> None:
        super().__init__(endpoint, **how)
        self._shelf = shelf
        self._tried: set[frozenset[str]] = set()
        self._answered: set[frozenset[str]] = set()
        self._trying = asyncio.Lock()
        self.last_words = ""
        """Why nothing more is asked; empty: whatever is wanted is noted."""

    async def ask(self, body: Body) -> Reply:
        """Return the reply to `body` if it is there.

        Raises:
            PendingError: It isn't; the request was noted.
            ModelError: The request failed, and asking again would not help.
        """
        name = name_of(body)
        kept = self._shelf.take(name)
        if kept.reply is not None:
            return self._taken(body, kept)
        if self.last_words:
            raise ModelError(self.last_words, where=self.endpoint.address)
        if not kept.failure and (reply := await self._first(name, body)):
            return reply
        sent = self.dialect.translate(body)
        if kept.failure:
            sent = self._again(body, sent, kept.failure)
        self._shelf.want(name, written(sent))
        self.usage.miss()
        raise PendingError("the reply of the batch service is not there yet")

    async def _first(self, name: str, body: Body) -> Reply | None:
        """Send the first request of its form; None: it isn't, or there was no reply."""
        form = frozenset(body)
        async with self._trying:  # others of its form wait for what it teaches
            if form in self._tried:
                return None
            self._tried.add(form)
            try:
                reply = await super().ask(body)
            except ModelError:
                return None
        self._shelf.put(name, reply)
        self._answers(body, reply)
        return reply

    def _answers(self, body: Body, reply: Reply) -> None:
        """Remember, for later processes too, that requests of this form are answered."""
        if frozenset(body) not in self._answered:
            self._answered.add(frozenset(body))
            self._shelf.put(_form_name(body), reply)

    def _taken(self, body: Body, kept: Kept) -> Reply:
        reply = Reply.model_validate_json(kept.reply or "")
        self._answers(body, reply)
        if not kept.counted:
            self._count(reply)
        try:
            refuse_withheld(reply.choices[0], reply.choices[0].message)
        except FAILURES as error:
            raise explain(error, self.endpoint) from error
        return reply

    def _again(self, body: Body, sent: Body, failure: Failure) -> Body:
        """Return what to send after a failure.

        Raises:
            ModelError: Nothing would help.
        """
        said = str(failure.error.get("message") or failure.error.get("code") or "no reason given")
        error = _status_error(failure, said, self.endpoint)
        if error is None or may_pass(error):
            if failure.times < TIMES:
                return sent
            raise ModelError(
                f"the batch service failed this request {failure.times} times: "
                f"{redact(said, self.endpoint)}",
                where=self.endpoint.address,
                hint="the same command again, later",
            )
        if self._may_be_the_form(body, failure, error):
            if failure.form == form_of(written(sent)):
                self.dialect.learn(sent, json.dumps(failure.error))
            other = self.dialect.translate(body)
            if failure.form != form_of(written(other)):
                return other
        raise explain(error, self.endpoint) from error

    def _may_be_the_form(self, body: Body, failure: Failure, error: BaseException) -> bool:
        """Tell whether a refusal may be about the form: not where that was answered before."""
        if not failure.form or failure.status not in _OTHER_FORM:
            return False
        return not (
            faults_the_words(error, self.endpoint) or self._shelf.take(_form_name(body)).reply
        )


def _form_name(body: Body) -> str:
    return form_of(" ".join(sorted(body)))


def _status_error(failure: Failure, said: str, endpoint: Endpoint) -> openai.APIStatusError | None:
    """Return the error that the same request would have met on its own; None: it was not run."""
    if not failure.status:
        return None
    request = httpx2.Request("POST", endpoint.base_url)
    response = httpx2.Response(failure.status, request=request)
    return openai.APIStatusError(said, response=response, body=dict(failure.error))
