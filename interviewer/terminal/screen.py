"""The screen: draws whatever happens in an interview.

The same screen serves a live session, a replay and the program's errors. Words of the candidate,
the model and the guide are data: filtered by `words`, never read as markup.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.control import Control
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import ControlType
from rich.text import Text

from interviewer.events import (
    Answer,
    Begun,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Passed,
    Probe,
    Question,
    Regraded,
    Reply,
    Request,
    Reviewed,
    SelfScored,
)
from interviewer.review import parse_review
from interviewer.terminal.console import (
    WIDEST,
    clock_face,
    draw_error,
    is_ascii,
    is_plain,
    make_console,
    words,
)
from interviewer.terminal.grade_view import GradeView
from interviewer.terminal.review_view import draw_review
from interviewer.terminal.session_lines import ENDS, REVIEWED, header_rows, heading_of, usage_of
from interviewer.terminal.stream import Stream
from interviewer.transcript import names_in

if TYPE_CHECKING:
    from rich.status import Status

__all__ = ["Screen", "draw_error", "words"]

_INTERVIEWER, _CANDIDATE = "bold cyan", "bold green"
_LABEL_LINES = 2


@dataclass(frozen=True, slots=True)
class _Said:
    """What was streamed last."""

    lines: int
    """With its label and the blank line above it."""
    size: ConsoleDimensions
    """The window's, when it began."""


