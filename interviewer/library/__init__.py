"""The sessions of a folder, newest first, and where words were said in them.

`entries` is all that most callers need. A folder's files are looked at each time; what was read of
one is taken from an index as long as it is the same file (`index`).
"""

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from interviewer.errors import TranscriptError
from interviewer.library.entry import Entry, Fault, OnScale, Stamp
from interviewer.library.filtering import Filter
from interviewer.library.index import Index, Row, index_file
from interviewer.library.words import Query
from interviewer.transcript import SCHEMA

__all__ = ["Entry", "Fault", "Filter", "OnScale", "Query", "Shelf", "entries", "look"]

_SUFFIX = ".jsonl"
_AT_ONCE = 500
"""Files whose texts are in memory at a time."""

Wait = Callable[[int], AbstractContextManager[object]]
"""Told how many files have to be read; entered meanwhile."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was found."""

    entries: list[Entry]
    """The newest first."""
    faults: list[Fault]
    """Files of which no session can be listed, by path."""


def entries(*paths: Path) -> list[Entry]:
    """Return the sessions in files and folders, the newest first.

    Raises:
        TranscriptError: A path does not exist, or a folder can't be listed.
    """
    return look(paths).entries


def look(
    paths: Sequence[Path],
    query: Query | None = None,
    *,
    index: Path | None = None,
    wait: Wait = lambda _: nullcontext(),
) -> Shelf:
    """Return what stands in files and folders.

    Args:
        paths: A folder stands for the files in it that end in `.jsonl`.
        query: Leaves the sessions in which all of it was said.
        index: Where the index is kept; None: in the user's cache folder.
        wait: Is entered while files are read.

    Raises:
        TranscriptError: A path does not exist, or a folder can't be listed.
    """
    kept = Index(index or index_file(), schema=SCHEMA)
    rows: dict[Path, Row] = {}
    for path in paths:
        if path.is_dir():
            rows |= _in_folder(path, query, kept, wait)
        else:
            rows[path] = _of_file(path, query)
    abouts = [(row.about, row.hit) for row in rows.values()]
    found = [about for about, hit in abouts if hit and isinstance(about, Entry)]
    faults = [about for about, _ in abouts if isinstance(about, Fault)]
    return Shelf(
        sorted(found, key=lambda entry: (entry.started_at, entry.name), reverse=True),
        sorted(faults, key=lambda fault: fault.path),
    )


def _in_folder(folder: Path, query: Query | None, index: Index, wait: Wait) -> dict[Path, Row]:
    known = index.rows(folder, query)
    seen_ns = time.time_ns()
    there = _stamps(folder)
    rows = {
        name: known[name]
        for name, stamp in there.items()
        if name in known and known[name].holds_for(stamp)
    }
    gone = [name for name in known if name not in there]
    if gone or index.stale:
        index.keep(folder, (), gone)
    new = {name: stamp for name, stamp in there.items() if name not in rows}
    if new:
        with wait(len(new)):
            read = _read(folder, new, seen_ns, query)
            while part := list(islice(read, _AT_ONCE)):
                index.keep(folder, part)
                rows |= {row.about.name: row for row, _ in part}
    return {folder / name: row for name, row in rows.items()}


def _stamps(folder: Path) -> dict[str, Stamp]:
    """Return name -> stamp of the files that may be transcripts."""
    found: dict[str, Stamp] = {}
    try:
        with os.scandir(folder) as each:
            for file in each:
                if file.name.endswith(_SUFFIX) and (about := _state(file)):
                    found[file.name] = Stamp.of(about)
    except OSError as error:
        raise TranscriptError(
            f"the folder can't be listed: {error.strerror or error}", where=folder
        ) from error
    return found


def _state(file: "os.DirEntry[str]") -> os.stat_result | None:
    """Return the state of a plain file; None of what is none, or gone already."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _read(
    folder: Path, files: Mapping[str, Stamp], seen_ns: int, query: Query | None
) -> Iterator[tuple[Row, bytes]]:
    """Read files, whose stamps were taken before; yield each with what was said in it."""
    from interviewer.library.reading import read

    for name, stamp in files.items():
        try:
            found = read(folder / name)
        except FileNotFoundError:
            continue
        hit = query is None or query.hits(found.spoken)
        yield Row(stamp, seen_ns, found.about, hit), found.spoken


def _of_file(path: Path, query: Query | None) -> Row:
    """Read a single file; no index is asked.

    Raises:
        TranscriptError: There is none.
    """
    from interviewer.library.reading import read

    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise TranscriptError("is not a file", where=path)
        found = read(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError(f"the transcript can't be read: {reason}", where=path) from error
    return Row(Stamp.of(state), 0, found.about, query is None or query.hits(found.spoken))
