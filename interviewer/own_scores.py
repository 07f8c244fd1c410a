"""The scores that candidates give themselves, as they type them."""

import re
from collections.abc import Callable, Mapping

from interviewer.intents import parse_intent
from interviewer.people import Candidate, Left, Voice
from interviewer.text import printable

LOWEST, HIGHEST = 1, 5
SKIPPED = "-"
"""Stands for a score in a line of several that is left out."""
_BETWEEN = re.compile(r"[\s,;]+")


async def ask_scores(
    names: Mapping[str, str], candidate: Candidate, voice: Voice, again: Callable[..., str]
) -> dict[str, int]:
    """Ask for a score of each criterion, one by one; a line may hold those that follow too.

    Args:
        names: Id of a criterion -> its name, in the order of asking.
        candidate: Who is asked.
        voice: Says that something could not be read.
        again: Given `left`, the number of scores that are still to come: what it then says.

    Returns:
        Id -> score, of those that were given.

    Raises:
        Left: The candidate leaves.
    """
    left = list(names)
    scores: dict[str, int] = {}
    while left:
        purpose = f"own score (1 to 5) for {printable(names[left[0]])}"
        try:
            text = (await candidate.read(purpose, optional=True)).text
        except EOFError:
            break
        asked = parse_intent(text)
        if asked == "quit":
            raise Left
        if asked in {"skip", "finish"}:
            break
        if (found := parse_scores(text, len(left))) is None:
            voice.tell(again(left=len(left)))
            continue
        told = zip(left, found, strict=False)
        scores |= {each: points for each, points in told if points is not None}
        del left[: len(found)]
    return scores


def parse_scores(text: str, most: int) -> list[int | None] | None:
    """Return what a line says: scores, and None for one that is left out.

    Args:
        text: Whole numbers from 1 to 5 or dashes, with spaces or commas between; an empty one
            leaves one score out.
        most: How many scores there are to give.

    Returns:
        None where it is anything else, or holds more than `most`.
    """
    found = [part for part in _BETWEEN.split(text.strip()) if part] or [SKIPPED]
    scores = [_score(part) for part in found]
    if len(scores) > most or 0 in scores:
        return None
    return scores


def _score(part: str) -> int | None:
    """Return the score, None for one that is left out, or 0 for no score at all."""
    if part == SKIPPED:
        return None
    is_score = len(part) == 1 and part.isascii() and part.isdigit()
    return int(part) if is_score and LOWEST <= int(part) <= HIGHEST else 0