class Screen:
    """Draws events, streamed text and errors on one console."""

    def __init__(
        self,
        console: Console | None = None,
        *,
        errors: Console | None = None,
        names: Mapping[str, str] | None = None,
        echo: bool = False,
        details: bool = False,
    ) -> None:
        """Make a screen.

        Args:
            console: Where to draw; stdout without one.
            errors: Where errors go; stderr without one.
            names: Id of a goal, step or tip -> its name.
            echo: Whether to draw the candidate's words too; a keyboard has drawn them already.
            details: Whether to draw what the machine thought: coverage, and what a probe is about.
        """
        self._console = console or make_console()
        self._errors = errors or make_console(stderr=True)
        self._names = names or {}
        self._echo, self._details = echo, details
        self._stream: Stream | None = None
        self._began_at = self._console.size
        self._streamed = ""
        self._last: _Said | None = None
        self._status: Status | None = None
        self._own: Mapping[str, int] = {}
        self._told_why = False

    def header(
        self, question: str, source: str, *, model: str, why: str, what: str = "Guide"
    ) -> None:
        """Draw what this session is made of.

        Args:
            question: The guide's question; what a session of several is.
            source: Where the guide came from; what they were chosen by.
            model: Name of the model.
            why: Why this model.
            what: Of which of both question and source tell.
        """
        self._own = {}
        self._console.print(words("Mock interview", "bold"))
        rows = header_rows((what, question, source), ("Model", model, why))
        self._console.print(Padding(rows, (0, 0, 0, 2), expand=False), width=self._width())

    def event(self, event: Event) -> None:
        """Draw `event`; a probe or reply that was streamed is not drawn a second time."""
        self.end_stream()
        waiting = self._status if isinstance(event, Note) else None
        self._calm()
        streamed, self._streamed, self._last = self._streamed, "", None
        if isinstance(event, Probe | Reply) and streamed.strip() == event.text.strip():
            self._mark_cut(event)
        else:
            _DRAW[type(event)](self, event)
        if waiting:  # a note changes nothing about what is waited for
            self._spin(waiting.status)

    def recall(self, names: Mapping[str, str], own: Mapping[str, int]) -> None:
        """Take what earlier events would have told, where they are not drawn before a later one.

        Args:
            names: Id of a goal, step or tip -> its name.
            own: Goal id -> the candidate's own score.
        """
        self._names, self._own = names, own

    def rest(self, view: RenderableType) -> None:
        """Draw a break, which tells why what comes next was chosen."""
        self._told_why = True
        self.end_stream()
        self._calm()
        self._console.print()
        self._console.print(view, width=self._width())

    def saved(self, path: Path, *, what: str = "Transcript") -> None:
        """Draw where a file is, on one line however long, so that it can be copied."""
        self.end_stream()
        self._calm()
        self._console.print()
        self._console.print(words(f"  {what}: {path}", "dim"), soft_wrap=True)

    def to_go_on(self, path: Path) -> None:
        """Draw how to go on with what was left, a command to copy."""
        self.end_stream()
        self._calm()
        self._console.print()
        command = f"interviewer chat --resume {quote(str(path))}"
        self._console.print(words(f"  Go on with: {command}", "dim"), soft_wrap=True)

    def piece(self, text: str) -> None:
        """Draw the next piece of what the interviewer says, as it comes from the model."""
        self._calm()
        if self._stream is None:
            self._began_at = self._console.size
            self._label("Interviewer", _INTERVIEWER)
            self._stream = Stream(self._write, width=self._width)
        self._stream.add(text)

    def end_stream(self) -> None:
        """End what `piece` began; nothing happens where it did not."""
        if self._stream is not None:
            self._stream.end()
            self._last = _Said(self._stream.lines + _LABEL_LINES, self._began_at)
            self._streamed, self._stream = self._stream.text, None

    def retract(self, instead: str) -> None:
        """Erase what was streamed last; where that can't be done, say `instead` below it."""
        self.end_stream()
        last, self._last, self._streamed = self._last, None, ""
        if last is None:
            return
        if self._can_erase(last):
            up = [(ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2)] * last.lines
            self._console.control(Control(ControlType.CARRIAGE_RETURN, *up))
        else:
            self._say(instead)

    def tell(self, text: str) -> None:
        """Draw what the interviewer says that is no event."""
        self.end_stream()
        self._calm()
        self._label("Interviewer", _INTERVIEWER)
        self._say(text)

    @contextlib.contextmanager
    def thinking(self, what: str) -> Iterator[None]:
        """Show that something goes on, until anything else is drawn; nothing in a pipe."""
        self.end_stream()
        self._calm()
        if not is_plain(self._console):
            self._spin(words(what, "dim"))
        try:
            yield
        finally:
            self._calm()

    @contextlib.contextmanager
    def echoing(self) -> Iterator[None]:
        """Draw the candidate's words too: here they were not typed just now."""
        before, self._echo = self._echo, True
        try:
            yield
        finally:
            self._echo = before

    def error(self, text: str) -> None:
        """Draw an error that does not end the session."""
        self.end_stream()
        self._calm()
        draw_error(text, self._errors)

    def _spin(self, what: RenderableType) -> None:
        from rich.status import Status  # a replay waits for nothing

        spinner = "line" if is_ascii(self._console) else "dots"
        self._status = Status(what, console=self._console, spinner=spinner)
        self._status.start()

    def _calm(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _can_erase(self, said: "_Said") -> bool:
        """Whether its lines are where they were drawn: not scrolled away, not wrapped anew."""
        size = self._console.size
        return not is_plain(self._console) and size == said.size and said.lines < size.height

    def _width(self) -> int:
        return min(self._console.width, WIDEST)

    def _write(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style), end="", soft_wrap=True)

    def _label(self, who: str, style: str, *about: str) -> None:
        dot = " - " if is_ascii(self._console) else " \N{MIDDLE DOT} "
        rest = "".join(dot + part for part in about if part)
        self._console.print()
        label = Text.assemble((who, style), words(rest, "dim"))
        self._console.print(label, width=self._width())

    def _say(self, text: str, style: str = "") -> None:
        """Draw a text that is there as a whole, as a stream of it would be, but at once."""
        parts: list[str] = []
        stream = Stream(parts.append, width=self._width)
        stream.add(text)
        stream.end()
        self._write("".join(parts), style)

    def _aside(self, text: str) -> None:
        self._say(text, "dim")

    def _name(self, target: str) -> str:
        return self._names.get(target, target)

    def _draw_said(self, event: Opening | Invitation | Closing) -> None:
        self._label("Interviewer", _INTERVIEWER)
        self._say(event.text)

    def _draw_question(self, event: Question) -> None:
        if is_plain(self._console):
            self._label("Question", _INTERVIEWER)
            self._say(event.text)
            return
        title = words("Question", _INTERVIEWER)
        panel = Panel(
            words(event.text, "bold"),
            title=title,
            title_align="left",
            border_style="cyan",
            padding=(0, 1),
            width=self._width(),
        )
        self._console.print()
        self._console.print(panel)

    def _draw_probe(self, event: Probe) -> None:
        target = self._name(event.target) if self._details else ""
        self._label("Interviewer", _INTERVIEWER, "follow-up", target)
        self._say(event.text)

    def _draw_reply(self, event: Reply) -> None:
        self._label("Interviewer", _INTERVIEWER)
        self._say(event.text)
        self._mark_cut(event)

    def _mark_cut(self, event: Probe | Reply) -> None:
        if isinstance(event, Reply) and event.cut:
            self._aside("(stopped)")

    def _draw_answer(self, event: Answer) -> None:
        if self._echo:
            took = "" if event.seconds is None else clock_face(event.seconds)
            self._label("You", _CANDIDATE, took)
            self._say(event.text)

    def _draw_request(self, event: Request) -> None:
        if self._echo:
            self._label("You", _CANDIDATE)
            self._say(event.text or f"({event.kind})")

    def _draw_final(self, event: Final) -> None:
        if self._echo:
            took = "" if event.seconds is None else clock_face(event.seconds)
            self._label("You", _CANDIDATE, "final answer", took)
            self._say("(what I have said stands)" if event.kept else event.text)

    def _draw_coverage(self, event: Coverage) -> None:
        if not self._details:
            return
        shares = (
            f"{self._name(target)} {'?' if p is None else f'{p:.0%}'}"
            for target, p in event.p.items()
        )
        gap = f"next: {self._name(event.gap)}" if event.gap else "nothing to ask"
        self._console.print()
        self._aside(f"covered: {', '.join(shares)}")
        self._aside(f"{gap} ({event.reason})")

    def _draw_grade(self, event: Graded | Regraded) -> None:
        self._console.print()
        view = GradeView(event, names=self._names, own=self._own)
        self._console.print(view, width=self._width())

    def _draw_self_scored(self, event: SelfScored) -> None:
        self._own = event.criteria
        if self._echo:
            told = ", ".join(f"{self._name(id)} {points}" for id, points in event.criteria.items())
            self._label("You", _CANDIDATE, "own scores")
            self._say(told or "(none)")

    def _draw_regraded(self, event: Regraded) -> None:
        self._console.print()
        self._aside(f"graded again on {event.at:%Y-%m-%d} by {event.model}:")
        self._draw_grade(event)

    def _draw_note(self, event: Note) -> None:
        self._console.print()
        self._aside(f"note: {event.text}")

    def _draw_begun(self, event: Begun) -> None:
        self._own, self._names = {}, names_in(event.guide)
        self._console.print()
        self._console.print(words(f"Interview {event.number} of {event.of}", "bold"))
        for text, style in heading_of(event, why=not self._told_why, past=self._echo):
            self._say(text, style)
        self._told_why = False

    def _draw_passed(self, event: Passed) -> None:
        self._console.print()
        self._aside(f"passed over: {event.guide} ({event.why})")

    def _draw_reviewed(self, event: Reviewed) -> None:
        self._console.print()
        self._aside(REVIEWED[event.reason])
        if review := parse_review(event.review):
            self._console.print()
            draw_review(self._console, review)

    def _draw_end(self, event: End) -> None:
        self._console.print()
        self._aside(ENDS[event.reason])
        if event.calls:
            self._aside(usage_of(event))


_DRAW: dict[type[Any], Callable[[Screen, Any], None]] = {
    Opening: Screen._draw_said,
    Question: Screen._draw_question,
    Answer: Screen._draw_answer,
    Request: Screen._draw_request,
    Reply: Screen._draw_reply,
    Coverage: Screen._draw_coverage,
    Probe: Screen._draw_probe,
    Invitation: Screen._draw_said,
    Final: Screen._draw_final,
    SelfScored: Screen._draw_self_scored,
    Graded: Screen._draw_grade,
    Regraded: Screen._draw_regraded,
    Closing: Screen._draw_said,
    Note: Screen._draw_note,
    Begun: Screen._draw_begun,
    Passed: Screen._draw_passed,
    Reviewed: Screen._draw_reviewed,
    End: Screen._draw_end,
}
