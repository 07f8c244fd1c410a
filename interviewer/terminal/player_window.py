"""The window of a player: keys in, lines out, until it is left.

It has the terminal's other screen, so stepping back is nothing but drawing an earlier state.
"""

import signal
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.text import Text

from interviewer.replay import Replay
from interviewer.terminal.player import Player
from interviewer.terminal.player_view import PlayerView
from interviewer.terminal.replay_drawing import Drawing
from interviewer.terminal.tty import GONE, Tty

_TICK_S = 1.0
"""How often the clock in the foot is drawn anew."""


class PlayerWindow:
    """Shows one player until a key or a signal ends it.

    Attributes:
        ended_by: The number of that signal; None where a key did.
    """

    def __init__(
        self,
        player: Player,
        replay: Replay,
        pad: Console,
        *,
        file: str = "",
        open_tty: Callable[[], Tty] = Tty,
    ) -> None:
        """Make a window.

        Args:
            player: What is played.
            replay: What it plays.
            pad: Tells colours and characters; nothing is written on it.
            file: What the file is called, where there are several.
            open_tty: Takes the terminal.
        """
        self._player, self._replay, self._pad, self._file = player, replay, pad, file
        self._open_tty = open_tty
        self._view: PlayerView | None = None
        self.ended_by: int | None = None

    def run(self) -> None:
        """Show the player; the terminal is as it was when this returns."""
        self._player.freeze()
        with self._open_tty() as tty:
            self._player.thaw()
            while self._player.leaving is None and self.ended_by is None:
                self._player.advance()
                tty.draw(self._lines(*tty.size))
                for key in tty.read(self._patience_s()):
                    self._press(key, tty)
                while tty.caught:
                    self._heed(tty.caught.pop(0), tty)

    def _patience_s(self) -> float | None:
        """Return how long to wait for a key; None while nothing plays."""
        wait_s = self._player.wait_s
        return None if wait_s is None else min(wait_s, _TICK_S)

    def _press(self, key: str, tty: Tty) -> None:
        if key == GONE:
            self.ended_by = signal.SIGHUP
        elif key == "c-z":
            self._suspend(tty)
        else:
            self._player.press(key)

    def _heed(self, name: str, tty: Tty) -> None:
        """Do what a signal asks for."""
        if name == "SIGTERM":
            self.ended_by = signal.SIGTERM
        elif name == "SIGINT":
            self._player.press("c-c")
        elif name == "SIGTSTP":
            self._suspend(tty)
        elif name == "SIGCONT":  # whoever stopped it may have changed the terminal
            tty.enter()
        elif name == "SIGWINCH":
            tty.redraw()

    def _suspend(self, tty: Tty) -> None:
        self._player.freeze()
        tty.suspend()
        self._player.thaw()

    def _lines(self, width: int, height: int) -> list[str]:
        if self._view is None or self._view.drawing.width != width:
            drawing = Drawing(self._pad, self._replay, width=width)
            self._view = PlayerView(self._player, drawing, self._file)
        return self._styled(self._view.lines(height), width)

    def _styled(self, lines: Sequence[Text], width: int) -> list[str]:
        with self._pad.capture() as captured:
            self._pad.width = width
            for line in lines:
                self._pad.print(line, soft_wrap=True)
        return captured.get().split("\n")[: len(lines)]
