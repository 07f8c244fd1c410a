"""`interviewer chat --session` at the shell: three questions of a kind that nobody else asks."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from interviewer.batch.recorded import read_transcript
from interviewer.batch.sources import Sources
from interviewer.events import Begun, End, Reviewed
from interviewer.review import parse_review
from interviewer.transcript import Recorded, interviews_of, load_transcript
from tests.fake_endpoint import FakeEndpoint, fake_endpoint, tokens
from tests.scripted import ANSWER
from tests.terminal.pty import Terminal
from tests.test_chat_at_a_terminal import Chat, chat, prompted
from tests.test_journeys import Shell, shell

__all__ = ["chat", "shell"]  # fixtures

GUIDE = """\
---
kind: pottery
role: {role}
competencies: {{care: {competency}}}
---
{question}

## Interviewer's Goals

1. Care: They want to hear of care.

## How to Approach Your Answer

1. The Pot: Say which pot it was.

## Related Questions

- {related}
"""
QUESTIONS = {
    "glaze": ("When did a glaze fail?", "Master Potter", "patience"),
    "kiln": ("When did a kiln fail?", "Master Potter", "planning"),
    "wheel": ("When did a wheel fail?", "Apprentice", "patience"),
}


def make_guides(home: Path) -> Path:
    """Write three guides into the user's own folder."""
    folder = home / ".local" / "share" / "interviewer" / "guides"
    folder.mkdir(parents=True)
    for id, (question, role, competency) in QUESTIONS.items():
        text = GUIDE.format(
            question=question, role=role, competency=competency, related="When did a glaze fail?"
        )
        (folder / f"{id}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    return make_guides(tmp_path)


class Sessions:
    """Sessions held through pipes, in one folder."""

    def __init__(self, shell: Shell, fake: FakeEndpoint) -> None:
        self.shell, self.saved, self.errors, self.out, self.code = (
            shell,
            shell.home / "s",
            "",
            "",
            0,
        )
        fake.will(tokens(("Yes", -0.7), ("No", -0.7)))
        self._model = ("--model", "x", "--base-url", fake.url, "--transcripts", self.saved)

    async def chat(self, *flags: str | Path, said: str = "") -> "Sessions":
        args = ("chat", *flags, *self._model, "--probes", "0")
        done = await asyncio.to_thread(self.shell.run, *args, said=said)
        self.out, self.errors, self.code = done.stdout, done.stderr, done.returncode
        assert "Traceback" not in self.errors
        return self

    @property
    def recorded(self) -> Recorded:
        (path,) = self.saved.glob("*.jsonl")
        return load_transcript(path)

    @property
    def asked(self) -> list[str]:
        return [each.header.question for each in interviews_of(self.recorded)]


def answers(count: int) -> str:
    return f"{ANSWER}\n\nkeep\n\n" * count


async def test_a_session_through_pipes_asks_and_reviews(shell: Shell, guides: Path) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat("--session", "3", "--kind", "pottery", "--minutes", "45", said=answers(3))
    assert held.code == 0, held.errors
    assert sorted(held.asked) == sorted(question for question, *_ in QUESTIONS.values())
    for words in (
        *("3 questions, 45 minutes at the most", "Interview 1 of 3", "Break", "of 45:00 used"),
        *("Next comes number 3, the last one", "The session is over.", "Competencies"),
        f"Transcript: {held.recorded.path}",
    ):
        assert words in " ".join(held.out.split())
    review = parse_review(held.recorded.events[-1].model_dump()["review"])
    assert review
    assert [each.number for each in review.outcomes] == [1, 2, 3]
    assert {each.competency for each in review.standings} == {"patience", "planning"}


async def test_json_prints_every_event_and_no_break(shell: Shell, guides: Path) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat("--session", "2", "--kind", "pottery", "--json", said=answers(2))
    printed = [json.loads(line) for line in held.out.splitlines()]
    one = ["begun", "opening", "question", "answer", "coverage", "invitation", "request"]
    one += ["final", "grade", "closing", "end"]
    assert [each["event"] for each in printed] == [*one, *one, "reviewed"]
    assert [each["of"] for each in printed if each["event"] == "begun"] == [2, 2]


async def test_the_end_of_the_input_ends_the_session_in_the_next_break(
    shell: Shell, guides: Path
) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat("--session", "3", "--kind", "pottery", said=answers(1))
    assert len(held.asked) == 1
    assert held.recorded.events[-1].model_dump()["reason"] == "finished"


async def test_a_session_is_gone_on_with_after_its_process_was_killed(
    shell: Shell, guides: Path
) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat("--session", "2", "--kind", "pottery", said=answers(2))
        path = held.recorded.path
        whole = path.read_bytes().splitlines(keepends=True)
        begins = [at for at, line in enumerate(whole) if b'"event":"begun"' in line]
        path.write_bytes(b"".join(whole[: begins[1] + 4]))
        await held.chat("--resume", said="keep\n")
    assert held.code == 0, held.errors
    assert "Resumed: we go on where the session stopped." in held.out
    assert "Interview 2 of 2" in held.out
    assert "Interview 1 of 2" not in held.out  # what is over is not shown again
    assert [each.reason for each in held.recorded.events if isinstance(each, End)] == ["graded"] * 2
    assert isinstance(held.recorded.events[-1], Reviewed)


async def test_a_guide_that_was_named_is_asked_though_its_process_was_killed_before(
    shell: Shell, guides: Path
) -> None:
    own = shell.home / "own.md"
    text = GUIDE.format(question="When did a bowl fail?", role="", competency="care", related="x")
    own.write_text(text.replace("role: \n", ""), encoding="utf-8")
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat(own, "--session", "2")
        path = held.recorded.path
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])  # killed at the start
        await held.chat("--resume", said=answers(2))
    assert held.code == 0, held.errors
    assert held.asked[0] == "When did a bowl fail?"


