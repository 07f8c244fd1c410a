"""A grade's notes beside what they cite: which words show what, and what to look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from interviewer.events import Answer, Begun, Event, Final, Graded, Regraded
from interviewer.grade import Grade
from interviewer.marking import marked
from interviewer.timeline import interviews_in


@dataclass(frozen=True, slots=True)
class Quote:
    """A part of what was said, and what it shows."""

    text: str
    shows: tuple[str, ...]
    """Ids of goals and steps."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What a grade says about one answer."""

    grade: Grade
    quotes: tuple[Quote, ...] = ()
    """In the order in which they stand in the answer."""
    flags: tuple[str, ...] = ()
    advice: tuple[tuple[str, str], ...] = ()
    """(id of the goal or step, what to do) pairs."""

    def __bool__(self) -> bool:
        return bool(self.quotes or self.flags or self.advice)


@dataclass(slots=True)
class _Said:
    """What the candidate said in a session, by the number of the event."""

    answers: dict[int, Answer] = field(default_factory=dict)
    final: int | None = None
    asked: dict[str, int] = field(default_factory=dict)
    """Target of a probe -> the answer to it."""


def notes_of(events: Sequence[Event]) -> dict[int, Notes]:
    """Return, for the number of an event in `events` from 0, what the grade says about it.

    The last grade counts. Its evidence stands with the final answer, or with the answers that the
    candidate let stand in its place; the first answer has the evidence of its own grade, where
    there is one. Flags stand with the final answer. Advice stands with what shows its target, else
    with the answer to a probe that asked for it, else nowhere. Of several interviews, each has its
    own.
    """
    found: dict[int, Notes] = {}
    for places in _by_interview(events):
        notes = _notes_of([events[at] for at in places])
        found |= {places[at]: each for at, each in notes.items()}
    return found


def _by_interview(events: Sequence[Event]) -> list[list[int]]:
    """Return the numbers of each interview's events, with those of its later grades."""
    later = {at: event for at, event in enumerate(events) if isinstance(event, Regraded)}
    parts: list[list[int]] = []
    for place, part in enumerate(interviews_in(events), start=1):
        begun = events[part.start] if part else None
        number = begun.number if isinstance(begun, Begun) else place
        own = [at for at in part if at not in later]
        parts.append([*own, *(at for at, each in later.items() if each.interview == number)])
    return parts


def _notes_of(events: Sequence[Event]) -> dict[int, Notes]:
    grades = [event for event in events if isinstance(event, Graded | Regraded)]
    if not grades:
        return {}
    grade, said = grades[-1], _said(events)
    graded = _graded_texts(events, said)
    quotes = _quotes(graded, grade)
    found = {number: Notes(grade, quotes.get(number, ())) for number in graded}
    first = next(iter(said.answers), None)
    earlier = next((each.first for each in grades if isinstance(each, Graded) and each.first), None)
    if earlier and first is not None and first not in graded:
        own = _quotes({first: said.answers[first].text}, earlier)
        found[first] = Notes(earlier, own.get(first, ()))
    _add(found, grade, said, last=said.final if said.final is not None else max(graded, default=-1))
    return {number: notes for number, notes in sorted(found.items()) if notes}


def _said(events: Sequence[Event]) -> _Said:
    said = _Said()
    for number, event in enumerate(events):
        if isinstance(event, Answer):
            said.answers[number] = event
            if event.to is not None:
                said.asked[event.to] = number
        elif isinstance(event, Final):
            said.final = number
    return said


def _graded_texts(events: Sequence[Event], said: _Said) -> dict[int, str]:
    """Return the texts that the grade is about, by the number of their event."""
    final = None if said.final is None else events[said.final]
    if said.final is not None and isinstance(final, Final) and not final.kept:
        return {said.final: final.text}
    return {number: answer.text for number, answer in said.answers.items()}


def _quotes(texts: Mapping[int, str], grade: Grade) -> dict[int, tuple[Quote, ...]]:
    found = marked(list(texts.values()), grade.evidence)
    return {
        number: tuple(
            Quote(segment.text.strip(), segment.shows) for segment in segments if segment.shows
        )
        for number, segments in zip(texts, found.texts, strict=True)
    }


def _add(found: dict[int, Notes], grade: Grade, said: _Said, *, last: int) -> None:
    """Put flags beside the answer `last`, and advice where its target is shown or was asked for."""
    if last >= 0 and grade.flags:
        before = found.get(last, Notes(grade))
        found[last] = replace(before, flags=tuple(flag.text for flag in grade.flags))
    for advice in grade.advice:
        number = next(_places(found, grade, said, advice.target), None)
        if number is not None:
            before = found.get(number, Notes(grade))
            found[number] = replace(before, advice=(*before.advice, (advice.target, advice.text)))


def _places(found: Mapping[int, Notes], grade: Grade, said: _Said, target: str) -> Iterator[int]:
    for number, notes in found.items():
        if notes.grade is grade and any(target in quote.shows for quote in notes.quotes):
            yield number
    if target in said.asked:
        yield said.asked[target]
