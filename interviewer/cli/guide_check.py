"""`interviewer guide check`: what is wrong with guides, and what is worth a look."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from interviewer.bank import Bank
    from interviewer.errors import GuideError
    from interviewer.guide import Guide


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--strict", is_flag=True, help="Notes fail too.")
def check(files: tuple[str, ...], strict: bool) -> None:
    """Check each FILE, a path or the name of a guide; without any, all guides there are.

    All faults of a file are reported at once. Notes tell what is no fault, but worth a look. Exits
    1 if there is a fault, with --strict also if there is a note.
    """
    from interviewer.bank.notes import notes_on
    from interviewer.cli.choices import load_all
    from interviewer.terminal.batch_view import draw_note
    from interviewer.text import many, printable

    bank = load_all()
    failed, noted, loaded = 0, 0, []
    for path, guide, error in _read(files) if files else _all(bank):
        if guide:
            loaded.append((path, guide))
        else:
            failed += 1
            click.echo(printable(str(error)), err=True)
    is_asked = _asked_by(bank, [guide for _, guide in loaded])
    for path, guide in loaded:
        click.echo(printable(f"{path}: fine ({_sizes(guide)})"))
        for note in notes_on(guide, is_asked):
            noted += 1
            click.echo(printable(f"{path}: note: {note}"))
    if noted:
        told = f"{many(noted, 'note')}; docs/guides.md explains each"
        draw_note(told + (", and --strict makes them fail" if strict else ""), stderr=True)
    if failed or (strict and noted):
        raise click.exceptions.Exit(1)


def _read(
    files: Sequence[str],
) -> "Iterator[tuple[str | Path, Guide | None, GuideError | None]]":
    """Yield each file as it was given, with its guide or what is wrong with it."""
    from interviewer.cli.choices import find
    from interviewer.errors import GuideError
    from interviewer.guide_file import load_guide

    for name in files:
        try:
            yield name, load_guide(find(name)), None
        except GuideError as error:
            yield name, None, error


def _all(bank: "Bank") -> "Iterator[tuple[str | Path, Guide | None, GuideError | None]]":
    for card, guide in zip(bank.cards, bank.guides, strict=True):
        yield card.path, guide, None
    for faulty in bank.faults:
        yield faulty.path, None, faulty.error


def _asked_by(bank: "Bank", guides: "Sequence[Guide]") -> Callable[[str], bool]:
    """Return what tells whether a guide of the bank, or one of `guides`, asks a question."""
    from interviewer.bank import asked

    known = {asked(guide.question) for guide in guides}
    return lambda question: asked(question) in known or bank.asking(question) is not None


def _sizes(guide: "Guide") -> str:
    parts = (guide.goals, guide.steps, guide.examples, guide.tips)
    names = ("goals", "steps", "examples", "tips")
    return ", ".join(f"{len(part)} {name}" for part, name in zip(parts, names, strict=True))
