"""The window of a player: keys in, lines out, and the terminal as it was when all is over.

Drawn on the terminal's other screen, which prompt_toolkit keeps, so that stepping back is nothing
but drawing an earlier state; what was played is printed on the first screen afterwards.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress

from prompt_toolkit.application import Application
from prompt_toolkit.application.run_in_terminal import run_in_terminal
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import Output
from rich.console import Console

from interviewer.replay import Replay
from interviewer.terminal.player import Player
from interviewer.terminal.player_view import PlayerView
from interviewer.terminal.replay_drawing import Drawing

_TICK_S = 1.0
"""How often the clock in the foot is drawn anew."""
_NAMES = {
    Keys.Left: "left",
    Keys.Right: "right",
    Keys.Up: "up",
    Keys.Down: "down",
    Keys.PageUp: "pageup",
    Keys.PageDown: "pagedown",
    Keys.Home: "home",
    Keys.End: "end",
    Keys.Enter: "enter",
    Keys.Escape: "escape",
    Keys.Backspace: "backspace",
    Keys.Tab: "tab",
    Keys.ControlC: "c-c",
    Keys.SIGINT: "c-c",
}
"""prompt_toolkit's name of a key -> the player's."""


class PlayerWindow:
    """Shows one player until it is left."""

    def __init__(
        self,
        player: Player,
        replay: Replay,
        pad: Console,
        *,
        file: str = "",
        source: Input | None = None,
        output: Output | None = None,
    ) -> None:
        """Make a window.

        Args:
            player: What is played.
            replay: What it plays.
            pad: Tells colours and characters; nothing is written on it.
            file: What the file is called, where there are several.
            source: Where keys come from; the terminal without one.
            output: What is drawn on; the terminal without one.
        """
        self._player, self._replay, self._pad, self._file = player, replay, pad, file
        self._view: PlayerView | None = None
        self._pressed = asyncio.Event()
        self._app: Application[None] = Application(
            layout=Layout(Window(FormattedTextControl(self._drawn, show_cursor=False))),
            full_screen=True,
            key_bindings=self._bindings(),
            input=source or create_input(always_prefer_tty=True),
            output=output,
        )
        self._app.ttimeoutlen = 0.1  # Escape alone is told soon from the begin of a longer key
        self.ended_by: int | None = None
        """The signal that ended it; None where a key did."""

    async def run(self) -> None:
        """Show the player until a key or a signal ends it; the terminal is then as it was."""
        self._player.freeze()
        playing = asyncio.ensure_future(self._play())
        try:
            await self._app.run_async(pre_run=self._begin)
        finally:
            playing.cancel()
            self._mind_no_signals()

    def _begin(self) -> None:
        self._mind_signals()  # handlers that are set before the run would not know the application
        self._player.thaw()

    async def _play(self) -> None:
        """Draw whatever is due, when it is due."""
        while True:
            if self._player.advance():
                self._app.invalidate()
            wait_s = self._player.wait_s
            self._pressed.clear()
            with suppress(TimeoutError):
                limit_s = None if wait_s is None else min(wait_s, _TICK_S)
                await asyncio.wait_for(self._pressed.wait(), limit_s)
            if wait_s is not None:
                self._app.invalidate()

    def _drawn(self) -> ANSI:
        size = self._app.output.get_size()
        width = max(1, size.columns)
        if self._view is None or self._view.drawing.width != width:
            drawing = Drawing(self._pad, self._replay, width=width)
            self._view = PlayerView(self._player, drawing, self._file)
        lines = self._view.lines(max(1, size.rows))
        with self._pad.capture() as captured:
            self._pad.width = width
            for line in lines:
                self._pad.print(line, soft_wrap=True)
        return ANSI(captured.get().removesuffix("\n"))

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        for key in (*_NAMES, Keys.Any):
            bindings.add(key, eager=key is Keys.Escape)(self._press)
        bindings.add(Keys.ControlZ)(lambda _: self._suspend())
        return bindings

    def _press(self, event: KeyPressEvent) -> None:
        key = event.key_sequence[-1]
        named = _NAMES.get(key.key) if isinstance(key.key, Keys) else None
        pasted = key.key is Keys.BracketedPaste
        for pressed in key.data if pasted and self._player.typed is not None else [key.data]:
            self._player.press(named or pressed)
        self._pressed.set()
        if self._player.leaving:
            self._leave()

    def _leave(self) -> None:
        if self._app.future and not self._app.future.done():
            self._app.exit()

    def _mind_signals(self) -> None:
        for number, handler in self._handlers().items():
            with suppress(NotImplementedError, RuntimeError):  # on Windows, or in another thread
                asyncio.get_running_loop().add_signal_handler(number, handler)

    def _mind_no_signals(self) -> None:
        for number in self._handlers():
            with suppress(NotImplementedError, RuntimeError):
                asyncio.get_running_loop().remove_signal_handler(number)

    def _handlers(self) -> dict[int, Callable[[], None]]:
        found: dict[int, Callable[[], None]] = {signal.SIGTERM: self._terminate}
        if hasattr(signal, "SIGTSTP"):  # not on Windows
            found[signal.SIGTSTP] = self._suspend
        return found

    def _terminate(self) -> None:
        self.ended_by = signal.SIGTERM
        self._leave()

    def _suspend(self) -> None:
        """Give the terminal back, stop, and go on once the shell says so."""
        self._player.freeze()
        run_in_terminal(self._stop)

    def _stop(self) -> None:
        self._mind_no_signals()  # so that this one stops us
        try:
            os.kill(0, signal.SIGTSTP)
        finally:
            self._mind_signals()
            self._player.thaw()
            self._pressed.set()
