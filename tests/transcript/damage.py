"""Files damaged at random, with what of them is still whole."""

import json
from random import Random

from tests.transcript.samples import HEADER

Line = tuple[bytes, int | None]
"""Bytes, and the number of the event that stands whole in them; None where none does."""

_FOREIGN = [
    b"",
    b"2026-11-24 09:30:00 INFO started",
    b'{"id": 3, "answer": "I was late."}',
    b'{"at_s": 3, "event": "dance", "text": "x"}',
    b'{"at_s": 3, "event": "note", "text": 5}',
    b'{"at_s": 3, "event": "answer"',
    b'{"transcript": 1}',
    b"[[[[",
    b"\x1b[2J\x00\xff\xfe",
    b'<html lang="en">',
    b"null",
]


def text_of(number: int) -> str:
    """Return what event `number` says, which no other does."""
    return f"word{number:03}said"


def whole_lines(count: int) -> list[Line]:
    """Return a header and so many events."""
    kinds = ("note", "opening", "answer", "question", "invitation")
    events: list[Line] = []
    for number in range(count):
        fields = {"at_s": number, "event": kinds[number % len(kinds)], "text": text_of(number)}
        events.append((json.dumps(fields).encode(), number))
    return [(HEADER.model_dump_json().encode(), None), *events]


def damaged(random: Random, count: int) -> tuple[bytes, set[int]]:
    """Return a file that some things have happened to, and the events that stand whole in it."""
    lines = whole_lines(count)
    for _ in range(random.randint(1, 4)):
        if lines:
            lines = random.choice(_DAMAGES)(lines, random)
    data = b"\n".join(line for line, _ in lines)
    return data, {number for _, number in lines if number is not None}


def _tear(lines: list[Line], random: Random) -> list[Line]:
    at = random.randrange(len(lines))
    line = lines[at][0]
    return [*lines[:at], (line[: random.randrange(len(line) + 1)], None)]


def _shuffle(lines: list[Line], random: Random) -> list[Line]:
    return random.sample(lines, len(lines))


def _lose(lines: list[Line], random: Random) -> list[Line]:
    kept = random.randrange(len(lines))
    return sorted(random.sample(lines, kept), key=lines.index)


def _insert(lines: list[Line], random: Random) -> list[Line]:
    at = random.randrange(len(lines) + 1)
    return [*lines[:at], (random.choice(_FOREIGN), None), *lines[at:]]


def _double(lines: list[Line], random: Random) -> list[Line]:
    at = random.randrange(len(lines))
    return [*lines, lines[at]]


def _flip(lines: list[Line], random: Random) -> list[Line]:
    at = random.randrange(len(lines))
    data = bytearray(lines[at][0])
    for _ in range(random.randint(1, 8)):
        if data:
            data[random.randrange(len(data))] = random.choice(
                [value for value in range(256) if value != 10]
            )
    return [*lines[:at], (bytes(data), None), *lines[at + 1 :]]


def _cut_front(lines: list[Line], random: Random) -> list[Line]:
    at = random.randrange(len(lines))
    line = lines[at][0]
    return [(line[random.randrange(len(line) + 1) :], None), *lines[at + 1 :]]


_DAMAGES = (_tear, _shuffle, _lose, _insert, _double, _flip, _cut_front)
