"""Stands in for `cli/replay.py` until that is here: takes files and the options of `regrading`."""

from pathlib import Path
from typing import Any

import click

from interviewer.cli.regrading import dispatch, regrade_options


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@regrade_options
def replay(files: tuple[Path, ...], **flags: Any) -> None:
    """Grade the sessions of FILES again, say what of them would differ, or ask a probe anew."""
    if code := dispatch(files, flags):
        raise click.exceptions.Exit(code)
