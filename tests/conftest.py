"""Cassettes: what a real model said, recorded once and played ever after.

A test marked `vcr` plays `cassettes/<module>/<test>.yaml`. Host, port, key and weights' path are
not in it. To record, give the weights of the embedded model:

    INTERVIEWER_TEST_GGUF=<file>.gguf pytest --record-mode=rewrite tests/<module>.py
"""

import gc
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpcore2
import pytest
from hypothesis import settings
from vcr.cassette import Cassette
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr.record_mode import RecordMode
from vcr.request import Request

from interviewer.llm.endpoint import Endpoint

# Fewer examples than the library's 100 keep the default run under a minute; for a longer search:
# HYPOTHESIS_MAX_EXAMPLES=1000 pytest
settings.register_profile(
    "ours", max_examples=int(os.environ.get("HYPOTHESIS_MAX_EXAMPLES", "40")), deadline=None
)
settings.load_profile("ours")

# Who starts the tests in a shell's background passes on that SIGINT is ignored, to the programs
# that the tests start as well; what Ctrl-C does there could not be seen.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

MODEL = "embedded"
KEY = "recording"
_SERVER = """
import sys, xllamacpp
p = xllamacpp.CommonParams()
p.model.path, p.model_alias = sys.argv[1], {sys.argv[2]}
p.hostnames, p.port, p.api_keys = ["127.0.0.1"], 0, [sys.argv[3]]
p.n_ctx, p.n_parallel, p.cpuparams.n_threads, p.verbosity = 8192, 1, 2, 0
server = xllamacpp.Server(p)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: many tests wait for a process or a terminal."""
    return (os.cpu_count() or 1) + 1


def _without_host(request: Request) -> Request:
    request.uri = f"http://model.test{request.path}"  # the recorder's port is nobody's business
    request.headers = {"content-type": "application/json"}
    return request


def _without_extras(response: dict[str, Any]) -> dict[str, Any]:
    kind = response["headers"].get("Content-Type") or response["headers"].get("content-type")
    response["headers"] = {"content-type": kind}
    return response


@pytest.fixture(scope="session", autouse=True)
def _certificates_are_read_once() -> Iterator[None]:
    """Let clients share what each would read for 20 ms and never use on the loopback."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", cache(httpcore2.default_ssl_context))
        yield


@pytest.fixture(scope="session")
def vcr_config() -> dict[str, Any]:
    return {
        "match_on": ["method", "path", "body"],  # body: a changed prompt needs a new cassette
        "before_record_request": _without_host,
        "before_record_response": _without_extras,
        "decode_compressed_response": True,
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir(request: pytest.FixtureRequest) -> str:
    return str(Path(__file__).parent / "cassettes" / request.node.path.stem)


@pytest.fixture(autouse=True)
def _every_recorded_call_is_played(
    request: pytest.FixtureRequest, vcr: Cassette | None
) -> Iterator[None]:
    failed = request.session.testsfailed
    yield
    if vcr and vcr.record_mode is RecordMode.NONE and request.session.testsfailed == failed:
        assert vcr.all_played, (
            f"{vcr.play_count} of {len(vcr)} recorded calls were made; {_remedy(request.node)}"
        )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector what is imported and collected: all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if call.excinfo and _unrecorded(call.excinfo.value):
        call.excinfo.value.add_note(f"The request is not in the cassette; {_remedy(item)}")
    return (yield)


def _unrecorded(error: BaseException) -> bool:
    return isinstance(error, CannotOverwriteExistingCassetteException)


def _remedy(item: pytest.Item) -> str:
    return (
        f"if that is meant, record again with: pytest --record-mode=rewrite {item.nodeid} "
        "(INTERVIEWER_TEST_GGUF names the weights)"
    )


@pytest.fixture(scope="session")
def recording_endpoint(record_mode: str) -> Iterator[Endpoint]:
    """Give the endpoint of cassette tests: the embedded engine to record, else none at all."""
    if record_mode == RecordMode.NONE.value:
        yield Endpoint("http://model.test/v1", MODEL)
        return
    weights = os.environ.get("INTERVIEWER_TEST_GGUF")
    if not weights:
        pytest.fail("to record, set INTERVIEWER_TEST_GGUF to the weights of the embedded model")
    yield from _engine(Path(weights))


def _engine(weights: Path) -> Iterator[Endpoint]:
    command = [sys.executable, "-c", _SERVER, str(weights), MODEL, KEY]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        _wait_until_loaded(address)
        yield Endpoint(f"{address}/v1", MODEL, api_key=KEY, local=True)
        server.terminate()


def _wait_until_loaded(address: str, *, longest_s: float = 120) -> None:
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()  # noqa: S310  loopback
        except OSError:  # 503 until the weights are read
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the embedded engine was not ready after {longest_s:g} s")
