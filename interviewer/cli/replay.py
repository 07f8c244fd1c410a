"""`interviewer replay`: watch a session again, at its own pace or at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.durations import Duration
from interviewer.cli.numbers import Number
from interviewer.cli.regrading import dispatch, regrade_options

if TYPE_CHECKING:
    from interviewer.replay import Replay
    from interviewer.timeline import Kind
    from interviewer.transcript import Salvaged

_PATH = click.Path(path_type=Path)
_SLOWEST, _FASTEST = 0.01, 1000.0


@click.command()
@click.argument("files", nargs=-1, type=_PATH)
@click.option("--last", is_flag=True, help="The newest interview.")
@click.option("--pick", is_flag=True, help="Choose one from a list.")
@click.option(
    "--speed",
    type=Number(_SLOWEST, _FASTEST),
    default=1.0,
    show_default=True,
    help="How much faster than it was.",
)
@click.option("--idle-limit", type=Duration(), help="No pause is longer, such as 2s.")
@click.option("--from", "first", type=click.IntRange(1), help="The turn to begin with, from 1.")
@click.option("--to", "last_turn", type=click.IntRange(1), help="The turn to end with.")
@click.option("--only", type=click.Choice(["probes", "answers", "grade"]), help="Nothing else.")
@click.option("--no-timing", is_flag=True, help="Print it at once, as out of a terminal.")
@click.option("--transcripts", type=_PATH, help="Folder that --last and --pick look in.")
@regrade_options
def replay(
    files: tuple[Path, ...],
    last: bool,
    pick: bool,
    speed: float,
    idle_limit: float | None,
    first: int | None,
    last_turn: int | None,
    only: "Kind | None",
    no_timing: bool,
    transcripts: Path | None,
    **again: Any,
) -> None:
    """Watch FILES, which interviewer chat saved, as they happened.

    Turn 1 is the question with its answer, each follow-up begins a further turn, and the final
    answer is the last. In a session of several interviews turns count on from one to the next, or
    with --interview from 1 in that one. Beside an answer stands what the grade says about it.

    Keys: space pauses, . and , step on and back, left and right go by turn, [ and ] by interview,
    1 to 9 lead to a criterion's evidence, + and - change the speed, / searches and n goes on, up
    and down scroll, q leaves. What was played stays on the screen.

    --regrade grades the answers again by what is current, and keeps the old grades; --verify says
    what of a session would differ today; --reask has the probe of a turn worded anew.
    """
    paths = _paths(files, last=last, pick=pick, folder=transcripts)
    if (code := dispatch(paths, again)) is not None:
        raise click.exceptions.Exit(code)
    from interviewer.terminal.watching import can_watch, print_replay, watch

    what = {"first": first, "last": last_turn, "only": only, "idle_limit_s": idle_limit}
    found, failed = _read(paths, again["interview"], **what)
    code = 0
    if no_timing or not can_watch():
        for number, each in enumerate(found):
            print_replay(each, follows=number > 0)
    elif found:
        code = watch(found, speed=speed)
    if code or failed:
        raise click.exceptions.Exit(code or 1)


def _paths(
    files: tuple[Path, ...], *, last: bool, pick: bool, folder: Path | None
) -> tuple[Path, ...]:
    """Return what is to be replayed.

    Raises:
        UsageError: Nothing is named, or in two ways at once, or there is no terminal to pick in.
        TranscriptError: There is nothing to choose from.
    """
    import sys

    from interviewer.errors import TranscriptError, UsageError

    if bool(files) + last + pick != 1:
        what = "nothing to replay is named" if not (files or last or pick) else "what is it to be?"
        raise UsageError(what, hint="name files, or --last, or --pick: one of the three")
    if files:
        return files
    where = _folder(folder)
    if last:
        from interviewer.transcript import find_last

        found = find_last(where, unfinished=False)
    elif not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--pick needs a terminal", hint="name a file, or --last")
    else:
        from interviewer.terminal.picking import pick_transcript
        from interviewer.transcript.folders import newest_first

        if (found := pick_transcript(newest_first(where), where)) is None:
            raise click.exceptions.Exit(0)
    if found is None:
        raise TranscriptError(
            "there is no interview to replay", where=where, hint="interviewer chat"
        )
    return (found,)


def _folder(folder: Path | None) -> Path:
    from interviewer.settings import load_settings
    from interviewer.transcript import default_folder

    settings, _ = load_settings({"transcripts": folder})
    return settings.transcripts or default_folder(Path.cwd())


def _read(
    paths: tuple[Path, ...], interview: int | None, **what: Any
) -> tuple[list["Replay"], bool]:
    """Return what can be replayed, and whether a file could not; that is told at once.

    Raises:
        TranscriptError: The only file can't be replayed.
        UsageError: There is no such interview, or no such turn, in a file.
    """
    from interviewer.errors import TranscriptError
    from interviewer.replay import replay_of
    from interviewer.transcript import salvage_transcript

    found, failed = [], False
    for path in paths:
        try:
            source = salvage_transcript(path)
            found.append(replay_of(_one_of(source, interview) if interview else source, **what))
        except TranscriptError as error:
            if len(paths) == 1:
                raise
            from interviewer.terminal.screen import draw_error

            draw_error(str(error))
            failed = True
    return found, failed


def _one_of(source: "Salvaged", number: int) -> "Salvaged":
    """Return one interview of a file, its turns counted from 1.

    Raises:
        UsageError: There is no such interview in it.
    """
    from interviewer.errors import UsageError
    from interviewer.transcript import salvaged_interviews

    found = salvaged_interviews(source)
    if number in found:
        return found[number]
    hint = f"--interview takes {', '.join(map(str, found))}"
    raise UsageError(f"there is no interview {number} in it", where=source.path, hint=hint)
