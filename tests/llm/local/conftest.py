from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.llm.local.samples import FAKE_PIP, FakeIndex, Hub, make_wheels, serve_hub

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for weights of the test's own, no proxy, and a hub where nobody listens."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("INTERVIEWER_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    return tmp_path / "models"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    made = Hub()
    with serve_hub(made) as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
        yield made
        if made.stall:
            made.stall.set()
        server.shutdown()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeIndex:
    """Wheels in a folder, and a pip that copies them from there, quicker than the real one."""
    made = FakeIndex(tmp_path / "wheels")
    make_wheels(made.folder)
    made.behave()
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "pip.py").write_text(FAKE_PIP)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"))
    monkeypatch.setenv("FAKE_INDEX", str(made.folder))
    return made