async def test_a_session_that_is_over_is_not_resumed(shell: Shell, guides: Path) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat("--session", "1", "--kind", "pottery", said=answers(1))
        await held.chat("--resume", held.recorded.path)
    assert held.code == 2
    assert "this session is over" in held.errors


async def test_no_question_is_asked_again_soon_unless_that_is_wanted(
    shell: Shell, guides: Path
) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        one = ("--session", "1", "--kind", "pottery")
        for _ in range(3):
            await held.chat(*one, said=answers(1))
        questions = {
            each.header.question
            for path in held.saved.glob("*.jsonl")
            for each in interviews_of(load_transcript(path))
        }
        assert len(questions) == 3
        await held.chat(*one)
        assert held.code == 2
        assert "all 3 guides that fit were asked not long ago" in held.errors
        await held.chat(*one, "--not-within", "0", said=answers(1))
        assert held.code == 0


async def test_a_named_guide_comes_first_and_a_short_plan_is_told(
    shell: Shell, guides: Path
) -> None:
    path = shell.home / "own.md"
    path.write_text((guides / "wheel.md").read_text().replace("wheel", "oven"), encoding="utf-8")
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat(path, "--session", "9", "--kind", "pottery", said=answers(1))
    assert held.asked == ["When did a oven fail?"]
    assert "There are only 4 guides for 9 interviews." in held.out
    assert "Interview 1 of 4" in held.out


async def test_a_role_is_meant_by_its_initials_and_its_guides_keep_their_own_words(
    shell: Shell, guides: Path
) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        flags = ("--session", "3", "--kind", "pottery", "--role", "mp", "--level", "Senior")
        await held.chat(*flags, said=answers(3))
    begun = [each.guide for each in held.recorded.events if isinstance(each, Begun)]
    assert [(each["role"], each["level"]) for each in begun] == [("Master Potter", "Senior")] * 2
    assert held.recorded.header.plan
    assert held.recorded.header.plan.role == "mp"


