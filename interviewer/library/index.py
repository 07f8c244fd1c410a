"""What was read of each transcript, kept in a file of the cache folder: never needed, only faster.

Nothing in it is believed unread. A row counts for a file of its size, times and inode, and with its
own checksum; a row that doesn't is as good as none, and the transcript is read again. So the file
may be deleted, damaged, or written by several processes at once, and lists stay right. It holds
what was said, so only its owner can read it, and what is removed is overwritten.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from pydantic_core import from_json

from interviewer.library.entry import Entry, Fault, Stamp
from interviewer.library.words import Query

VERSION = 3
"""To be raised when anything else is read of a transcript, or packed or searched otherwise."""

_SETTLED_NS = 2_000_000_000
"""The coarsest clock of a file system: within it a file can change and keep its times."""
_PATIENCE_S = 2.0
"""How long to wait for another process; then this one does without."""
_TABLES = """
CREATE TABLE folders (id INTEGER PRIMARY KEY, path BLOB UNIQUE NOT NULL);
CREATE TABLE sessions (
    folder INTEGER, name BLOB, packed BLOB, crc INTEGER, PRIMARY KEY (folder, name)
) WITHOUT ROWID;
CREATE TABLE said (folder INTEGER, name BLOB, text BLOB, crc INTEGER, PRIMARY KEY (folder, name));
"""
# Another process's, the disk's or the permissions' doing; the file itself may be fine.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_FULL,
}


class Known(NamedTuple):
    """What the index knows of a file."""

    stamp: Stamp
    seen_ns: int
    """When the stamp was taken."""
    about: Entry | Fault | None
    """None: a session in which what was looked for was not said."""

    def holds_for(self, stamp: Stamp) -> bool:
        """Tell whether it is still true of a file that has this stamp now."""
        changed_ns = max(stamp.mtime_ns, stamp.ctime_ns)
        return stamp == self.stamp and changed_ns < self.seen_ns - _SETTLED_NS


@dataclass(frozen=True, slots=True)
class Fresh:
    """What was just read of a file."""

    stamp: Stamp
    seen_ns: int
    about: Entry | Fault
    spoken: bytes
    """What was said in it, as it is searched."""


def index_file() -> Path:
    """Return where the index is kept."""
    from platformdirs import user_cache_path

    return user_cache_path("interviewer", appauthor=False) / "transcripts.sqlite"


class Index:
    """The rows of all folders that were listed. No trouble with the file is ever an error."""

    def __init__(self, file: Path, *, schema: int) -> None:
        """Make an index that is kept in `file`; one made for another `schema` is made anew."""
        self._file, self._version = file, schema * 1000 + VERSION
        self._damaged = False
        self.stale = False
        """Whether it holds a folder that is no more; `keep` forgets it."""

    def known(self, folder: Path, query: Query | None) -> dict[str, Known]:
        """Return name -> what is known of the files of `folder`; a damaged row is left out."""
        try:
            if not self._file.exists():
                return {}
            with self._open() as database:
                if not _is_ours(database, self._version):
                    return {}
                found = _searched(database, folder, query) if query else _listed(database, folder)
                known = dict(found)
                self.stale = any(True for _ in _lost(database))
                return known
        except OSError:
            return {}
        except sqlite3.Error as error:
            self._damaged = not _is_passing(error)
        except (ValueError, TypeError):  # whole rows, but of another making
            self._damaged = True
        return {}

    def keep(self, folder: Path, read: Sequence[Fresh], gone: Sequence[str] = ()) -> None:
        """Keep what was read, with what was said in it, and forget the files that are gone."""
        from filelock import FileLock

        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The lock is for damage: a file that is being written must not be taken away.
            with FileLock(f"{self._file}.lock", timeout=_PATIENCE_S, mode=0o600):
                try:
                    self._write(folder, read, gone)
                except (sqlite3.Error, TypeError) as error:  # TypeError: a damaged row of a folder
                    if not _is_passing(error):
                        self._damaged = True
                        self._write(folder, read, gone)
        except (OSError, sqlite3.Error):  # filelock's Timeout is an OSError
            return

    def forget(self, folder: Path, gone: Sequence[str]) -> None:
        """Forget files that are gone; an index that is not there is not made for this."""
        if self._file.is_file():
            self.keep(folder, (), gone)

    def _write(self, folder: Path, read: Sequence[Fresh], gone: Sequence[str]) -> None:
        self._prepare()
        with self._open() as database:
            database.execute("PRAGMA secure_delete = ON")
            with database:
                database.execute("BEGIN IMMEDIATE")
                for number in _lost(database):
                    _forget_folder(database, number)
                number = _number(database, folder)
                _forget(database, number, gone)
                _insert(database, number, read)

    def _prepare(self) -> None:
        """Have a file with our tables: what is damaged or another version's is taken away."""
        if self._file.exists() and not self._damaged:
            with self._open() as database:
                self._damaged = not _is_ours(database, self._version)
        if self._damaged:
            for end in ("", "-journal"):
                self._file.with_name(self._file.name + end).unlink(missing_ok=True)
            self._damaged = False
        if not self._file.exists():
            os.close(os.open(self._file, os.O_CREAT | os.O_EXCL, 0o600))
            with self._open() as database:
                version = f"PRAGMA user_version = {self._version}"
                database.executescript(f"BEGIN; {_TABLES}; {version}; COMMIT;")

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        uri = f"{self._file.absolute().as_uri()}?mode=rw"
        database = sqlite3.connect(uri, uri=True, timeout=_PATIENCE_S, isolation_level=None)
        database.text_factory = bytes  # nothing in it is believed to be text
        try:
            yield database
        finally:
            database.close()


