"""A replay that is being watched: what is shown by now, and what each key does.

No terminal here: keys come in by name, a clock tells the time, and whoever draws asks what is
shown. The position is reckoned from one moment of the clock, so no delay of a drawing adds up.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from interviewer.terminal.replay_texts import text_of
from interviewer.timeline import Moment

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 16.0, 32.0)
"""What + and - go through."""
_PAGE = 10
Leaving = Literal["left", "next", "interrupted"]


@dataclass(frozen=True, slots=True)
class Focus:
    """Words to be marked, and the moment that they stand in."""

    index: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion, and where its evidence stands."""

    name: str
    places: tuple[Focus, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One interview of what is played."""

    first: int
    """The place of its first moment."""
    criteria: tuple[Criterion, ...] = ()
    """What the keys 1 to 9 lead to while it is on the screen."""


def _no_names(_: int) -> Mapping[str, str]:
    return {}


class Player:
    """Where a replay stands. `shown` moments are on the screen, the newest last."""

    def __init__(
        self,
        moments: Sequence[Moment],
        *,
        parts: Sequence[Part] = (),
        names: Callable[[int], Mapping[str, str]] = _no_names,
        speed: float = 1.0,
        more: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start to play; the first moment is shown at once.

        Args:
            moments: `paced`.
            parts: The interviews, in order.
            names: Place of a moment -> id of a goal, step or tip -> its name; searched too.
            speed: How much faster than recorded.
            more: Whether another replay comes after this one.
            clock: Seconds that only grow.
        """
        self.moments = moments
        self.shown = 0
        self.furthest = 0
        """How many moments were ever shown: what stays when the player is left."""
        self.playing = bool(moments)
        self.speed, self.more = speed, more
        self.focus: Focus | None = None
        self.scroll = 0
        """Lines between the last one that is drawn and the last one that is shown."""
        self.page = _PAGE
        """Lines that a page has; whoever draws sets it."""
        self.message = ""
        self.typed: str | None = None
        """What is being searched for, while it is typed."""
        self.leaving: Leaving | None = None
        self._parts, self._names = parts or (Part(0),), names
        self._clock = clock
        self._base_s = 0.0
        self._since_s: float | None = clock() if moments else None
        self._sought, self._nth = "", {0: 0}
        self._texts: list[str] = []
        self.advance()

    @property
    def position_s(self) -> float:
        """Seconds of the replay that have passed, at speed 1."""
        if self._since_s is None:
            return self._base_s
        return self._base_s + (self._clock() - self._since_s) * self.speed

    @property
    def length_s(self) -> float:
        """Seconds that the whole replay takes, at speed 1."""
        return self.moments[-1].at_s if self.moments else 0.0

    @property
    def ended(self) -> bool:
        """Whether all is shown."""
        return self.shown == len(self.moments)

    @property
    def wait_s(self) -> float | None:
        """Seconds until the next moment is due; None while nothing plays."""
        if self._since_s is None or self.ended:
            return None
        return max(0.0, (self.moments[self.shown].at_s - self.position_s) / self.speed)

    def advance(self) -> bool:
        """Show what is due by now, and tell whether anything is."""
        before, now_s = self.shown, self.position_s
        while self.playing and not self.ended and self.moments[self.shown].at_s <= now_s:
            self.shown += 1
        if self.shown == before:
            return False
        self.focus, self.scroll = None, 0
        self.furthest = max(self.furthest, self.shown)
        if self.ended:
            self._halt(self.length_s)
            self.playing = False
        return True

    def freeze(self) -> None:
        """Stop the time, as while the program itself is stopped; `thaw` lets it go on."""
        self._halt(self.position_s)

    def thaw(self) -> None:
        """Let the time go on from where it was."""
        self._run()

    def press(self, key: str) -> None:
        """Do what a key is for; one that is for nothing does nothing.

        Args:
            key: A character, or the name of a key: left, right, up, down, pageup, pagedown, home,
                end, enter, escape, backspace, tab, c-c.
        """
        self.message = ""
        if self.typed is not None and key != "c-c":
            self._type(key)
        elif len(key) == 1 and key in "123456789":
            self._show_criterion(int(key))
        elif key in _KEYS:
            _KEYS[key](self)

    def _halt(self, at_s: float) -> None:
        self._base_s, self._since_s = at_s, None

    def _run(self) -> None:
        if self.playing:
            self._since_s = self._clock()

    def _seek(self, shown: int) -> None:
        """Show exactly so many moments, and play on from there if it played."""
        self.shown = max(1, min(shown, len(self.moments))) if self.moments else 0
        self.furthest = max(self.furthest, self.shown)
        self.focus, self.scroll = None, 0
        self._halt(self.moments[self.shown - 1].at_s if self.moments else 0.0)
        self.playing = self.playing and not self.ended
        self._run()

    def _pause(self) -> None:
        self._halt(self.position_s)
        self.playing = False

    def _toggle(self) -> None:
        if self.playing:
            self._pause()
        elif self.moments:
            self.playing = True
            if self.ended:
                self._seek(1)
            self._run()

    def _step(self, by: int) -> None:
        self._pause()
        self._seek(self.shown + by)

    def _turn_on(self) -> None:
        turn = self._turn()
        later = (n for n, moment in enumerate(self.moments) if moment.turn > turn)
        self._seek(next(later, len(self.moments) - 1) + 1)

    def _turn_back(self) -> None:
        begins = self._begin_of(self._turn())
        if begins + 1 >= self.shown:
            earlier = [moment.turn for moment in self.moments[:begins]]
            begins = self._begin_of(earlier[-1]) if earlier else 0
        self._seek(begins + 1)

    def _part(self) -> int:
        """Return the place of the interview on the screen; what comes before the first is its."""
        return max((n for n, each in enumerate(self._parts) if each.first < self.shown), default=0)

    def _part_on(self) -> None:
        if self._part() + 1 < len(self._parts):
            self._seek(self._parts[self._part() + 1].first + 1)

    def _part_back(self) -> None:
        """Go to the beginning of the interview on the screen; from there, to the one before."""
        part = self._part()
        if self.shown <= self._parts[part].first + 1:
            part = max(0, part - 1)
        self._seek(self._parts[part].first + 1)

    def _turn(self) -> int:
        return self.moments[self.shown - 1].turn if self.shown else 1

    def _begin_of(self, turn: int) -> int:
        return next((n for n, moment in enumerate(self.moments) if moment.turn == turn), 0)

    def _faster(self, by: int) -> None:
        later = [speed for speed in SPEEDS if (speed - self.speed) * by > 0]
        self._halt(self.position_s)
        self.speed = (min(later) if by > 0 else max(later)) if later else self.speed
        self._run()

    def _scroll(self, lines: int) -> None:
        """Go up by so many lines, or down; who reads is not run away from."""
        self._pause()
        self.focus, self.scroll = None, max(0, self.scroll + lines)

    def _show_criterion(self, number: int) -> None:
        criteria = self._parts[self._part()].criteria
        if number > len(criteria):
            self.message = f"there is no criterion {number}"
            return
        criterion = criteria[number - 1]
        if not criterion.places:
            self.message = f"{criterion.name}: there is no evidence for it here"
            return
        again = self.focus in criterion.places and number in self._nth
        nth = (self._nth[number] + 1) % len(criterion.places) if again else 0
        self._nth = {number: nth}
        self._go_to(criterion.places[nth])
        self.message = f"{criterion.name}: evidence {nth + 1} of {len(criterion.places)}"

    def _go_to(self, focus: Focus) -> None:
        self._pause()
        self._seek(focus.index + 1)
        self.focus = focus

    def _ask(self) -> None:
        self._pause()
        self.typed = ""

    def _type(self, key: str) -> None:
        typed = self.typed or ""
        if key == "enter":
            self.typed = None
            self._sought = typed or self._sought
            self._find(1)
        elif key == "escape" or (key == "backspace" and not typed):
            self.typed = None
        elif key == "backspace":
            self.typed = typed[:-1]
        elif len(key) == 1 and key.isprintable():
            self.typed = typed + key

    def _find(self, by: int) -> None:
        """Go to the next moment that holds what is sought, or the one before; round the end."""
        sought = " ".join(self._sought.split()).casefold()
        if not sought:
            return
        self._texts = self._texts or [
            " ".join(text_of(moment.event, self._names(n)).split()).casefold()
            for n, moment in enumerate(self.moments)
        ]
        hits = [n for n, text in enumerate(self._texts) if sought in text]
        if not hits:
            self.message = f"nowhere: {self._sought}"
            return
        here = self.shown - 1
        if by > 0:
            hit = next((n for n in hits if n > here), hits[0])
        else:
            hit = next((n for n in reversed(hits) if n < here), hits[-1])
        self._go_to(Focus(hit, self._sought))
        self.message = f"/{self._sought}  {hits.index(hit) + 1} of {len(hits)}"

    def _leave(self, how: Leaving) -> None:
        self._pause()
        self.leaving = how

    def _next(self) -> None:
        if self.more:
            self._leave("next")


_KEYS: dict[str, Callable[[Player], None]] = {
    " ": Player._toggle,
    ".": lambda player: player._step(1),
    ",": lambda player: player._step(-1),
    "left": Player._turn_back,
    "right": Player._turn_on,
    "[": Player._part_back,
    "]": Player._part_on,
    "+": lambda player: player._faster(1),
    "=": lambda player: player._faster(1),  # + without Shift on many keyboards
    "-": lambda player: player._faster(-1),
    "up": lambda player: player._scroll(1),
    "down": lambda player: player._scroll(-1),
    "pageup": lambda player: player._scroll(player.page),
    "pagedown": lambda player: player._scroll(-player.page),
    "home": lambda player: player._seek(1),
    "end": lambda player: player._seek(len(player.moments)),
    "/": Player._ask,
    "n": lambda player: player._find(1),
    "N": lambda player: player._find(-1),
    "tab": Player._next,
    "q": lambda player: player._leave("left"),
    "c-c": lambda player: player._leave("interrupted"),
}
