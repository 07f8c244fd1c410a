import asyncio
import json
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.application.current import set_app
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput, Output

from interviewer.terminal import keyboard as module
from interviewer.terminal.keyboard import Keyboard
from tests.terminal.pty import Terminal

SCRIPT = """
import asyncio, json, pathlib, sys
from interviewer.terminal.keyboard import Keyboard

async def main():
    keyboard = Keyboard(history=pathlib.Path(sys.argv[1]))
    while True:
        try:
            typed = await keyboard.read("answer")
        except (EOFError, KeyboardInterrupt) as error:
            print("GOT", type(error).__name__, flush=True)
            return
        print("GOT", json.dumps(typed.text), typed.seconds >= 0, flush=True)

asyncio.run(main())
"""


class Typing(Terminal):
    """The script above."""

    def got(self, text: str) -> None:
        """Wait until the program has been given `text`."""
        self.shows(re.escape(f"GOT {json.dumps(text)} True"))


@pytest.fixture
def terminals() -> Iterator[list[Typing]]:
    opened: list[Typing] = []
    yield opened
    for terminal in opened:
        terminal.close()


def open_terminal(
    terminals: list[Typing], history: Path, *, columns: int = 80, term: str = "xterm"
) -> Typing:
    environ = {"TERM": term}
    terminal = Typing(["-c", SCRIPT, str(history)], columns=columns, environ=environ)
    terminals.append(terminal)
    terminal.shows("Your answer")
    return terminal


def test_typing_at_a_terminal(tmp_path: Path, terminals: list[Typing]) -> None:
    history = tmp_path / "state" / "history"
    terminal = open_terminal(terminals, history)
    terminal.shows(r"0:0\d · 0 words · Enter sends · Alt\+Enter new line · /help")

    terminal.keys("\r\r  \r")  # nothing is not sent
    terminal.keys("\x15I shipped late.")
    terminal.shows("3 words")
    terminal.keys("\x1b\rSecond line.\nThird.\\\rFourth.")
    terminal.shows("> I shipped late.\n  Second line.\n  Third.\n  Fourth.")
    terminal.shows(r"0:0[1-9] · 7 words")  # the clock runs by itself
    terminal.keys("\r")
    terminal.got("I shipped late.\nSecond line.\nThird.\nFourth.")

    terminal.keys("\x1b[200~One paragraph.\r\n\r\nAnother [/b].\x1b[201~")
    shown = terminal.shows("4 words")
    assert shown.count("GOT") == 1  # a paste is not sent
    terminal.keys("\r")
    terminal.got("One paragraph.\n\nAnother [/b].")

    terminal.keys("gone\x03")
    terminal.shows("· 0 words")
    terminal.keys("/s")
    terminal.shows("/skip +leave this one out")
    terminal.keys("\t\r")
    terminal.got("/skip")

    terminal.keys("\x1b[A\x1b[A\r")  # the history, whole
    terminal.shows(r'(?s)(GOT "One paragraph.*){2}')
    terminal.keys("\x04")
    terminal.shows("GOT EOFError")
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_a_narrow_window_drops_what_has_no_room(tmp_path: Path, terminals: list[Typing]) -> None:
    terminal = open_terminal(terminals, tmp_path / "history", columns=30)
    shown = terminal.shows(r"0:0\d · 0 words")
    assert "Alt" not in shown
    terminal.keys("one two three four five six seven eight nine")
    terminal.shows("9 words")
    terminal.keys("\x15\x03")
    terminal.shows("GOT KeyboardInterrupt")


def test_a_dumb_terminal_reads_plain_lines(tmp_path: Path, terminals: list[Typing]) -> None:
    terminal = open_terminal(terminals, tmp_path / "history", term="dumb")
    terminal.keys("one line\n")
    terminal.got("one line")
    terminal.keys("first\\\nsecond é\n")
    terminal.got("first\nsecond é")
    terminal.keys("\x04")
    terminal.shows("GOT EOFError")


