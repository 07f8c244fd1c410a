"""`interviewer guide`: list, show, check and test guides."""

import json
from pathlib import Path

import click

from interviewer.cli.guide_trial import test


@click.group()
def guide() -> None:
    """List, show, check and test guides."""


guide.add_command(test)


@guide.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_(as_json: bool) -> None:
    """List the guides that ship, and those in your own folder; a faulty one with its remedy."""
    from interviewer.cli.choices import guide_folders
    from interviewer.guide_file import list_guides
    from interviewer.text import printable

    rows = [_row(path) for path in list_guides(guide_folders())]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        about = row["question"] or f"can't be used; interviewer guide check {row['file']}"
        click.echo(printable(f"{row['id']}\n    {about}"))


def _row(path: Path) -> dict[str, str | None]:
    """Return what a guide is listed with; its question is None where it has faults."""
    from interviewer.errors import GuideError
    from interviewer.guide_file import load_guide

    try:
        question, fault = load_guide(path).question, None
    except GuideError as error:
        question, fault = None, str(error)
    return {"id": path.stem, "question": question, "file": str(path), "fault": fault}


@guide.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(file: str, as_json: bool) -> None:
    """Show what FILE, a path or the name of a guide, was read as."""
    from interviewer.cli.choices import load_plain
    from interviewer.terminal.console import make_console
    from interviewer.terminal.guide_view import GuideView

    found = load_plain(file)
    if as_json:
        click.echo(json.dumps(found.model_dump(mode="json"), indent=2))
        return
    make_console().print(GuideView(found))


@guide.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check guides; all faults of a file are reported at once. Exits 1 if there is one."""
    from interviewer.errors import GuideError
    from interviewer.guide_file import load_guide
    from interviewer.text import printable

    failed = False
    for path in files:
        try:
            found = load_guide(path)
        except GuideError as error:
            failed = True
            click.echo(printable(str(error)), err=True)
        else:
            click.echo(
                f"{path}: fine ({len(found.goals)} goals, {len(found.steps)} steps, "
                f"{len(found.examples)} examples, {len(found.tips)} tips)"
            )
    if failed:
        raise click.exceptions.Exit(1)
