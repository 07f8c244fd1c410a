"""`interviewer replay --regrade`, `--verify` and `--reask`, as a user types them."""

import asyncio
import json
import re
import shutil
import signal
from pathlib import Path

import pytest
import tenacity

from interviewer.events import Regraded
from interviewer.transcript import load_transcript
from tests.batch.shell import command, environ
from tests.fake_endpoint import Answer, FakeEndpoint, fake_endpoint, refused, spoken, tokens
from tests.regrading.samples import content, held, model
from tests.scripted import ANSWER
from tests.warm import Piped

Args = tuple[str | Path, ...]
GOOD = tokens(("Yes", -0.1), ("No", -3.0))
BAD = tokens(("Yes", -3.0), ("No", -0.1))


def judging(request: object) -> Answer:
    """Say Yes of any real answer: it is worth more than the answer that says nothing."""
    return GOOD if "launched" in json.dumps(request) else BAD


def by(fake: FakeEndpoint) -> tuple[str, ...]:
    fake.choose = judging
    return ("--model", "tiny", "--base-url", fake.url, "--ask", "each")


def regrades(path: Path) -> int:
    return sum(isinstance(event, Regraded) for event in load_transcript(path).events)


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return await held(tmp_path, by=model("Honesty"))


async def test_a_session_is_graded_again_and_the_old_and_new_scores_are_shown(
    tmp_path: Path, file: Path
) -> None:
    async with fake_endpoint() as fake:
        done = await command(tmp_path, "replay", "--regrade", file, *by(fake))
        asked = len(fake.requests)
        again = await command(tmp_path, "replay", "--regrade", file, *by(fake))
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    assert re.search(r"Overall +\d\.\d\d → \d\.\d\d +▲ \+\d\.\d\d", done.stdout)
    assert re.search(r"1 graded: \d+ calls, [\d,]+ tokens read", done.stdout)
    assert "0 graded, 1 graded by the same before: 0 calls" in again.stdout
    assert len(fake.requests) == asked
    assert regrades(file) == 1


