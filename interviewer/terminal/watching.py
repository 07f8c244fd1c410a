"""Replays from begin to end: watched in a terminal, or printed at once."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from interviewer.replay import Replay
from interviewer.terminal.console import is_plain, make_console
from interviewer.terminal.player import Player
from interviewer.terminal.replay_drawing import Drawing, draw_faults, print_lines

_INTERRUPTED = 130
_KILLED = 128


def print_replay(replay: Replay, *, most: int | None = None, follows: bool = False) -> None:
    """Print a replay on stdout, and on stderr what is wrong with its file.

    Args:
        replay: What is printed.
        most: How many of its moments; None: all.
        follows: Whether another one stands above it.
    """
    console = make_console()
    if follows:
        console.print()
    print_lines(console, Drawing(make_console(), replay, width=console.width).all(most))
    draw_faults(make_console(stderr=True), replay.source)


def watch(replays: Sequence[Replay], *, speed: float) -> int:
    """Play replays in the terminal, one after the other, and return the exit code.

    What was played of each stays readable above the prompt, unless a signal ended it.
    """
    for number, replay in enumerate(replays, start=1):
        played = _play(replay, speed=speed, number=number, of=len(replays))
        if played.signal is not None:
            return _KILLED + played.signal
        print_replay(replay, most=played.furthest, follows=number > 1)
        if played.leaving == "interrupted":
            return _INTERRUPTED
        if played.leaving != "next":
            break
    return 0


@dataclass(frozen=True, slots=True)
class _Played:
    leaving: str | None
    signal: int | None
    furthest: int
    """How many moments were shown."""


def _play(replay: Replay, *, speed: float, number: int, of: int) -> _Played:
    from interviewer.terminal.player_view import parts_of
    from interviewer.terminal.player_window import PlayerWindow

    parts, names = parts_of(replay), replay.names_at
    player = Player(replay.moments, parts=parts, names=names, speed=speed, more=number < of)
    file = f"{number} of {of}: {replay.source.path.name}" if of > 1 else ""
    window = PlayerWindow(player, replay, make_console(), file=file)
    window.run()
    return _Played(player.leaving, window.ended_by, player.furthest)


def can_watch(console: Console | None = None) -> bool:
    """Tell whether stdout is a terminal that can be drawn on, and keys come from somewhere."""
    plain = sys.platform == "win32" or is_plain(console or make_console())
    return not plain and (sys.stdin.isatty() or _has_terminal())


def _has_terminal() -> bool:
    """Whether the process has a terminal of its own, whatever stdin is."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True
