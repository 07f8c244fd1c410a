"""`interviewer progress`: what somebody's sessions say together."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interviewer.progress import Facts

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("folder", required=False, type=_PATH)
@click.option("--guide", help="Only interviews about this guide: its id, or a path or name.")
@click.option("--since", help="Only interviews since a day: 2031-05-08, 30d or 8w.")
@click.option("--html", type=_PATH, help="Write a page with plots: FILE.html.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def progress(
    folder: Path | None, guide: str | None, since: str | None, html: Path | None, as_json: bool
) -> None:
    """Show progress over the sessions in FOLDER, by default where chat saves them.

    Per guide: scores over time, what is still missing, first against final answers, your own
    scores against the grades; and over all of them, how the answers were told. A session that was
    graded again counts by its newest grade. Only what the same model graded by the same guide is
    compared.
    """
    from interviewer.cli.dates import parse_moment
    from interviewer.cli.practising import tell_faults
    from interviewer.progress import progress_of
    from interviewer.progress.as_json import as_object
    from interviewer.progress.reading import Sessions
    from interviewer.terminal.batch_view import draw_note
    from interviewer.terminal.console import make_console
    from interviewer.terminal.progress_view import ProgressView
    from interviewer.text import many

    begin = None if since is None else parse_moment(since, option="--since")
    if html:
        _check_page(html)
    place = folder_of(folder)
    sessions = Sessions(place, samples=folder is not None)
    about = _about(guide, list(sessions))
    found = progress_of(each for each in about if begin is None or each.at >= begin)
    if as_json:
        click.echo(json.dumps(as_object(found), indent=2))
    elif found.sessions:
        make_console().print(ProgressView(found))
    else:
        such = "such " if guide or since else ""
        draw_note(f"There are no {such}interviews in {place} yet; interviewer chat makes one.")
    tell_faults(sessions.faults)
    if sessions.samples:
        draw_note(f"left out: {many(sessions.samples, 'sample')} of the project", stderr=True)
    if sessions.played:
        draw_note(f"left out: {many(sessions.played, 'session')} from a cassette", stderr=True)
    if sessions.simulated:
        draw_note(f"left out: {many(sessions.simulated, 'simulated session')}", stderr=True)
    if found.copies:
        draw_note(f"left out: {many(found.copies, 'file')} with a copy of a session", stderr=True)
    if html:
        from interviewer.report.progress import write_progress

        draw_note(f"page: {write_progress(html, found)}", stderr=as_json)


def folder_of(folder: Path | None) -> Path:
    """Return the folder to read; the default one need not exist.

    Raises:
        UsageError: The one that was named is none.
    """
    from interviewer.errors import UsageError
    from interviewer.settings import load_settings
    from interviewer.transcript import default_folder

    if folder is None:
        return load_settings()[0].transcripts or default_folder(Path.cwd())
    if not folder.is_dir():
        raise UsageError("is no folder", where=folder, hint="the folder that holds transcripts")
    return folder


def _check_page(file: Path) -> None:
    """Make sure that a page can be written, before anything is read.

    Raises:
        UsageError: The name's ending is not that of a page: it may be a transcript's.
        InterviewerError: What draws the plots is not installed.
    """
    from interviewer.errors import UsageError
    from interviewer.extras import need

    if file.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"{file} is no page", where="--html", hint="FILE.html")
    need("agree", "matplotlib")


def _about(guide: str | None, facts: "Sequence[Facts]") -> "Sequence[Facts]":
    """Return the sessions about a guide, which need not exist any more.

    Raises:
        GuideError: No session is about it, and there is no such guide; names those that there are.
    """
    from interviewer.cli.choices import load_plain
    from interviewer.errors import GuideError

    if guide is None:
        return facts
    ids = list(dict.fromkeys(each.guide.id for each in facts))
    wanted = guide
    if guide not in ids:
        try:
            wanted = load_plain(guide).id
        except GuideError as error:
            if not ids:
                raise
            raise GuideError(
                f"no interview is about {guide!r}, and there is no such guide",
                where="--guide",
                hint=" or ".join(f"--guide {each}" for each in ids[:4]),
            ) from error
    return [each for each in facts if each.guide.id == wanted]
