"""The shell: each command parses, calls one function and draws. Errors become exit codes here.

Nothing but `click` is imported before a command is chosen; `--version` needs not even that.
"""

import sys


def main() -> None:
    """Run a command; a known error becomes one message and an exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from interviewer import __version__

        sys.stdout.write(f"interviewer {__version__}\n")
        return
    from interviewer.cli.app import run

    sys.exit(run())
