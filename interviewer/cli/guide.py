"""`interviewer guide`: list, find, show, check, test and draft guides."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from interviewer.cli.guide_check import check
from interviewer.cli.guide_new import new
from interviewer.cli.guide_trial import test

if TYPE_CHECKING:
    from interviewer.bank import Bank, Card, Unusable

_FOUND = 10
"""Guides that a search shows."""
_FILTERS = (
    click.option("--role", help="For this job; a guide without a role is for every job."),
    click.option("--kind", help="Such as behavioural."),
    click.option("--level", help="Such as senior; a guide without a level is for every level."),
    click.option("--competency", help="One of its goals is a case of this, such as ownership."),
    click.option("--drafts", is_flag=True, help="Only those that nobody has looked over yet."),
)
Command = TypeVar("Command", bound=Callable[..., Any])


def _filters(command: Command) -> Command:
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@click.group()
def guide() -> None:
    """List, find, show, check, test and draft guides."""


guide.add_command(check)
guide.add_command(test)
guide.add_command(new)


@guide.command("list")
@_filters
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_(as_json: bool, **filters: Any) -> None:
    """List the guides that ship, and those in your own folder; a faulty one with its remedy."""
    from interviewer.terminal.bank_view import draw_bank
    from interviewer.terminal.console import make_console

    bank = _chosen(filters)
    if as_json:
        rows = [*map(_row, bank.cards), *map(_faulty_row, bank.faults)]
        click.echo(json.dumps(sorted(rows, key=lambda row: str(row["id"])), indent=2))
    else:
        draw_bank(make_console(), bank)


@guide.command()
@click.argument("words", nargs=-1, required=True)
@_filters
@click.option(
    "-n",
    "--number",
    type=click.IntRange(min=0),
    help=f"The best so many; 0: all. People are shown {_FOUND}, a program gets all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def search(words: tuple[str, ...], number: int | None, as_json: bool, **filters: Any) -> None:
    """Find guides by WORDS in all that they say, the best first. Exits 1 if there is none.

    A word in the question weighs more than one in a tip; a beginning of a word and other forms of
    it are found too. Guides that have only some of the words are shown where none has all.
    """
    from interviewer.terminal.bank_view import draw_found
    from interviewer.terminal.batch_view import draw_note
    from interviewer.terminal.console import make_console

    bank, text = _chosen(filters), " ".join(words)
    found, whole = bank.best(text)
    shown = found[: (number if number is not None or as_json else _FOUND) or None]
    if as_json:
        click.echo(json.dumps([_hit(bank, card, score, text) for card, score in shown], indent=2))
    elif not found:
        draw_note(f"no guide has a word of {text!r}; interviewer guide list shows all", stderr=True)
    else:
        console = make_console()
        for card, _ in shown:
            draw_found(console, card, bank.places(card.id, text))
        if not whole:
            draw_note("no guide has all of these words; these have most of them", stderr=True)
        if len(shown) < len(found):
            draw_note(f"{len(found) - len(shown)} more: -n 0", stderr=True)
    if not found:
        raise click.exceptions.Exit(1)


def _chosen(filters: dict[str, Any]) -> "Bank":
    """Return the bank of the guides that are meant.

    Raises:
        UsageError: No guide meets the filters.
    """
    from dataclasses import replace

    from interviewer.cli.choices import load_all
    from interviewer.errors import UsageError

    drafts = filters.pop("drafts")
    bank = load_all()
    given = {name: value for name, value in filters.items() if value is not None}
    met: list[str] = []
    for name, value in given.items():
        narrowed = bank.filtered(**{name: value})
        if not narrowed.cards:
            among = f" among those with {' and '.join(met)}" if met else ""
            values = ", ".join(bank.values(name)) or "none has any"
            raise UsageError(
                f"no guide has the {name} {value!r}{among}",
                where=f"--{name}",
                hint=f"one of: {values}",
            )
        bank = narrowed
        met.append(f"--{name} {value}")
    if given or drafts:  # what can't be read meets no filter
        bank = replace(bank, faults=())
    if drafts:
        bank = bank.drafts()
        if not bank.cards:
            hint = "interviewer guide new drafts one; without --drafts all guides are meant"
            raise UsageError("no guide is marked as a draft", where="--drafts", hint=hint)
    return bank


def _row(card: "Card") -> dict[str, Any]:
    row = card.model_dump(mode="json", exclude={"path"})
    return row | {"file": str(card.path), "fault": None}


def _faulty_row(faulty: "Unusable") -> dict[str, Any]:
    """Return what a guide with faults is listed with: its question is None."""
    from interviewer.bank import Card

    card = Card(
        id=faulty.path.stem,
        question="",
        path=faulty.path,
        own=faulty.own,
        shadows=faulty.shadows,
    )
    row = _row(card)
    return row | {"question": None, "fault": str(faulty.error)}


def _hit(bank: "Bank", card: "Card", score: float, text: str) -> dict[str, Any]:
    from interviewer.terminal.bank_view import snippet_of

    places = [
        {"part": place.part, "name": place.name, "snippet": snippet_of(place)[0]}
        for place in bank.places(card.id, text)
    ]
    return _row(card) | {"score": round(score, 3), "places": places}


@guide.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(file: str, as_json: bool) -> None:
    """Show what FILE, a path or the name of a guide, was read as."""
    from interviewer.cli.choices import load_all, load_plain
    from interviewer.terminal.console import make_console
    from interviewer.terminal.guide_view import GuideView

    found = load_plain(file)
    if as_json:
        click.echo(json.dumps(found.model_dump(mode="json"), indent=2))
        return
    bank = load_all() if found.related else None
    askers = {each: bank.asking(each) for each in found.related} if bank else {}
    ids = {question: card.id for question, card in askers.items() if card}
    make_console().print(GuideView(found, ids))
