"""`interviewer model`: the embedded model's weights, and its server for other programs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interviewer.errors import WeightsError

if TYPE_CHECKING:
    from interviewer.llm.local.catalogue import Entry

_NAME = click.argument("name", default="")
_YES = click.option("-y", "--yes", is_flag=True, help="Don't ask.")


@click.group()
def model() -> None:
    """The embedded model: list, pull, path, remove, serve.

    NAME is one that `interviewer model list` shows; without it, the default.
    """


@model.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_models(as_json: bool) -> None:
    """Show which weights there are, and which of them are here."""
    from interviewer.llm.local.catalogue import catalogue

    rows = [_row(entry) for entry in catalogue()]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        _draw_table(rows)


@model.command()
@_NAME
@_YES
def pull(name: str, yes: bool) -> None:
    """Download weights, going on where an earlier pull stopped."""
    from interviewer.cli.weights import may_pull, pull_drawn
    from interviewer.llm.local.pull import is_present, path_of

    entry = _entry(name)
    if not is_present(entry) and not may_pull(entry, yes=yes):
        raise click.exceptions.Exit(1)
    _say(f"{entry.name} is here already" if is_present(entry) else "")
    click.echo(path_of(entry) if is_present(entry) else pull_drawn(entry))


@model.command()
@_NAME
def path(name: str) -> None:
    """Print the path of the weights' file, and nothing else."""
    from interviewer.llm.local.pull import is_present, path_of

    entry = _entry(name)
    if not is_present(entry):
        hint = f"`interviewer model pull {entry.name}`"
        raise WeightsError(f"the weights {entry.name} are not here", hint=hint)
    click.echo(path_of(entry))


@model.command()
@_NAME
@_YES
def remove(name: str, yes: bool) -> None:
    """Delete weights, and what an unfinished pull left of them."""
    from interviewer.cli.weights import agreed, can_answer, size_of
    from interviewer.llm.local.pull import remove as remove_weights

    entry = _entry(name)
    question = f"Delete {entry.name} ({size_of(entry.size)})? [y/N] "
    if not yes and not can_answer():
        raise WeightsError("nobody can answer whether to delete", hint="--yes")
    if not yes and not agreed(question, unless=True):
        raise click.exceptions.Exit(1)
    _say(f"{entry.name} deleted" if remove_weights(entry) else f"{entry.name} was not here")


@model.command()
@_NAME
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@_YES
def serve(name: str, port: int, yes: bool) -> None:
    """Serve a model to other programs on this computer, as OpenAI's API, until Ctrl-C.

    NAME may also be a .gguf file of your own.
    """
    import asyncio
    import contextlib

    from interviewer.cli.weights import ensure_weights
    from interviewer.llm.local.catalogue import default

    weights = ensure_weights(name or default().name, allow_pull=True, yes=yes)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(weights, port))


async def _serve(weights: Path, port: int) -> None:
    from interviewer.llm.local.engine import Engine

    async with Engine(weights, port=port, slots=1) as engine:  # one cache for any client
        click.echo(f"OPENAI_BASE_URL={engine.base_url}")
        click.echo(f"OPENAI_API_KEY={engine.api_key}")
        _say(f"loaded in {engine.load_s:.1f} s; Ctrl-C ends it")
        await engine.wait()


def _entry(name: str) -> "Entry":
    from interviewer.llm.local.catalogue import default, find_entry

    return find_entry(name) if name else default()


def _row(entry: "Entry") -> dict[str, str | int | bool]:
    from interviewer.llm.local.catalogue import default
    from interviewer.llm.local.pull import is_present, path_of

    fields = entry.model_dump(include={"name", "title", "licence", "size", "sha256"})
    place = {"present": is_present(entry), "path": str(path_of(entry))}
    return fields | place | {"default": entry == default()}


def _draw_table(rows: list[dict[str, str | int | bool]]) -> None:
    from rich import box
    from rich.table import Table

    from interviewer.cli.weights import size_of
    from interviewer.terminal.console import is_ascii, make_console, words

    console = make_console()
    table = Table(box=box.ASCII if is_ascii(console) else box.SIMPLE_HEAD)
    for heading in ("name", "model", "size", "licence", "here", ""):
        table.add_column(heading, overflow="fold", no_wrap=heading != "model")
    for row in rows:
        size, here = size_of(int(row["size"])), "yes" if row["present"] else "no"
        mark = "default" if row["default"] else ""
        cells = (str(row["name"]), str(row["title"]), size, str(row["licence"]), here, mark)
        table.add_row(*map(words, cells))
    console.print(table)


def _say(text: str) -> None:
    from interviewer.terminal.console import make_console, words

    if text:
        make_console(stderr=True).print(words(text), soft_wrap=True)
