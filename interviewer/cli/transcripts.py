"""`interviewer transcripts`: the sessions that were held."""

import json
import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.numbers import Number

if TYPE_CHECKING:
    from interviewer.library import Entry, Fault, Query
    from interviewer.library.removing import Removed

_SHOWN = 20
_MANY = 300
"""Files whose reading takes long enough to be told of."""
_SCORE = Number(1, 5)
_FILTERS = ("guide", "model", "since", "until", "state", "least", "most")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asked for."""

    paths: tuple[Path, ...]
    search: str | None
    filters: dict[str, Any]
    number: int | None
    way: str | None
    """How to print: `json`, `paths`; None: for people."""
    yes: bool

    @property
    def chooses(self) -> bool:
        """Whether anything says which sessions are meant."""
        filtered = any(value is not None for value in (*self.filters.values(), self.search))
        return filtered or bool(self.number) or any(not path.is_dir() for path in self.paths)


@dataclass(frozen=True, slots=True)
class _Meant:
    """The sessions that are meant, the newest first, and what else lay there."""

    entries: "list[Entry]"
    faults: "list[Fault]"
    query: "Query | None"
    place: str

    def cut(self, number: int | None) -> "list[Entry]":
        """Return the first `number` sessions; None or 0: all."""
        return self.entries[: number or None]


@click.command()
@click.argument("paths", nargs=-1, metavar="[FOLDER|FILE]...", type=click.Path(path_type=Path))
@click.option("--search", metavar="WORDS", help="Look in what was said.")
@click.option("--guide", help="A part of the guide's id.")
@click.option("--model", help="A part of the model's name.")
@click.option("--since", metavar="DAY", help="2031-05-08, 2031-05-08T14:30, 30d or 8w.")
@click.option("--until", metavar="DAY", help="The same; that day is still meant.")
@click.option("--graded", "state", flag_value="graded", help="Only those with a score.")
@click.option("--unfinished", "state", flag_value="unfinished", help="Only those to resume.")
@click.option("--min", "least", type=_SCORE, help="The least overall score.")
@click.option("--max", "most", type=_SCORE, help="The highest overall score.")
@click.option(
    "-n",
    "--number",
    type=click.IntRange(min=0),
    help=f"The newest so many; 0: all. A list shows {_SHOWN}, the other ways have no limit.",
)
@click.option("--json", "way", flag_value="json", help="Print one JSON object.")
@click.option("--paths", "way", flag_value="paths", help="Print nothing but paths.")
@click.option("--remove", is_flag=True, help="Remove those that are meant, after asking.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
def transcripts(remove: bool, **given: Any) -> None:
    """List the sessions in FOLDER, the newest first; by default where chat saves them.

    --search finds the sessions in which all WORDS were said, by anybody and in any order:
    'launch "rolled back"'. A word may go on (launches), a phrase in quotes stands as it is, and
    turns are counted as replay counts them. --min and --max are for a scale of 1 to 5.
    """
    filters = {name: given.pop(name) for name in _FILTERS}
    asked = _Asked(**given, filters=filters)
    if remove:
        _remove(asked)
    else:
        _list(asked)


def _meant(asked: _Asked) -> _Meant:
    """Return what the command line means.

    Raises:
        InterviewerError: A path does not exist, or a value makes no sense.
    """
    from interviewer.cli.dates import parse_moment
    from interviewer.errors import UsageError
    from interviewer.library import Filter, Query, look

    given = dict(asked.filters)
    for name in ("since", "until"):
        if given[name] is not None:
            end = name == "until"
            given[name] = parse_moment(given[name], option=f"--{name}", end=end)
    query = None if asked.search is None else Query.of(asked.search)
    if query and not query.parts:
        hint = "--search 'launch \"rolled back\"'"
        raise UsageError(f"there is no word in {asked.search!r}", where="--search", hint=hint)
    paths = asked.paths or _default()
    there = paths if asked.paths else tuple(path for path in paths if path.exists())
    shelf = look(there, query, wait=_waiting)
    place = ", ".join(map(str, paths[:3])) + (", ..." if len(paths) > 3 else "")
    return _Meant(Filter(**given).of(shelf.entries), shelf.faults, query, place)


def _default() -> tuple[Path, ...]:
    """Return the folder where chat saves; it need not exist yet."""
    from interviewer.settings import load_settings
    from interviewer.transcript import default_folder

    return (load_settings()[0].transcripts or default_folder(Path.cwd()),)


def _waiting(count: int) -> AbstractContextManager[object]:
    from interviewer.terminal.console import is_plain, make_console

    console = make_console(stderr=True)
    if count < _MANY or is_plain(console):
        return nullcontext()
    return console.status(f"reading {count:,} transcripts", spinner="line")


def _list(asked: _Asked) -> None:
    meant = _meant(asked)
    if asked.way == "json":
        _print_json(meant, meant.cut(asked.number))
    elif asked.way == "paths":
        _print_paths(entry.path for entry in meant.cut(asked.number))
    else:
        shown = meant.cut(_SHOWN if asked.number is None else asked.number)
        _draw(shown, meant.query)
        _tell(asked, meant, len(shown))


def _draw(entries: "list[Entry]", query: "Query | None") -> None:
    from interviewer.library.searching import places
    from interviewer.terminal.console import WIDEST, make_console
    from interviewer.terminal.library_view import LibraryView

    console = make_console()
    width = min(console.width, WIDEST) - 30  # what stands before a snippet
    found = {entry.path: places(entry, query, width=width) for entry in entries} if query else None
    view = LibraryView(entries, found)
    if entries and console.is_terminal:
        console.print(view)
    elif entries:
        console.file.writelines(f"{line}\n" for line in view.plain())


def _tell(asked: _Asked, meant: _Meant, shown: int) -> None:
    """Say on stderr what the list is of, and what is not in it."""
    from interviewer.terminal.batch_view import draw_note

    count = len(meant.entries)
    if shown < count:
        about = f"{shown:,} of {count:,} sessions in {meant.place}; -n 0 shows all"
    elif count:
        about = f"{_counted(count, 'session')} in {meant.place}"
    elif asked.chooses:
        about = f"no such session in {meant.place}"
    else:
        about = f"no session in {meant.place} yet; interviewer chat holds one"
    draw_note(about, stderr=True)
    torn = sum(1 for entry in meant.entries if entry.unreadable)
    if len(meant.faults) == 1:
        (fault,) = meant.faults
        draw_note(f"{fault.path}: {fault.what}", stderr=True)
    elif meant.faults:
        also = f", {torn:,} torn" if torn else ""
        draw_note(f"{len(meant.faults):,} files can't be listed{also}; see --json", stderr=True)
        return
    if torn:
        draw_note(f"{_counted(torn, 'session')} torn; see --json", stderr=True)


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}" + ("" if count == 1 else "s")


def _print_paths(paths: Iterable[Path]) -> None:
    """Print a path a line: as it is for another program, and so that a terminal obeys nothing."""
    from interviewer.text import printable

    for path in paths:
        click.echo(printable(str(path)) if sys.stdout.isatty() else os.fsencode(path))


def _print_json(meant: _Meant, entries: "list[Entry]") -> None:
    """Print one object, a line for each session."""
    from interviewer.library.as_json import entry_object, fault_object
    from interviewer.library.searching import places

    query = meant.query
    rows = (
        json.dumps(entry_object(entry, places(entry, query) if query else None))
        for entry in entries
    )
    faults = json.dumps([fault_object(fault) for fault in meant.faults])
    listed = ",\n".join(rows)
    click.echo(f'{{"transcripts": [\n{listed}\n],\n"faults": {faults}}}')


def _remove(asked: _Asked) -> None:
    """Remove what is meant, after asking.

    Raises:
        InterviewerError: Nothing is meant, nobody can be asked, or not all could be removed.
    """
    from interviewer.errors import TranscriptError, UsageError
    from interviewer.library.removing import beside, remove

    if not asked.chooses:
        hint = "--remove FILE, or with -n, --until or another filter"
        raise UsageError("nothing says which sessions", where="--remove", hint=hint)
    meant = _meant(asked)
    chosen = meant.cut(asked.number)
    if not chosen:
        raise TranscriptError("no such session, so nothing is removed", where=meant.place)
    cassettes = sum(len(beside(entry.path)) for entry in chosen)
    if not asked.yes and not _agreed(chosen, cassettes):
        raise click.exceptions.Exit(1)
    done = remove([entry.path for entry in chosen])
    _tell_removed(asked, done)
    if done.kept:
        raise click.exceptions.Exit(1)


def _agreed(chosen: "list[Entry]", cassettes: int) -> bool:
    from interviewer.cli.weights import agreed, can_answer
    from interviewer.errors import TranscriptError
    from interviewer.terminal.batch_view import draw_note

    if not can_answer():
        raise TranscriptError("nobody can answer whether to remove them", hint="--yes")
    _draw(chosen[:_SHOWN], None)
    if len(chosen) > _SHOWN:
        draw_note(f"... and {len(chosen) - _SHOWN:,} more", stderr=True)
    also = f", and {_counted(cassettes, 'cassette')} beside" if cassettes else ""
    return agreed(f"Remove {_counted(len(chosen), 'session')}{also}, for good? [y/N] ", unless=True)


def _tell_removed(asked: _Asked, done: "Removed") -> None:
    from interviewer.terminal.batch_view import draw_note
    from interviewer.terminal.screen import draw_error

    if asked.way == "json":
        kept = [{"path": str(error.where), "why": error.what} for error in done.kept]
        click.echo(json.dumps({"removed": [str(path) for path in done.removed], "kept": kept}))
        return
    for error in done.kept:
        draw_error(str(error))
    if asked.way == "paths":
        _print_paths(done.removed)
    draw_note(f"{_counted(len(done.removed), 'file')} removed", stderr=True)
