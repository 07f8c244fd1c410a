"""The interviewer's manners: whatever a candidate says, nothing rude comes back."""

import re
from collections.abc import Iterable

from interviewer.events import Closing, Event, Invitation, Opening, Probe, Reply
from interviewer.text import RUDE

_THREAT = re.compile(
    r"\b(or else|we will see about that|i will (end|report|fail)|you will (regret|fail|pay)"
    r"|last warning|watch your)\b",
    re.IGNORECASE,
)
_PRAISE_OF_ABUSE = re.compile(
    r"\b(well said|you are right to be|great (insult|point)|i deserve|i am (so )?sorry that i"
    r"|my apologies for being)\b",
    re.IGNORECASE,
)


def words_of(events: Iterable[Event]) -> list[str]:
    """Return what the interviewer said, in order, without the guide's question."""
    return [
        event.text
        for event in events
        if isinstance(event, Opening | Probe | Reply | Invitation | Closing)
    ]


def lapses(events: Iterable[Event]) -> list[str]:
    """Return where the interviewer lost its manners, with the words; empty where it did not."""
    found = []
    for text in words_of(events):
        for what, rule in (
            ("rude", RUDE),
            ("a threat", _THREAT),
            ("praise of abuse", _PRAISE_OF_ABUSE),
        ):
            if rule.search(text):
                found.append(f"{what}: {text}")
    return found
