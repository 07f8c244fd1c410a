import json
from functools import partial
from pathlib import Path

from interviewer.batch.ledger import load_results
from interviewer.batch.listing import OURS
from interviewer.batch.provider import FOLDER
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.cli.providing import RUNNING
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


def test_its_files_are_nobody_s_answers() -> None:
    assert FOLDER in OURS
