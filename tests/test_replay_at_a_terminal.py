"""`interviewer replay` as somebody at a terminal meets it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.pty import Terminal
from tests.terminal.replays import ENTRIES, HEADER
from tests.transcript.files import transcript_file

ROOT = Path(__file__).parents[1]
OTHER_SCREEN, FIRST_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
Open = Callable[..., Terminal]


@pytest.fixture
def open_(tmp_path: Path) -> Iterator[Open]:
    """Give what opens `interviewer replay` with some arguments, or another Python program."""
    opened: list[Terminal] = []

    def open_one(*args: str, program: str = "", columns: int = 80) -> Terminal:
        given = ["-c", program] if program else ["-m", "interviewer", "replay", *args]
        environ = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
        terminal = Terminal(
            given, columns=columns, environ=environ, cwd=tmp_path, cold=bool(program)
        )
        opened.append(terminal)
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


@pytest.fixture
def saved(tmp_path: Path) -> str:
    return str(transcript_file(tmp_path / "saved.jsonl", HEADER, ENTRIES))


def test_an_interview_is_watched_with_every_key_and_stays_on_the_screen(
    open_: Open, saved: str
) -> None:
    terminal = open_(saved)
    terminal.shows(r"Question")
    assert "What was your part" not in terminal.text
    terminal.keys(".")
    terminal.shows("It went wrong")
    terminal.keys(",")
    terminal.shows(r"(?s)\A(?!.*It went wrong).*paused")
    terminal.keys("\x1b[C")
    terminal.shows("What was your part in it")
    terminal.keys("\x1b[D")
    terminal.shows(r"(?s)\A(?!.*your part).*turn 1 of 3")
    terminal.keys(" ")
    terminal.shows("playing")
    terminal.keys("+")
    terminal.shows("1.5x")
    terminal.keys("-")
    terminal.shows(" 1x")
    terminal.keys("1")
    terminal.shows("Ownership: evidence 1 of 1")
    terminal.keys("/untested\r")
    terminal.shows("/untested +1 of 1")
    terminal.keys("/\x1b")
    terminal.shows("space pauses")
    terminal.resize(24, 50)
    terminal.shows(r"(?s)I shipped it untested.*q leaves")
    terminal.keys("q")

    assert terminal.ends() == 0
    assert "Traceback" not in terminal.written
    before, after = terminal.written.rsplit(FIRST_SCREEN, 1)
    assert before.count(OTHER_SCREEN) == 1
    assert "Tell me about a failure." in after
    assert "rolled it back" in after
    assert "What to work on" not in after  # the evidence was shown, the grade never was


def test_it_plays_to_its_end_and_waits_there_until_ctrl_c(open_: Open, saved: str) -> None:
    terminal = open_(saved, "--speed", "1000", "--idle-limit", "5s")
    terminal.shows("the end")
    assert "The interview is over" in terminal.text
    terminal.keys("\x03")

    assert terminal.ends() == 130
    assert "What to work on" in terminal.written.rsplit(FIRST_SCREEN, 1)[1]


def test_a_signal_leaves_the_terminal_as_it_was(open_: Open, saved: str) -> None:
    terminal = open_(saved)
    terminal.shows("Question")
    os.kill(terminal.pid, signal.SIGTERM)

    assert terminal.ends() == 128 + signal.SIGTERM
    assert FIRST_SCREEN in terminal.written
    assert terminal.written.rindex("\x1b[?25h") > terminal.written.rindex("\x1b[?25l")
    assert "Traceback" not in terminal.written


def test_ctrl_z_gives_the_shell_its_terminal_back_and_fg_goes_on(open_: Open, saved: str) -> None:
    shell = "import os; os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])"
    terminal = open_(program=f"import os; os.environ['PS1'] = 'ready> '; {shell}")
    terminal.shows("ready>")
    terminal.keys(f"{sys.executable} -m interviewer replay {saved}\r")
    terminal.shows("Question")
    terminal.keys(".")
    terminal.shows("It went wrong")
    terminal.keys("\x1a")
    terminal.shows(r"(?s)Stopped.*ready>\n*\Z")
    assert terminal.written.count(FIRST_SCREEN) == terminal.written.count(OTHER_SCREEN) == 1
    terminal.keys("fg\r")
    terminal.shows("It went wrong(?s:.)*paused")
    terminal.keys("q")
    terminal.shows(r"(?s)It went wrong.*ready>\n*\Z")
    terminal.keys("stty -a | grep -c -e ' -echo '; exit 0\r")
    terminal.shows(r"(?s)exit.*\n0\n")

    assert terminal.ends() == 0
    assert "Traceback" not in terminal.written


def test_one_is_picked_from_a_list_with_the_arrow_keys(open_: Open, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for day, word in ((1, "older"), (2, "newer")):
        header = HEADER.model_copy(
            update={"guide": {"question": f"The {word} question"}},
        )
        transcript_file(folder / f"2026-11-0{day}-093000-x.jsonl", header, ENTRIES)
    (folder / "foreign.jsonl").write_text("foreign", encoding="utf-8")

    terminal = open_("--pick", "--transcripts", str(folder))
    shown = terminal.shows("The older question")
    assert shown.index("The newer question") < shown.index("The older question")
    assert "3 turns  3.4" in shown
    terminal.keys("\x1b[B\r")
    terminal.shows("(?s)Mock interview.*The older question.*playing")
    terminal.keys("q")
    assert terminal.ends() == 0
