"""What a candidate asks for in place of an answer: slash commands and short plain phrases.

Rules, not a model: a wrong guess here would swallow an answer, so only short replies that say
nothing else are taken for a request.
"""

import re

from interviewer.grade import Intent
from interviewer.text import words

COMMANDS: dict[str, Intent] = {
    "/hint": "hint",
    "/repeat": "repeat",
    "/skip": "skip",
    "/finish": "finish",
    "/quit": "quit",
}
_LONGEST = 14
_PHRASES: tuple[tuple[Intent, str], ...] = (
    (
        "repeat",
        r"(can|could|would) you (please )?(repeat|say (that|it) again)"
        r"|^(please )?(say (that|it) again|repeat (that|the q))",
    ),
    (
        "hint",
        r"^((please|can|could|would|may|i|i.d|you|have|get|give|me|need|want|like|a|any|some"
        r"|another) )*(hint|clue|tip|help)( me)?( please)?$",
    ),
    (
        "clarify",
        r"do you mean|not sure what you|(could|can) you (please )?(clarify|explain|rephrase)"
        r"|^(sorry )?i (don.?t|do not) understand( (it|that|you|the question|what you.*))?$"
        r"|^((sorry|and|but|so) )*what (exactly|kind of|sort of)\b",
    ),
    (
        "unsure",
        r"^(i )?(really )?(don.?t|do not) know\b|^(i have )?no idea$|^idk$|^(i.m )?not sure$"
        r"|(can.?t|cannot) think of|^i don.?t remember",
    ),
    (
        "skip",
        r"^(please )?(skip|pass)( (this|it|that|please))?$|^next( question)?( please)?$"
        r"|^((please|let.?s|can|could|we|i.d|like|to) )*move on( please)?$",
    ),
    (
        "finish",
        r"^(i.m |i am |that.?s |we.re )?(done|finished|all)( now| thanks)?$"
        r"|^(let.?s )?(finish|stop)( here| now)?$",
    ),
)
_KEEP = re.compile(
    r"^(please )?(yes )?(i.?ll |i will |let.?s )?(keep|same|as (it is|said)|it stands"
    r"|let (it|that) stand|no(thing)?( thanks| more| to add)?)\b"
)


def parse_intent(text: str, *, final: bool = False) -> Intent | None:
    """Return what `text` asks for, or None where it is an answer.

    Args:
        text: What the candidate typed.
        final: Whether the final answer was invited, so that "keep" has a meaning.
    """
    head = text.strip().partition(" ")[0].lower()
    if head in COMMANDS:
        return COMMANDS[head]
    found = words(text)
    if not found or len(found) > _LONGEST:
        return None
    plain = " ".join(found).replace("\u2019", "'")
    if final and len(found) <= 6 and _KEEP.search(plain):
        return "finish"
    return next((kind for kind, rule in _PHRASES if re.search(rule, plain)), None)
