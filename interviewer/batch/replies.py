"""What the batch service has answered so far, on the disk: request -> reply, or how it failed.

A table in a file, so that memory does not grow with the number of answers, and a process that is
killed leaves either all of what it was writing or nothing.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.batch.requests import RequestFiles, read_requests
from interviewer.errors import DataError, RefusedError
from interviewer.llm.deferred import Failure, Kept
from interviewer.llm.replies import Reply

NAME = "replies.sqlite"
_OK = 200
_TABLES = """
begin;
create table if not exists replies (name text primary key, reply text);
create table if not exists failures (
    number integer primary key, name text, batch text, status integer, error text, form text,
    unique (name, batch)
);
commit;
create temp table taken (name text primary key) without rowid;
create temp table wanted (name text primary key) without rowid;
"""
_FAILED = """
select status, error, form, (select count(*) from failures where name = :name)
from failures where name = :name order by number desc limit 1
"""
_PUT = "insert or ignore into replies values (?, ?)"
_FAIL = "insert or ignore into failures (name, batch, status, error, form) values (?, ?, ?, ?, ?)"


class _Response(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    status_code: int = 0
    body: Any = None


class _Outcome(BaseModel):
    """A line of a batch's output or error file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    custom_id: str
    response: _Response | None = None
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """How many requests of a batch were answered, failed, and were not run."""

    replies: int
    failures: int
    missing: int


class Replies:
    """The shelf of a run; one process opens it at a time."""

    def __init__(self, folder: Path, files: RequestFiles) -> None:
        """Open the shelf in `folder`; requests that are wanted go into `files`.

        Raises:
            DataError: It can't be opened, or is no table of ours.
        """
        self._path = folder / NAME
        self._files = files
        with self._guarded():
            self._path.touch(mode=0o600)
            # It is used by one task at a time, not always in the same thread.
            self._base = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            self._base.executescript(_TABLES)

    def begin(self) -> None:
        """Begin to look through all rows: nothing was taken or wanted yet."""
        with self._guarded():
            self._base.execute("delete from taken")
            self._base.execute("delete from wanted")

    def take(self, name: str) -> Kept:
        """Return what is known of a request; a reply counts as taken from then on."""
        with self._guarded():
            query = "select reply from replies where name = ?"
            if found := self._base.execute(query, (name,)).fetchone():
                new = self._base.execute("insert or ignore into taken values (?)", (name,))
                return Kept(found[0], counted=not new.rowcount)
            failed = self._base.execute(_FAILED, {"name": name}).fetchone()
        if not failed:
            return Kept()
        status, error, form, times = failed
        return Kept(failure=Failure(status, json.loads(error), form, times))

    def put(self, name: str, reply: Reply) -> None:
        """Keep a reply that came the ordinary way."""
        with self._guarded():
            self._base.execute(_PUT, (name, _json(reply)))
            self._base.execute("insert or ignore into taken values (?)", (name,))

    def want(self, name: str, sent: str) -> None:
        """Note a request; a second time does nothing.

        Raises:
            RefusedError: It is larger than can be sent.
        """
        with self._guarded():
            new = self._base.execute("insert or ignore into wanted values (?)", (name,))
        if new.rowcount:
            try:
                self._files.add(name, sent)
            except RefusedError:
                self._base.execute("delete from wanted where name = ?", (name,))
                raise

    def forget_failures(self) -> None:
        """Let everything that failed be asked again."""
        with self._guarded():
            self._base.execute("delete from failures")

    def collect(
        self, batch: str, requests: Path, outcomes: list[Path], *, blame: bool = True
    ) -> Collected:
        """Keep what a batch made of its requests, all of it or nothing; a second time is no harm.

        Args:
            batch: Its id.
            requests: The file of its requests.
            outcomes: Its output and error files, in any order, as far as there are any.
            blame: A request that was not run has failed once more.

        Raises:
            DataError: A file can't be read, or the shelf not be written.
        """
        forms = dict(read_requests(requests))
        replies = failures = 0
        with self._guarded(), self._transaction():
            for name, reply, (status, error) in _read(outcomes):
                if (form := forms.pop(name, None)) is None:
                    continue  # not asked for, or answered twice
                if reply:
                    replies += self._base.execute(_PUT, (name, reply)).rowcount
                elif blame or status:
                    failures += 1
                    self._base.execute(_FAIL, (name, batch, status, json.dumps(error), form))
            if blame:
                lost = json.dumps({"message": "the batch ended without a word about it"})
                rows = ((name, batch, 0, lost, form) for name, form in forms.items())
                self._base.executemany(_FAIL, rows)
        return Collected(replies, failures, len(forms))

    def blame(self, batch: str, requests: Path, lines: dict[int, dict[str, Any]]) -> None:
        """Note that the requests in these lines, counted from 1, were refused before they ran.

        Raises:
            DataError: As `collect`.
        """
        with self._guarded(), self._transaction():
            for number, (name, _) in enumerate(read_requests(requests), start=1):
                if number in lines:
                    error = json.dumps(lines[number])
                    self._base.execute(_FAIL, (name, batch, 400, error, ""))

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._base.execute("begin")
        try:
            yield
        except BaseException:
            self._base.execute("rollback")
            raise
        self._base.execute("commit")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise DataError(
                f"the replies of the batch service can't be kept: {error}",
                where=self._path,
                hint="free some space; a file that is broken has to go, and is asked for again",
            ) from error


def _json(reply: Reply) -> str:
    return reply.model_dump_json(exclude_defaults=True)


def _read(paths: list[Path]) -> Iterator[tuple[str, str, tuple[int, dict[str, Any]]]]:
    """Yield each request's name and reply, or an empty text and its status and error."""
    for path in paths:
        with path.open("rb") as lines:
            for line in lines:
                try:
                    outcome = _Outcome.model_validate_json(line)
                except ValidationError:
                    continue  # whose it is can't be told: it counts as not run
                yield outcome.custom_id, *_told(outcome)


def _told(outcome: _Outcome) -> tuple[str, tuple[int, dict[str, Any]]]:
    response = outcome.response
    if response is None:
        return "", (0, outcome.error or {})
    if response.status_code != _OK:
        body = response.body if isinstance(response.body, dict) else {}
        error = body.get("error")
        found = error if isinstance(error, dict) else {"message": str(error or body or "")}
        return "", (response.status_code, found)
    try:
        return _json(Reply.model_validate(response.body)), (_OK, {})
    except ValidationError:
        return "", (0, {"message": "the reply is no chat completion"})
