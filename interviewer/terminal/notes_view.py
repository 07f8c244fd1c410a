"""What a grade says about an answer, in lines to stand beside it or below it."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from interviewer.grade import Grade, uncertain_of
from interviewer.terminal.console import is_ascii, words
from interviewer.turn_notes import Notes, Quote

_LONGEST_QUOTE = 60


def note_lines(
    notes: Notes, names: Mapping[str, str], console: Console, *, width: int
) -> list[Text]:
    """Return the lines of `notes`, wrapped.

    Args:
        notes: Of one answer.
        names: Id of a goal or step -> its name.
        console: What they are drawn on.
        width: Columns that a line may have.
    """
    lines: list[Text] = []
    for text, hang in _texts(notes, names, ascii_only=is_ascii(console)):
        for number, line in enumerate(text.wrap(console, max(1, width - hang))):
            line.rstrip()
            lines.append(Text(" " * (hang if number else 0)).append_text(line))
    return lines


def _texts(
    notes: Notes, names: Mapping[str, str], *, ascii_only: bool
) -> Iterator[tuple[Text, int]]:
    """Give each note, and the columns that its later lines are indented by."""
    left, right, arrow = ('"', '"', "->") if ascii_only else ("\u201c", "\u201d", "\u2192")
    for quote in notes.quotes:
        yield words(f"{left}{_shortened(quote.text)}{right}", "dim"), 1
        yield _shown(quote, notes.grade, names), 2
    for flag in notes.flags:
        yield Text.assemble(("! ", "bold yellow"), words(flag)), 2
    for target, text in notes.advice:
        about = words(f"{names.get(target, target)}: ", "bold")
        yield Text.assemble((f"{arrow} ", "bold"), about, words(text)), len(arrow) + 1


def _shown(quote: Quote, grade: Grade, names: Mapping[str, str]) -> Text:
    """Return what a quote shows: criteria with their keys and scores, then steps."""
    criteria = list(grade.criteria)
    line = Text("  ")
    for target in sorted(set(quote.shows), key=lambda each: _place(each, grade)):
        if len(line) > 2:
            line.append(", ")
        if target in criteria:
            line.append(f"{criteria.index(target) + 1} ", "bold magenta")
        line.append_text(words(names.get(target, target)))
        if (score := grade.criteria.get(target)) is not None:
            line.append(f" {score:.1f}", "bold")
            line.append(" ?" if target in uncertain_of(grade.confidence) else "", "yellow")
    return line


def _place(target: str, grade: Grade) -> int:
    order = (*grade.criteria, *grade.steps)
    return order.index(target) if target in order else len(order)


def _shortened(text: str) -> str:
    """Return the beginning of a sentence, cut after a word."""
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST_QUOTE:
        return plain
    return plain[: _LONGEST_QUOTE - 3].rsplit(" ", 1)[0] + " ..."
