"""`interviewer chat --cv --job` at the shell."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from interviewer.events import Probe
from interviewer.transcript import load_transcript
from tests.batch.papers import pdf_file, word_file
from tests.fake_endpoint import Answer, FakeEndpoint, Json, fake_endpoint, spoken, tokens
from tests.papers import CV, EVIL, JOB
from tests.test_chat_session import make_guides
from tests.test_journeys import Shell, shell

__all__ = ["shell"]  # a fixture

QUESTION = "What came of it when you led the rebuild of the booking engine?"
ASKED = f"From your CV: {QUESTION}"
NAMED = "The booking engine had bookings that were double."
"""What the CV tells more of."""
SECRETS = ("Okafor", "0199", "PayLark", "Norwegian", "cinema tickets", "Negotiated")


def judge(request: Json) -> Answer:
    if request.get("stream"):
        return spoken(QUESTION)
    return tokens(("Yes", -0.9), ("No", -0.5), ("background", -3.0), ("self", -3.0))


class Papers:
    """Interviews of somebody with a CV and a posting, in one folder."""

    def __init__(self, shell: Shell, fake: FakeEndpoint) -> None:
        self.shell, self.fake, self.saved = shell, fake, shell.home / "s"
        fake.choose = judge
        shell.timeout_s = 120.0  # of two interviews, where much else runs
        self.out = self.errors = ""
        self.code = 0
        self.cv = self.write("cv.txt", CV)
        self.job = self.write("job.md", f"# {JOB}")

    def write(self, name: str, data: str | bytes) -> Path:
        path = self.shell.home / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    async def chat(self, *flags: str | Path, said: str = f"{NAMED}\n\nSo.\n\nkeep\n") -> "Papers":
        model = ("--model", "x", "--base-url", self.fake.url, "--transcripts", self.saved)
        return await self.run("chat", *flags, *model, said=said)

    async def run(self, *args: str | Path, said: str = "") -> "Papers":
        done = await asyncio.to_thread(self.shell.run, *args, said=said)
        self.out, self.errors, self.code = done.stdout, done.stderr, done.returncode
        assert "Traceback" not in self.errors
        return self

    @property
    def paths(self) -> list[Path]:
        return sorted(self.saved.glob("*.jsonl"))

    @property
    def probes(self) -> list[Probe]:
        (path,) = self.paths
        return [each for each in load_transcript(path).events if isinstance(each, Probe)]

    @property
    def sent(self) -> str:
        return json.dumps(self.fake.requests, ensure_ascii=False)


async def test_a_session_is_planned_by_the_posting_and_probes_by_the_cv(shell: Shell) -> None:
    async with fake_endpoint() as fake:
        held = Papers(shell, fake)
        cv = held.write("cv.docx", word_file(*CV.splitlines()))
        job = held.write("job.pdf", pdf_file("What you will do", "- Prioritise under pressure"))
        said = f"{NAMED}\n\nSo.\n\nkeep\n\n" * 2
        papers = ("--cv", cv, "--job", job, "--kind", "behavioural")
        await held.chat("--session", "2", "--probes", "1", *papers, said=said)
    assert held.code == 0, held.errors
    assert "The CV has 4 lines that tell what you did" in " ".join(held.out.split())
    (path,) = held.paths
    header = load_transcript(path).header
    assert header.plan
    assert header.plan.interviews[0].guide == "prioritised-under-pressure"
    why = "The posting speaks of pressure and prioritise."
    assert header.plan.interviews[0].why == why
    assert why in " ".join(held.out.split())
    assert [(each.text, each.tied_to) for each in held.probes] == [(ASKED, "cv")] * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for secret in SECRETS:
        assert secret not in held.sent
        assert secret not in held.out


async def test_nothing_but_the_transcript_shows_what_stands_in_the_papers(shell: Shell) -> None:
    async with fake_endpoint() as fake:
        held = Papers(shell, fake)
        flags = ("difficult-stakeholder", "--probes", "1", "--cv", held.cv, "--job", held.job)
        await held.chat(*flags)
    (path,) = held.paths
    background = load_transcript(path).header.background
    assert background
    assert "Okafor" in background.cv
    assert "cinema tickets" in background.job
    for form in ("html", "md", "json", "cast", "svg"):
        await held.run("export", path, "--to", form, "-o", "-")
        assert held.code == 0, held.errors
        assert "booking" in held.out or form == "svg"
        assert not [secret for secret in SECRETS if secret in held.out]
    await held.run("replay", path, "--no-timing")
    assert ASKED in " ".join(held.out.split())
    assert not [secret for secret in SECRETS if secret in held.out]
    await held.run("replay", "--verify", path, "--model", "x", "--base-url", fake.url)
    assert held.code == 0, held.out
    for words, found in (("Okafor", 0), ("Norwegian", 0), ("cinema", 0), ("rebuild", 1)):
        await held.run("transcripts", held.saved, "--search", words, "--json")
        assert len(json.loads(held.out)["transcripts"]) == found, (words, held.errors)


async def test_an_interview_goes_on_without_the_files(shell: Shell) -> None:
    async with fake_endpoint() as fake:
        held = Papers(shell, fake)
        await held.chat("difficult-stakeholder", "--probes", "1", "--cv", held.cv, said="/quit\n")
        held.cv.unlink()
        await held.chat("--resume")
        assert [each.tied_to for each in held.probes] == ["cv"]
        assert "lines that tell" not in held.out
        (path,) = held.paths
        await held.chat("--resume", path, "--job", held.job)
    assert held.code == 2
    assert "a transcript has its CV and posting already" in held.errors


async def test_a_session_goes_on_without_the_files(shell: Shell) -> None:
    async with fake_endpoint() as fake:
        held = Papers(shell, fake)
        flags = ("--session", "1", "--kind", "behavioural", "--probes", "1")
        await held.chat(*flags, "--cv", held.cv, said="/quit\n")
        held.cv.unlink()
        await held.chat("--resume")
    assert held.code == 0, held.errors
    assert [each.tied_to for each in held.probes] == ["cv"]


async def test_what_is_held_again_has_the_papers_of_its_transcript(shell: Shell) -> None:
    async with fake_endpoint() as fake:
        held = Papers(shell, fake)
        cassette = held.shell.home / "c.yaml"
        flags = ("difficult-stakeholder", "--probes", "1", "--cv", held.cv)
        await held.chat(*flags, "--cassette", cassette)
        (path,) = held.paths
        held.cv.unlink()
        await held.run(
            *("chat", "--again", path, "--cassette", cassette, "--transcripts", held.saved)
        )
        assert held.code == 0, held.errors
        assert ASKED in " ".join(held.out.split())
        first, again = map(load_transcript, held.paths)
        assert first.header.background == again.header.background
        await held.run("chat", "--again", path, "--cv", held.job)
    assert held.code == 2
    assert "--cv can't be given too" in held.errors


async def test_a_posting_chooses_the_question_where_none_is_named(shell: Shell) -> None:
    make_guides(shell.home)
    async with fake_endpoint() as fake:
        held = Papers(shell, fake)
        job = held.write("job.txt", "You fire the kiln in our pottery.")
        await held.chat("--job", job, "--role", "master potter", "--json")
    assert held.code == 0, held.errors
    events = [json.loads(line) for line in held.out.splitlines()]
    texts = [each["text"] for each in events if each["event"] == "question"]
    assert texts == ["When did a kiln fail?"]
    assert events[0]["event"] == "note"
    assert events[0]["text"] == "The posting speaks of kiln and pottery."
    (path,) = held.paths
    assert load_transcript(path).header.question == "When did a kiln fail?"


async def test_orders_in_the_papers_change_nothing_and_are_not_drawn(shell: Shell) -> None:
    async with fake_endpoint() as fake:
        held = Papers(shell, fake)
        evil = held.write("evil.md", EVIL.replace("\0", ""))
        await held.chat("difficult-stakeholder", "--probes", "1", "--cv", evil, "--job", evil)
    assert held.code == 0, held.errors
    for hostile in ("\x1b[31m", "\u202e", "hired", "ignore all"):
        assert hostile not in held.out
        assert hostile not in held.sent


@pytest.mark.parametrize(
    ("name", "data", "told", "remedy"),
    [
        ("none.txt", None, "can't be read: No such file or directory", "--cv FILE, one of"),
        ("cv.odt", b"x", "found a file in .odt; expected one of .txt, .md, .docx, .pdf", "txt"),
        ("cv", b"x", "found a file without an ending", "expected one of"),
        ("cv.txt", b"", "found an empty file", "save it as text"),
        ("cv.txt", b" \n\t ", "found no words in it", "save it as text"),
        ("cv.txt", b"\x1b[31m\x07", "found no words in it", "save it as text"),
        ("cv.md", b"ab\0c", "found a binary file", "save it as text"),
        ("cv.txt", b"\xff\xd8\xff\xe0 JFIF", "not UTF-8", "save it as text"),
        ("cv.pdf", b"%PDF-1.4 x", "found a broken PDF", "save it as text"),
        ("cv.docx", b"PK\x03\x04 x", "found a broken Word file", "save it as text"),
        ("cv.pdf", pdf_file(""), "so it may be a scan", "save it as text"),
        ("cv.pdf", pdf_file("x", locked="secret"), "a PDF with a password", "save it as text"),
        ("cv.txt", b"word " * 2_000_000, "has 9,999,999 characters; 100,000 is the most", "leave"),
        ("cv.txt", b"x" * 11_000_000, "has 11,000,000 characters; 100,000 is the most", "leave"),
    ],
)
async def test_papers_that_cannot_be_used_are_told_before_anything_is_made(
    shell: Shell, name: str, data: bytes | None, told: str, remedy: str
) -> None:
    path = shell.home / name
    if data is not None:
        path.write_bytes(data)
    args = ("--cv", path, "--model", "x", "--base-url", "http://127.0.0.1:9/v1")
    done = await asyncio.to_thread(shell.run, "chat", *args, "--transcripts", shell.home / "s")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{path}: " in done.stderr
    assert told in done.stderr
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr
    assert not (shell.home / "s").exists()


async def test_a_folder_is_no_cv(shell: Shell) -> None:
    done = await asyncio.to_thread(shell.run, "chat", "--session", "2", "--job", shell.home)
    assert done.returncode == 1
    assert "can't be read: Is a directory" in done.stderr
    assert "--job FILE, one of .txt" in done.stderr
