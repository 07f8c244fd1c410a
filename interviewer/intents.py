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
_POLITE = r"please|yes|yeah|ok|okay|well|thanks|thank you|just"
_SAID = r"(it|that|this|all|everything|my answer|what i (have |.ve )?said)"
_STANDING = r"(as (it )?(is|stands|was)|as (i )?said|that way|like that)"
_ENOUGH = (
    rf"(i.?ll |i will |i.d like to |i want to |let.?s |let me )?(keep( {_SAID})?|leave {_SAID})"
    rf"( {_STANDING})?",
    rf"{_STANDING}|(the )?same( (as before|again|answer))?",
    rf"{_SAID} (still )?stands|(let )?{_SAID} stand",
    r"(no|nope|nah)( thanks| thank you| more)?|nothing",
    r"(no |i have |i.ve )?nothing( (more|else|further))?( to (add|say))?",
    r"that.?s (it|all)|i.?m (done|finished)",
)
_KEEP = re.compile(
    rf"(({_POLITE}) )*({'|'.join(_ENOUGH)})( ({_POLITE}|{'|'.join(_ENOUGH)}))*",
)
"""A closed grammar: a reply with one word more than these is a final answer."""


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
    if final and _KEEP.fullmatch(plain):
        return "finish"
    return next((kind for kind, rule in _PHRASES if re.search(rule, plain)), None)
