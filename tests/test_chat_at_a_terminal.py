"""`interviewer chat` as somebody at a terminal meets it, its model a fake on the loopback."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from interviewer.events import End, Probe, Reply
from interviewer.transcript import Recorded, load_transcript
from tests.fake_endpoint import Answer, FakeEndpoint, Json, spoken, threaded_endpoint, tokens
from tests.scripted import ANSWER, PROBE
from tests.terminal.pty import Terminal

ROOT = Path(__file__).parents[1]
HINT = "Think of one launch."
WINDOWS: list[Any] = [
    pytest.param({}, 80, id="xterm"),
    pytest.param({"NO_COLOR": "1"}, 30, id="narrow, no colour"),
    pytest.param({"TERM": "dumb"}, 30, id="dumb and narrow"),
]
BOTH = [WINDOWS[0], WINDOWS[-1]]
"""Where words can be erased, and where nothing but lines is known."""
START = ["opening", "question"]
END = ["final", "grade", "closing", "end"]


class Chat:
    """Interviews at terminals, and their model."""

    def __init__(self, home: Path, fake: FakeEndpoint) -> None:
        self.home, self.fake = home, fake
        self.speech = [spoken(PROBE)]
        """What the model says, in turn; the last again and again."""
        self.stalls = False
        """Whether the model thinks for ever."""
        self.pause_s = 0.0
        """How long it thinks before its first answer."""
        self._opened: list[Terminal] = []
        fake.choose = self._choose

    def open(
        self,
        *flags: str,
        columns: int = 80,
        environ: Mapping[str, str] | None = None,
        cold: bool = False,
    ) -> Terminal:
        common = ["--transcripts", str(self.home / "saved"), "--probes", "1"]
        model = ["--model", "x", "--base-url", self.fake.url]
        args = ["-m", "interviewer", "chat", *common, *model, *flags]
        given = {"PYTHONPATH": str(ROOT), **(environ or {})}
        terminal = Terminal(args, columns=columns, environ=given, cwd=self.home, cold=cold)
        self._opened.append(terminal)
        return self._opened[-1]

    @property
    def saved(self) -> Recorded:
        (path,) = (self.home / "saved").glob("*.jsonl")
        return load_transcript(path)

    @property
    def names(self) -> list[str]:
        return [event.event for event in self.saved.events]

    def close(self) -> None:
        for terminal in self._opened:
            terminal.close()

    def _choose(self, request: Json) -> Answer:
        if request.get("stream"):
            return self.speech.pop(0) if len(self.speech) > 1 else self.speech[0]
        if self.stalls:
            return Answer(stall=True)
        time.sleep(self.pause_s)
        self.pause_s = 0.0
        return tokens(("No", -0.1), *((word, -3.0) for word in ("Yes", *"12345ABCDEFGZ")))


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    for name in os.environ:
        if name.startswith(("INTERVIEWER_", "OPENAI_", "XDG_", "_INTERVIEWER", "NO_COLOR")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    with threaded_endpoint() as fake:
        made = Chat(tmp_path, fake)
        yield made
        made.close()


def flat(text: str) -> str:
    """Return what is on a screen without its line breaks."""
    return " ".join(text.split())


def prompted(terminal: Terminal, purpose: str = "answer") -> str:
    """Wait until the last thing on the screen is an empty prompt."""
    return terminal.shows(rf"Your {purpose}(\n> *|> ?)\n*( *\d+:\d\d.*)?\n*\Z")


@pytest.mark.parametrize(("environ", "columns"), WINDOWS)
def test_an_interview_from_its_header_to_its_grade(
    chat: Chat, environ: dict[str, str], columns: int
) -> None:
    chat.speech = [spoken(HINT), spoken(PROBE)]
    cold = not environ  # one of them as it is at home, from the start of Python
    terminal = chat.open(columns=columns, environ=environ, cold=cold)
    prompted(terminal)
    terminal.keys("/help\r")
    for command in ("/hint +a hint", "/repeat +hear", "/skip +leave", "/finish +go", "/quit +stop"):
        terminal.shows(command)
    prompted(terminal)
    terminal.keys("/nosuch\r")
    terminal.shows(r"There is no /nosuch")
    prompted(terminal)
    terminal.keys("/hint\r")
    terminal.shows(HINT)
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    terminal.shows(r"tell\s+you\?")
    assert PROBE in flat(prompted(terminal))
    terminal.keys("They told me nothing.\r")
    prompted(terminal, "final answer")
    terminal.keys("keep\r")

    assert terminal.ends() == 0
    assert "Traceback" not in terminal.written
    assert "Transcript:" in terminal.text
    assert chat.names == [
        *(*START, "request", "reply", "answer", "coverage", "probe", "answer", "coverage"),
        *("invitation", "request", *END),
    ]
    assert chat.saved.events[4].model_dump()["text"] == ANSWER
    if environ:
        assert not re.search(r"\x1b\[[\d;]*(3[0-7]|9[0-7])m", terminal.written)
    if "TERM" in environ:
        assert "\x1b" not in terminal.written


@pytest.mark.parametrize(("environ", "columns"), BOTH)
def test_ctrl_c_while_the_interviewer_talks_stops_the_talk_only(
    chat: Chat, environ: dict[str, str], columns: int
) -> None:
    chat.speech = [spoken("Think of ", stall=True)]
    terminal = chat.open(columns=columns, environ=environ)
    prompted(terminal)
    terminal.keys("/hint\r")
    terminal.shows("Think of")
    terminal.keys("\x03")
    terminal.shows(r"\(stopped\)")
    shown = prompted(terminal)
    assert "^C" not in shown or environ.get("TERM") == "dumb"
    terminal.keys("/quit\r")

    assert terminal.ends() == 0
    reply = chat.saved.events[3]
    assert reply == Reply(kind="hint", text="Think of", cut=True)
    assert chat.names == [*START, "request", "reply", "end"]
    assert chat.saved.resumable


def test_ctrl_c_twice_while_the_interviewer_talks_leaves(chat: Chat) -> None:
    chat.speech = [spoken("Think of ", stall=True)]
    terminal = chat.open()
    prompted(terminal)
    terminal.keys("/hint\r")
    terminal.shows("Think of")
    os.kill(terminal.pid, signal.SIGINT)
    terminal.shows(r"\(stopped\)")
    os.kill(terminal.pid, signal.SIGINT)

    assert terminal.ends() == 130
    assert chat.names == [*START, "request", "reply", "end"]


@pytest.mark.parametrize(
    ("how", "environ"),
    [("key", {}), ("signal", {"TERM": "dumb"})],
    ids=["key", "signal, dumb"],
)
def test_ctrl_c_twice_at_the_prompt_leaves_with_everything_saved(
    chat: Chat, environ: dict[str, str], how: str
) -> None:
    terminal = chat.open(environ=environ)

    def press() -> None:
        terminal.keys("\x03") if how == "key" else os.kill(terminal.pid, signal.SIGINT)

    prompted(terminal)
    press()
    terminal.shows("Ctrl-C again leaves")
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    terminal.shows("customers tell you")
    prompted(terminal)
    press()  # another wish than the first: it was answered in between
    terminal.shows(r"(?s)tell you.*Ctrl-C again leaves")
    prompted(terminal)
    press()

    assert terminal.ends() == 130
    assert "Traceback" not in terminal.written
    assert chat.names == [*START, "answer", "coverage", "probe", "end"]
    assert chat.saved.events[-1].model_dump()["reason"] == "quit"
    assert chat.saved.resumable


def test_ctrl_c_twice_while_the_model_thinks_leaves_with_everything_saved(chat: Chat) -> None:
    chat.stalls = True
    terminal = chat.open()
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    wait_for(terminal, chat.fake.asked.is_set)
    terminal.keys("\x03")
    terminal.shows(r"Ctrl-C\s+again")
    terminal.keys("\x03")

    assert terminal.ends() == 130
    assert "Traceback" not in terminal.written
    assert chat.names == [*START, "answer", "end"]
    assert isinstance(chat.saved.events[-1], End)
    assert chat.saved.resumable


def wait_for(terminal: Terminal, happens: Callable[[], bool]) -> None:
    for _ in range(400):
        if happens():
            return
        terminal.listen()
    raise AssertionError("it never happened")


def test_what_is_typed_ahead_is_off_the_screen_until_somebody_reads(chat: Chat) -> None:
    chat.pause_s = 1
    terminal = chat.open()
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    terminal.shows("thinking about your answer")
    terminal.keys("\r\rThey told me nothing.\r")
    wait_for(terminal, chat.fake.asked.is_set)
    terminal.listen()
    assert "They told" not in terminal.text
    shown = prompted(terminal, "final answer")
    assert "tell you?\n\nYour answer\n> They told me nothing.\n" in shown
    assert shown.count("thinking") == 0
    terminal.keys("\x04")
    assert terminal.ends() == 0
    assert chat.names == [
        *(*START, "answer", "coverage", "probe", "answer", "coverage", "invitation", "request"),
        *END,
    ]


def test_ctrl_d_ends_with_a_grade(chat: Chat) -> None:
    terminal = chat.open()
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    terminal.shows(r"tell\s+you\?")
    prompted(terminal)
    terminal.keys("\x04")

    assert terminal.ends() == 0
    assert "What to work on" in terminal.written
    assert chat.names == [*START, "answer", "coverage", "probe", "request", *END]


def test_a_follow_up_that_breaks_a_rule_is_gone_when_the_next_one_stands(chat: Chat) -> None:
    chat.speech = [spoken("What is your score ", "for billing?"), spoken(PROBE)]
    terminal = chat.open(columns=30)
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    terminal.shows(r"tell\s+you\?")
    shown = prompted(terminal)
    assert "score" not in shown
    assert shown.count("Interviewer") <= 2
    terminal.keys("/quit\r")
    assert terminal.ends() == 0
    (probe,) = (event for event in chat.saved.events if isinstance(event, Probe))
    assert "What is your score for billing?" in probe.rejected[0]


def test_a_dumb_terminal_is_told_that_a_follow_up_is_put_differently(chat: Chat) -> None:
    chat.speech = [spoken("What is your score ", "for billing?"), spoken(PROBE)]
    terminal = chat.open(environ={"TERM": "dumb"})
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    terminal.shows(r"tell\s+you\?")
    assert "for billing?\n  Let me put that differently.\n" in prompted(terminal)


def test_an_interview_that_was_left_is_resumed_with_what_was_said(chat: Chat) -> None:
    terminal = chat.open()
    prompted(terminal)
    terminal.keys(f"{ANSWER}\r")
    terminal.shows("tell you")
    prompted(terminal)
    terminal.keys("/quit\r")
    assert terminal.ends() == 0
    assert "Go on with: interviewer chat --resume /" in terminal.text

    again = chat.open("--resume")
    shown = flat(prompted(again))
    assert "without asking a single customer about it" in shown
    assert PROBE in shown
    assert "Resumed" in shown
    again.keys("They told me nothing.\r")
    prompted(again, "final answer")
    again.keys("I launched it again with forty customers.\r")
    assert again.ends() == 0
    assert chat.names[-len(END) :] == END
    assert not chat.saved.resumable


def test_events_as_json_lines_come_from_a_typed_interview_too(chat: Chat) -> None:
    terminal = chat.open("--json")
    prompted(terminal)
    terminal.keys("/hint\r")
    terminal.shows('"event": "reply"')
    prompted(terminal)
    terminal.keys("\x04")
    assert terminal.ends() == 0
    assert chat.names == [*START, "request", "reply", "request", "closing", "end"]
