"""A real Ray on this machine, with two workers; the endpoint is ours, on the loopback."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from interviewer.batch.ledger import NAME, load_results
from interviewer.batch.result import Result
from interviewer.batch.shards import FOLDER
from tests.batch.shell import command, environ, write_rows
from tests.fake_endpoint import Answer, FakeEndpoint, fake_endpoint, tokens
from tests.scripted import ANSWER

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        find_spec("ray") is None and "CI" not in os.environ,
        reason="pip install -c constraints.txt -e '.[ray]'",
    ),
]
KEY = "sk-nobody-may-read-this-8c41"
ROWS = 60
TWINS = 5
"""Of the rows: the same answers as others."""
IN_FLIGHT = 6 * 6
"""Calls for the answers that a worker has in hand: six of them, with four calls at once."""
LABELS = ("background", "mistake", "lesson", "other")


def judged(body: dict[str, Any]) -> Answer:
    """Answer any question, always the same way for the same words, after a moment."""
    number = sha256(json.dumps(body["messages"]).encode()).digest()[0] / 255
    likely = [("Yes", -0.2 - number), ("No", -1.2 + number), ("self", -0.1 - number)]
    labels = [(word, -1.0 - abs(number - at / 4)) for at, word in enumerate(LABELS)]
    return replace(tokens(*likely, *labels), delay_s=0.1)


@pytest.fixture(autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have one Ray at a time: two of them are too many for two processors."""
    with FileLock(tmp_path_factory.getbasetemp().parent / "ray.lock"):
        yield


@pytest.fixture
async def fake() -> AsyncIterator[FakeEndpoint]:
    async with fake_endpoint() as made:
        made.choose = judged
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    rows = (
        {"id": f"row-{each}", "answer": f"{ANSWER} It was week {each % (ROWS - TWINS)}."}
        for each in range(ROWS)
    )
    write_rows(tmp_path / "rows.jsonl", *rows)
    return tmp_path


def args(fake: FakeEndpoint, out: str, *more: str) -> tuple[str, ...]:
    model = ("--model", "tiny", "--base-url", fake.url, "--concurrency", "8")
    return ("grade", "rows.jsonl", "-o", out, *model, *more)


SESSION = re.compile(r"/tmp/ray-\w+")  # noqa: S108  only looked into
PROGRESS = re.compile(r"starting Ray \.\.\.|\d+/60 row-|$")
RAY = ("--engine", "ray", "--ray-workers", "2")


