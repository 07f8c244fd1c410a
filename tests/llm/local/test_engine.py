import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from interviewer.errors import WeightsError
from interviewer.llm.local import engine as module
from interviewer.llm.local.engine import Engine

ROOT = Path(__file__).parents[3]
# Stands in for the library in the child; what it does is written in the weights file.
FAKE_LIBRARY = """
import ctypes, json, os, signal, sys, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

def CommonParams():
    return SimpleNamespace(model=SimpleNamespace(), cpuparams=SimpleNamespace(),
                           cpuparams_batch=SimpleNamespace())

def Server(params):
    mode, _, words = Path(params.model.path).read_text()[5:].partition(":")
    if mode == "serve": print("noise on stdout", flush=True)
    sys.stderr.write(words)
    sys.stderr.flush()
    if mode == "refuse": raise RuntimeError("Failed to init server")
    if mode == "die": os._exit(7)
    if mode == "killed": os.kill(os.getpid(), signal.SIGKILL)
    if mode == "slow": time.sleep(60)
    if mode == "locked": ctypes.PyDLL(None).sleep(60)  # keeps Python's lock
    if mode == "stubborn":
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os._exit = lambda code: None
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            said = vars(params) | {"model": 0, "cpuparams": 0, "cpuparams_batch": 0}
            body = json.dumps(said).encode()
            self.send_response(500 if mode == "sick" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *_): pass
    server = HTTPServer(("127.0.0.1", params.port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if mode == "later": threading.Timer(0.3, os._exit, (5,)).start()
    return SimpleNamespace(listening_address=f"http://127.0.0.1:{server.server_port}")
"""
PARENT = """
import asyncio, sys
from pathlib import Path
from interviewer.llm.local.engine import Engine
async def main():
    engine = Engine(Path(sys.argv[1]))
    start = asyncio.create_task(engine.start())
    while engine.pid is None: await asyncio.sleep(0.01)
    if sys.argv[2] == "ready": await start
    else: await asyncio.sleep(0.4)
    print(engine.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def _fake_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "xllamacpp.py").write_text(FAKE_LIBRARY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def weights(folder: Path, mode: str = "serve") -> Path:
    path = folder / "some.gguf"
    path.write_text(f"GGUF {mode}")
    return path


def is_gone(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return ") Z " in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return True


def command_line(pid: int | None) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")


async def failure(path: Path, **options: float) -> WeightsError:
    with pytest.raises(WeightsError) as caught:
        await Engine(path, start_timeout_s=options.get("timeout_s", 20)).start()
    return caught.value


async def test_an_engine_serves_on_loopback_until_it_is_stopped(tmp_path: Path) -> None:
    engine = Engine(weights(tmp_path), slots=3, context=1000)
    assert engine.pid is None

    async with engine, httpx2.AsyncClient(trust_env=False) as client:
        pid = engine.pid
        told = (await client.get(f"{engine.base_url}/models")).json()
        assert engine.base_url.startswith("http://127.0.0.1:")
        assert engine.base_url.endswith("/v1")
        assert 0 < engine.load_s < 20

    assert pid
    assert is_gone(pid)
    assert engine.pid is None
    assert told["hostnames"] == ["127.0.0.1"]
    assert told["api_keys"] == [engine.api_key]
    assert (told["n_parallel"], told["n_ctx"]) == (3, 1000)
    assert told["slot_save_path"].endswith(f"states{os.sep}")
    await engine.stop()  # twice does no harm


async def test_each_engine_has_a_key_of_its_own_that_no_process_list_shows(
    tmp_path: Path,
) -> None:
    async with Engine(weights(tmp_path)) as engine:
        assert engine.api_key != Engine(tmp_path).api_key
        assert engine.api_key not in repr(engine._job)
        assert engine.api_key not in command_line(engine.pid)


async def test_a_file_that_is_no_gguf_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"PK")

    assert "not a GGUF file" in str(await failure(tmp_path / "x.gguf"))


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("refuse:0.01.2 E load: error loading model: tensor data is cut\n", "tensor data is cut"),
        ("refuse:0.01.2 E ggml: insufficient memory (596 MB)\n", "memory is short"),
        ("refuse:0.01.2 E srv start: couldn't bind HTTP server socket\n", "the port is taken"),
        ("killed:", "it was killed, as when memory is short"),
        ("refuse:", "Failed to init server"),
        ("die:1.2.3 E the very \x1b[31mlast\n", "the very \N{REPLACEMENT CHARACTER}[31mlast"),
        ("die:", "it ended with code 7 and no word"),
        ("sick", "its health check said 500"),
    ],
)
async def test_a_failed_start_is_told_in_the_childs_words(
    tmp_path: Path, mode: str, reason: str
) -> None:
    path = weights(tmp_path, mode)

    error = await failure(path)

    assert error.what.startswith("the embedded model could not be started: ")
    assert reason in error.what
    assert error.where == str(path)
    assert error.hint


async def test_a_start_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = await failure(weights(tmp_path, "locked"), timeout_s=0.5)

    assert "did not start within 0.5 s" in str(error)


async def test_a_start_that_is_given_up_leaves_no_child(tmp_path: Path) -> None:
    engine = Engine(weights(tmp_path, "slow"))
    start = asyncio.create_task(engine.start())
    while engine.pid is None:  # noqa: ASYNC110  nothing tells
        await asyncio.sleep(0.01)
    pid = engine.pid

    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start

    assert is_gone(pid)


async def test_a_child_that_will_not_go_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_S", 0.1)
    async with Engine(weights(tmp_path, "stubborn")) as engine:
        pid = engine.pid

    assert pid
    assert is_gone(pid)


async def test_a_stop_that_is_given_up_still_kills(tmp_path: Path) -> None:
    engine = await Engine(weights(tmp_path, "stubborn")).start()
    pid = engine.pid
    stop = asyncio.create_task(engine.stop())
    await asyncio.sleep(0.1)

    stop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stop

    assert pid
    assert is_gone(pid)


async def test_a_child_that_dies_later_is_noticed(tmp_path: Path) -> None:
    async with Engine(weights(tmp_path, "later")) as engine:
        with pytest.raises(WeightsError, match="the embedded model ended: it ended with code 5"):
            await engine.wait()


async def test_ctrl_c_in_the_terminal_does_not_end_the_child(tmp_path: Path) -> None:
    async with Engine(weights(tmp_path)) as engine:
        assert engine.pid
        assert os.getsid(engine.pid) == engine.pid  # the terminal's Ctrl-C doesn't get there
        os.kill(engine.pid, signal.SIGINT)
        await asyncio.sleep(0.1)
        assert not is_gone(engine.pid)


@pytest.mark.parametrize(("mode", "moment"), [("serve", "ready"), ("locked", "loading")])
def test_a_killed_parent_leaves_no_child_whenever_it_dies(
    tmp_path: Path, mode: str, moment: str
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(weights(tmp_path, mode)), moment],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": f"{tmp_path / 'fake'}{os.pathsep}{ROOT}"},
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert not is_gone(child)

    parent.kill()
    parent.communicate()

    until = time.monotonic() + 5
    while not is_gone(child):
        assert time.monotonic() < until
        time.sleep(0.02)
