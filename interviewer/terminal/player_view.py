"""What a player shows in a window: the newest lines above a foot that tells where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from interviewer.events import Reviewed
from interviewer.replay import Chapter, Replay
from interviewer.terminal.console import clock_face, words
from interviewer.terminal.player import Criterion, Focus, Part, Player
from interviewer.terminal.replay_drawing import Drawing
from interviewer.timeline import Moment

_HELP = {
    "space pauses": 8,
    ". , step": 7,
    "\N{LEFTWARDS ARROW} \N{RIGHTWARDS ARROW} turn": 6,
    "[ ] interview": 6,
    "1-9 evidence": 5,
    "+ - speed": 3,
    "/ searches": 4,
    "\N{UPWARDS ARROW} \N{DOWNWARDS ARROW} scroll": 2,
    "q leaves": 9,
}
"""What a key does -> how much it matters where there is little room."""
_TYPED = str.maketrans(
    {
        "\N{LEFTWARDS ARROW}": "<-",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{UPWARDS ARROW}": "up",
        "\N{DOWNWARDS ARROW}": "down",
    }
)
_HELP_LINES = 2
_LOWEST = 10
"""Lines of a window from which the help may take more than one of them."""
_ABOVE = 2
"""Lines of what came before that stay above marked words."""


@dataclass(slots=True)
class PlayerView:
    """Draws a player."""

    player: Player
    drawing: Drawing
    file: str = ""
    """What the file is called, where there are several."""

    def lines(self, height: int) -> list[Text]:
        """Return exactly so many lines: the foot is the last of them."""
        foot = self._foot(_HELP_LINES if height >= _LOWEST else 1)[: max(0, height - 1)]
        room = max(0, height - len(foot))
        self.player.page = max(1, room - 1)
        body = self._body(room) if room else []
        return [*body, *[Text()] * (room - len(body)), *foot]

    def _body(self, room: int) -> list[Text]:
        """Return the lines that are in view, and keep the player's scrolling within the replay."""
        player = self.player
        lines, marked = self._newest()
        index = player.shown - 1 - bool(lines)
        wanted = room + player.scroll if marked is None else room + _ABOVE
        while index >= 0 and len(lines) < max(wanted, room):
            block = self.drawing.block(index)
            marked = None if marked is None else marked + len(block)
            lines, index = [*block, *lines], index - 1
        if index < 0:
            head = self._head()
            marked = None if marked is None else marked + len(head)
            lines = [*head, *lines]
        most = max(0, len(lines) - room)
        if marked is not None:
            player.scroll = max(0, len(lines) - max(marked - _ABOVE, 0) - room)
        player.scroll = min(player.scroll, most)
        end = len(lines) - player.scroll
        return [self._cut(line.copy()) for line in lines[max(0, end - room) : end]]

    def _newest(self) -> tuple[list[Text], int | None]:
        """Return the lines of the moment that has the focus, and the first one that is marked."""
        focus, newest = self.player.focus, self.player.shown - 1
        if focus is None or focus.index != newest:
            return [], None
        return self.drawing.marked(newest, focus.phrase)

    def _head(self) -> list[Text]:
        nothing = [] if self.player.moments else [Text(), Text("  Nothing is told here.", "dim")]
        return [*self.drawing.header(), *nothing]

    def _foot(self, most: int) -> list[Text]:
        """Return the status, and in at most so many lines what is typed, a message or the keys."""
        player = self.player
        if player.typed is not None:
            below = [words(f"/{player.typed}_", "bold")]
        elif player.message:
            below = [words(f" {player.message}", "bold")]
        else:
            below = [Text(f" {line}", "dim") for line in self._help(most)]
        status = self._cut(words(f" {self._status()}", "reverse"), fill=True)
        return [status, *(self._cut(line) for line in below)]

    def _status(self) -> str:
        player = self.player
        at = player.moments[player.shown - 1] if player.shown else None
        turns = player.moments[-1].turn if player.moments else 0
        state = "playing" if player.playing else "the end" if player.ended else "paused"
        replay = self.drawing.replay
        parts = [
            f"{state:<7}",
            *self._chapter(at),
            f"turn {at.turn if at else 0} of {turns}",
            f"{clock_face(player.position_s)} of {clock_face(player.length_s)}",
            f"{player.speed:g}x",
        ]
        if (wait_s := player.wait_s) is not None and wait_s >= 1:
            parts.append(f"next in {clock_face(wait_s)}")
        if faults := len(replay.source.faults):
            parts.append(f"{faults} fault{'s' if faults != 1 else ''} in the file")
        if self.file:
            parts.append(self.file)
        return "  ".join(parts)

    def _chapter(self, at: Moment | None) -> list[str]:
        """Return which interview of several is on the screen."""
        replay = self.drawing.replay
        if replay.of == 1:
            return []
        if at and isinstance(at.event, Reviewed):
            return ["review"]
        return [f"interview {replay.chapter(self.player.shown - 1).number} of {replay.of}"]

    def _help(self, most: int) -> list[str]:
        """Return what keys do in at most so many lines, without what matters least."""
        known = {**_HELP, "tab next file": 10} if self.player.more else dict(_HELP)
        if len(self.drawing.replay.chapters) == 1:
            known.pop("[ ] interview")
        while len(lines := self._filled(list(known))) > most and len(known) > 1:
            known.pop(min(known, key=lambda each: known[each]))
        return lines

    def _filled(self, parts: Sequence[str]) -> list[str]:
        lines = [""]
        for part in parts:
            shown = part.translate(_TYPED) if self.drawing.ascii else part
            longer = f"{lines[-1]}  {shown}" if lines[-1] else shown
            if lines[-1] and len(longer) > self.drawing.width - 2:
                lines.append(shown)
            else:
                lines[-1] = longer
        return lines

    def _cut(self, line: Text, *, fill: bool = False) -> Text:
        line.truncate(self.drawing.width, overflow="crop", pad=fill)
        return line


def parts_of(replay: Replay) -> list[Part]:
    """Return the interviews of a replay as the keys go by them."""
    return [
        Part(each.first, tuple(_criterion(replay, each, id) for id in each.criteria))
        for each in replay.chapters
    ]


def _criterion(replay: Replay, chapter: Chapter, id: str) -> Criterion:
    places = tuple(Focus(place, said) for place, said in replay.shows(chapter, id))
    return Criterion(chapter.names.get(id, id), places)
