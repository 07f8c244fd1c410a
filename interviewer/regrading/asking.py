"""What if: one probe of a session, worded anew by the prompts and the model of today.

The transcript is read and never written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from interviewer.errors import InterviewerError, TranscriptError, UsageError
from interviewer.events import Begun, Event, Probe
from interviewer.guide import Guide
from interviewer.interview import Ask, Interview
from interviewer.llm import Model
from interviewer.probing import Gap
from interviewer.prompts import Prompts
from interviewer.regrading.past import Source, going_on, guide_of, load_one
from interviewer.regrading.stage import interview_of, staged
from interviewer.session import Voice
from interviewer.timeline import turns_of
from interviewer.transcript import Header, load_transcript


@dataclass(frozen=True, slots=True)
class Moment:
    """A session just before one of its probes."""

    source: Source
    header: Header
    interview: Interview
    probe: Probe
    """What was asked then."""
    turn: int
    """From 1, the main question's of this interview."""

    @property
    def gap(self) -> Gap:
        """What the probe is about."""
        action = self.interview.action
        assert isinstance(action, Ask)  # noqa: S101  a probe could follow, see `moment_of`
        return action.gap


def turn_in(path: Path, turn: int) -> tuple[Source, int]:
    """Return the interview that a turn of a file is in, and which turn of that interview it is.

    Args:
        path: The transcript.
        turn: From 1, counted through all interviews of a session, as `replay` counts.

    Raises:
        UsageError: There are fewer turns.
        TranscriptError: It can't be read.
    """
    recorded = load_transcript(path)
    if recorded.header.plan is None:
        return Source(path), turn
    turns = turns_of(recorded.events)
    begins = {
        event.number: first
        for event, first in zip(recorded.events, turns, strict=True)
        if isinstance(event, Begun) and first <= turn
    }
    if not begins or turn > turns[-1]:
        hint = f"--reask takes 1 to {turns[-1]}" if turns else ""
        raise UsageError(f"there is no turn {turn} in this session", where=path, hint=hint)
    number = max(begins, key=lambda each: begins[each])
    return Source(path, number), turn - begins[number] + 1


def moment_of(source: Source | Path, turn: int, guide: Guide | None = None) -> Moment:
    """Take an interview up to the probe of a turn.

    Args:
        source: The interview; a path alone is that of the only one.
        turn: From 1, the main question's; each probe begins a further turn.
        guide: What to hold it by; None: its own.

    Raises:
        UsageError: No probe begins that turn.
        TranscriptError: It can't be read, or does not go like this by the guide.
    """
    source = source if isinstance(source, Source) else Source(source)
    path, recorded = source.path, load_one(source)
    events = list(going_on(recorded.events))
    places = [at for at, event in enumerate(events) if isinstance(event, Probe)]
    if not 2 <= turn <= len(places) + 1:
        raise _no_such_turn(source, turn, len(places))
    at = places[turn - 2]
    interview = interview_of(recorded.header, guide or guide_of(recorded.header, path))
    # The probe too, on a machine of its own: it must be what follows.
    _feed(interview_of(recorded.header, interview.guide), events[: at + 1], path)
    _feed(interview, events[:at], path)
    probe = events[at]
    assert isinstance(probe, Probe)  # noqa: S101  found as one above
    return Moment(source, recorded.header, interview, probe, turn)


def _feed(interview: Interview, events: Sequence[Event], path: Path) -> None:
    try:
        for event in events:
            interview.receive(event)
    except InterviewerError as error:
        raise TranscriptError(
            f"no interview by this guide goes like this: {error.what}", where=path
        ) from error


def _no_such_turn(source: Source, turn: int, probes: int) -> UsageError:
    several = source.interview is not None
    whose = f" of interview {source.interview}" if several else ""
    if not probes:
        place = "this interview" if several else "this session"
        return UsageError(f"no probe was asked in {place}", where=source.told)
    turn_is = f"turn {turn}{whose}"
    what = f"{turn_is} is the main question" if turn == 1 else f"no probe was asked at {turn_is}"
    turns = f"2 to {probes + 1}" if probes > 1 else "2"
    also = f" --interview {source.interview}" if several else ""
    return UsageError(what, where=source.told, hint=f"--reask {turns}{also}")


async def ask_again(moment: Moment, model: Model, prompts: Prompts, voice: Voice) -> Probe:
    """Let the interviewer ask about the same gap, in the session's manner.

    Raises:
        ModelError: The model is out of reach.
    """
    session = staged(moment.header, moment.interview, model, prompts, voice)
    return await session.ask(moment.gap)
