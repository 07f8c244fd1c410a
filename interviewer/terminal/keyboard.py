"""Typing: replies of one or more lines, with history, completion and a toolbar.

Enter sends. Alt+Enter, Ctrl+J or a backslash before Enter makes a new line, and a paste of several
paragraphs stays one reply. Where a terminal can't move its cursor, plain lines are read.
"""

import asyncio
import codecs
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import is_dumb_terminal

from interviewer.terminal.console import clock_face
from interviewer.terminal.reading import Bytes, Typed
from interviewer.text import words as words_of

COMMANDS: Mapping[str, str] = {
    "/help": "what you can do here",
    "/hint": "a hint, not the answer",
    "/repeat": "hear the question again",
    "/skip": "leave this one out",
    "/finish": "go to the end and be graded",
    "/quit": "stop; you can resume later",
}
"""Command -> what it does, as the completion shows it."""

_KEYS = ("Enter sends", "Alt+Enter new line", "/help")
_STYLE = Style.from_dict(
    {
        "bottom-toolbar": "noreverse ansibrightblack",
        "label": "bold ansigreen",
        "prompt-mark": "ansigreen",
    }
)


class Keyboard:
    """Reads replies from the terminal."""

    def __init__(
        self,
        *,
        commands: Mapping[str, str] = COMMANDS,
        history: Path | None = None,
        source: Input | None = None,
        output: Output | None = None,
    ) -> None:
        """Make a keyboard.

        Args:
            commands: Command -> what it does; offered where a line starts with a slash.
            history: File that remembers what was typed; without one, `default_history()`.
            source: Where keys come from; the terminal without one.
            output: Where the line is drawn; the terminal without one.
        """
        self._commands = commands
        self._began_s = 0.0
        self._lines: _Lines | None = None
        self._waiting: asyncio.Future[str] | None = None
        self._optional = False
        if source is None and (is_dumb_terminal() or not sys.stdout.isatty()):
            self._lines = _Lines()
            return
        self._session: PromptSession[str] = PromptSession(
            multiline=True,
            enable_suspend=True,
            history=_open_history(history or default_history()),
            key_bindings=_bindings(lambda: self._optional),
            completer=_Commands(commands),
            complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith("/")),
            bottom_toolbar=self._toolbar,
            prompt_continuation="  ",
            refresh_interval=1,
            style=_STYLE,
            input=source,
            output=output,
        )

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:
        """Return what is typed, once Enter sends it.

        Await it in the task that handles a KeyboardInterrupt: out of another one, asyncio lets
        that error end the event loop.

        Args:
            purpose: What is asked for, as it stands after "Your": "answer", "final answer".
            optional: Whether Enter sends an empty line too.

        Raises:
            EOFError: Ctrl+D on an empty line, or the terminal is gone.
            KeyboardInterrupt: Ctrl+C on an empty line; with text in it, Ctrl+C only clears it.
        """
        self._began_s, self._optional = time.monotonic(), optional
        if self._lines is not None:
            text = await self._line(self._lines, purpose)
        else:
            # SIGINT stays with whoever minds it: prompt_toolkit would not give it back.
            text = await self._session.prompt_async(_prompt(purpose), handle_sigint=False)
        return Typed(_whole(text).strip(), time.monotonic() - self._began_s)

    def draft(self) -> str:
        """Return what is typed so far; empty where nobody reads, or reads whole lines."""
        if self._lines is None and self._session.app.is_running:
            return _whole(self._session.default_buffer.text)
        return ""

    def interrupt(self) -> bool:
        """Interrupt `read` as Ctrl+C on an empty line does; False where nobody reads."""
        if self._waiting:
            return self._waiting.cancel()
        if self._lines is None and self._session.app.is_running:
            self._session.app.exit(exception=KeyboardInterrupt(), style="class:aborting")
            return True
        return False

    @contextlib.contextmanager
    def hushed(self) -> Iterator[None]:
        """Keep what is typed while nobody reads off the screen; the next `read` gets its keys."""
        if sys.platform == "win32" or self._lines is not None or not sys.stdin.isatty():
            yield
            return
        import termios

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        # Keys, not lines: Enter is to send what was typed ahead, as at any prompt.
        silent = [*before]
        silent[0] &= ~termios.ICRNL
        silent[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, silent)
        try:
            yield
        finally:
            with contextlib.suppress(termios.error):  # it was closed, or is a shell's again
                termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    async def _line(self, lines: "_Lines", purpose: str) -> str:
        self._waiting = asyncio.ensure_future(lines.read(f"\nYour {purpose}> "))
        try:
            return await self._waiting
        except asyncio.CancelledError:
            if cast("asyncio.Task[object]", asyncio.current_task()).cancelling():
                raise
            raise KeyboardInterrupt from None
        finally:
            self._waiting = None

    def _toolbar(self) -> str:
        app = get_app()
        count = len(words_of(app.current_buffer.text))
        parts = [
            clock_face(time.monotonic() - self._began_s),
            f"{count} word{'s' if count != 1 else ''}",
            *_KEYS,
        ]
        room = app.output.get_size().columns - 4
        while len(line := " \N{MIDDLE DOT} ".join(parts)) > room and len(parts) > 1:
            parts.pop()
        return f"  {line}"


