import os
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from interviewer.llm.local.server import check_health, end_with, settings, threads
from tests.llm.local.samples import Hub, serve_hub

JOB = {
    "path": "x.gguf",
    "port": 0,
    "api_key": "k",
    "slots": 2,
    "context": 100,
    "states": "kept/",
}


def write_topology(folder: Path, *siblings: str) -> None:
    for n, text in enumerate(siblings):
        place = folder / f"cpu{n}" / "topology"
        place.mkdir(parents=True)
        (place / "thread_siblings_list").write_text(text)


@pytest.mark.parametrize(
    ("siblings", "cores"),
    [(("0-1", "0-1", "2-3", "2-3"), 2), (("0", "1", "2", "3"), 4), ((), 4)],
)
def test_two_threads_of_one_core_count_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, siblings: tuple[str, ...], cores: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    write_topology(tmp_path, *siblings)

    assert threads(tmp_path) == cores


def test_where_the_system_knows_no_affinity_all_processors_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)

    assert threads() == 6


def test_the_server_listens_on_loopback_with_a_key_and_no_page() -> None:
    params = SimpleNamespace(
        model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
    )

    settings(params, JOB)

    assert (params.hostnames, params.api_keys, params.ui) == (["127.0.0.1"], ["k"], False)
    assert (params.n_ctx, params.n_parallel, params.kv_unified) == (100, 2, True)
    assert params.slot_save_path == "kept/"


@pytest.mark.parametrize("status", [200, 503])
def test_a_server_is_asked_for_its_health(status: int) -> None:
    hub = Hub(status=status)
    with serve_hub(hub) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        if status == 200:
            check_health(address)
        else:
            with pytest.raises(SystemExit, match="said 503"):
                check_health(address)
        server.shutdown()

    assert hub.asked == ["/health"]


def test_the_real_library_has_every_setting_that_is_set() -> None:
    xllamacpp = pytest.importorskip("xllamacpp")

    assert settings(xllamacpp.CommonParams(), JOB).n_ctx == 100


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_end_of_the_pipe_is_the_end(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    ended = threading.Event()

    def ends(code: int) -> None:
        ended.set()
        if threading.current_thread() is threading.main_thread():
            raise SystemExit(code)

    monkeypatch.setattr(os, "_exit", ends)
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)  # it would end the tests
    mine, parents = os.pipe()
    try:
        if when == "before":
            os.close(parents)
            with pytest.raises(SystemExit):
                end_with(mine)
        else:
            end_with(mine)
            os.write(parents, b"a word is no end")
            assert not ended.wait(0.05)
            os.close(parents)
        assert ended.wait(5)
    finally:
        os.close(mine)
        signal.signal(signal.SIGIO, before)
