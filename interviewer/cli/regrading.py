"""`interviewer replay --regrade`, `--verify`, `--reask`: sessions, judged by what is current."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from interviewer.cli.model_options import model_options
from interviewer.cli.numbers import Number
from interviewer.errors import UsageError

if TYPE_CHECKING:
    from interviewer.batch.estimate import Counting
    from interviewer.cli.models import Picked
    from interviewer.prompts import Prompts
    from interviewer.regrading.again import Current, Manner, Outcome
    from interviewer.regrading.past import Source
    from interviewer.terminal.batch_board import Board

Command = TypeVar("Command", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.option("--regrade", is_flag=True, help="Grade the answers again, and compare."),
    click.option("--verify", is_flag=True, help="Say what of the session would differ today."),
    click.option(
        "--reask", type=click.IntRange(1), metavar="TURN", help="Word the probe of a turn anew."
    ),
    click.option("--interview", type=click.IntRange(1), help="Which one, of a session of several."),
    click.option("--guide", help="Path or name of a guide, in place of the session's own."),
    click.option("--calibration", type=_PATH, help="A file that interviewer calibrate wrote."),
    click.option(
        "--fail-if-moved",
        type=Number(0, min_open=True),
        metavar="POINTS",
        help="Exit 1 if a score moved by so many points.",
    ),
    click.option(
        "--against",
        type=click.Choice(["newest", "first"]),
        help="Compare with the newest grade before, or with the session's own.",
    ),
    click.option("--force", is_flag=True, help="Grade anew what was graded by the same."),
    click.option("--no-save", is_flag=True, help="Compare, and keep no new grade."),
    click.option("--dry-run", is_flag=True, help="Count calls and tokens; call nothing."),
    click.option("--quiet", is_flag=True, help="Show no progress."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
)
_MODES = ("regrade", "verify", "reask")
_GRADING = ("fail_if_moved", "against", "force", "no_save", "dry_run")
"""Options of `--regrade` alone."""
_SETTINGS = ("model", "base_url", "ask", "prompts", "calibration")


def regrade_options(command: Command) -> Command:
    """Add the options of `--regrade`, `--verify` and `--reask`; `dispatch` does what they say."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return model_options(command)


def dispatch(files: Sequence[Path], flags: Mapping[str, Any]) -> int | None:
    """Do what the options of `regrade_options` ask for.

    Args:
        files: Transcripts.
        flags: The options' values, all of them.

    Returns:
        The exit code; None where none of the three modes is asked for: the session is watched.

    Raises:
        UsageError: Options don't go together.
        InterviewerError: It can't be done at all; what fails for one file is told with the rest.
        KeyboardInterrupt: Ctrl-C; what was graded is kept.
    """
    modes = [name for name in _MODES if flags[name]]
    _check(modes, flags)
    if not modes:
        return None
    own = list({path.resolve(): path for path in reversed(files)}.values())[::-1]
    match modes[0]:
        case "regrade":
            return regrade(own, flags)
        case "verify":
            return verify(own, flags)
        case _:
            return reask(own, flags)


def _check(modes: Sequence[str], flags: Mapping[str, Any]) -> None:
    if len(modes) > 1:
        told = " and ".join(f"--{mode}" for mode in modes)
        raise UsageError(f"{told} don't go together", hint="one after the other")
    if modes != ["regrade"] and (lost := _first(_GRADING, flags)):
        raise UsageError(f"{lost} is for --regrade", hint=f"--regrade {lost}")
    others = (*_SETTINGS, "guide", "no_pull", "quiet", "as_json")
    if not modes and (lost := _first(others, flags)):
        raise UsageError(f"{lost} is for --regrade, --verify or --reask", hint="name one of them")


def _first(names: Sequence[str], flags: Mapping[str, Any]) -> str:
    """Return the first option of `names` that was given, as it was typed."""
    given = next((name for name in names if flags.get(name)), "")
    return f"--{given.removeprefix('as_').replace('_', '-')}" if given else ""


