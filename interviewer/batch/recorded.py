"""Transcripts of `interviewer chat` as answers: what was asked, what was said, by which guide."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json

from interviewer.checks import Turn
from interviewer.documents import LARGEST, UnreadableError
from interviewer.errors import TranscriptError
from interviewer.events import Answer, Event, Final, Probe, Question
from interviewer.plain_files import open_regular
from interviewer.transcript import interviews_of, load_transcript, number_of

_BEGINS = re.compile(rb'\s*\{\s*"transcript"\s*:\s*\d')


def is_transcript(path: str) -> bool:
    """Tell whether a file begins with the header of a transcript, whole or torn.

    Raises:
        OSError: It can't be read.
    """
    with open_regular(path) as file:
        start = file.read(64)
        if not _BEGINS.match(start):
            return False
        line = start if b"\n" in start else start + file.readline(LARGEST)
    try:
        return "started_at" in from_json(line.partition(b"\n")[0])
    except ValueError:
        return True


@dataclass(frozen=True, slots=True)
class Told:
    """An interview to grade."""

    turns: tuple[Turn, ...]
    guide: str
    """Path or name of its guide; empty where it was a file that is gone."""
    number: int = 0
    """Of the interview in its session, from 1; 0: the transcript holds one alone."""


def read_transcript(path: str) -> list[Told]:
    """Return what a transcript holds to grade; of a session, each interview with an answer.

    A candidate who gave a final answer is graded on that, as in the interview itself; else on all
    that was said.

    Raises:
        UnreadableError: It can't be read, or nothing was said.
    """
    try:
        if Path(path).stat().st_size > LARGEST:
            raise UnreadableError(f"found more than {LARGEST // 1024 // 1024} MB; expected less")
        found = load_transcript(Path(path))
    except OSError as error:
        raise UnreadableError(f"can't be read: {error.strerror}") from error
    except TranscriptError as error:
        line = re.search(r":(\d+)$", error.where)
        place = f" (line {line[1]})" if line else ""
        raise UnreadableError(f"found a broken transcript: {error.what}{place}") from error
    told = [
        Told(
            turns_of(each.events),
            _guide(each.header.guide_source),
            number_of(each.header) if found.header.plan else 0,
        )
        for each in interviews_of(found)
    ]
    if not (answered := [each for each in told if each.turns]):
        raise UnreadableError("found a transcript without an answer; expected one")
    return answered


def count_transcript(path: str) -> int:
    """Return how many rows a transcript makes; only a session is read for it.

    Raises:
        OSError: It can't be read.
    """
    with open_regular(path) as file:
        line = file.readline(LARGEST)
    try:
        is_session = bool(from_json(line).get("plan"))
        return len(read_transcript(path)) if is_session else 1
    except (ValueError, AttributeError, UnreadableError):
        return 1


def turns_of(events: Iterable[Event]) -> tuple[Turn, ...]:
    """Return the questions that were answered, with the answers; a final answer alone."""
    turns: list[Turn] = []
    question = asked = ""
    for event in events:
        if isinstance(event, Question | Probe):
            asked = event.text
            question = question or asked
        elif isinstance(event, Answer) and event.text.strip():
            turns.append(Turn(asked, event.text))
        elif isinstance(event, Final) and not event.kept and event.text.strip():
            return (Turn(question, event.text),)
    return tuple(turns)


def _guide(source: str) -> str:
    """Return where the guide is, and nothing of a file that is gone; a name is looked up later."""
    is_name = Path(source).name == source and not Path(source).suffix
    return source if is_name or Path(source).is_file() else ""
