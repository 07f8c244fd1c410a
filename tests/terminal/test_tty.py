import io
import os
import signal
import termios
from collections.abc import Iterator

import pytest

from interviewer.terminal.player import Focus, Player
from interviewer.terminal.player_view import parts_of
from interviewer.terminal.player_window import PlayerWindow
from interviewer.terminal.tty import GONE, Tty
from tests.terminal.replays import replay
from tests.terminal.samples import console_of


class Pair:
    """Both ends of a pseudo-terminal, and what was drawn."""

    def __init__(self) -> None:
        self.user, self.program = os.openpty()
        self.screen = io.StringIO()

    def tty(self) -> Tty:
        return Tty(keys=self.program, screen=self.screen)

    def types(self, keys: str) -> None:
        os.write(self.user, keys.encode())

    @property
    def drawn(self) -> str:
        return self.screen.getvalue()


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    os.close(made.program)
    os.close(made.user)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("a.", ["a", "."]),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}", ["\N{LATIN SMALL LETTER E WITH ACUTE}"]),
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA\x1bOH\x1bOF", ["up", "home", "end"]),
        ("\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", ["home", "end"] * 3),
        ("\x1b[5~\x1b[6~", ["pageup", "pagedown"]),
        ("\x1b[1;5C", ["right"]),
        ("\x1b[15~\x1b[Z\x1bOP", []),
        ("\r\n\t\x7f\x08", ["enter", "enter", "tab", "backspace", "backspace"]),
        ("\x03\x1a", ["c-c", "c-z"]),
        ("\x1b", ["escape"]),
        ("\x1bq", ["escape", "q"]),
        ("\x00", ["\x00"]),
    ],
)
def test_bytes_are_keys(pair: Pair, typed: str, keys: list[str]) -> None:
    with pair.tty() as tty:
        pair.types(typed)
        assert tty.read(1) == keys


def test_a_key_whose_bytes_come_one_by_one_is_one_key(pair: Pair) -> None:
    with pair.tty() as tty:
        pair.types("\x1b")
        tty._take(1)
        pair.types("[")
        tty._take(1)
        pair.types("C")
        assert tty.read(1) == ["right"]


def test_where_nothing_is_typed_reading_ends_in_time(pair: Pair) -> None:
    with pair.tty() as tty:
        assert tty.read(0.001) == []


def test_a_signal_ends_reading_and_is_told(pair: Pair) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pair.tty() as tty:
        os.kill(os.getpid(), signal.SIGTERM)
        assert tty.read(5) == []
        assert tty.caught == ["SIGTERM"]

    assert signal.getsignal(signal.SIGTERM) is before


def test_a_terminal_that_is_gone_is_told(pair: Pair) -> None:
    with pair.tty() as tty:
        other = os.dup(pair.user)
        os.close(pair.user)
        os.close(other)
        assert tty.read(1) == [GONE]
    pair.user = os.open(os.devnull, os.O_RDONLY)


def test_the_terminal_is_given_back_as_it_was_even_after_an_error(pair: Pair) -> None:
    before = termios.tcgetattr(pair.program)

    def fail_inside() -> None:
        with pair.tty():
            assert termios.tcgetattr(pair.program) != before
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    assert termios.tcgetattr(pair.program) == before
    assert pair.drawn.startswith("\x1b[?1049h\x1b[?25l")
    assert pair.drawn.endswith("\x1b[?25h\x1b[?1049l")


def test_only_lines_that_changed_are_drawn(pair: Pair) -> None:
    with pair.tty() as tty:
        tty.draw(["one", "two"])
        begun = len(pair.drawn)
        tty.draw(["one", "two"])
        assert len(pair.drawn) == begun
        tty.draw(["one", "three"])
        assert "three" in pair.drawn[begun:]
        assert "one" not in pair.drawn[begun:]
        tty.redraw()
        tty.draw(["one", "three"])
        assert pair.drawn.count("one") == 2


def window(pair: Pair) -> tuple[PlayerWindow, Player]:
    found = replay()
    player = Player(found.moments, parts=parts_of(found), names=found.names_at)
    return PlayerWindow(player, found, console_of("terminal"), open_tty=pair.tty), player


def test_a_window_is_played_with_keys(pair: Pair) -> None:
    shown, player = window(pair)
    pair.types(".\x1b[C/part\r2q")
    shown.run()

    assert player.leaving == "left"
    assert shown.ended_by is None
    assert player.furthest == 4
    assert player.focus == Focus(3, "part")


@pytest.mark.parametrize(
    ("number", "ended_by", "leaving"),
    [(signal.SIGTERM, signal.SIGTERM, None), (signal.SIGINT, None, "interrupted")],
)
def test_a_window_ends_with_a_signal(
    pair: Pair, number: int, ended_by: int | None, leaving: str | None
) -> None:
    shown, player = window(pair)
    opened = pair.tty

    def open_and_signal() -> Tty:
        tty = opened()
        tty.caught += ["SIGWINCH", "SIGCONT", signal.Signals(number).name]
        return tty

    shown._open_tty = open_and_signal
    pair.types(".")
    shown.run()

    assert (shown.ended_by, player.leaving) == (ended_by, leaving)
    assert pair.drawn.endswith("\x1b[?1049l")


def test_a_window_ends_where_its_terminal_is_gone(pair: Pair) -> None:
    shown, player = window(pair)
    os.close(pair.user)
    shown.run()
    pair.user = os.open(os.devnull, os.O_RDONLY)

    assert shown.ended_by == signal.SIGHUP
    assert player.leaving is None
