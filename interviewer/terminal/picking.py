"""Choosing a transcript from a list, with the arrow keys."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts.choice_input import ChoiceInput

from interviewer.errors import TranscriptError
from interviewer.events import Begun, Graded
from interviewer.text import many, printable
from interviewer.timeline import turns_of
from interviewer.transcript import Salvaged, salvage_transcript

MOST = 200
"""How many files are read for a list; the newest ones."""


def pick_transcript(paths: Sequence[Path], folder: Path) -> Path | None:
    """Return the transcript that is chosen, or None where none is.

    Args:
        paths: The newest first; what is not a transcript among them is left out.
        folder: Where they lie.

    Raises:
        TranscriptError: There is none to choose.
    """
    found = []
    for path in paths[:MOST]:
        with suppress(TranscriptError):
            found.append(salvage_transcript(path))
    if not found:
        raise TranscriptError(
            "there is no interview to replay", where=folder, hint="interviewer chat"
        )
    asked: ChoiceInput[Path | None] = ChoiceInput(
        message="Which interview? Up and down choose, Enter plays it, q leaves.",
        options=[(each.path, label(each)) for each in found],
        show_numbers=False,
        enable_suspend=True,
        key_bindings=_leaving(),
    )
    return asked.prompt()


def label(found: Salvaged) -> str:
    """Return a transcript in one line: when, how long, how good, and what about."""
    began = found.header and found.header.started_at.astimezone()
    when = f"{began:%Y-%m-%d %H:%M}" if began else "no date         "
    turns = max(turns_of(found.events), default=0)
    grades = [event.overall for event in found.events if isinstance(event, Graded)]
    plan = found.header.plan if found.header else None
    # As `transcripts` lists it: of several interviews the mean.
    scores = [each for each in (grades if plan else grades[-1:]) if each is not None]
    overall = f"{sum(scores) / len(scores):.1f}" if scores else " - "
    about = found.header.about if found.header else found.path.name
    if plan:
        begun = [event.guide.get("question") for event in found.events if isinstance(event, Begun)]
        about = f"{many(len(plan.interviews), 'question')}: {' / '.join(map(str, begun)) or '-'}"
    return printable(f"{when}  {turns:>2} turns  {overall}  {' '.join(about.split())}")


def _leaving() -> KeyBindings:
    bindings = KeyBindings()

    def leave(event: KeyPressEvent) -> None:
        event.app.exit(result=None)

    bindings.add("q")(leave)
    bindings.add("escape", eager=True)(leave)
    return bindings
