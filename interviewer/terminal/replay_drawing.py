"""A replay drawn moment by moment, as in chat, with the grade's notes beside what they cite."""

from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest

from rich.console import Console
from rich.text import Text

from interviewer.replay import Replay
from interviewer.terminal.console import WIDEST, clock_face, is_ascii, words
from interviewer.terminal.notes_view import note_lines
from interviewer.terminal.replay_texts import mark
from interviewer.terminal.screen import Screen
from interviewer.transcript import Salvaged

_BESIDE_FROM = 100
"""Columns from which notes stand beside the text, not below it."""
_NARROWEST_NOTES, _WIDEST_NOTES = 32, 48
_AT_ONCE = 100
"""Lines that are printed together: a print takes longer than what is printed."""
_LABEL_LINES = 1
"""Lines above the label of what was said, where no note stands."""


class Drawing:
    """Draws the moments of one replay, each alone, in any order."""

    def __init__(self, pad: Console, replay: Replay, *, width: int) -> None:
        """Make a drawing.

        Args:
            pad: Tells colours, characters and whether boxes are in place, as the console that the
                lines are for would; nothing is written on it, and its width is changed.
            replay: What is drawn.
            width: Columns that there are.
        """
        self.replay, self.width = replay, width
        self.ascii = is_ascii(pad)
        self._beside = width >= _BESIDE_FROM and bool(replay.notes)
        self._room = min(WIDEST, width - _NARROWEST_NOTES - 3 if self._beside else width)
        self._pad = pad
        self._screen = Screen(pad, echo=True)
        self._drawn: dict[int, list[Text]] = {}

    def header(self) -> list[Text]:
        """Return the lines that say what the session was made of, and when."""
        found = self.replay.source.header
        with self._pad.capture() as captured:
            self._pad.width = self._room
            if found is None:
                gone = "the header can't be read"
                self._screen.header("unknown", gone, model="unknown", why=gone)
            else:
                plan = found.plan
                self._screen.header(
                    found.about,
                    plan.chosen_by if plan else found.guide_source,
                    model=found.model,
                    why=found.model_source,
                    what="Session" if plan else "Guide",
                )
                when = f"  Recorded on {found.started_at.astimezone():%Y-%m-%d at %H:%M}"
                self._pad.print(Text(when, "dim"))
        return _lines(captured.get())

    def block(self, index: int) -> list[Text]:
        """Return the lines of a moment, with its notes; one that begins a turn says so."""
        if index not in self._drawn:
            lines = self._event(index)
            self._drawn[index] = [*self._turn(index), *self._with_notes(index, lines)]
        return self._drawn[index]

    def marked(self, index: int, phrase: str) -> tuple[list[Text], int | None]:
        """Return the lines of a moment with each place of a phrase marked in what was said.

        Returns:
            The lines, and the number of the first that is marked, from 0; None where none is.
        """
        turn = self._turn(index)
        lines, first = mark(self._event(index), phrase)
        place = None if first is None else len(turn) + first
        return [*turn, *self._with_notes(index, lines)], place

    def _turn(self, index: int) -> list[Text]:
        moments = self.replay.moments
        moment = moments[index]
        if index and moments[index - 1].turn == moment.turn:
            return []
        dot = "-" if self.ascii else "\N{MIDDLE DOT}"
        about = f"turn {moment.turn} {dot} {clock_face(moment.recorded_s)}"
        return [Text(), Text(about[: self.width], "dim")]

    def _event(self, index: int) -> list[Text]:
        replay = self.replay
        # Drawn in any order: what the events before would have told is told anew.
        self._screen.recall(replay.names_at(index), replay.chapter(index).own)
        with self._pad.capture() as captured:
            self._pad.width = self._room
            self._screen.event(replay.moments[index].event)
        return _lines(captured.get())

    def _with_notes(self, index: int, lines: list[Text]) -> list[Text]:
        notes = self.replay.notes.get(index)
        if notes is None:
            return lines
        names = self.replay.chapter(index).names
        bar = "|" if self.ascii else "\N{BOX DRAWINGS LIGHT VERTICAL}"
        if not self._beside:
            below = note_lines(notes, names, self._pad, width=self._room - 4)
            return [
                *lines,
                *(Text.assemble(("  ", ""), (f"{bar} ", "dim"), each) for each in below),
            ]
        width = min(_WIDEST_NOTES, self.width - self._room - 3)
        right = note_lines(notes, names, self._pad, width=width)
        head, body = lines[:_LABEL_LINES], lines[_LABEL_LINES:]
        return [*head, *(self._side_by_side(*pair, bar) for pair in zip_longest(body, right))]

    def _side_by_side(self, left: Text | None, right: Text | None, bar: str) -> Text:
        line = left.copy() if left else Text()
        line.rstrip()
        if right is None:
            return line
        line.pad_right(max(0, self._room - line.cell_len))
        return line.append(f" {bar} ", "dim").append_text(right)

    def all(self, most: int | None = None) -> Iterator[Text]:
        """Give the lines of the header and of the moments, up to so many; nothing is kept."""
        yield from self.header()
        for index in range(len(self.replay.moments[:most])):
            yield from self.block(index)
            self._drawn.clear()


def print_lines(console: Console, lines: Iterable[Text]) -> None:
    """Print lines as they were drawn, without the blanks at their ends."""
    rest = iter(lines)
    while part := list(islice(rest, _AT_ONCE)):
        for line in part:
            line.rstrip()
        console.print(*part, sep="\n", soft_wrap=True)


def _lines(drawn: str) -> list[Text]:
    """Return what was drawn as lines, without the empty one after the last line end."""
    return [Text.from_ansi(line) for line in drawn.removesuffix("\n").split("\n")]


def draw_faults(console: Console, source: Salvaged, *, most: int = 10) -> None:
    """Draw what is wrong with a file, by line; of many faults the first ones."""
    for fault in source.faults[:most]:
        console.print(words(f"{source.path}:{fault.line}: {fault.what}", "yellow"), soft_wrap=True)
    if (rest := len(source.faults) - most) > 0:
        console.print(words(f"{source.path}: {rest} more", "yellow"), soft_wrap=True)
