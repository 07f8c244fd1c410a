"""A session once more, by today's code, prompts and guide, with the replies that it got.

The machine and the `Session` are the real ones. Nobody is asked: the model's words are those of the
transcript, and what it judged then stands. So every prompt is rendered again as it would be sent,
and whatever code alone decides is decided again: which gap is asked about, whether the words of a
probe are valid, what the interviewer says of its own, what is counted in the answer.

What a transcript does not hold can't be rehearsed: how sure the model was of each sentence, hence
which sentence of the candidate's a probe was tied to.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from interviewer.batch.estimate import Counting
from interviewer.errors import InterviewerError, PromptError
from interviewer.events import (
    Closing,
    Coverage,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Probe,
    Question,
    Regraded,
    Reply,
    SelfScored,
)
from interviewer.grading.guards import NAMES
from interviewer.guide import REST, Guide
from interviewer.interview import (
    Action,
    Ask,
    Cover,
    Interview,
    Keep,
    Listen,
    Mark,
    Respond,
    Say,
)
from interviewer.labelling import Sentences
from interviewer.llm import T
from interviewer.probing import gaps_of
from interviewer.prompts import Prompts
from interviewer.regrading.past import going_on
from interviewer.regrading.stage import interview_of, staged
from interviewer.session import Session
from interviewer.silence import Silence
from interviewer.transcript import Header

_Words = Opening | Question | Invitation | Closing | Reply | Final
_Spoken = Say | Cover | Ask | Respond | Keep | Mark
"""What the interviewer does; all else is the candidate's, or says that it is over."""
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that would not go today as it went."""

    turn: int
    """From 1, the main question's; 0: before it."""
    what: str
    then: str
    today: str
    template: str = ""
    """The template that could not be rendered; empty where it is not about one."""
    grade: bool = False
    """Whether it is about the grade."""


