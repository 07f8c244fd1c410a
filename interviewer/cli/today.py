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
    from interviewer.cli.practising import past_in, tell_faults
    from interviewer.cli.progress import folder_of
    from interviewer.planning import due

    bank = load_all()
    fitting = bank.filtered(role=role, level=level)
    if not fitting.cards:
        raise _none_fits(bank, role, level)
    past = past_in(folder_of(folder), bank, samples=folder is not None)
    now = datetime.now().astimezone()
    found = due(past.practised, fitting.cards, now, start=DEFAULT_GUIDE)
    command = command_of(found, fitting, {"--role": role, "--level": level})
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


def _none_fits(bank: "Bank", role: str | None, level: str | None) -> Exception:
    """Return the error of filters that let no guide pass; it names what there is."""
    from interviewer.errors import UsageError

    wanted = " and ".join(
        f"{name} {value!r}" for name, value in (("role", role), ("level", level)) if value
    )
    there = {
        "--role": {card.role for card in bank.cards if card.role} if role else set(),
        "--level": {card.level for card in bank.cards if card.level} if level else set(),
    }
    hints = [f'{name} "{each}"' for name, values in there.items() for each in sorted(values)]
    what = f"no guide is for the {wanted}" if wanted else "there is no guide"
    return UsageError(what, hint=" or ".join(hints[:6]) or "interviewer guide list")