def _is_passing(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _PASSING


def _is_ours(database: sqlite3.Connection, version: int) -> bool:
    return bool(database.execute("PRAGMA user_version").fetchone()[0] == version)


def _key(folder: Path) -> bytes:
    return os.fsencode(folder.resolve())


def _number(database: sqlite3.Connection, folder: Path) -> int:
    key = _key(folder)
    database.execute("INSERT OR IGNORE INTO folders (path) VALUES (?)", (key,))
    found = database.execute("SELECT id FROM folders WHERE path = ?", (key,)).fetchone()
    return int(found[0])


def _lost(database: sqlite3.Connection) -> Iterator[int]:
    """Yield the numbers of folders that are no more."""
    for number, path in database.execute("SELECT id, path FROM folders").fetchall():
        if not (isinstance(path, bytes) and os.path.isdir(path)):  # noqa: PTH112
            yield number


def _forget_folder(database: sqlite3.Connection, number: int) -> None:
    for statement in (
        "DELETE FROM sessions WHERE folder = ?",
        "DELETE FROM said WHERE folder = ?",
        "DELETE FROM folders WHERE id = ?",
    ):
        database.execute(statement, (number,))


def _forget(database: sqlite3.Connection, number: int, names: Sequence[str]) -> None:
    both = [(number, os.fsencode(name)) for name in names]
    database.executemany("DELETE FROM sessions WHERE folder = ? AND name = ?", both)
    database.executemany("DELETE FROM said WHERE folder = ? AND name = ?", both)


def _insert(database: sqlite3.Connection, number: int, read: Sequence[Fresh]) -> None:
    for each in read:
        try:
            packed = _packed(each)
        except UnicodeEncodeError:  # of a name that is not UTF-8; such a file is read each time
            continue
        name, crc = os.fsencode(each.about.name), crc32(packed)
        database.execute(
            "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)", (number, name, packed, crc)
        )
        # Its checksum goes on from the row's: a text of an older row is none of this one's.
        database.execute(
            "INSERT OR REPLACE INTO said VALUES (?, ?, ?, ?)",
            (number, name, each.spoken, crc32(each.spoken, crc)),
        )


def _packed(fresh: Fresh) -> bytes:
    about = fresh.about
    told = [about.what] if isinstance(about, Fault) else about.packed()
    whole = [about.name, *fresh.stamp, fresh.seen_ns, *told]
    return json.dumps(whole, ensure_ascii=False).encode()


def _unpacked(folder: Path, packed: bytes, *, hit: bool) -> tuple[str, Known]:
    name, size, mtime_ns, ctime_ns, inode, seen_ns, *told = from_json(packed)
    about: Entry | Fault | None = None
    if len(told) == 1:
        about = Fault(folder, name, told[0])
    elif hit:
        about = Entry.unpacked(folder, name, told)
    return name, Known(Stamp(size, mtime_ns, ctime_ns, inode), seen_ns, about)


def _listed(database: sqlite3.Connection, folder: Path) -> Iterator[tuple[str, Known]]:
    rows = database.execute(
        "SELECT packed, crc FROM sessions WHERE folder = (SELECT id FROM folders WHERE path = ?)",
        (_key(folder),),
    )
    for packed, crc in rows:
        if _is_whole(packed, crc):
            yield _unpacked(folder, packed, hit=True)


def _searched(
    database: sqlite3.Connection, folder: Path, query: Query
) -> Iterator[tuple[str, Known]]:
    rows = database.execute(
        "SELECT packed, sessions.crc, text, said.crc"
        " FROM sessions JOIN said USING (folder, name)"
        " WHERE folder = (SELECT id FROM folders WHERE path = ?)",
        (_key(folder),),
    )
    for packed, crc, text, text_crc in rows:
        if _is_whole(packed, crc) and _is_whole(text, text_crc, crc):
            yield _unpacked(folder, packed, hit=query.hits(text))


def _is_whole(data: Any, crc: Any, since: int = 0) -> bool:
    return isinstance(data, bytes) and crc32(data, since) == crc