@dataclass(slots=True)
class Rehearsal:
    """What came of it."""

    findings: list[Finding] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Templates that were asked for; parts that they include are not among them."""
    rendered: int = 0
    """Prompts and fixed words that were rendered without fault."""


class _Noting(Prompts):
    """The templates, and a note of each that is asked for."""

    def __init__(self, prompts: Prompts, found: Rehearsal) -> None:
        self.__dict__.update(prompts.__dict__)
        self._found = found

    def render(self, name: str, **values: Any) -> str:
        """Render as ever, and note it."""
        self._found.used.add(name)
        text = super().render(name, **values)
        self._found.rendered += 1
        return text


class _Recalling(Counting):
    """Says what it is told to say next, and judges so that every kind of prompt is needed."""

    name = "recalled"

    def __init__(self, guide: Guide, nothing: str, kind: tuple[bool, bool]) -> None:
        super().__init__(local=kind[0], at_once=kind[1])
        self.texts: deque[str] = deque()
        self._own = {label.word for label in guide.labels if label.own}
        self._label = next((label.word for label in guide.labels), REST)
        self._nothing = nothing

    async def stream(self, prompt: str, *, max_tokens: int = 200) -> AsyncIterator[str]:  # noqa: ARG002
        if self.texts:
            yield self.texts.popleft()

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:
        filled = await super().fill(prompt, schema, max_tokens=max_tokens)
        if isinstance(filled, Sentences):
            for each in filled.sentences:  # what is beside the point would get no probe of a model
                each.label = self._label
        return filled

    async def decide(
        self,
        prompt: str,
        options: Sequence[str],
        *,
        floor: float = 0.5,  # noqa: ARG002
    ) -> dict[str, float]:
        # Of an own fault it is asked further who is responsible; of what is shown, where.
        likely = next((each for each in options if each in self._own), options[0])
        if options[0] == "Yes" and self._nothing in prompt:
            likely = options[-1]
        rest = (1 - _SURE) / (len(options) - 1)
        return dict.fromkeys(options, rest) | {likely: _SURE}


async def rehearse(
    header: Header,
    events: Iterable[Event],
    guide: Guide,
    prompts: Prompts,
    kind: tuple[bool, bool] = (True, False),
) -> Rehearsal:
    """Take a session through today's code.

    Args:
        header: Of its transcript; names persona and number of probes.
        events: What happened.
        guide: Which guide to hold it by.
        prompts: Today's.
        kind: Whether the model runs on this machine, and is asked about all sentences at once.
    """
    found = Rehearsal()
    noting = _Noting(prompts, found)
    try:
        nothing = noting.render("nothing")
    except PromptError:
        nothing = "\0"  # found again where it is needed
    model = _Recalling(guide, nothing, kind)
    session = staged(header, interview_of(header, guide), model, noting, Silence())
    await _Stage(session, model, found.findings).play(events)
    return found


class _Stage:
    def __init__(self, session: Session, model: _Recalling, findings: list[Finding]) -> None:
        self._session, self._model, self._findings = session, model, findings

    @property
    def _interview(self) -> Interview:
        return self._session.interview

    async def play(self, events: Iterable[Event]) -> None:
        for event in going_on(events):
            if not isinstance(event, Note | SelfScored | Regraded):
                if (action := self._interview.action) is None:
                    return
                await self._again(action, event)
            try:
                self._interview.receive(event)
            except InterviewerError as error:
                self._find(event, f"what follows the {event.event}", ("", error.what))
                return

    async def _again(self, action: Action, event: Event) -> None:
        """Do what the machine asks for, and compare what comes of it with what happened."""
        try:
            if isinstance(action, Listen):
                if self._model.local:  # it reads ahead what is certain
                    await self._session.judge.warm(self._interview.turns)
            elif isinstance(action, _Spoken):
                self._model.texts.extend(_spoken(event))
                self._compare(event, await self._session.perform(action))
        except PromptError as error:
            # A fault of a part is told with the part's name; what asked for it is told by the turn.
            name = error.where.partition(".j2")[0]
            self._find(event, "a prompt", ("", str(error)), template=name or "?")
        finally:
            self._model.texts.clear()

    def _find(self, event: Event, what: str, words: tuple[str, str], **about: Any) -> None:
        turn = len(self._interview.turns) + isinstance(event, Question | Probe)
        self._findings.append(Finding(turn, what, *words, **about))

    def _compare(self, event: Event, today: Event) -> None:
        if isinstance(event, _Words) and isinstance(today, _Words):
            if event.text != today.text:
                self._find(event, f"the words of the {event.event}", (event.text, today.text))
        elif isinstance(event, Coverage):
            self._compare_gap(event)
        elif isinstance(event, Probe) and isinstance(today, Probe):
            self._compare_probe(event, today)
        elif isinstance(event, Graded) and isinstance(today, Graded):
            self._compare_counts(event, today)

    def _compare_gap(self, event: Coverage) -> None:
        known = gaps_of(self._interview.guide)
        p = {target: value for target, value in event.p.items() if target in known}
        today = self._interview.coverage(p)
        if today.gap != event.gap:
            then, now = (each.gap or "no probe" for each in (event, today))
            self._find(event, "the gap to ask about", (then, now))

    def _compare_probe(self, event: Probe, today: Probe) -> None:
        if event.text == today.text:
            return
        if event.source == "model":
            said = (each for each in today.rejected if each.startswith(event.text))
            self._find(event, "whether the probe is valid", (event.text, next(said, today.text)))
        # A template's words name a sentence that labels chose, and those are not in the transcript.
        elif not self._session.rubric.labels:
            self._find(event, "the words of the probe", (event.text, today.text))

    def _compare_counts(self, event: Graded, today: Graded) -> None:
        if event.delivery != today.delivery:
            words = (_counts(event), _counts(today))
            self._find(event, "what is counted in the answer", words, grade=True)
        found = tuple(", ".join(_guards(each)) or "nothing" for each in (event, today))
        if found[0] != found[1]:
            self._find(event, "what guards find in the answer", (found[0], found[1]), grade=True)


def _spoken(event: Event) -> list[str]:
    """Return what the model said for an event, its tries that were turned down first."""
    match event:
        case Probe(source="model"):
            return [*map(_try, event.rejected), event.text]
        case Probe():
            return [_try(each) for each in event.rejected]
        case Reply():
            return [event.text]
        case _:
            return []


def _try(rejected: str) -> str:
    """Return the words of a try that was turned down, without the rules that it broke."""
    return rejected.rpartition(" (")[0]


def _counts(grade: Graded) -> str:
    counts = grade.delivery.model_dump() if grade.delivery else {}
    return ", ".join(f"{name} {value}" for name, value in counts.items()) or "nothing"


def _guards(grade: Graded) -> list[str]:
    """Return what guards found that look at the words alone."""
    return sorted(flag.id for flag in grade.flags if flag.id in NAMES and flag.id != "no-facts")
