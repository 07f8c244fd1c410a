"""What a session holds, as a reader wants it: every form of export is made from this."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pydantic import ValidationError

from interviewer.errors import TranscriptError
from interviewer.events import (
    Answer,
    Coverage,
    End,
    Final,
    Graded,
    Note,
    Regraded,
    SelfScored,
)
from interviewer.export.stronger import Stronger, stronger_of
from interviewer.export.utterances import Asked, Utterance, gaps_in, utterances_of
from interviewer.grade import Grade
from interviewer.guide import Guide
from interviewer.probing import COVERED, gaps_of
from interviewer.rubric import Rubric, rubric_of
from interviewer.transcript import Header, Recorded

_E = TypeVar("_E")


@dataclass(frozen=True)
class Account:
    """A session that was read; made by `account_of`."""

    recorded: Recorded
    guide: Guide

    @property
    def header(self) -> Header:
        """What the session was made of."""
        return self.recorded.header

    @cached_property
    def rubric(self) -> Rubric:
        """What the session was graded on."""
        return rubric_of(self.guide)

    @cached_property
    def utterances(self) -> tuple[Utterance, ...]:
        """All that was said, in order."""
        return utterances_of(self.recorded.entries)

    @cached_property
    def gaps(self) -> tuple[Asked, ...]:
        """The gaps that were asked about, in order."""
        return tuple(gaps_in(self.recorded.events, self.utterances, self.rubric.names))

    @cached_property
    def unasked(self) -> tuple[str, ...]:
        """Ids of what the answers left open in the end, and nobody asked about."""
        covers = self._all(Coverage)
        asked, known = {gap.target for gap in self.gaps}, gaps_of(self.guide)
        return tuple(
            target
            for target, p in (covers[-1].p if covers else {}).items()
            if p is not None and p < COVERED and target in known and target not in asked
        )

    @property
    def final(self) -> Final | None:
        """The final answer; None where there is none."""
        return self._last(Final)

    @property
    def answer(self) -> str:
        """The final answer; where there is none, all answers together."""
        if final := self.final:
            return final.text
        return "\n\n".join(each.text for each in self._all(Answer))

    @property
    def graded(self) -> Graded | None:
        """The grade that was given in the session."""
        return self._last(Graded)

    @property
    def regraded(self) -> list[Regraded]:
        """The grades that were given later, in order."""
        return self._all(Regraded)

    @property
    def grade(self) -> Grade | None:
        """The session's own grade; where it has none, the latest of the later ones."""
        return self.graded or self._last(Regraded)

    @property
    def first(self) -> Grade | None:
        """The grade of the first answer."""
        return self.graded.first if self.graded else None

    @property
    def own(self) -> dict[str, int] | None:
        """The candidate's own scores, goal id -> 1 to 5; None where none were given."""
        found = self._last(SelfScored)
        return found.criteria if found else None

    @cached_property
    def stronger(self) -> Stronger | None:
        """What a stronger answer would add; None where nothing was graded."""
        return stronger_of(self.grade, self.rubric) if self.grade else None

    @property
    def end(self) -> End | None:
        """How it ended; None where it just stopped."""
        return self._last(End)

    @property
    def notes(self) -> list[str]:
        """What the program had to say about itself."""
        return [note.text for note in self._all(Note)]

    @property
    def length_s(self) -> float:
        """How long the session took, in seconds; grades that came later don't count."""
        times = [at for at, event in self.recorded.entries if not isinstance(event, Regraded)]
        return max(times, default=0.0)

    def name(self, target: str) -> str:
        """Return the name of a goal, step or tip; an id that the guide lacks is its own."""
        return self.rubric.names.get(target, target)

    def _all(self, kind: type[_E]) -> list[_E]:
        return [event for event in self.recorded.events if isinstance(event, kind)]

    def _last(self, kind: type[_E]) -> _E | None:
        found = self._all(kind)
        return found[-1] if found else None


def account_of(recorded: Recorded) -> Account:
    """Return what a transcript holds.

    Raises:
        TranscriptError: The guide in its header is none.
    """
    try:
        return Account(recorded, Guide.model_validate(recorded.header.guide))
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in ("guide", *fault["loc"]))
        raise TranscriptError(
            f"the header is wrong: {place}: {fault['msg']}",
            where=f"{recorded.path}:1",
            hint="the file was changed by hand; take it as it was written",
        ) from error
