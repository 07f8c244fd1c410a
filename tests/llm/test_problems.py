"""Every failure becomes one message with a remedy, and no key is ever in it."""

import ssl
from collections.abc import Callable, Iterator

import httpx2
import openai
import pytest

from interviewer.errors import BrokenReplyError, ModelError, RefusedError, UnreachableError
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.problems import explain, redact
from interviewer.llm.replies import CutOffError, GarbledError, WithheldError
from tests.fake_endpoint import Answer, FakeEndpoint, refused

ENDPOINT = Endpoint("https://me:hunter22@model.test/v1?x=1", "tiny", api_key="sk-a-secret-key")
REQUEST = httpx2.Request("POST", "http://model.test")


@pytest.mark.parametrize(
    ("answer", "kind", "what", "hint"),
    [
        (refused(401, "Incorrect key"), RefusedError, "not know the API key: Inc", "_API_KEY"),
        (refused(403, "not you"), RefusedError, "may not do this: not you", "may use tiny"),
        (refused(404, "no such model"), RefusedError, "no model tiny here", "/v1/models lists"),
        (refused(400, "no", code="model_not_found"), RefusedError, "no model tiny", "models"),
        (refused(404, "File Not Found"), RefusedError, "no chat completions", "/v1"),
        (refused(405), RefusedError, "no chat completions", "/v1"),
        (refused(402, "pay"), RefusedError, "nothing left to spend: pay", "credit"),
        (refused(429), UnreachableError, "slow down after 1 attempts", "fewer calls"),
        (refused(408), UnreachableError, "no reply within 2 s", "longer timeout"),
        (refused(500, "oh"), UnreachableError, r"fails \(status 500\): oh", "again"),
        (refused(418, "tea"), RefusedError, r"\(status 418\): tea", "another"),
        (refused(400, "no", code="content_filter"), RefusedError, "not answer this", "words"),
        (refused(400, "our content policy"), RefusedError, "not answer this", "words"),
        (refused(413, "prompt is too long"), RefusedError, "longer than tiny", "shorter"),
        (
            refused(400, "request exceeds it", type="exceed_context_size_error"),
            RefusedError,
            "longer than tiny can read",
            "larger context",
        ),
        (Answer("what?"), BrokenReplyError, "makes no sense: no valid reply", "again"),
        (Answer(cut=True), UnreachableError, "breaks off", "proxy"),
        (
            Answer(status=302, headers={"location": "ftp://x"}),
            RefusedError,
            "no request can be sent",
            "/v1",
        ),
    ],
    ids=lambda value: f"{value.status}" if isinstance(value, Answer) else "",
)
async def test_a_failure_has_its_message_and_remedy(
    make_client: Callable[..., Client],
    fake: FakeEndpoint,
    answer: Answer,
    kind: type[ModelError],
    what: str,
    hint: str,
) -> None:
    fake.will(answer)

    with pytest.raises(kind, match=what) as caught:
        await make_client(attempts=1).decide("?", ("Yes", "No"))

    assert hint in caught.value.hint
    assert caught.value.where == fake.url


async def test_a_missing_key_is_told_from_a_wrong_one(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.will(refused(401))

    with pytest.raises(RefusedError, match="none is set") as caught:
        await make_client(api_key="").decide("?", ("Yes", "No"))

    assert "OPENAI_API_KEY" in caught.value.hint


async def test_an_address_where_nothing_listens_is_named(
    make_client: Callable[..., Client], fake: FakeEndpoint
) -> None:
    fake.url = "http://me:hunter22@127.0.0.1:1/v1"

    with pytest.raises(UnreachableError, match="nothing listens") as caught:
        await make_client(attempts=1).decide("?", ("Yes", "No"))

    assert caught.value.where == "http://127.0.0.1:1/v1"
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("cause", "what"),
    [
        (httpx2.ConnectError("[Errno -2] Name or service not known"), "no host of this name"),
        (httpx2.ConnectError("CERTIFICATE_VERIFY_FAILED"), "no secure connection"),
        (httpx2.ConnectError("All connection attempts failed"), "nothing listens"),
        (httpx2.RemoteProtocolError("Server disconnected"), "breaks off"),
        (ssl.SSLError("bad record"), "breaks off"),
    ],
)
def test_ways_not_to_connect(cause: Exception, what: str) -> None:
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = cause

    problem = explain(error, ENDPOINT)

    assert isinstance(problem, UnreachableError)
    assert what in problem.what


def all_kinds(of: type[openai.OpenAIError]) -> Iterator[type[openai.OpenAIError]]:
    for kind in of.__subclasses__():
        yield kind
        yield from all_kinds(kind)


def made(kind: type[openai.APIError]) -> openai.APIError:
    response = httpx2.Response(getattr(kind, "status_code", 500), request=REQUEST)
    if issubclass(kind, openai.OAuthError):
        return kind(response=response, body=None)
    if issubclass(kind, openai.APIStatusError):
        return kind("no", response=response, body=None)
    if issubclass(kind, openai.APIResponseValidationError):
        return kind(response, None)
    if issubclass(kind, openai.APIConnectionError):
        return kind(request=REQUEST)
    return kind("no", REQUEST, body=None)


@pytest.mark.parametrize("kind", [openai.APIError, *all_kinds(openai.APIError)])
def test_every_failure_of_the_client_is_known(kind: type[openai.APIError]) -> None:
    problem = explain(made(kind), ENDPOINT)

    assert isinstance(problem, ModelError)
    assert problem.what
    assert problem.hint
    assert problem.where == "https://model.test/v1"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ReadTimeout("x"), UnreachableError),
        (httpx2.InvalidURL("x"), RefusedError),
        (httpx2.StreamClosed(), UnreachableError),
        (CutOffError("x"), BrokenReplyError),
        (GarbledError("x"), BrokenReplyError),
        (WithheldError("x"), RefusedError),
        (TimeoutError(), UnreachableError),
        (openai.ContentFilterFinishReasonError(), RefusedError),
        (openai.OpenAIError("x"), BrokenReplyError),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_failure_below_the_client_is_known(error: Exception, kind: type[ModelError]) -> None:
    problem = explain(error, ENDPOINT)

    assert isinstance(problem, kind)
    assert problem.hint


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("key sk-a-secret-key is bad", "key [key] is bad"),
        ("key sk-proj-ab12****wxyz is bad", "key [key] is bad"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [key]"),
        ("at https://me:pw@host/v1", "at https://[key]@host/v1"),
        ("a risk-free task-list", "a risk-free task-list"),
        ("\x1b[31mred", "\ufffd[31mred"),
    ],
)
def test_no_secret_is_shown(said: str, shown: str) -> None:
    assert redact(said, ENDPOINT) == shown


def test_a_long_text_is_cut() -> None:
    assert len(redact("x" * 1000, ENDPOINT)) == 300


async def test_a_key_that_the_endpoint_repeats_is_not_shown(
    client: Client, fake: FakeEndpoint
) -> None:
    fake.will(refused(401, "Incorrect API key provided: sk-a-secret-key"))

    with pytest.raises(RefusedError) as caught:
        await client.decide("?", ("Yes", "No"))

    assert "secret" not in str(caught.value)


def test_a_missing_model_name_is_said_in_words() -> None:
    error = made(openai.NotFoundError)
    error.code = "model_not_found"

    assert "any model" in explain(error, Endpoint("http://model.test", "")).what
