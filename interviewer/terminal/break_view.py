"""The break between two interviews: how the last one went, what time is left, what comes next."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding

from interviewer.agenda import Agenda, Begin, Held
from interviewer.terminal.console import clock_face, is_ascii, words
from interviewer.transcript import names_in


class BreakView:
    """Draws a break; print it on any rich console."""

    def __init__(self, agenda: Agenda, step: Begin, question: str, how: str) -> None:
        """Make a view.

        Args:
            agenda: The session so far.
            step: What comes next.
            question: What will be asked.
            how: What can be typed; empty where nobody types.
        """
        self._agenda, self._step = agenda, step
        self._question, self._how = question, how

    def __rich_console__(self, console: Console, _: ConsoleOptions) -> Iterator[RenderableType]:
        left, right = ('"', '"') if is_ascii(console) else ("\u201c", "\u201d")
        yield words("Break", "bold")
        lines = [words(gone_of(each)) for each in self._agenda.held[-1:]]
        lines.append(words(time_of(self._agenda), "dim"))
        lines.append(words(" "))
        lines.append(words(f"{self._next()} {left}{self._question}{right}", "bold"))
        lines += [words(each, "dim") for each in (self._step.planned.why, self._how) if each]
        yield from (Padding(line, (0, 0, 0, 2), expand=False) for line in lines)

    def _next(self) -> str:
        number, of = self._step.number, self._step.of
        if self._step.last:
            return f"Next comes number {number}, the last one:"
        return f"Next comes number {number} of {of}:"


def gone_of(held: Held) -> str:
    """Return how an interview went, in a line."""
    took = f"Interview {held.begun.number} took {clock_face(held.seconds)}"
    if held.grade is None:
        return f"{took}; it has no grade."
    if held.grade.overall is None:
        return f"{took}; too little of it could be judged for a score."
    told = f"{took}: {held.grade.overall:.1f} of 5"
    points = {id: each for id, each in held.grade.criteria.items() if each is not None}
    if len(points) < 2 or len(set(points.values())) == 1:
        return f"{told}."
    names = names_in(held.begun.guide)
    best, weakest = max(points, key=points.__getitem__), min(points, key=points.__getitem__)
    return f"{told}, best in {names.get(best, best)}, weakest in {names.get(weakest, weakest)}."


def time_of(agenda: Agenda) -> str:
    """Return how much of the time is used, in a line."""
    used = clock_face(agenda.used_s)
    if agenda.plan.minutes is None:
        return f"{used} so far; the break takes as long as you like."
    return f"{used} of {clock_face(agenda.plan.minutes * 60)} used; the break doesn't count."
