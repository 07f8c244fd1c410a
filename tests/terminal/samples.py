"""One event of every kind, and a console that keeps what was drawn."""

import io
from typing import Literal

from rich.console import Console

from interviewer.events import (
    Answer,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Probe,
    Question,
    Reply,
    Request,
)
from interviewer.grade import Advice, Delivery, Evidence, Flag, Grade, Missing

NASTY = "a\x1b[31mred\x07 \x9b1m \u202eturned\u2066 [/b][link=x]y \U0001f600"
"""Words that would change a terminal's state, turn text around, or break rich's markup."""

NAMES = {
    "owns": "Ownership",
    "damage": "Damage assessment",
    "growth": "Growth and learning",
    "scene": "Set the scene",
    "repair": "Say how you repaired it",
    "lesson": "Name the lesson",
    "blame": "Don't blame others",
    "numbers": "Use numbers",
    "brief": "Be brief",
}

GRADED = Graded(
    overall=3.6,
    criteria={"owns": 4.2, "damage": 2.0, "growth": None},
    steps={"scene": True, "repair": False, "lesson": None},
    tips={"blame": False, "numbers": True, "brief": None},
    flags=[
        Flag(id="blame", text="It reads as blame."),
        Flag(id="copied", text="It repeats an example of the guide."),
    ],
    evidence=[
        Evidence(target="owns", sentence=2, text="I told the customer myself."),
        Evidence(target="scene", sentence=1, text="Last year I shipped late."),
    ],
    advice=[
        Advice(target="growth", text="Say what you do differently since."),
        Advice(target="repair", text="Tell how you won the trust back."),
    ],
    missing=[
        Missing(target="growth", reason="the options held 0.31"),
        Missing(target="lesson", reason="the reply broke off"),
        Missing(target="brief", reason="nobody answered"),
    ],
    delivery=Delivery(
        words=182,
        speaking_s=78,
        fillers=3,
        hedges=2,
        i=12,
        we=4,
        figures=5,
        longest_sentence=31,
    ),
    first=Grade(overall=2.9, criteria={"owns": 4.2, "damage": 3.0, "growth": 2.0}),
)

EVENTS: list[Event] = [
    Opening(text="Hello there."),
    Question(text="Tell me about a failure."),
    Answer(text="I was late.", seconds=83),
    Answer(text="I was late."),
    Coverage(p={"owns": 0.25, "damage": None}, gap="owns", reason="lowest"),
    Coverage(p={}, gap=None, reason="all is said"),
    Probe(target="owns", text="What was your part?", source="model"),
    Request(kind="hint", text="/hint"),
    Request(kind="finish"),
    Reply(kind="hint", text="Think of one story.", cut=True),
    Reply(kind="repeat", text="Of course."),
    Invitation(text="Your final answer, please."),
    Final(text="I was late because of me.", kept=False, seconds=5),
    Final(text="all of it", kept=True),
    GRADED,
    Closing(text="Thank you."),
    Note(text="a note"),
    End(reason="graded", calls=1),
    End(
        reason="ungraded",
        calls=42,
        prompt_tokens=5300,
        cached_tokens=4100,
        completion_tokens=210,
        cost=0.0123,
    ),
    End(reason="quit"),
]


def console_of(
    kind: Literal["terminal", "dumb", "pipe"] = "pipe", *, width: int = 80, no_color: bool = False
) -> Console:
    """Return a console whose `file` keeps what is drawn."""
    environ = {"TERM": "dumb" if kind == "dumb" else "xterm-256color"}
    if no_color:
        environ["NO_COLOR"] = "1"
    return Console(
        file=io.StringIO(),
        width=width,
        height=25,
        force_terminal=kind != "pipe",
        highlight=False,
        _environ=environ,
    )


def drawn(console: Console) -> str:
    """Return all that was drawn on a console of `console_of`."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
