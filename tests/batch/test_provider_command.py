import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.ledger import load_results
from interviewer.batch.listing import OURS
from interviewer.batch.provider import FOLDER
from interviewer.cli.batching import Job, Setup
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.cli.models import Picked
from interviewer.cli.providing import RUNNING, check_provider
from interviewer.errors import UsageError
from interviewer.prompts import Prompts
from interviewer.settings import Settings
from tests.batch.provider_server import labelling, provider_server
from tests.batch.shell import command, write_rows
from tests.scripted import TOLD


async def test_batches_that_are_not_waited_for_are_collected_by_the_same_command(
    tmp_path: Path,
) -> None:
    rows = ({"id": f"r{number}", "answer": f"{TOLD} It took {number}."} for number in range(3))
    file = write_rows(tmp_path / "rows.jsonl", *rows)
    talk = partial(labelling, guide=load(DEFAULT_GUIDE))
    async with provider_server(talk=talk) as server:
        args: tuple[str | Path, ...] = ("grade", file, "-o", tmp_path / "out", "--model", "tiny")
        args += ("--base-url", server.url, "--engine", "provider-batch")
        begun = await command(tmp_path, *args, "--no-wait")
        assert begun.returncode == RUNNING, begun.stderr
        assert "the same command again goes on: batch_1" in begun.stdout
        server.quick = True
        done = await command(tmp_path, *args, "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)["run"]
    assert (run["rows"], run["graded"] + run["kept"], run["failed"]) == (3, 3, 0)
    assert done.stderr == ""
    assert len(load_results(tmp_path / "out")) == 3
    assert (tmp_path / "out" / "report.html").is_file()


def job(weights: Path | None = None, **values: Any) -> Job:
    picked = Picked("tiny", "", Settings(), weights)
    setup = Setup(load(DEFAULT_GUIDE), picked, Prompts(), None)
    return Job(setup, lambda: (), 0, Path(), "", **values)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"wait": False}, "--no-wait is for batches"),
        ({"engine": "provider-batch", "weights": Path("x.gguf")}, "has no batch service"),
        ({"engine": "provider-batch", "max_cost": 1.0}, "can't be limited"),
        ({"engine": "provider-batch", "max_tokens": 9}, "can't be limited"),
    ],
)
def test_what_does_not_go_together_is_told(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check_provider(job(**asked))


def test_what_goes_together_is_taken() -> None:
    check_provider(job(engine="provider-batch", wait=False))
    check_provider(job(max_cost=1.0))


def test_its_files_are_nobody_s_answers() -> None:
    assert FOLDER in OURS
