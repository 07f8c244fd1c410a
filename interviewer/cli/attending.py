"""Who and what takes part in `interviewer chat`: screen, keyboard or pipe, and how it is left."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from interviewer.cli.person import Interrupts, Person, Run
from interviewer.errors import InterviewerError, TranscriptError
from interviewer.events import Event, Note
from interviewer.guide import Guide
from interviewer.session import Candidate, Left, Manner
from interviewer.settings import Settings
from interviewer.transcript import Recorded, default_folder

if TYPE_CHECKING:
    from interviewer.terminal.screen import Screen


def folder_of(settings: Settings) -> Path:
    """Return where transcripts are saved."""
    return settings.transcripts or default_folder(Path.cwd())


def kept(settings: Settings, recorded: Recorded, flags: Mapping[str, Any]) -> Settings:
    """Return the settings with the options of a transcript that no flag overrides.

    Raises:
        TranscriptError: One of them is none that this version understands.
    """
    told = {
        name: value
        for name, value in recorded.header.options.items()
        if name in Settings.model_fields and flags.get(name) is None
    }
    try:
        return Settings.model_validate(settings.model_dump() | told)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise TranscriptError(
            f"its option {fault['loc'][0]} can't be used: {fault['msg']}",
            where=f"{recorded.path}:1",
        ) from error


def for_this_job(guide: Guide, settings: Settings) -> Guide:
    """Return a guide with the role and level that were chosen."""
    told = {"role": settings.role, "level": settings.level}
    return guide.model_copy(update={name: value for name, value in told.items() if value})


def manner_of(settings: Settings, *, number: int = 0, of: int = 0) -> Manner:
    """Return how the interviewer behaves, in an interview that has a number in its session."""
    return Manner(settings.persona, settings.price_prompt, settings.price_completion, number, of)


async def until_the_end(held: Run, interrupts: Interrupts) -> int:
    """Hold it and return the exit code; who leaves early can resume it."""
    try:
        interrupted = await interrupts.run(held)
    except Left:
        interrupted = False
    else:
        if not interrupted:
            return 0
    held.leave()
    return 130 if interrupted else 0


@contextmanager
def saying_how_to_resume(path: Path) -> Iterator[None]:
    """Let an error that ends an interview say how to go on with its transcript."""
    try:
        yield
    except InterviewerError as error:
        hint = f"{error.hint}; then: interviewer chat --resume {path}"
        raise type(error)(error.what, where=error.where, hint=hint.lstrip("; ")) from error


def screen_for(
    names: Mapping[str, str], *, as_json: bool, echo: bool
) -> tuple["Screen", Callable[[Event], None]]:
    """Return a screen, and what draws an event: on the screen, or as a JSON line.

    Args:
        names: Id of a goal, step or tip -> its name.
        as_json: Whether events are for a program; the screen is on stderr then.
        echo: Whether the candidate's words are drawn though somebody types.
    """
    from interviewer.terminal.console import make_console
    from interviewer.terminal.jsonlines import JsonLines
    from interviewer.terminal.screen import Screen

    if as_json:
        errors = make_console(stderr=True)
        return Screen(errors, names=names), JsonLines().event
    screen = Screen(names=names, echo=echo or not sys.stdin.isatty())
    return screen, screen.event


def candidate_at(
    screen: "Screen", interrupts: Interrupts
) -> tuple[Candidate, AbstractContextManager[None]]:
    """Return who answers on standard input, and what keeps the terminal quiet meanwhile."""
    if not sys.stdin.isatty():
        from interviewer.terminal.piped import Piped

        return Piped(), nullcontext()
    from interviewer.terminal.keyboard import Keyboard

    keyboard = Keyboard()
    return Person(keyboard, interrupts, teller(screen)), keyboard.hushed()


def teller(screen: "Screen") -> Callable[[str], None]:
    """Return what draws a text as a note."""
    return lambda text: screen.event(Note(text=text))


class Silent:
    """A voice for those who read events, not speech."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Make one; `tell` says what no event says."""
        self.tell = tell

    def piece(self, text: str) -> None:
        """Say nothing."""

    def end_stream(self) -> None:
        """Say nothing."""

    def retract(self, instead: str) -> None:
        """Say nothing."""

    def thinking(self, what: str) -> nullcontext[None]:  # noqa: ARG002  the protocol names it
        """Show nothing."""
        return nullcontext()
