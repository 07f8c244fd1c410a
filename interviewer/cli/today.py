"""`interviewer today`: the one thing to practise now."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interviewer.bank import Bank
    from interviewer.planning import Today

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("folder", required=False, type=_PATH)
@click.option("--role", help="Only guides for this job, and those for every job.")
@click.option("--level", help="Only guides for this level, and those for every level.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def today(folder: Path | None, role: str | None, level: str | None, as_json: bool) -> None:
    """Say what to practise now, by the grades in FOLDER, by default where chat saves them.

    Each competency comes up again after a while: after twice as long as before if it went well,
    the next day if it went badly.
    """
    from datetime import datetime

    from interviewer.cli.choices import DEFAULT_GUIDE, load_all
    from interviewer.cli.planned import Wanted, fitting, role_of
    from interviewer.cli.practising import past_in, tell_faults
    from interviewer.cli.progress import folder_of
    from interviewer.errors import UsageError
    from interviewer.planning import due

    bank = load_all()
    cards = fitting(Wanted(1, role=role, level=level), bank.cards)
    if not cards:
        raise UsageError("there is no guide", hint="interviewer guide new drafts one")
    past = past_in(folder_of(folder), bank, samples=folder is not None)
    now = datetime.now().astimezone()
    found = due(past.practised, cards, now, start=DEFAULT_GUIDE)
    told = {"--role": role_of(role, bank.cards), "--level": level}
    command = command_of(found, bank, told)
    if as_json:
        click.echo(json.dumps({**found.model_dump(mode="json"), "command": command}, indent=2))
    else:
        from interviewer.terminal.console import make_console
        from interviewer.terminal.today_view import draw_today

        draw_today(make_console(), found, command=command)
    tell_faults(past.faults)


def command_of(found: "Today", bank: "Bank", given: "Mapping[str, str | None]") -> str | None:
    """Return what to type to practise; None where there is no guide to take.

    Args:
        found: What to practise.
        bank: The guides that it was chosen from.
        given: Options of the command line that go on to the interview, those without a value not.
    """
    import shlex

    card = found.take and bank.get(found.take.guide)
    if not card:
        return None
    options = [part for name, value in given.items() if value for part in (name, value)]
    return shlex.join(["interviewer", "chat", card.path.stem, *options])