def regrade(files: Sequence[Path], flags: Mapping[str, Any]) -> int:
    """Grade final answers again, keep the new grades, and draw them beside the old ones."""
    import asyncio

    from interviewer.cli.regraded import Report
    from interviewer.errors import UnreachableError
    from interviewer.llm.allowance import Prices
    from interviewer.regrading.past import graded_in, ungraded_in
    from interviewer.terminal.batch_view import draw_note

    picked, prompts = _set_up(flags, needed=not flags["dry_run"])
    outcomes: list[Outcome] = []
    sources = [each for path in files for each in graded_in(path, flags["interview"])]
    for path in () if flags["interview"] else files:
        for number in ungraded_in(path):
            draw_note(f"left out: {path}, interview {number}: it has no grade", stderr=True)
    run = _Regrading(sources, flags, (picked, prompts), outcomes)
    prices = Prices(picked.settings.price_prompt, picked.settings.price_completion)
    report = Report(sources, outcomes, prices, fail_if_moved=flags["fail_if_moved"])
    if flags["dry_run"]:
        asyncio.run(run.count())
        return report.estimate(as_json=flags["as_json"])
    try:
        stopped = asyncio.run(run.grade())
    except (KeyboardInterrupt, asyncio.CancelledError):
        stopped = True
    except UnreachableError as error:
        report.draw(as_json=flags["as_json"])
        hint = f"{error.hint}; then the same command again goes on".lstrip("; ")
        raise UnreachableError(error.what, where=error.where, hint=hint) from error
    code = report.draw(as_json=flags["as_json"])
    if stopped:
        kept = "nothing was to be kept" if flags["no_save"] else "what was graded is kept"
        draw_note(f"interrupted; {kept}, and the same command goes on", stderr=True)
        raise KeyboardInterrupt
    return code


class _Regrading:
    """One run over some interviews."""

    def __init__(
        self,
        sources: "Sequence[Source]",
        flags: Mapping[str, Any],
        by: "tuple[Picked, Prompts]",
        outcomes: "list[Outcome]",
    ) -> None:
        self._sources, self._flags, self._by = sources, flags, by
        self._outcomes = outcomes

    async def count(self) -> None:
        """Go through it with a model that only counts."""
        from interviewer.regrading.again import regrade

        current, manner = self._current(self._counting()), replace(self._manner(), save=False)
        await regrade(self._sources, current, self._outcomes.append, manner)

    async def grade(self) -> bool:
        """Grade, and return whether Ctrl-C ended it before all was looked at."""
        from interviewer.cli.batching import AT_ONCE, answers_at_once, interruptible
        from interviewer.cli.models import connected
        from interviewer.regrading.again import regrade
        from interviewer.terminal.batch_board import board

        quiet = self._flags["quiet"] or self._flags["as_json"]
        thinking = _thinking(quiet=quiet)
        with board(len(self._sources), quiet=quiet) as shown:
            tell = self._telling(shown)
            # No engine is started for what is known already.
            if not (left := self._without_model(tell)):
                return False
            async with (
                connected(*self._by, thinking, at_once=AT_ONCE) as client,
                interruptible(shown) as stopping,
            ):
                manner = self._manner(stopping, lambda: answers_at_once(client))
                await regrade(left, self._current(client), tell, manner)
                return stopping()

    def _without_model(self, tell: "Callable[[Outcome], None]") -> "list[Source]":
        """Tell what needs no model, and return the interviews that need one."""
        from interviewer.regrading.again import settled

        found = settled(self._sources, self._current(self._counting()), self._manner())
        for each in found:
            tell(each)
        known = {each.source for each in found}
        return [source for source in self._sources if source not in known]

    def _counting(self) -> "Counting":
        from interviewer.batch.estimate import Counting

        local, at_once = _kind(self._by[0])
        return Counting(local=local, at_once=at_once)

    def _current(self, model: Any) -> "Current":
        from interviewer.cli.choices import load
        from interviewer.grading.calibration import load_calibration
        from interviewer.regrading.again import Current

        picked, prompts = self._by
        path, guide = picked.settings.calibration, self._flags["guide"]
        return Current(
            model,
            prompts,
            picked.name,
            picked.why,
            load_calibration(path) if path else None,
            load(guide) if guide else None,
        )

    def _manner(
        self,
        stopping: Callable[[], bool] = lambda: False,
        at_once: Callable[[], int] = lambda: 1,
    ) -> "Manner":
        from interviewer.regrading.again import Manner

        return Manner(
            at_once=at_once,
            stopping=stopping,
            force=self._flags["force"],
            save=not self._flags["no_save"],
            against=self._flags["against"] or "newest",
        )

    def _telling(self, shown: "Board") -> "Callable[[Outcome], None]":
        from interviewer.cli.regraded import told

        def on_outcome(outcome: "Outcome") -> None:
            self._outcomes.append(outcome)
            failed, kept = outcome.status == "failed", outcome.status == "kept"
            shown.row(outcome.source.told, told(outcome), failed=failed, kept=kept)

        return on_outcome


