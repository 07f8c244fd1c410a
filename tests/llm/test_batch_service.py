import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from interviewer.errors import BrokenReplyError, RefusedError, UnreachableError
from interviewer.llm.batch_service import KEY, BatchService
from tests.batch.provider_server import ProviderServer, provider_server
from tests.fake_endpoint import Answer, refused
from tests.llm.conftest import Naps

LINE = {
    "custom_id": "a",
    "method": "POST",
    "url": "/v1/chat/completions",
    "body": {"model": "tiny", "messages": [{"role": "user", "content": "Grüße"}]},
}

DATA = json.dumps(LINE, ensure_ascii=False).encode() + b"\n"


@pytest.fixture
async def server() -> AsyncIterator[ProviderServer]:
    async with provider_server() as made:
        yield made


@pytest.fixture
async def service(server: ProviderServer, naps: Naps) -> AsyncIterator[BatchService]:
    made = BatchService(server.endpoint(attempts=3), sleep=naps)
    yield made
    await made.aclose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "requests.jsonl"
    path.write_bytes(DATA)
    return path


def once(answer: Any, method: str, path: str) -> Callable[[str, str], Any]:
    """Return a hook that gives `answer` for the first such request, and a false value later."""
    left = [answer]

    def hook(met: str, at: str) -> Any:
        return left.pop() if left and met == method and path in at else None

    return hook


async def ended(service: BatchService, id: str) -> str:
    while not (batch := await service.batch(id)).ended:
        pass
    return batch.output_file_id or ""


async def test_a_file_goes_up_a_batch_runs_and_its_output_comes_down(
    service: BatchService, server: ProviderServer, file: Path, tmp_path: Path
) -> None:
    id = await service.upload(file)
    assert server.files[id] == DATA
    batch = await service.create(id, "our-key")
    assert (batch.status, batch.key, batch.ended) == ("validating", "our-key", False)
    await service.download(await ended(service, batch.id), tmp_path / "output.jsonl")
    (line,) = (tmp_path / "output.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["custom_id"] == "a"


async def test_a_batch_whose_answer_was_lost_is_found_and_not_made_again(
    service: BatchService, server: ProviderServer, file: Path
) -> None:
    id = await service.upload(file)
    server.deaf = once(True, "POST", "/batches")
    batch = await service.create(id, "our-key")
    assert list(server.batches) == [batch.id]


async def test_a_batch_is_found_by_its_key_on_any_page_of_the_list(
    service: BatchService, server: ProviderServer, file: Path
) -> None:
    id = await service.upload(file)
    for number in range(5):
        await service.create(id, f"key-{number}")
    found = await service.find("key-0")
    assert found
    assert found.id == "batch_1"
    assert await service.find("key-9") is None
    assert len([path for _, path in server.calls if "after=" in path]) == 4


async def test_batches_of_others_have_no_key_of_ours(
    service: BatchService, server: ProviderServer
) -> None:
    server.batches["b"] = {"id": "b", "status": "completed", "metadata": None}
    server.batches["c"] = {"id": "c", "status": "completed", "metadata": {KEY: "ours"}}
    found = await service.find("ours")
    assert found
    assert found.id == "c"


async def test_a_list_that_has_no_end_is_an_error(
    service: BatchService, server: ProviderServer
) -> None:
    page = {"data": [{"id": "x", "status": "completed"}], "has_more": True}
    server.meddle = lambda _, path: Answer(page) if "/batches" in path else None
    with pytest.raises(BrokenReplyError, match="no end"):
        await service.find("ours")


async def test_who_asks_to_slow_down_is_obeyed(
    service: BatchService, server: ProviderServer, file: Path, naps: Naps
) -> None:
    slow = refused(429, "slow down", headers={"retry-after": "7"})
    server.meddle = once(slow, "POST", "/files")
    assert await service.upload(file) in server.files
    assert naps.taken == [7.0]


async def test_a_download_that_breaks_off_leaves_no_half_file(
    service: BatchService, server: ProviderServer, tmp_path: Path
) -> None:
    server.files["f"] = b"x" * 100
    server.deaf = lambda _, path: "content" in path
    with pytest.raises(UnreachableError):
        await service.download("f", tmp_path / "output.jsonl")
    assert not (tmp_path / "output.jsonl").exists()


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (refused(404, "unknown url"), RefusedError, "no batch service here"),
        (refused(401, "who are you?"), RefusedError, "does not know the API key"),
        (Answer("[]"), BrokenReplyError, "makes no sense"),
        (Answer("<p>Hi</p>", headers={"content-type": "text/html"}), RefusedError, "a web page"),
        (refused(500, "oh"), UnreachableError, "status 500"),
    ],
)
async def test_what_is_wrong_with_a_service_is_told(
    service: BatchService,
    server: ProviderServer,
    file: Path,
    answer: Answer,
    kind: type[Exception],
    words: str,
) -> None:
    server.meddle = lambda _, __: answer
    with pytest.raises(kind, match=words):
        await service.upload(file)


async def test_a_batch_that_is_not_known_is_named(service: BatchService) -> None:
    with pytest.raises(RefusedError, match="the batch batch_7 is not known here"):
        await service.batch("batch_7")


async def test_an_id_is_no_way_to_another_address(
    service: BatchService, server: ProviderServer
) -> None:
    with pytest.raises(RefusedError):
        await service.batch("../files?x")
    assert server.calls[-1] == ("GET", "/v1/batches/..%2Ffiles%3Fx")
