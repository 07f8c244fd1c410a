"""Removing a transcript, with what stands beside it and is of no use without it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from interviewer.errors import TranscriptError
from interviewer.library.index import Index, index_file
from interviewer.transcript import SCHEMA, held

_CASSETTES = (".yaml", ".yml")
_CASSETTE = re.compile(rb"interactions:|metadata:\s+recorded_by:")
"""How a cassette begins; any other file of that name is somebody's own."""


def beside(path: Path) -> list[Path]:
    """Return the cassettes of a transcript: those that stand beside it and are called as it is."""
    return [file for end in _CASSETTES if _is_cassette(file := path.with_suffix(end))]


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of files that were to be removed."""

    removed: list[Path]
    """With the cassettes."""
    kept: list[TranscriptError]
    """Why a transcript is still there."""


def remove(paths: Iterable[Path], *, index: Path | None = None) -> Removed:
    """Remove transcripts and their cassettes, and what the index holds of them.

    A transcript that another process writes stays, with its cassette.
    """
    removed: list[Path] = []
    kept: list[TranscriptError] = []
    for path in paths:
        try:
            removed += _remove(path)
        except TranscriptError as error:
            kept.append(error)
    names: dict[Path, list[str]] = {}
    for path in removed:
        names.setdefault(path.parent, []).append(path.name)
    for folder, gone in names.items():
        Index(index or index_file(), schema=SCHEMA).forget(folder, gone)
    return Removed(removed, kept)


def _remove(path: Path) -> list[Path]:
    """Remove one, and return what is gone.

    Raises:
        TranscriptError: Another process writes it, or it can't be removed.
    """
    if not path.is_file():
        raise TranscriptError("is gone already", where=path)
    with held(path):  # its lock file goes with it
        files = [path, *beside(path)]
        for file in files:
            try:
                file.unlink()
            except OSError as error:
                reason = error.strerror or error
                raise TranscriptError(f"can't be removed: {reason}", where=file) from error
    return files


def _is_cassette(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _CASSETTE.match(file.read(200)) is not None
    except OSError:
        return False
