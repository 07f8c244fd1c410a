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
from interviewer.library.index import Fresh, Index, index_file
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
    abouts: dict[tuple[Path, str], Entry | Fault | None] = {}
    folders = {path.resolve(): path for path in reversed(paths) if path.is_dir()}
    for path in (*folders.values(), *(path for path in paths if not path.is_dir())):
        if path.is_dir():
            found = _in_folder(path, query, kept, wait)
            abouts |= {(path, name): about for name, about in found.items()}
        else:
            abouts[path.parent, path.name] = _of_file(path, query)
    return Shelf(
        sorted(
            (about for about in abouts.values() if isinstance(about, Entry)),
            key=lambda entry: (entry.started_at, entry.name),
            reverse=True,
        ),
        sorted(
            (about for about in abouts.values() if isinstance(about, Fault)),
            key=lambda fault: fault.path,
        ),
    )


def _in_folder(
    folder: Path, query: Query | None, index: Index, wait: Wait
) -> dict[str, Entry | Fault | None]:
    """Return name -> what a file holds; None where what is looked for was not said in it."""
    known = index.known(folder, query)
    seen_ns = time.time_ns()
    there = _stamps(folder)
    new: dict[str, Stamp] = {}
    abouts: dict[str, Entry | Fault | None] = {}
    for name, stamp in there.items():
        if (row := known.get(name)) and row.holds_for(stamp):
            abouts[name] = row.about
        else:
            new[name] = stamp
    gone = [name for name in known if name not in there]
    if gone or index.stale:
        index.keep(folder, (), gone)
    if new:
        with wait(len(new)):
            read = _read(folder, new, seen_ns)
            while part := list(islice(read, _AT_ONCE)):
                index.keep(folder, part)
                abouts |= {each.about.name: _if_hit(each, query) for each in part}
    return abouts


def _if_hit(fresh: Fresh, query: Query | None) -> Entry | Fault | None:
    missed = query and isinstance(fresh.about, Entry) and not query.hits(fresh.spoken)
    return None if missed else fresh.about


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


def _read(folder: Path, files: Mapping[str, Stamp], seen_ns: int) -> Iterator[Fresh]:
    """Read files, whose stamps were taken before; what is gone meanwhile is passed over."""
    from interviewer.library.reading import read

    for name, stamp in files.items():
        try:
            found = read(folder / name)
        except FileNotFoundError:
            continue
        yield Fresh(stamp, seen_ns, found.about, found.spoken)


def _of_file(path: Path, query: Query | None) -> Entry | Fault | None:
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
    return _if_hit(Fresh(Stamp.of(state), 0, found.about, found.spoken), query)
