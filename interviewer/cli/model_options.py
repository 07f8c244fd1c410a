"""The options that choose a model and its prompts, for commands that judge."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--model", help="An embedded model's name, a GGUF file, or an endpoint's model."),
    click.option("--base-url", help="Address of an OpenAI-compatible endpoint."),
    click.option(
        "--ask",
        type=click.Choice(["each", "all"]),
        help="Ask an endpoint about each sentence (small models), or all in one call.",
    ),
    click.option(
        "--prompts",
        type=click.Path(path_type=Path),
        help="Folder whose templates override the shipped ones.",
    ),
    click.option("--no-pull", is_flag=True, help="Never download a model."),
)


def model_options(command: Command) -> Command:
    """Add the options that choose a model and its prompts."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
