"""Somebody at a terminal: a keyboard with /help, and what Ctrl-C does."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from interviewer import intents
from interviewer.cli.signals import on_sigint
from interviewer.session import Typed

_TWICE_S = 1.0
"""Two presses within this time are one wish to leave."""
_COMMAND = re.compile(r"/[a-z]*")
_WARNING = "Ctrl-C again leaves; everything is saved."
BREAK = "break"
"""The purpose of a reply in the break between two interviews."""
BREAK_COMMANDS: Mapping[str, str] = {
    "Enter": "go on with the next question",
    "/skip": "leave that one out",
    "/finish": "end the session, with its review",
    "/quit": "stop; you can go on another day",
}
_KEYS = (
    "Enter sends; Alt+Enter, or a backslash before Enter, starts a new line. "
    "Ctrl-C stops the interviewer's words, and twice it leaves; Ctrl-D ends with a grade."
)


class Run(Protocol):
    """An interview, or a session of several, that is held."""

    async def run(self) -> None:
        """Hold it to its end."""
        ...

    def stop_talking(self) -> bool:
        """Cut what the interviewer is saying; False where it says nothing."""
        ...

    def leave(self) -> None:
        """Tell that the candidate left."""
        ...


class Keys(Protocol):
    """A keyboard."""

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:
        """Return what is typed; KeyboardInterrupt where Ctrl-C was pressed."""
        ...

    def draft(self) -> str:
        """Return what is typed so far."""
        ...

    def interrupt(self) -> bool:
        """Have `read` raise KeyboardInterrupt; False where nobody reads."""
        ...

    def hushed(self) -> AbstractContextManager[None]:
        """Keep what is typed while nobody reads off the screen."""
        ...


class Interrupts:
    """What Ctrl-C does: it stops the interviewer's words, or warns; pressed again, it leaves."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Make it; `tell` shows the warning."""
        self._tell = tell
        self._keys: Keys | None = None
        self.settle()

    def mind(self, keys: Keys) -> None:
        """Let a SIGINT that comes while `keys` reads be a key that was pressed."""
        self._keys = keys

    def settle(self) -> None:
        """Forget what was pressed: the candidate goes on."""
        self._warned, self._pressed_s = False, -_TWICE_S

    async def run(self, session: Run) -> bool:
        """Hold `session`; tell whether Ctrl-C ended it.

        Raises:
            Left: The candidate leaves in words.
            InterviewerError: As `Session.run`.
        """
        self._session = session
        self._task = asyncio.ensure_future(session.run())
        async with on_sigint(self._signalled):
            try:
                await self._task
            except asyncio.CancelledError:
                return True
        return False

    def press(self) -> None:
        """Take a Ctrl-C."""
        now_s = time.monotonic()
        again = self._warned or now_s - self._pressed_s < _TWICE_S
        self._pressed_s = now_s
        if again:
            self._task.cancel()
        elif not self._session.stop_talking():
            self._warned = True
            self._tell(_WARNING)

    def _signalled(self) -> None:
        if not (self._keys and self._keys.interrupt()):
            self.press()


class Person:
    """A keyboard with /help; what it does not know as a command is told, not answered."""

    def __init__(self, keys: Keys, interrupts: Interrupts, tell: Callable[[str], None]) -> None:
        """Make a person; `tell` shows the help."""
        self._keys, self._interrupts, self._tell = keys, interrupts, tell
        interrupts.mind(keys)

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:
        """Return the next reply that is more than a call for help.

        Raises:
            EOFError: Ctrl-D.
        """
        while True:
            try:
                typed = await self._keys.read(purpose, optional=optional)
            except KeyboardInterrupt:
                self._interrupts.press()
                await asyncio.sleep(0)  # where this press leaves, it ends here
                continue
            self._interrupts.settle()
            if not (unknown := _unknown_command(typed.text)):
                return typed
            self._tell(_help(unknown, purpose))

    def draft(self) -> str:
        """Return what is typed so far."""
        return self._keys.draft()


def _unknown_command(text: str) -> str:
    """Return the command in `text` that no interview knows, /help among them, or nothing."""
    head, *rest = text.lower().split() or [""]
    is_one = _COMMAND.fullmatch(head) and len(rest) < 3
    return head if is_one and head not in intents.COMMANDS else ""


def _help(asked: str, purpose: str) -> str:
    from interviewer.terminal.keyboard import COMMANDS

    in_break = purpose == BREAK
    head = "You can type" if asked == "/help" else f"There is no {asked}; you can type"
    commands = BREAK_COMMANDS if in_break else COMMANDS
    rows = [f"{command:<8} {does}" for command, does in commands.items()]
    return "\n".join([f"{head}:", *rows, *([] if in_break else [_KEYS])])