async def typed(keys: str, history: Path) -> str:
    with create_pipe_input() as source:
        source.send_bytes(keys.encode("utf-8", "surrogateescape"))
        keyboard = Keyboard(history=history, source=source, output=DummyOutput())
        async with asyncio.timeout(5):
            return (await keyboard.read("answer")).text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("plain\r", "plain"),
        ("  outer space \r", "outer space"),
        ("one\x1b\rtwo\r", "one\ntwo"),
        ("one\ntwo\r", "one\ntwo"),
        ("one\\\rtwo\r", "one\ntwo"),
        ("\x1b[200~a\r\rb\x1b[201~\r", "a\n\nb"),
        ("gone\x03kept\r", "kept"),
        ("\r \r x\r", "x"),
        ("/help\r", "/help"),
        ("half \udcff\r", "half ?"),
    ],
)
async def test_keys_make_a_reply(tmp_path: Path, keys: str, text: str) -> None:
    assert await typed(keys, tmp_path / "history") == text


@pytest.mark.parametrize(("key", "error"), [("\x03", KeyboardInterrupt), ("\x04", EOFError)])
async def test_a_key_on_an_empty_line_ends(
    tmp_path: Path, key: str, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        await typed(key, tmp_path / "history")


class Slip(DummyOutput):
    """A window of 20 columns."""

    def get_size(self) -> Size:
        return Size(rows=24, columns=20)


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (Slip(), "  0:00 · 0 words"),
        (DummyOutput(), "  0:00 · 0 words · Enter sends · Alt+Enter new line · /help"),
    ],
)
def test_the_toolbar_says_what_fits(tmp_path: Path, output: Output, shown: str) -> None:
    with create_pipe_input() as source, create_app_session(source, output):
        keyboard = Keyboard(history=tmp_path / "history", source=source, output=output)
        keyboard._began_s = time.monotonic()
        with set_app(keyboard._session.app):
            assert keyboard._toolbar() == shown


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/", ["/help", "/hint", "/repeat", "/skip", "/finish", "/quit"]),
        ("/H", ["/help", "/hint"]),
        ("/hint ", []),
        ("", []),
        ("and/or", []),
    ],
)
def test_commands_are_offered_after_a_slash(line: str, offered: list[str]) -> None:
    completer = module._Commands(module.COMMANDS)
    found = completer.get_completions(Document(line), CompleteEvent())

    assert [completion.text for completion in found] == offered


async def test_a_history_that_cannot_be_kept_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert await typed("words\r", tmp_path / "file" / "history") == "words"

    kept = module._open_history(tmp_path / "history")
    kept.store_string("one")
    (tmp_path / "history").unlink()
    (tmp_path / "history").mkdir()
    kept.store_string("two")
    assert isinstance(module._open_history(tmp_path / "file" / "x"), InMemoryHistory)


def test_the_history_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    assert module.default_history() == tmp_path / "interviewer" / "history"


class _File:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor


async def test_output_that_is_no_terminal_gets_no_prompt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reads, writes = os.pipe()
    os.write(writes, b"one\r\ntw")
    os.write(writes, b"o\\\nmore\n")
    os.close(writes)
    monkeypatch.setattr(sys, "stdin", _File(reads))
    keyboard = Keyboard()

    assert [(await keyboard.read("answer")).text for _ in range(2)] == ["one", "two\nmore"]
    with pytest.raises(EOFError):
        await keyboard.read("final answer")

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "\nYour answer> \nYour answer> \nYour final answer> "
    os.close(reads)


async def test_what_is_typed_can_be_seen_before_it_is_sent(tmp_path: Path) -> None:
    with create_pipe_input() as source:
        keyboard = Keyboard(history=tmp_path / "history", source=source, output=DummyOutput())
        assert keyboard.draft() == ""
        reading = asyncio.create_task(keyboard.read("answer"))
        source.send_text("I was late. Th")
        async with asyncio.timeout(5):
            while keyboard.draft() != "I was late. Th":  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.01)
            source.send_text("en I ran.\r")
            assert (await reading).text == "I was late. Then I ran."
        assert keyboard.draft() == ""


async def test_an_empty_line_is_sent_only_where_it_will_do(tmp_path: Path) -> None:
    with create_pipe_input() as source:
        keyboard = Keyboard(history=tmp_path / "history", source=source, output=DummyOutput())
        source.send_text("\r")
        assert (await keyboard.read("own score", optional=True)).text == ""
        source.send_text("\rI shipped late.\r")
        assert (await keyboard.read("answer")).text == "I shipped late."


def test_a_terminal_that_was_closed_meanwhile_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, program = os.openpty()
    with os.fdopen(program) as stdin, create_pipe_input() as source:
        keyboard = Keyboard(history=tmp_path / "h", source=source, output=DummyOutput())
        monkeypatch.setattr(sys, "stdin", stdin)
        with keyboard.hushed():
            os.close(user)
