"""The terminal itself: consoles that never fail on a character, and the filter for words."""

import io
import shutil
import sys

from rich.console import Console, ConsoleDimensions
from rich.text import Text

from interviewer.text import printable

WIDEST = 88
"""Columns that text is wrapped at where the terminal is wider: long lines read badly."""


def words(text: str, style: str = "") -> Text:
    """Return `text` as it may be drawn: no markup, and no escape sequence, which rich lets by."""
    return Text(printable(text), style=style)


def make_console(*, stderr: bool = False) -> Console:
    """Return a console on stdout or stderr; a character its encoding lacks becomes `?`."""
    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    made = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if made.is_dumb_terminal:  # rich takes 80 columns for granted there
        made.size = ConsoleDimensions(*shutil.get_terminal_size())
    return made


def is_ascii(console: Console) -> bool:
    """Tell whether only ASCII is safe to draw bars and marks with."""
    return console.is_dumb_terminal or console.options.ascii_only


def is_plain(console: Console) -> bool:
    """Tell whether boxes and spinners are out of place: a pipe, a file, a dumb terminal."""
    return console.is_dumb_terminal or not console.is_terminal


def clock_face(seconds: float) -> str:
    """Return `seconds` as m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def draw_error(text: str, console: Console | None = None) -> None:
    """Draw an error on stderr, its lines as they are, so that paths can be copied whole."""
    console = console or make_console(stderr=True)
    console.print(Text.assemble(("error: ", "bold red"), words(text)), soft_wrap=True)
