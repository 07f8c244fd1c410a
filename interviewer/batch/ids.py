"""Which ids were given out, without holding them in memory: a million of them is no large table."""

import sqlite3
from typing import Self

from interviewer.errors import DataError


class Ids:
    """The ids so far; a temporary database that is gone when it is closed."""

    def __init__(self) -> None:
        # Rows may be drawn from several threads in turn, never from two at once.
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("PRAGMA cache_size = -8000")  # KB
        self._base.execute("CREATE TABLE ids (id BLOB PRIMARY KEY) WITHOUT ROWID")
        self._base.execute("BEGIN")  # one transaction for all: nothing of it is ever kept

    def add(self, new: str) -> bool:
        """Take an id; False where it was taken before.

        Raises:
            DataError: The disk for temporary files is full.
        """
        key = new.encode("utf-8", "surrogatepass")
        try:
            return self._base.execute("INSERT OR IGNORE INTO ids VALUES (?)", (key,)).rowcount == 1
        except sqlite3.Error as error:
            raise DataError(
                f"the ids can't be kept track of: {error}",
                where="the folder of temporary files",
                hint="free some space",
            ) from error

    def own(self, wanted: str) -> str:
        """Take an id that nobody has, `wanted` or one like it."""
        while not self.add(wanted):
            wanted += "+"
        return wanted

    def close(self) -> None:
        """Forget all."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
