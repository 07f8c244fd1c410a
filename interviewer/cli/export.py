"""`interviewer export`: a saved interview as a page, a text, an object, a recording, a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.durations import Duration
from interviewer.export import FORMS

if TYPE_CHECKING:
    from interviewer.export.account import Account
    from interviewer.export.session_account import SessionAccount
    from interviewer.transcript import Recorded


class _Out(click.Path):
    """A file or a folder; what ends in a slash is meant as a folder, which a `Path` forgets."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value).endswith("/") and not Path(value).is_dir():
            self.fail(f"there is no folder {value}", param, ctx)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(FORMS), help="The form; told by -o's suffix, too.")
@click.option(
    "-o",
    "--out",
    type=_Out(path_type=Path, allow_dash=True),
    help="A file, a folder, or - for standard output; FILE's name with another suffix, here.",
)
@click.option("--width", type=click.IntRange(40, 400), help="Columns of cast and svg; 88.")
@click.option("--idle-limit", type=Duration(), help="Longest pause in a cast, such as 2s.")
@click.option("--interview", type=click.IntRange(1), help="Which one, of a session of several.")
@click.option("--force", is_flag=True, help="Replace whatever file is there.")
def export(
    file: Path,
    form: str | None,
    out: Path | None,
    width: int | None,
    idle_limit: float | None,
    interview: int | None,
    force: bool,
) -> None:
    """Export FILE, a transcript, to another form, and print where it is.

    A session of several interviews becomes one document, the review first; --interview exports
    one of them alone.

    \b
    html  a page with the graded answer, its evidence and what a stronger one would add
    md    the same as text, for a forge or a mail
    json  one object, for scripts
    cast  a recording for asciinema and its player (asciicast v3)
    svg   a picture of the whole session

    An earlier export of the same session is replaced, any other file only with --force.
    """  # noqa: D301  click takes the character itself
    from interviewer.errors import UsageError
    from interviewer.export.forms import Choice, form_of, pieces_of, target_of, write_export
    from interviewer.text import printable
    from interviewer.transcript import load_transcript

    piped = str(out) == "-"
    if form is None:
        if out is None or piped or out.is_dir():
            raise UsageError(
                "nothing says which form it is to have", hint=f"--to {'|'.join(FORMS)}"
            )
        form = form_of(out)
    _check(form, width, idle_limit)
    choice = Choice(form, width, idle_limit)
    recorded = load_transcript(file)
    account = _account(recorded, interview)
    if piped:
        click.echo("".join(pieces_of(account, choice)).encode(errors="replace"), nl=False)
        return
    path = target_of(file, form, out, interview=interview if recorded.header.plan else None)
    write_export(account, choice, path, force=force)
    click.echo(printable(str(path)))


def _account(recorded: "Recorded", interview: int | None) -> "Account | SessionAccount":
    """Return what is exported: a whole session, or one interview.

    Raises:
        UsageError: There is no interview of this number.
        TranscriptError: It can't be told.
    """
    if recorded.header.plan and interview is None:
        from interviewer.export.session_account import session_account_of

        return session_account_of(recorded)
    from interviewer.cli.choices import one_of
    from interviewer.export.account import account_of

    return account_of(one_of(recorded, interview))


def _check(form: str, width: int | None, idle_limit: float | None) -> None:
    """Find an option that means nothing here.

    Raises:
        UsageError: There is one.
    """
    from interviewer.errors import UsageError

    if width and form not in {"cast", "svg"}:
        raise UsageError("--width is for cast and svg", hint=f"leave it out with --to {form}")
    if idle_limit and form != "cast":
        raise UsageError("--idle-limit is for cast", hint=f"leave it out with --to {form}")
