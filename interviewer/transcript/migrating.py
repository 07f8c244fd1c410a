"""Older schemas: what a line that was written by an older interviewer means today.

    1   the first
    2   a session may hold the candidate's own scores (`self-scored`) and later grades (`regraded`)
    3   a session may hold several interviews: a header has a `plan`, and each interview begins
        with `begun`

A header keeps the number that the file began with, for nothing is ever rewritten; lines that were
appended later are of a later schema. So a step changes only what it finds in the old form, and
leaves alone what is current.
"""

from collections.abc import Callable, Mapping
from typing import Any

Fields = dict[str, Any]
"""One line: a header, or an event without its time."""

SCHEMA = 3
"""Version of the schema that is written."""


def _adds_only(fields: Fields) -> Fields:
    """Take a step to a schema that has what the one before had, and more."""
    version = fields.get("transcript")
    return {**fields, "transcript": version + 1} if version is not None else fields


STEPS: Mapping[int, Callable[[Fields], Fields]] = {1: _adds_only, 2: _adds_only}
"""Version -> what makes a line of the next version out of one of this."""


def migrated(fields: Fields, version: int) -> Fields:
    """Return a line of `version` as one of `SCHEMA`; a later or unknown version's stays."""
    while step := STEPS.get(version):
        fields, version = step(fields), version + 1
    return fields


def version_of(fields: Fields) -> int | None:
    """Return the schema that a header names, or None where it names none."""
    version = fields.get("transcript")
    return version if isinstance(version, int) and not isinstance(version, bool) else None