def default_history() -> Path:
    """Return the user's own file of what was typed."""
    return user_state_path("interviewer", appauthor=False) / "history"


class _Commands(Completer):
    def __init__(self, commands: Mapping[str, str]) -> None:
        self._commands = commands

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterable[Completion]:
        typed = document.text
        for command, does in self._commands.items():
            if typed.startswith("/") and command.startswith(typed.lower()):
                yield Completion(command, start_position=-len(typed), display_meta=does)


class _OwnHistory(FileHistory):
    """A history that a full disk does not stop the interview for."""

    def store_string(self, string: str) -> None:
        with contextlib.suppress(OSError):
            super().store_string(string)


class _Lines:
    """Reads plain lines; a backslash at the end goes on with the next one."""

    def __init__(self) -> None:
        self._bytes = Bytes(sys.stdin.fileno())
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    async def read(self, prompt: str) -> str:
        shown = sys.stdout if sys.stdout.isatty() else sys.stderr
        shown.write(prompt)
        shown.flush()
        text = await self._line()
        while text.endswith("\\"):
            text = text[:-1] + "\n" + await self._line()
        return text

    async def _line(self) -> str:
        while "\n" not in self._rest:
            chunk = await self._bytes.read()
            if not chunk:
                raise EOFError
            self._rest += self._decoder.decode(chunk)
        line, self._rest = self._rest.split("\n", 1)
        return line.removesuffix("\r")


def _prompt(purpose: str) -> StyleAndTextTuples:
    return [("", "\n"), ("class:label", f"Your {purpose}"), ("", "\n"), ("class:prompt-mark", "> ")]


def _whole(text: str) -> str:
    """Return `text` without half characters, which a terminal in another encoding may send."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _open_history(path: Path) -> History:
    """Return the history in `path`, readable by its owner alone, or else one in memory."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600))
        path.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return _OwnHistory(path)


def _bindings(optional: Callable[[], bool]) -> KeyBindings:
    keys = KeyBindings()
    keys.add("enter")(lambda event: _send(event, empty=optional()))
    keys.add("escape", "enter")(_new_line)
    keys.add("c-j")(_new_line)
    keys.add("c-c")(_interrupt)
    return keys


def _send(event: KeyPressEvent, *, empty: bool) -> None:
    buffer = event.current_buffer
    if buffer.document.current_line_before_cursor.endswith("\\"):
        buffer.delete_before_cursor()
        buffer.newline(copy_margin=False)
    elif empty or buffer.text.strip():
        buffer.validate_and_handle()


def _new_line(event: KeyPressEvent) -> None:
    event.current_buffer.newline(copy_margin=False)


def _interrupt(event: KeyPressEvent) -> None:
    buffer: Buffer = event.current_buffer
    if buffer.text:
        buffer.reset()
    else:
        event.app.exit(exception=KeyboardInterrupt(), style="class:aborting")
