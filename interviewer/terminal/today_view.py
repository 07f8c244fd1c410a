"""What to practise today, in a few lines."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from interviewer.planning import Today
from interviewer.planning.strength import plain
from interviewer.terminal.console import WIDEST, words

_HEADS = {
    "new": "Where to start",
    "due": "Practise now: ",
}


def draw_today(console: Console, today: Today, *, command: str | None) -> None:
    """Draw it, with the command that begins it."""
    width = min(console.width, WIDEST)
    if head := _HEADS.get(today.state):
        console.print(words(head + plain(today.competency or ""), "bold"), width=width)
    console.print(words(today.why, "" if head else "bold"), width=width)
    if today.take is None or command is None:
        return
    console.print()
    if today.state == "ahead":
        console.print(words("Still worth it:", "dim"), width=width)
    for text in (words(today.question, "bold"), words(today.take.why, "dim")):
        console.print(Padding(text, (0, 0, 0, 2), expand=False), width=width)
    console.print()
    # On one line however long, so that it can be copied.
    console.print(Text("  ") + words(command, "cyan"), soft_wrap=True)