async def test_no_model_is_started_for_what_is_known_already(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fake_endpoint() as fake:
        args: Args = ("replay", "--regrade", file, *by(fake))
        await command(tmp_path, *args)
    monkeypatch.setattr("interviewer.cli.models.connected", None)
    again = await command(tmp_path, *args)
    assert (again.returncode, again.stderr.count("\n")) == (0, 1), again.stderr
    assert "(graded by the same before)" in again.stderr


@pytest.fixture
def three(tmp_path: Path, file: Path) -> list[Path]:
    copies = [tmp_path / f"{name}.jsonl" for name in "abc"]
    for copy in copies:
        shutil.copy(file, copy)
    return copies


async def test_an_endpoint_that_refuses_fails_each_session_with_its_reason(
    tmp_path: Path, three: list[Path]
) -> None:
    async with fake_endpoint() as fake:
        fake.will(refused(400, "no such thing"))
        gone = ("--model", "tiny", "--base-url", fake.url, "--ask", "each")
        done = await command(tmp_path, "replay", "--regrade", *three, *gone)
    assert done.returncode == 1
    for path in three:
        assert re.search(rf"^{path}: .*no such thing", done.stderr, re.MULTILINE)


async def test_an_endpoint_that_is_gone_ends_it_with_how_to_go_on(
    tmp_path: Path, file: Path, three: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interviewer.llm.retry._backoff", tenacity.wait_none())
    async with fake_endpoint() as fake:
        await command(tmp_path, "replay", "--regrade", file, *by(fake))
    gone = ("--model", "tiny", "--base-url", "http://127.0.0.1:9/v1", "--ask", "each")
    done = await command(tmp_path, "replay", "--regrade", file, *three, *gone)
    assert done.returncode == 1
    assert "the same command again goes on" in done.stderr
    assert "1 graded by the same before" in done.stdout
    assert "Traceback" not in done.stderr


async def test_ctrl_c_finishes_what_is_in_flight_and_a_second_one_ends_it(
    tmp_path: Path, file: Path
) -> None:
    done = tmp_path / "done.jsonl"
    shutil.copy(file, done)
    async with fake_endpoint() as fake:
        await command(tmp_path, "replay", "--regrade", done, *by(fake))
        fake.choose = None
        fake.will(Answer(stall=True))
        fake.asked.clear()
        given = ("--model", "tiny", "--base-url", fake.url, "--ask", "each")
        args = ("-m", "interviewer", "replay", "--regrade", done, file, *given)
        process = Piped(args, cwd=tmp_path, environ=environ(tmp_path))
        await asyncio.wait_for(fake.asked.wait(), 30)
        process.send_signal(signal.SIGINT)
        await asyncio.to_thread(process.hear, "Ctrl-C again stops now")
        process.send_signal(signal.SIGINT)
        shown, errors = await asyncio.to_thread(process.communicate, timeout_s=30)
    assert process.returncode == 130
    assert "interrupted; what was graded is kept" in errors
    assert "Traceback" not in errors
    assert "done.jsonl" in shown
    assert (regrades(done), regrades(file)) == (1, 0)


async def test_what_moved_too_far_fails_and_is_named_the_second_time_too(
    tmp_path: Path, file: Path
) -> None:
    async with fake_endpoint() as fake:
        args: Args = ("replay", "--regrade", file, *by(fake), "--fail-if-moved")
        for _ in range(2):
            done = await command(tmp_path, *args, "0.5")
            assert done.returncode == 1
            assert re.search(rf"{file}: Growth from 1\.\d\d to \d\.\d\d", done.stderr)
        assert (await command(tmp_path, *args, "4")).returncode == 0


async def test_of_many_files_those_that_cannot_be_graded_are_told_and_exit_1(
    tmp_path: Path, file: Path
) -> None:
    left = await held(tmp_path, ANSWER, "/quit")
    second = tmp_path / "second.jsonl"
    shutil.copy(file, second)
    async with fake_endpoint() as fake:
        done = await command(tmp_path, "replay", "--regrade", file, left, second, *by(fake))
    assert done.returncode == 1
    assert "Mean shift" in done.stdout
    assert "second.jsonl" in done.stdout
    assert f"{left}: there is no final answer to grade" in done.stderr
    assert regrades(second) == 1


async def test_one_json_object_tells_all_of_it(tmp_path: Path, file: Path) -> None:
    async with fake_endpoint() as fake:
        done = await command(tmp_path, "replay", "--regrade", file, *by(fake), "--json")
    told = json.loads(done.stdout)
    (one,) = told["files"]
    assert (one["file"], one["status"], one["error"]) == (str(file), "graded", None)
    assert one["new"]["event"] == "regraded"
    assert one["comparison"]["moves"][0]["target"] == "overall"
    assert told["usage"]["calls"] == len(fake.requests)
    assert told["shift"]["n"] == 1
    assert done.stderr == ""


async def test_costs_are_told_where_there_are_prices(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / ".config" / "interviewer" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("price_prompt = 1000.0\n", encoding="utf-8")
    async with fake_endpoint() as fake:
        done = await command(tmp_path, "replay", "--regrade", file, *by(fake))
    assert f"; cost {len(fake.requests) * 10 * 1000 / 1e6:.4f}." in done.stdout


async def test_a_dry_run_counts_and_asks_nobody(tmp_path: Path, file: Path) -> None:
    before = content(file)
    async with fake_endpoint() as fake:
        done = await command(tmp_path, "replay", "--regrade", file, *by(fake), "--dry-run")
    assert done.returncode == 0
    assert "1 answer: 1 to grade, 0 graded before" in done.stdout
    assert re.search(r"About \d\d calls", done.stdout)
    assert fake.requests == []
    assert content(file) == before


async def test_nothing_is_kept_with_no_save(tmp_path: Path, file: Path) -> None:
    before = content(file)
    async with fake_endpoint() as fake:
        done = await command(tmp_path, "replay", "--regrade", file, *by(fake), "--no-save")
    assert "1 graded" in done.stdout
    assert content(file) == before


async def test_the_same_file_twice_is_graded_once(tmp_path: Path, file: Path) -> None:
    async with fake_endpoint() as fake:
        await command(tmp_path, "replay", "--regrade", file, file.name, *by(fake))
    assert regrades(file) == 1


async def test_a_guide_of_another_question_is_refused(tmp_path: Path, file: Path) -> None:
    async with fake_endpoint() as fake:
        args: Args = ("replay", "--regrade", file, *by(fake), "--guide", "general-job-interview")
        done = await command(tmp_path, *args)
    assert done.returncode == 1
    assert "the guide general-job-interview asks" in done.stderr
    assert fake.requests == []


async def test_what_would_differ_is_told_in_a_table_and_exits_1(tmp_path: Path, file: Path) -> None:
    done = await command(
        tmp_path,
        "replay",
        "--verify",
        file,
        "--model",
        "tiny",
        "--base-url",
        "http://127.0.0.1:9/v1",
    )
    assert done.returncode == 1
    assert re.search(r"model +scripted +tiny +the grade", done.stdout)
    assert re.search(r"guide failure +there is no guide", done.stdout)
    assert re.search(rf"{file}: 2 differences; \d+ prompts of \d+ templates", done.stdout)


async def test_a_session_in_which_nothing_would_differ_exits_0(tmp_path: Path) -> None:
    from interviewer.cli.choices import load

    guide = load("failed-as-a-product-manager")
    path = await held(tmp_path, guide=guide, guide_source=guide.id, model="tiny")
    other = await held(tmp_path, guide=guide, guide_source=guide.id, model="other")
    args: Args = (
        "replay",
        "--verify",
        path,
        "--model",
        "tiny",
        "--base-url",
        "http://127.0.0.1:9/v1",
    )
    done = await command(tmp_path, *args)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(rf"{path}: nothing differs; \d+ prompts", done.stdout)
    both = json.loads((await command(tmp_path, *args, other, "--json")).stdout)
    assert [each["same"] for each in both["files"]] == [True, False]
    assert both["same"] is False


async def test_a_file_that_is_none_is_told_by_verify(tmp_path: Path, file: Path) -> None:
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text("{}\n", encoding="utf-8")
    done = await command(tmp_path, "replay", "--verify", foreign)
    assert done.returncode == 1
    assert f"{foreign}:1: not a transcript" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_probe_is_asked_again_and_stands_beside_the_old_one(
    tmp_path: Path, file: Path
) -> None:
    question = "What did that tool in Berlin cost you in the end?"
    before = content(file)
    async with fake_endpoint() as fake:
        args: Args = ("replay", "--reask", "2", file, *by(fake))
        fake.choose = None
        fake.will(spoken(question))
        done = await command(tmp_path, *args)
        told = json.loads((await command(tmp_path, *args, "--json")).stdout)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Then  scripted\n +You said .*\?\n\nNow  tiny\n +What did that", done.stdout)
    assert (told["turn"], told["new"]["text"], told["new"]["model"]) == (2, question, "tiny")
    assert content(file) == before


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("--regrade", "--verify"), "--regrade and --verify don't go together"),
        (("--verify", "--fail-if-moved", "1"), "--fail-if-moved is for --regrade"),
        (("--regrade", "--fail-if-moved", "nan"), "'nan' is no number"),
        (("--model", "tiny"), "--model is for --regrade, --verify or --reask"),
        (("--json",), "--json is for --regrade, --verify or --reask"),
        (("--reask", "7"), "no probe was asked at turn 7"),
        (("--reask", "2", "second.jsonl"), "--reask is for one session at a time"),
    ],
)
async def test_options_that_do_not_go_together_are_wrong_usage(
    tmp_path: Path, file: Path, args: tuple[str, ...], what: str
) -> None:
    done = await command(tmp_path, "replay", file, *args)
    assert done.returncode == 2
    assert what in done.stderr
