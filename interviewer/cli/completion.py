"""`interviewer completion SHELL`."""

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of SHELL; evaluate it in the shell's start-up file."""
    from click.shell_completion import get_completion_class

    from interviewer.cli.app import app

    made = get_completion_class(shell)
    assert made  # noqa: S101  click has all three
    # Rendered from the template, not by source(): that one starts a shell to look at its version.
    click.echo(
        made(app, {}, "interviewer", "_INTERVIEWER_COMPLETE").source_template
        % {
            "complete_func": "_interviewer_completion",
            "complete_var": "_INTERVIEWER_COMPLETE",
            "prog_name": "interviewer",
        }
    )