@contextlib.asynccontextmanager
async def grading(home: Path, *given: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "interviewer", *given),
        cwd=home,
        env=environ(home) | {"OPENAI_API_KEY": KEY},
        stdin=subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # as a terminal does, whose Ctrl-C goes to all that was started
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            for pid in [process.pid, *below(process.pid)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await process.wait()


def below(pid: int) -> dict[int, str]:
    """Return pid -> command line of all processes that one has started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
    found, todo = {}, [pid]
    while todo:
        parent = todo.pop()
        for child in [each for each, of in parents.items() if of == parent]:
            with contextlib.suppress(OSError):
                line = Path(f"/proc/{child}/cmdline").read_bytes()
                found[child] = line.replace(b"\0", b" ").decode()
            todo.append(child)
    return found


def at_a_shard(pid: int) -> list[int]:
    """Return the workers that are grading just now."""
    return [each for each, line in below(pid).items() if "MapWorker" in line and _holds(each)]


def _holds(pid: int) -> bool:
    found: list[str] = []
    with contextlib.suppress(OSError):  # a file is closed, or the process ends, as it is looked at
        found.extend(str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir())
    return any("done-" in name for name in found)


def kill_one_of(busy: list[int]) -> bool:
    """Kill a worker in the middle of its work, once both are at work."""
    if len(busy) == 2:
        os.kill(busy[0], signal.SIGKILL)
    return len(busy) == 2


def written(out: Path) -> int:
    """Return how many results are on the storage, in the ledger or not yet."""
    try:
        paths = [out / NAME, *out.glob(f"{FOLDER}/from-*/*/done-*.jsonl")]
        return sum(path.read_bytes().count(b"\n") for path in paths)
    except OSError:  # it goes from here to there as it is looked at
        return 0


async def until(true: Callable[[], bool], longest_s: float = 60.0) -> None:
    end = time.monotonic() + longest_s
    while not true():
        assert time.monotonic() < end, "it took too long"
        await asyncio.sleep(0.05)


def wasted(fake: FakeEndpoint, before: int, out: Path) -> int:
    """Return how many calls since `before` no result tells of."""
    used = sum(each.usage.calls for each in load_results(out).values())
    return len(fake.requests) - before - used


def told(result: Result) -> dict[str, Any]:
    """Return what a grade says, and not how long it took and who paid."""
    return result.model_dump(exclude={"seconds", "usage", "source"})


def files_with(word: str, folders: Sequence[Path]) -> list[Path]:
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):
                if path.is_file() and not path.is_symlink() and word.encode() in path.read_bytes():
                    found.append(path)
    return found


async def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    home: Path, fake: FakeEndpoint
) -> None:
    assert (await command(home, *args(fake, "alone"))).returncode == 0
    alone, before = load_results(home / "alone"), len(fake.requests)
    async with grading(home, *args(fake, "ray", *RAY)) as process:
        await until(lambda: written(home / "ray") >= 8)
        running = below(process.pid)
        await until(lambda: kill_one_of(at_a_shard(process.pid)))
        await until(lambda: written(home / "ray") >= 30)
        folders = {Path(each) for line in running.values() for each in SESSION.findall(line)}
        leaks = files_with(KEY, [home / "ray", *folders])
        out, errors = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 0, errors.decode()
    assert folders
    assert leaks == []
    assert not any(folder.exists() for folder in folders)
    assert f"{ROWS} graded ({TWINS} as identical answers), 0 failed" in out.decode()
    assert [line for line in errors.decode().splitlines() if not PROGRESS.match(line)] == []
    lines = (home / "ray" / NAME).read_bytes().splitlines()
    assert Counter(json.loads(line)["id"] for line in lines) == dict.fromkeys(alone, 1)
    found = load_results(home / "ray")
    assert len({each.overall for each in found.values()}) > 5
    assert {id: told(each) for id, each in found.items()} == {
        id: told(each) for id, each in alone.items()
    }
    assert 0 < wasted(fake, before, home / "ray") <= IN_FLIGHT
    before = len(fake.requests)
    again = await command(home, *args(fake, "ray", *RAY))
    assert (again.returncode, len(fake.requests)) == (0, before)
    assert f"{ROWS} kept from before" in again.stdout
    assert not (home / "ray" / FOLDER).exists()


async def test_ctrl_c_finishes_what_is_in_flight_and_the_rest_is_graded_later(
    home: Path, fake: FakeEndpoint
) -> None:
    async with grading(home, *args(fake, "out", *RAY)) as process:
        await until(lambda: written(home / "out") >= 8)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 130, errors.decode()
    assert "what was graded is kept" in errors.decode()
    assert "Traceback" not in errors.decode()
    kept = len(load_results(home / "out"))
    assert 8 <= kept < ROWS - TWINS
    assert not (home / "out" / FOLDER).exists()
    assert (await command(home, *args(fake, "out"))).returncode == 0
    assert len((home / "out" / NAME).read_bytes().splitlines()) == ROWS
    assert wasted(fake, 0, home / "out") == 0


async def test_a_second_ctrl_c_ends_it_now_and_no_other_ray_is_started(
    home: Path, fake: FakeEndpoint
) -> None:
    def slow(body: dict[str, Any]) -> Answer:
        return replace(judged(body), delay_s=0.1 if len(fake.requests) < 60 else 100)

    fake.choose = slow
    async with grading(home, *args(fake, "out", *RAY)) as process:
        await until(lambda: len(fake.requests) >= 64)
        running = below(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        await asyncio.sleep(2)
        assert process.returncode is None
        os.killpg(process.pid, signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 130, errors.decode()
    told = [line for line in errors.decode().splitlines() if not PROGRESS.match(line)]
    assert len(told) == 2
    assert told[1].startswith("interrupted; what was graded is kept")
    assert not any(is_alive(pid) for pid in running)
    assert load_results(home / "out")
    assert not (home / "out" / FOLDER).exists()


async def test_a_run_that_is_killed_pays_only_what_was_in_flight_again(
    home: Path, fake: FakeEndpoint
) -> None:
    async with grading(home, *args(fake, "out", *RAY)) as process:
        await until(lambda: written(home / "out") >= 20)
        running = below(process.pid)
        process.kill()
        await process.wait()
        workers = [pid for pid, line in running.items() if "MapWorker" in line]
        await until(lambda: not any(map(is_alive, workers)))
        # Ray's own helpers stay for a minute, and so does its folder.
        for pid, line in running.items():
            if line.startswith("ray::") and is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        for folder in {each for line in running.values() for each in SESSION.findall(line)}:
            shutil.rmtree(folder, ignore_errors=True)
    kept = written(home / "out")
    again = await command(home, *args(fake, "out"))
    assert again.returncode == 0, again.stderr
    assert f"{kept} kept from before" in again.stdout
    assert len((home / "out" / NAME).read_bytes().splitlines()) == ROWS
    assert wasted(fake, 0, home / "out") <= 2 * IN_FLIGHT


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"ray::")
    except OSError:
        return False
