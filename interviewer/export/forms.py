"""Which forms there are, and where an export goes: never over something that is not its own."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interviewer.batch.writing import replacing, writing
from interviewer.errors import DataError, UsageError
from interviewer.export import FORMS, SUFFIXES
from interviewer.export.account import Account
from interviewer.export.session_account import SessionAccount
from interviewer.transcript import Recorded

_MARK = "interviewer-export:"
_HEAD = 4096
"""Bytes at a file's beginning that the mark stands in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a session is drawn."""

    form: str
    """One of `FORMS`."""
    width: int | None = None
    """Columns of a recording or a picture; None: as many as the screen's text has at most."""
    idle_limit_s: float | None = None
    """The longest pause in a recording; None: as long as it was."""


def form_of(path: Path) -> str:
    """Return the form that a file's suffix tells.

    Raises:
        UsageError: It tells none.
    """
    if form := SUFFIXES.get(path.suffix.lower()):
        return form
    raise UsageError(
        f"the suffix {path.suffix!r} tells no form", where=path, hint=f"--to {'|'.join(FORMS)}"
    )


def target_of(source: Path, form: str, out: Path | None, *, interview: int | None = None) -> Path:
    """Return the file that an export goes to.

    Args:
        source: The transcript.
        form: One of `FORMS`.
        out: A file, or a folder; None: the current folder.
        interview: The number of the one that is exported alone; None: all there is.
    """
    name = f"{source.stem}{'' if interview is None else f'-interview-{interview}'}.{form}"
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out


def pieces_of(account: Account | SessionAccount, choice: Choice) -> Iterable[str]:
    """Return an export, in pieces."""
    mark = mark_of(account.recorded)
    if choice.form == "json":
        return json.dumps(_object(account, mark), indent=2), "\n"
    if choice.form == "md":
        return (_markdown(account, mark),)
    if choice.form == "html":
        return _page(account, mark)
    from interviewer.export.drawing import cast_of, svg_of
    from interviewer.terminal.console import WIDEST

    width = choice.width or WIDEST
    if choice.form == "cast":
        return cast_of(account, mark=mark, width=width, idle_limit_s=choice.idle_limit_s)
    return (svg_of(account, mark=mark, width=width),)


def _object(account: Account | SessionAccount, mark: str) -> dict[str, Any]:
    from interviewer.export.as_json import object_of, session_object_of

    if isinstance(account, SessionAccount):
        return session_object_of(account, mark=mark)
    return object_of(account, mark=mark)


def _markdown(account: Account | SessionAccount, mark: str) -> str:
    if isinstance(account, SessionAccount):
        from interviewer.export.session_markdown import session_markdown_of

        return session_markdown_of(account, mark=mark)
    from interviewer.export.markdown import markdown_of

    return markdown_of(account, mark=mark)


def _page(account: Account | SessionAccount, mark: str) -> Iterable[str]:
    if isinstance(account, SessionAccount):
        from interviewer.export.session_page import session_page_of

        return session_page_of(account, mark=mark)
    from interviewer.export.page import page_of

    return page_of(account, mark=mark)


def write_export(
    account: Account | SessionAccount, choice: Choice, path: Path, *, force: bool = False
) -> None:
    """Write an export, as a whole or not at all.

    Args:
        account: The session.
        choice: Its form.
        path: The file; an earlier export of the same session is replaced.
        force: Whether any other file is replaced too, but for the transcript itself.

    Raises:
        DataError: Another file is there, or it can't be written.
    """
    path = path.resolve()  # of a link, what it points to is replaced
    _check(account.recorded, path, force=force)
    with replacing(path) as file:
        file.writelines(pieces_of(account, choice))


def mark_of(recorded: Recorded) -> str:
    """Return what tells that a file is an export of a session; plain in every form.

    The number of an interview stands first, so that its mark does not begin with the session's.
    """
    id, _, number = recorded.header.id.partition("/")
    plain = [re.sub(r"[^0-9A-Za-z]", "", each)[:64] for each in (number, id)]
    return _MARK + ("of".join(each for each in plain if each) or "session")


def _check(recorded: Recorded, path: Path, *, force: bool) -> None:
    with writing(path):
        if not path.parent.is_dir():
            raise DataError(
                "there is no such folder", where=path.parent, hint="make it, or name another"
            )
        if not path.exists():
            return
        if path.samefile(recorded.path):
            raise DataError("this is the transcript itself", where=path, hint="name another file")
        if not path.is_file():
            raise DataError("is no file", where=path, hint="-o - writes to the standard output")
        with path.open("rb") as file:
            ours = mark_of(recorded).encode() in file.read(_HEAD)
    if not (ours or force):
        raise DataError(
            "is there already, and is no earlier export of this session",
            where=path,
            hint="name another file with -o, or replace it with --force",
        )
