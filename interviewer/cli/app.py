"""The list of commands, and the only place that turns errors into exit codes.

0    done
1    it could not be done; the message says what, where and what to do
2    the command line or a setting is wrong
75   a provider's batches are running; the same command goes on later
130  interrupted by the user; what was said is saved
143  ended by SIGTERM while a terminal was in use, which is as it was before
"""

from importlib import import_module
from typing import Any

import click

from interviewer.errors import InterviewerError

COMMANDS = {
    "chat": ("chat:chat", "Be interviewed about one question, and graded."),
    "today": ("today:today", "Say what to practise now."),
    "replay": ("replay:replay", "Watch a session again, grade it again, or verify it."),
    "transcripts": ("transcripts:transcripts", "List, search and remove sessions."),
    "export": ("export:export", "Turn a session into a page, a text, a recording."),
    "progress": ("progress:progress", "See how your sessions go, over time."),
    "grade": ("grade:grade", "Grade a file of answers."),
    "agree": ("agree:agree", "Compare grades with people's scores."),
    "calibrate": ("calibrate:calibrate", "Learn your raters' scale from their scores."),
    "simulate": ("simulate:simulate", "Interview simulated candidates, to try a guide."),
    "guide": ("guide:guide", "List, show, check and test guides."),
    "prompt": ("prompt:prompt", "Print a prompt as it would be sent."),
    "model": ("model:model", "Fetch, list and serve embedded models."),
    "config": ("config:config", "Show every setting and where it came from."),
    "completion": ("completion:completion", "Print the completion script of a shell."),
}
"""Name -> (module:object within `interviewer.cli`, the line shown by --help)."""


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: Any = getattr(import_module(f"interviewer.cli.{module}"), name)
        return found  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-V", "--version", is_flag=True, help="Print the version and exit.")
def app(version: bool) -> None:
    """A mock interviewer: it asks, probes what is missing and grades with evidence.

    Start with `interviewer chat`. It needs no key and no network once its model is here.

    Exit codes: 0 done; 1 failed, with what to do; 2 wrong usage; 130 interrupted.
    """


def run() -> int:
    """Run the command line and return the exit code."""
    try:
        # An Exit's code, else None. click itself ends where who reads us is gone, with 1.
        code = app(prog_name="interviewer", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        return 130
    except InterviewerError as error:
        from interviewer.terminal.screen import draw_error

        draw_error(str(error))
        return error.exit_code
    return code if isinstance(code, int) else 0
