"""`interviewer grade` over a coach's folder: every format, and files that are broken."""

import csv
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.batch.ledger import load_results
from interviewer.events import Answer, Question
from tests.batch.papers import parquet_file, pdf_file, transcript_file, word_file
from tests.batch.shell import command, write_rows
from tests.fake_endpoint import JUDGING, FakeEndpoint, fake_endpoint
from tests.scripted import ANSWER

Args = tuple[str | Path, ...]
GOOD = {
    "anna.txt": f"{ANSWER} I am Anna.",
    "ben.md": f"# My answer\n\n{ANSWER} I am Ben.",
    "week-2/gita.txt": f"{ANSWER} I am Gita.",
}


def model(fake: FakeEndpoint) -> tuple[str, ...]:
    return ("--model", "tiny", "--base-url", fake.url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hold ten answers that can be read, in eight formats, and ten files that can't."""
    home = tmp_path / "answers"
    (home / "week-2").mkdir(parents=True)
    for name, text in GOOD.items():
        (home / name).write_text(text, encoding="utf-8")
    (home / "cleo.docx").write_bytes(word_file(ANSWER, "I am Cleo."))
    (home / "dan.pdf").write_bytes(pdf_file(f"{ANSWER} I am Dan."))
    spoken = transcript_file(
        home,
        Question(text="Tell me about a failure."),
        Answer(text=f"{ANSWER} I am Eve."),
        guide_source="nowhere.md",
    )
    spoken.rename(home / "eve.jsonl")
    write_rows(home / "more.jsonl", {"id": "f", "answer": f"{ANSWER} I am F."})
    (home / "more.csv").write_text(f'id,answer\nh,"{ANSWER} I am H."\n', encoding="utf-8")
    (home / "more.tsv").write_text(f"id\tanswer\ni\t{ANSWER} I am I.\n", encoding="utf-8")
    parquet_file(home / "more.parquet", id=["j"], answer=[f"{ANSWER} I am J."])
    broken = home / "broken"
    broken.mkdir()
    (broken / "empty.txt").touch()
    (broken / "latin.txt").write_bytes("Ich war müde.".encode("latin-1"))
    (broken / "nothing.docx").write_bytes(b"PK\x03\x04 no more")
    (broken / "locked.pdf").write_bytes(pdf_file(ANSWER, locked="secret"))
    (broken / "scan.pdf").write_bytes(pdf_file(""))
    (broken / "torn.pdf").write_bytes(pdf_file(ANSWER)[:200])
    (broken / "torn.parquet").write_bytes(b"PAR1")
    (broken / "other.csv").write_text("name,age\nAnna,30\n", encoding="utf-8")
    (broken / "gone.txt").symlink_to(home / "nowhere")
    os.mkfifo(broken / "pipe.txt")
    return home


async def test_what_can_be_read_is_graded_the_rest_fails_and_a_second_run_writes_nothing(
    tmp_path: Path, folder: Path
) -> None:
    out = tmp_path / "out"
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args: Args = ("grade", folder, "-o", out, *model(fake))
        done = await command(tmp_path, *args)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    found = load_results(out)
    graded = {id for id, each in found.items() if each.status == "graded"}
    failed = {id for id in found if id.startswith("broken/")}
    assert graded == {
        *GOOD,
        *("cleo.docx", "dan.pdf", "eve.jsonl", "more.jsonl:f", "more.csv:h", "more.tsv:i"),
        "more.parquet:j",
    }
    assert len(failed) == 10
    assert all(found[id].error for id in failed)
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 20
    summary = json.loads((out / "summary.json").read_bytes())
    assert (summary["graded"], summary["failed"]) == (10, 10)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "I am Cleo." in page
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    asked = len(fake.requests)
    again = await command(tmp_path, *args, "--json", "--quiet")
    ran = json.loads(again.stdout)["run"]
    assert (ran["kept"], ran["graded"], ran["failed"]) == (10, 0, 10)
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before
    assert len(fake.requests) == asked


async def test_an_answer_that_changed_is_graded_alone(tmp_path: Path) -> None:
    home, out = tmp_path / "answers", tmp_path / "out"
    home.mkdir()
    for name in ("anna.txt", "ben.md"):
        (home / name).write_text(GOOD[name], encoding="utf-8")
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args: Args = ("grade", home, "-o", out, *model(fake), "--json", "--quiet")
        await command(tmp_path, *args)
        (home / "anna.txt").write_text(f"{ANSWER} I am another.", encoding="utf-8")
        ran = json.loads((await command(tmp_path, *args)).stdout)["run"]
    assert (ran["kept"], ran["graded"]) == (1, 1)
    assert "I am another." in (out / "report.html").read_text(encoding="utf-8")


async def test_a_dry_run_counts_and_sends_nothing(tmp_path: Path, folder: Path) -> None:
    async with fake_endpoint() as fake:
        args: Args = ("grade", folder, "-o", tmp_path / "out", *model(fake), "--dry-run", "--json")
        done = await command(tmp_path, *args)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["answers"], found["unreadable"], found["kept"]) == (20, 10, 0)
    assert found["calls"] >= 10
    assert found["prompt"] > 1000
    assert found["cost"] is None
    assert not fake.requests
    assert not (tmp_path / "out").exists()


async def test_a_dry_run_needs_no_weights(tmp_path: Path, folder: Path) -> None:
    done = await command(tmp_path, "grade", folder, "-o", tmp_path / "out", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    # The embedded model is asked about each sentence.
    assert found["calls"] > found["answers"] - found["unreadable"]


async def test_what_may_be_used_is_not_passed(tmp_path: Path, folder: Path) -> None:
    assert isinstance(JUDGING.body, dict)
    dear = replace(
        JUDGING, body=JUDGING.body | {"usage": {"prompt_tokens": 900, "completion_tokens": 100}}
    )
    out = tmp_path / "out"
    async with fake_endpoint() as fake:
        fake.will(dear)
        args: Args = ("grade", folder, "-o", out, *model(fake), "--concurrency", "1")
        done = await command(tmp_path, *args, "--max-tokens", "10000")
        found = load_results(out)
        assert done.returncode == 1
        assert "are left" in done.stderr
        used = sum(each.usage.prompt + each.usage.completion for each in found.values())
        assert 0 < used <= 1000 * len(fake.requests) <= 10000
        assert not any(each.status == "failed" and each.key for each in found.values())
        rest = await command(tmp_path, *args, "--json")
    assert json.loads(rest.stdout)["run"]["graded"] + len(found) >= 10


async def test_a_limit_of_money_needs_a_price(tmp_path: Path, folder: Path) -> None:
    args: Args = ("--model", "tiny", "--base-url", "http://127.0.0.1:9/v1", "--max-cost", "1")
    done = await command(tmp_path, "grade", folder, "-o", tmp_path / "out", *args)
    assert done.returncode == 2
    assert "there is no price" in done.stderr


async def test_columns_for_a_course_system_are_checked_before_anything_is_graded(
    tmp_path: Path, folder: Path
) -> None:
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args: Args = ("grade", folder, "-o", tmp_path / "out", *model(fake), "--csv-columns")
        wrong = await command(tmp_path, *args, "Student=nobody")
        assert wrong.returncode == 2
        assert "nobody" in wrong.stderr
        assert not fake.requests
        await command(tmp_path, *args, "Student=id,Points=overall")
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == ["Student", "Points"]