def verify(files: Sequence[Path], flags: Mapping[str, Any]) -> int:
    """Say what of sessions would differ today; 0 where nothing would."""
    import asyncio

    from interviewer.cli.choices import load
    from interviewer.cli.regraded import draw_verified
    from interviewer.grading.calibration import load_calibration
    from interviewer.regrading.differing import Today, verify

    picked, prompts = _set_up(flags, needed=False)
    path, guide = picked.settings.calibration, flags["guide"]
    today = Today(
        prompts,
        picked.name,
        _kind(picked),
        load_calibration(path) if path else None,
        (lambda _: load(guide)) if guide else load,
    )

    async def all_of_them() -> list[Any]:
        return [await verify(each, today, flags["interview"]) for each in files]

    return draw_verified(asyncio.run(all_of_them()), as_json=flags["as_json"])


def reask(files: Sequence[Path], flags: Mapping[str, Any]) -> int:
    """Have the probe of a turn worded anew, and draw it beside the old one."""
    import asyncio

    from interviewer.cli.choices import load
    from interviewer.cli.models import connected
    from interviewer.cli.regraded import draw_probes
    from interviewer.regrading.asking import ask_again, moment_of, turn_in
    from interviewer.regrading.by_guide import for_the_job
    from interviewer.regrading.past import Source, load_one
    from interviewer.silence import Silence

    if len(files) != 1:
        raise UsageError("--reask is for one session at a time", hint="name one file")
    turn, number = flags["reask"], flags["interview"]
    source, turn = (Source(files[0], number), turn) if number else turn_in(files[0], turn)
    guide = load(flags["guide"]) if flags["guide"] else None
    if guide:
        guide = for_the_job(guide, load_one(source).header)
    moment = moment_of(source, turn, guide)
    picked, prompts = _set_up(flags, needed=True)

    async def ask() -> Any:
        quiet = flags["quiet"] or flags["as_json"]
        async with connected(picked, prompts, _thinking(quiet=quiet)) as model:
            return await ask_again(moment, model, prompts, Silence())

    draw_probes(moment, asyncio.run(ask()), picked.name, as_json=flags["as_json"])
    return 0


def _set_up(flags: Mapping[str, Any], *, needed: bool) -> "tuple[Picked, Prompts]":
    from interviewer.cli.models import pick
    from interviewer.prompts import Prompts
    from interviewer.settings import load_settings

    settings, sources = load_settings({name: flags[name] for name in _SETTINGS})
    prompts = Prompts(settings.prompts)
    return pick(settings, sources, allow_pull=not flags["no_pull"], needed=needed), prompts


def _kind(picked: "Picked") -> tuple[bool, bool]:
    """Return whether the model runs on this machine, and is asked about all sentences at once."""
    local = picked.weights is not None
    return local, not local and picked.settings.ask != "each"


def _thinking(*, quiet: bool) -> Callable[[str], AbstractContextManager[None]]:
    from interviewer.terminal.batch_view import draw_note

    def thinking(what: str) -> AbstractContextManager[None]:
        if not quiet:
            draw_note(f"{what} ...", stderr=True)
        return nullcontext()

    return thinking