@pytest.mark.parametrize(
    ("flags", "what"),
    [
        (["--session", "2", "--kind", "juggling"], "one of: .*pottery"),
        (
            ["--session", "2", "--kind", "pottery", "--role", "cook"],
            "one of: Apprentice, .*Master Potter",
        ),
        (["--session", "0"], "0 is not in the range"),
        (["--session", "2", "--not-within", "3x"], "'3x' is no span"),
        (["--session", "2", "--minutes", "nan"], "no number"),
        (["--session", "2", "--resume"], "what is resumed has its plan already"),
        (["--session", "2", "--cassette", "x.yaml"], "one interview, not a session"),
        (["--session", "2", "--record"], "one interview, not a session"),
        (["--session", "2", "--calibration", "x.json"], "for one guide, and a session has several"),
        (["--session", "2", "nosuch"], "there is no guide"),
        (["--kind", "pottery"], "--kind is for a session"),
        (["--not-within", "0"], "--not-within is for a session"),
    ],
)
def test_what_can_not_be_is_told_at_once(
    shell: Shell, guides: Path, flags: list[str], what: str
) -> None:
    done = shell.run("chat", *flags, "--transcripts", shell.home / "s")
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert re.search(what, " ".join(done.stderr.split())), done.stderr
    assert not (shell.home / "s").exists()


async def test_every_other_command_takes_a_session(shell: Shell, guides: Path) -> None:
    async with fake_endpoint() as fake:
        held = Sessions(shell, fake)
        await held.chat("--session", "2", "--kind", "pottery", said=answers(2))
    path, y = held.recorded.path, ("--model", "y", "--base-url", "http://127.0.0.1:9/v1")

    def run(*args: str | Path, code: int = 0) -> str:
        done = shell.run(*args)
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stderr
        return " ".join((done.stdout + done.stderr).split())

    assert "2 questions: " in run("transcripts", held.saved)
    assert "mean of 2" in run("transcripts", held.saved, "--guide", "kiln", "--graded")
    assert "turn 4" in run("replay", path, "--no-timing")
    assert "Progress over 2 interviews" in run("progress", held.saved)
    assert all(each in run("export", path, "--to", "md", "-o", "-") for each in held.asked)
    assert "it holds 2 interviews" in run("export", path, "--to", "md", "--interview", "3", code=2)
    assert held.asked[1] in run("export", path, "--to", "md", "-o", "-", "--interview", "2")
    assert "no probe was asked in this interview" in run("replay", "--reask", "2", path, code=2)
    assert "one interview can be held again" in run("chat", "--again", path, code=2)
    assert "1 difference; " in run("replay", "--verify", path, *y, code=1)
    assert [(each.number, each.turns[0].asked) for each in read_transcript(str(path))] == [
        (number, asked) for number, asked in enumerate(held.asked, start=1)
    ]
    with Sources([str(held.saved)]) as sources:
        assert [row.id for row in sources.rows()] == [f"{path.name}:1", f"{path.name}:2"]
        assert sources.count() == 2


def at_home(chat: Chat) -> Chat:
    make_guides(chat.home)
    return chat


def test_somebody_at_a_keyboard_decides_in_the_break(chat: Chat) -> None:
    flags = ("--session", "3", "--kind", "pottery", "--probes", "0")
    terminal = at_home(chat).open(*flags)

    def answer(terminal: Terminal) -> None:
        prompted(terminal)
        terminal.keys(f"{ANSWER}\r")
        prompted(terminal, "final answer")
        terminal.keys("keep\r")
        prompted(terminal, "break")

    answer(terminal)
    terminal.keys("/help\r")
    terminal.shows("/finish +end the session")
    prompted(terminal, "break")
    terminal.keys("what now?\r")
    terminal.shows("This is the break")
    prompted(terminal, "break")
    terminal.keys("/skip\r")
    terminal.shows("passed over")
    prompted(terminal, "break")
    terminal.keys("\x04")
    assert terminal.ends() == 0
    assert "Go on with: interviewer chat --resume /" in terminal.text
    assert chat.names.count("begun") == 1
    assert chat.saved.resumable

    again = chat.open("--resume")
    prompted(again, "break")
    again.keys("\r")
    again.shows("Interview 2 of 2")
    prompted(again)
    again.keys("\x03")
    again.shows("Ctrl-C again leaves")
    again.keys("\x03")
    assert again.ends() == 130
    assert chat.names[-1] == "end"

    last = chat.open("--resume")
    prompted(last)
    last.keys("/skip\r")
    assert last.ends() == 0
    assert chat.names[-1] == "reviewed"
    assert "Competencies, the weakest first" in last.text
    assert "Go on with" not in last.text
    assert "Traceback" not in terminal.written + again.written + last.written
