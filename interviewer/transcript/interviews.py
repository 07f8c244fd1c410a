"""The interviews of a session, each as if it had a transcript of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from interviewer.events import Begun, Event, Passed, Regraded, Reviewed
from interviewer.timeline import interviews_in
from interviewer.transcript.lines import Header
from interviewer.transcript.reading import Recorded
from interviewer.transcript.salvaging import Salvaged


def interviews_of(recorded: Recorded) -> list[Recorded]:
    """Return each interview of a session as a transcript of its own.

    Its header has the interview's guide, the time at which it began and the id `ID/2`; the times
    of its entries count from there. What is about the whole session (`begun`, `passed`,
    `reviewed`) is in none of them, and a later grade is with the interview that it is about. A
    transcript of one interview is given as it is; a plan of which nothing was begun gives none.
    """
    if recorded.header.plan is None:
        return [recorded]
    parts = _parts(recorded.entries)
    last = len(parts) - 1
    return [
        Recorded(
            recorded.path,
            header_of(recorded.header, part.begun),
            part.entries,
            torn=recorded.torn and at == last,
        )
        for at, part in enumerate(parts)
    ]


def number_of(header: Header) -> int:
    """Return an interview's place in its session, from 1."""
    number = header.options.get("interview")
    return number if isinstance(number, int) and number >= 1 else 1


def salvaged_interviews(source: Salvaged) -> dict[int, Salvaged]:
    """Return number -> interview of a session, as far as it can be read; faults are with each.

    One that has lost its beginning counts by its place, and its guide is unknown.
    """
    events = source.events
    if not any(isinstance(event, Begun) for event in events):
        return {1: source}
    found: dict[int, Salvaged] = {}
    for place, part in enumerate(interviews_in(events), start=1):
        begun = events[part.start]
        since_s = source.entries[part.start][0]
        number = begun.number if isinstance(begun, Begun) else place
        entries: list[tuple[float, Event]] = [
            (round(max(0.0, at_s - since_s), 3), event)
            for at, (at_s, event) in enumerate(source.entries)
            if (at in part and not isinstance(event, Begun | Passed | Reviewed | Regraded))
            or (isinstance(event, Regraded) and event.interview == number)
        ]
        header = source.header and _salvaged_header(source.header, begun, number)
        found[number] = Salvaged(source.path, header, entries, source.faults)
    return found


def _salvaged_header(header: Header, begun: Event, number: int) -> Header:
    if isinstance(begun, Begun):
        return header_of(header, begun)
    gone = {"id": f"{header.id}/{number}", "plan": None, "guide_source": "unknown"}
    return header.model_copy(update=gone)


def header_of(header: Header, begun: Begun) -> Header:
    """Return the header that an interview of a session would have, had it a file of its own."""
    told = {
        "model": begun.model,
        "model_source": begun.model_source,
        "interviewer_version": begun.interviewer_version,
        "prompts": begun.prompts,
    }
    return header.model_copy(
        update={
            "id": f"{header.id}/{begun.number}",
            "started_at": begun.at,
            "guide": begun.guide,
            "guide_source": begun.guide_source,
            "plan": None,
            "options": {**header.options, "interview": begun.number, "of": begun.of},
            **{name: value for name, value in told.items() if value is not None},
        }
    )


@dataclass(slots=True)
class _Part:
    begun: Begun
    since_s: float
    entries: list[tuple[float, Event]] = field(default_factory=list)

    def take(self, at_s: float, event: Event) -> None:
        self.entries.append((round(max(0.0, at_s - self.since_s), 3), event))


def _parts(entries: Sequence[tuple[float, Event]]) -> list[_Part]:
    parts: list[_Part] = []
    for at_s, event in entries:
        match event:
            case Begun():
                parts.append(_Part(event, at_s))
            case Passed() | Reviewed():
                pass
            case Regraded():
                for part in parts:
                    if part.begun.number == event.interview:
                        part.take(at_s, event)
            case _:
                if parts:
                    parts[-1].take(at_s, event)
    return parts
