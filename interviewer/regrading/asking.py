"""What if: one probe of a session, worded anew by the prompts and the model of today.

The transcript is read and never written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from interviewer.errors import InterviewerError, TranscriptError, UsageError
from interviewer.events import Event, Probe
from interviewer.guide import Guide
from interviewer.interview import Ask, Interview
from interviewer.llm import Model
from interviewer.probing import Gap
from interviewer.prompts import Prompts
from interviewer.regrading.past import going_on, guide_of, load_single
from interviewer.regrading.stage import interview_of, staged
from interviewer.session import Voice
from interviewer.transcript import Header


@dataclass(frozen=True, slots=True)
class Moment:
    """A session just before one of its probes."""

    path: Path
    header: Header
    interview: Interview
    probe: Probe
    """What was asked then."""
    turn: int
    """From 1, the main question's."""

    @property
    def gap(self) -> Gap:
        """What the probe is about."""
        action = self.interview.action
        assert isinstance(action, Ask)  # noqa: S101  a probe could follow, see `moment_of`
        return action.gap


def moment_of(path: Path, turn: int, guide: Guide | None = None) -> Moment:
    """Take a session up to the probe of a turn.

    Args:
        path: The transcript.
        turn: From 1, the main question's; each probe begins a further turn.
        guide: What to hold it by; None: its own.

    Raises:
        UsageError: No probe begins that turn.
        TranscriptError: It can't be read, or does not go like this by the guide.
    """
    recorded = load_single(path)
    events = list(going_on(recorded.events))
    places = [at for at, event in enumerate(events) if isinstance(event, Probe)]
    if not 2 <= turn <= len(places) + 1:
        raise _no_such_turn(path, turn, len(places))
    at = places[turn - 2]
    interview = interview_of(recorded.header, guide or guide_of(recorded.header, path))
    # The probe too, on a machine of its own: it must be what follows.
    _feed(interview_of(recorded.header, interview.guide), events[: at + 1], path)
    _feed(interview, events[:at], path)
    probe = events[at]
    assert isinstance(probe, Probe)  # noqa: S101  found as one above
    return Moment(path, recorded.header, interview, probe, turn)


def _feed(interview: Interview, events: Sequence[Event], path: Path) -> None:
    try:
        for event in events:
            interview.receive(event)
    except InterviewerError as error:
        raise TranscriptError(
            f"no interview by this guide goes like this: {error.what}", where=path
        ) from error


def _no_such_turn(path: Path, turn: int, probes: int) -> UsageError:
    if not probes:
        return UsageError("no probe was asked in this session", where=path)
    what = "turn 1 is the main question" if turn == 1 else f"no probe was asked at turn {turn}"
    turns = f"2 to {probes + 1}" if probes > 1 else "2"
    return UsageError(what, where=path, hint=f"--reask {turns}")


async def ask_again(moment: Moment, model: Model, prompts: Prompts, voice: Voice) -> Probe:
    """Let the interviewer ask about the same gap, in the session's manner.

    Raises:
        ModelError: The model is out of reach.
    """
    session = staged(moment.header, moment.interview, model, prompts, voice)
    return await session.ask(moment.gap)
