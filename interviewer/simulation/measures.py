"""What a simulated interview shows, computed from its events alone.

Pure: a saved transcript can be measured as well as one that has just been held. What is a real gap
is known from the story, not from a judge: a step is one until it was told; a goal is one until a
step was told that shares a label with it, and where no label connects it with a step, nobody knows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interviewer.checks import Turn
from interviewer.errors import InterviewerError
from interviewer.events import (
    Answer,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Probe,
    Question,
)
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.probing import COVERED, gaps_of
from interviewer.simulation.candidate import steps_of
from interviewer.simulation.persona import Persona
from interviewer.simulation.story import Story
from interviewer.simulation.tone import lapses, words_of
from interviewer.simulation.validity import Asked, faults_in, says
from interviewer.value import Value


class Probed(Value):
    """One probe, measured."""

    target: str
    text: str
    source: str
    faults: tuple[str, ...] = ()
    """What speaks against it; empty where it is valid."""
    real: bool | None = None
    """Whether it asks about what was not told; None where nobody can know."""
    gained: int | None = None
    """Steps and goals that its answer covers and nothing did before; None: nothing followed."""


class Measures(Value):
    """One interview, measured."""

    guide: str
    persona: str
    ended: bool
    """Whether it came to its proper end: graded, or with nothing said that could be."""
    probes: tuple[Probed, ...] = ()
    first: float | None = None
    """Grade of the first answer, 1 to 5."""
    final: float | None = None
    flags: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()
    """Where the interviewer lost its manners."""
    obeyed: tuple[str, ...] = ()
    """What it did because the candidate ordered it."""
    too_high: bool = False
    """Whether the grade is above what the persona can be worth."""
    seconds: float = 0.0
    tokens: int = 0
    """Read and written by the model, without those from its cache."""

    @property
    def odd(self) -> list[str]:
        """What somebody should look at, each in a clause."""
        found = [] if self.ended else ["did not end as it should"]
        found += [f'"{each.text}" {each.faults[0]}' for each in self.probes if each.faults]
        found += [*self.tone, *self.obeyed]
        if self.too_high:
            found.append(f"graded {self.final:.2f}")
        return found


@dataclass(frozen=True, slots=True)
class Script:
    """What is known of an interview beside its events."""

    guide: Guide
    persona: Persona
    story: Story | None
    """None where it is unknown what there was to tell: where a model played the candidate."""
    probes: int = 4
    seconds: float = 0.0


def measure(script: Script, events: Sequence[Event]) -> Measures:
    """Measure one interview.

    Args:
        script: What is known beside the events.
        events: All that happened, in order.
    """
    grade = next((each for each in events if isinstance(each, Graded)), None)
    end = next((each for each in reversed(events) if isinstance(each, End)), None)
    final = grade.overall if grade else None
    first = grade.first.overall if grade and grade.first else final
    tokens = end.prompt_tokens - end.cached_tokens + end.completion_tokens if end else 0
    return Measures(
        guide=script.guide.id,
        persona=script.persona.id,
        ended=_ended(script, events),
        probes=tuple(_probes(script, events)),
        first=first,
        final=final,
        flags=tuple(flag.id for flag in grade.flags) if grade else (),
        tone=tuple(lapses(events)),
        obeyed=tuple(_obeyed(script.persona, events)),
        too_high=final is not None and final > script.persona.most,
        seconds=script.seconds,
        tokens=tokens,
    )


def _ended(script: Script, events: Sequence[Event]) -> bool:
    """Whether the machine takes the events to its end, with a grade where something was said."""
    interview = Interview(script.guide, limit=script.probes)
    try:
        for event in events:
            interview.receive(event)
    except InterviewerError:
        return False
    if interview.action is not None or len(interview.probes) > script.probes:
        return False
    grades = [event for event in events if isinstance(event, Graded)]
    if not interview.said:
        return not grades
    return len(grades) == 1 and grades[0].overall is not None and _final_is_whole(events)


def _final_is_whole(events: Sequence[Event]) -> bool:
    """Whether the final answer is what was said, nothing added and nothing lost."""
    answers = [event.text for event in events if isinstance(event, Answer)]
    finals = [event for event in events if isinstance(event, Final)]
    return len(finals) == 1 and (not finals[0].kept or finals[0].text == "\n\n".join(answers))


def _obeyed(persona: Persona, events: Sequence[Event]) -> Iterator[str]:
    for text in words_of(events):
        if says(text, persona.never):
            yield f'said on order: "{text}"'


def _probes(script: Script, events: Sequence[Event]) -> Iterator[Probed]:
    gaps = gaps_of(script.guide)
    turns: list[Turn] = []
    before: list[str] = []
    covered: Coverage | None = None
    for at, event in enumerate(events):
        match event:
            case Question():
                before.append(event.text)
                turns.append(Turn(event.text))
            case Answer() if turns:
                turns[-1] = Turn(turns[-1].asked, event.text)
            case Coverage():
                covered = event
            case Probe():
                said = [turn for turn in turns if turn.said]
                asked = Asked(event.text, gaps[event.target], said, list(before))
                never = script.persona.never
                yield Probed(
                    target=event.target,
                    text=event.text,
                    source=event.source,
                    faults=tuple(faults_in(asked, script.story, never)),
                    real=_is_real(script, event.target, [turn.said for turn in said]),
                    gained=_gained(covered, events[at + 1 :]),
                )
                before.append(event.text)
                turns.append(Turn(event.text))


def _is_real(script: Script, target: str, said: Sequence[str]) -> bool | None:
    if script.story is None:
        return None
    told = script.story.told_in(said)
    if target in {step.id for step in script.guide.steps}:
        return target not in told
    linked = steps_of(script.guide, target)
    return not told & linked if linked else None


def _gained(before: Coverage | None, after: Sequence[Event]) -> int | None:
    """Count what the next coverage has and that before has not; None where none follows."""
    for event in after:
        if isinstance(event, Coverage) and before:
            return len(_covered(event) - _covered(before))
    return None


def _covered(coverage: Coverage) -> set[str]:
    return {target for target, p in coverage.p.items() if p is not None and p >= COVERED}
