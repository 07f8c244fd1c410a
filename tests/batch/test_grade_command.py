import asyncio
import json
import re
import signal
from pathlib import Path

import pytest

from interviewer.batch.ledger import load_results
from interviewer.batch.result import Result
from interviewer.cli.batching import told
from interviewer.grade import DOUBT
from tests.batch.shell import command, environ, write_rows
from tests.fake_endpoint import JUDGING, Answer, FakeEndpoint, fake_endpoint, tokens
from tests.scripted import ANSWER
from tests.warm import Piped

ROWS = (
    {"id": "first", "answer": ANSWER},
    {"id": "second", "turns": [{"role": "candidate", "text": ANSWER + " I told everyone."}]},
)


def model(fake: FakeEndpoint) -> tuple[str, ...]:
    return ("--model", "tiny", "--base-url", fake.url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", *ROWS)


async def test_a_file_is_graded_and_a_second_time_costs_nothing(tmp_path: Path, file: Path) -> None:
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args = ("grade", str(file), "-o", str(tmp_path / "out"), *model(fake))
        done = await command(tmp_path, *args)
        asked = len(fake.requests)
        again = await command(tmp_path, *args, "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    assert "2 graded, 0 failed" in done.stdout
    assert "Overall" in done.stdout
    assert re.search(r"^[12]/2 first: ", done.stderr, re.MULTILINE)
    assert asked > 0
    assert len(fake.requests) == asked
    summary = json.loads(again.stdout)
    ran = summary["run"]
    assert (ran["kept"], ran["graded"], ran["rows"]) == (2, 0, 2)
    assert again.stderr == ""
    assert set(load_results(tmp_path / "out")) == {"first", "second"}


async def test_a_row_that_fails_exits_1_and_names_its_line(tmp_path: Path, file: Path) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write('{"id": "third"}\n')
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        done = await command(tmp_path, "grade", file, "-o", tmp_path / "out", *model(fake))
    assert done.returncode == 1
    assert f"{file}:3: found neither answer nor turns" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("ask", "in_one_call"), [("all", True), ("each", False)])
async def test_an_endpoint_is_asked_about_all_sentences_at_once_or_about_each(
    tmp_path: Path, file: Path, ask: str, in_one_call: bool
) -> None:
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        await command(tmp_path, "grade", file, "-o", tmp_path / "out", *model(fake), "--ask", ask)
    assert ("response_format" in fake.requests[0]) is in_one_call


async def test_what_was_asked_in_another_way_is_graded_again(tmp_path: Path, file: Path) -> None:
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args = ("grade", str(file), "-o", str(tmp_path / "out"), *model(fake), "--json", "--ask")
        await command(tmp_path, *args, "all")
        again = await command(tmp_path, *args, "all")
        other = await command(tmp_path, *args, "each")
    assert json.loads(again.stdout)["run"]["kept"] == 2
    assert json.loads(other.stdout)["run"]["graded"] == 2


async def test_several_runs_show_their_spread(tmp_path: Path, file: Path) -> None:
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        out = tmp_path / "out"
        done = await command(tmp_path, "grade", file, "-o", out, "--runs", "3", *model(fake))
    assert done.returncode == 0, done.stderr
    assert "spread" in done.stdout
    runs = load_results(out)["first"].runs
    assert runs
    assert len(runs.overall) == 3
    assert runs.spread["overall"] == 0


async def test_scores_that_are_hardly_surer_than_a_guess_are_marked_and_counted(
    tmp_path: Path, file: Path
) -> None:
    async with fake_endpoint() as fake:
        fake.will(tokens(("mistake", -0.7), ("general", -0.7), ("self", -3.0)))
        args = ("grade", file, "-o", tmp_path / "out", *model(fake))
        done = await command(tmp_path, *map(str, args))
        again = await command(tmp_path, *map(str, args), "--json")
    assert done.returncode == 0, done.stderr
    assert DOUBT in done.stdout
    assert re.search(r"^ +n +mean +lowest +highest +\?$", done.stdout, re.MULTILINE)
    assert re.search(r"^Accountability +2 .* 2$", done.stdout, re.MULTILINE)
    scores = json.loads(again.stdout)["guides"][0]["scores"]
    assert scores["accountability"]["uncertain"] == 2
    assert scores["overall"]["uncertain"] == 0


async def test_sure_scores_bear_no_mark(tmp_path: Path, file: Path) -> None:
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        done = await command(tmp_path, "grade", file, "-o", tmp_path / "out", *model(fake))
    assert "?" not in done.stdout + done.stderr


@pytest.mark.parametrize(("sure", "expected"), [(0.1, "3.6 of 5 ?"), (0.9, "3.6 of 5")])
def test_an_uncertain_overall_score_is_marked_while_grading_goes_on(
    sure: float, expected: str
) -> None:
    result = Result(
        id="a", source="x:1", key="k", status="graded", overall=3.6, confidence={"overall": sure}
    )
    assert told("kept", result) == f"{expected} (kept)"


@pytest.mark.parametrize(
    "args", [("grade",), ("grade", "rows.jsonl"), ("grade", "x", "-o", "y", "--runs", "0")]
)
async def test_wrong_usage_exits_2(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = await command(tmp_path, *args)
    assert (done.returncode, done.stdout) == (2, "")


async def test_a_file_that_is_not_there_or_empty_exits_1(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    flags = ("-o", tmp_path / "out", "--model", "x", "--base-url", "http://127.0.0.1:9/v1")
    for name, what in (
        ("nosuch.jsonl", "there is no such file"),
        ("empty.jsonl", "nothing to grade"),
    ):
        done = await command(tmp_path, "grade", tmp_path / name, *flags)
        assert done.returncode == 1
        assert what in done.stderr
        assert "Traceback" not in done.stderr


async def test_ctrl_c_exits_130_and_keeps_what_was_graded(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "out"
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        assert (await command(tmp_path, "grade", file, "-o", out, *model(fake))).returncode == 0
    write_rows(file, *ROWS, {"id": "third", "answer": ANSWER + " It was late."})
    async with fake_endpoint() as fake:
        fake.will(Answer(stall=True))
        args = ("-m", "interviewer", "grade", str(file), "-o", str(out), *model(fake))
        process = Piped(args, cwd=tmp_path, environ=environ(tmp_path))
        await asyncio.wait_for(fake.asked.wait(), 30)
        process.send_signal(signal.SIGINT)
        await asyncio.to_thread(process.hear, "Ctrl-C again stops now")
        process.send_signal(signal.SIGINT)
        _, errors = await asyncio.to_thread(process.communicate, timeout_s=30)
    assert process.returncode == 130
    assert "interrupted; what was graded is kept" in errors
    assert "Traceback" not in errors
    assert set(load_results(out)) == {"first", "second"}
