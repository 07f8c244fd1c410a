"""The one loop: the machine's actions -> model, candidate, listeners; what comes of it goes back.

The transcript hears each event first, the screen second; nobody calls upwards.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, cast

from interviewer import probing
from interviewer.checks import UNANSWERABLE, Judge, Turn
from interviewer.errors import BrokenReplyError, ModelError, RefusedError
from interviewer.events import (
    Answer,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Opening,
    Probe,
    Question,
    Reply,
    Request,
    SelfScored,
)
from interviewer.grading import cover
from interviewer.grading.both import grade_both
from interviewer.grading.calibration import Calibration
from interviewer.intents import parse_intent
from interviewer.interview import (
    Action,
    Ask,
    Cover,
    Finish,
    Interview,
    Keep,
    Listen,
    Mark,
    Respond,
    Say,
    Score,
)
from interviewer.labelling import Labelled, label
from interviewer.llm import Usage
from interviewer.own_scores import ask_scores
from interviewer.people import Candidate, Left, Manner, Typed, Voice
from interviewer.probing import Gap
from interviewer.rubric import Rubric
from interviewer.text import finished, units
from interviewer.tying import as_said, project_for

__all__ = ["Candidate", "Left", "Manner", "Session", "Typed", "Voice"]

_TRIES = 2
"""How often the model may word a probe before a template steps in."""
_LOOK_S = 0.3
"""Seconds between two looks at what the candidate has typed so far."""


@dataclass(slots=True)
class Session:
    """One interview with everybody who takes part in it."""

    interview: Interview
    rubric: Rubric
    judge: Judge
    candidate: Candidate
    voice: Voice
    listeners: Sequence[Callable[[Event], object]]
    manner: Manner = field(default_factory=Manner)
    calibration: Calibration | None = None
    """Puts the grade on the scale of somebody's raters."""
    before: Usage = field(default_factory=Usage)
    """What the model was asked before this interview, by others."""
    projects: Sequence[str] = ()
    """What the candidate did, as far as a CV tells: lines that a probe may be tied to."""
    timeless: bool = False
    """Do nothing that depends on time: what is said makes the same calls in the same order."""
    _reading: asyncio.Task[None] | None = None
    _entered: asyncio.Event = field(default_factory=asyncio.Event)
    _speech: asyncio.Task[None] | None = None
    _spoken: str = ""
    _graded_ahead: Graded | None = None

    async def run(self) -> None:
        """Hold the interview to its end.

        Raises:
            ModelError: The model is out of reach; everything up to there is with the listeners.
            Left: The candidate leaves.
        """
        try:
            while action := self.interview.action:
                event = await self.perform(action)
                for listener in self.listeners:
                    listener(event)
                self.interview.receive(event)
                await self._read_ahead()
        finally:
            await self._stop_reading()

    def stop_talking(self) -> bool:
        """Cut what the interviewer is saying; False where it says nothing, or must go on."""
        return self._speech is not None and not self.timeless and self._speech.cancel()

    def leave(self) -> None:
        """Tell the listeners that the candidate left."""
        end = self.end("quit")
        for listener in self.listeners:
            listener(end)

    def end(self, reason: str) -> End:
        """Return the last event, with what the model was asked in this run."""
        usage = self.judge.model.usage.since(self.before)
        return End.model_validate(
            {
                "reason": reason,
                "prompt_tokens": usage.prompt,
                "cached_tokens": usage.cached,
                "completion_tokens": usage.completion,
                "calls": usage.calls,
                "cost": self.manner.cost_of(usage),
            }
        )

    async def perform(self, action: Action) -> Event:
        """Do what the machine asks for, and return what comes of it; nobody is told.

        Raises:
            ModelError, Left: As `run` does.
        """
        if not isinstance(action, Listen | Score | Cover | Mark):
            await self._stop_reading()
        match action:
            case Say():
                return self._say(action)
            case Listen():
                return await self._listen(action)
            case Score():
                return await self._own_scores()
            case Cover():
                return await self._cover()
            case Ask():
                return await self.ask(action.gap)
            case Respond():
                return await self._respond(action.request)
            case Keep():
                return Final(text="\n\n".join(t.said for t in self.interview.said), kept=True)
            case Mark():
                return await self._mark(action)
            case Finish():
                return self.end(action.reason)

    def _say(self, action: Say) -> Event:
        guide = self.interview.guide
        follows = action.what == "opening" and self.manner.number > 1
        text = self.judge.prompts.render(
            "say/transition" if follows else f"say/{action.what}",
            guide=guide,
            persona=self.manner.persona,
            probes=self.interview.limit,
            graded=self.interview.graded,
            number=self.manner.number,
            interviews=self.manner.of,
        )
        match action.what:
            case "opening":
                return Opening(text=text)
            case "question":
                return Question(text=text)
            case "invitation" | "self-score":
                return Invitation(text=text)
            case "closing":
                return Closing(text=text, related=next(iter(guide.related), None))

    async def _listen(self, action: Listen) -> Event:
        try:
            typed = await self.candidate.read(action.purpose)
        except EOFError:
            return Request(kind="finish")
        final = action.purpose == "final answer"
        if kind := parse_intent(typed.text, final=final):
            if kind == "quit":
                raise Left
            return Request(kind=kind, text=typed.text)
        if final:
            return Final(text=typed.text, kept=False, seconds=typed.seconds)
        return Answer(text=typed.text, to=action.to, seconds=typed.seconds)

    async def _own_scores(self) -> SelfScored:
        names = {each.id: each.name for each in self.rubric.criteria}
        said, persona = self.judge.prompts.render, self.manner.persona
        again = partial(said, "say/self-score-again", persona=persona)
        return SelfScored(criteria=await ask_scores(names, self.candidate, self.voice, again))

    async def _cover(self) -> Coverage:
        with self.voice.thinking("thinking about your answer"):
            await self._end_reading()
            p = await cover(self.rubric, self.judge, self.interview.said)
        return self.interview.coverage(p)

    async def ask(self, gap: Gap) -> Probe:
        """Ask about a gap, in the model's words or, where its tries are not valid, a template's."""
        turns, asked = self.interview.said, [turn.asked for turn in self.interview.turns]
        said = await self._sentences(turns)
        project = project_for(
            self.interview.guide,
            self.projects,
            said=said,
            probes=self.interview.probes,
            number=self.manner.number,
        )
        if project and not project.named:
            text = self.judge.prompts.render("say/propose", detail=project.line)
            return Probe(target=gap.id, text=text, source="template", tied_to="cv")
        tied_to: Literal["answer", "cv"] = "cv" if project else "answer"
        begins = self.judge.prompts.render("say/from-cv") + " " if project else ""
        aside = not project and probing.is_aside(said)
        line = project.line if project else ""
        detail = as_said(line)
        rejected: list[str] = []
        told = gap
        for _ in range(_TRIES):
            if not project:
                # What was rejected counts as asked, so that another try takes up another sentence.
                detail = probing.detail_of(gap.id, said, self.rubric, asked[1:] + rejected)
            if aside or not (project or probing.can_be_asked_about(detail, asked[0])):
                break  # a model asks on about whatever it is told, be it a dog or an order
            prompt = self._probe_prompt(told, detail, tied_to)
            text, cut = await self._speak(prompt, probe=True, begins=begins)
            faults = probing.faults_of(text, turns, gap, asked, project=line)
            if not faults:
                return Probe(
                    target=gap.id, text=text, source="model", rejected=rejected, tied_to=tied_to
                )
            rejected.append(f"{text} ({'; '.join(faults)})")
            self._take_back()
            if cut:
                break
            told = replace(gap, text="")  # what it read aloud most often
        clauses = [line] if line else probing.clauses_of(detail, said)
        unheard = [("", True)] if aside or not detail else []  # nothing was to the point
        texts = (
            self.judge.prompts.render(
                "say/probe", gap=gap, detail=clause, tied_to=tied_to, aside=aside, again=again
            )
            for clause, again in [(each, False) for each in clauses] + unheard
        )
        text = probing.first_valid(texts, turns, gap, asked)
        return Probe(
            target=gap.id, text=text, source="template", rejected=rejected, tied_to=tied_to
        )

    def _probe_prompt(self, gap: Gap, detail: str, tied_to: str = "answer") -> str:
        return self.judge.prompts.render(
            "probe",
            guide=self.interview.guide,
            persona=self.manner.persona,
            gap=gap,
            detail=probing.turned(detail),
            tied_to=tied_to,
        )

    async def _sentences(self, turns: Sequence[Turn]) -> Sequence[Labelled]:
        """Return what was said, labelled where it can be: the judge knows most of it already."""
        if self.rubric.labels:
            with suppress(*UNANSWERABLE):
                return await label(self.judge, turns)
        return [Labelled(at, text, {}) for at, text in units("\n\n".join(t.said for t in turns))]

    async def _respond(self, request: Request) -> Reply:
        if request.kind in {"clarify", "hint"} or (
            request.kind == "unsure" and not self.interview.probes
        ):
            prompt = self.judge.prompts.render(
                "reply",
                guide=self.interview.guide,
                turns=self.interview.turns,
                persona=self.manner.persona,
                kind=request.kind,
                words=request.text or request.kind,
            )
            text, cut = await self._speak(prompt)
            if text:
                return Reply(kind=request.kind, text=text, cut=cut)
            self._take_back()
        text = self.judge.prompts.render(
            "say/reply",
            kind=request.kind,
            question=self.interview.asked,
            persona=self.manner.persona,
        )
        return Reply(kind=request.kind, text=text)

    def _take_back(self) -> None:
        self.voice.retract(self.judge.prompts.render("say/retract", persona=self.manner.persona))

    async def _speak(
        self, prompt: str, *, probe: bool = False, begins: str = ""
    ) -> tuple[str, bool]:
        """Say what the model says, piece by piece, after what it `begins` with.

        Returns:
            What was said, and whether the candidate cut it short. Empty where the endpoint
            refused or broke off.
        """
        self._spoken = ""
        self._speech = asyncio.create_task(self._say_aloud(prompt, begins, probe=probe))
        try:
            with self.voice.thinking("looking for words"):  # until the first of them comes
                await self._speech
        except asyncio.CancelledError:
            if cast("asyncio.Task[object]", asyncio.current_task()).cancelling():
                raise
            return self._spoken.strip(), True
        except (RefusedError, BrokenReplyError):
            return "", False
        finally:
            self._speech = None
            self.voice.end_stream()
        return self._spoken.strip(), False

    async def _say_aloud(self, prompt: str, begins: str, *, probe: bool) -> None:
        pieces = self.judge.model.stream(prompt, max_tokens=90)
        spoken: AsyncIterator[str] = probing.first_question(pieces) if probe else pieces
        try:
            async for piece in spoken:
                has_it = self._spoken or piece.startswith(begins)  # as what is rehearsed has
                self._spoken += (said := piece if has_it else begins + piece)
                self.voice.piece(said)
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()

    async def _mark(self, action: Mark) -> Graded:
        with self.voice.thinking("grading"):
            await self._end_reading()
            return self._graded_ahead or await self._grade(action)

    async def _grade(self, action: Mark) -> Graded:
        final, first = await grade_both(
            self.rubric, self.judge, (action.final, action.first), self.calibration
        )
        return Graded(**final.model_dump(), first=first)

    async def _read_ahead(self) -> None:
        """Do what is certain already while the candidate thinks: read, or grade."""
        if self.timeless or not isinstance(self.interview.action, Listen | Score):
            return
        self._entered.clear()
        is_scoring = isinstance(self.interview.action, Score)
        ahead = self._mark_ahead() if is_scoring else self._prepare()
        self._reading = asyncio.create_task(ahead)

    async def _mark_ahead(self) -> None:
        self._graded_ahead = await self._grade(self.interview.mark)

    async def _prepare(self) -> None:
        if not self.judge.model.local:
            return
        if not self.interview.said:
            await self.judge.prepare(self.rubric.checks_of("step", "goal", "tip"))
            first = next(iter(probing.gaps_of(self.interview.guide).values()))
            await self.judge.model.warm(self._probe_prompt(first, ""))
        await self.judge.warm(self.interview.turns)
        if self.rubric.labels:
            await self._follow()

    async def _follow(self) -> None:
        """Label the sentences that are finished while the candidate still types the next one."""
        labelled = ""
        while not self._entered.is_set():
            typed = self.candidate.draft()
            done = "" if typed.startswith("/") else finished(typed)
            if done != labelled:
                await label(self.judge, [*self._before(), Turn("", done)])
                labelled = done
            with suppress(TimeoutError):
                await asyncio.wait_for(self._entered.wait(), _LOOK_S)

    def _before(self) -> Sequence[Turn]:
        """Return what will be judged together with what is being typed."""
        action = self.interview.action
        alone = isinstance(action, Listen) and action.purpose == "final answer"
        return [] if alone else self.interview.said

    async def _end_reading(self) -> None:
        """Let the call in flight end: what it reads is needed now."""
        self._entered.set()
        if self._reading:
            with suppress(ModelError):
                await self._reading

    async def _stop_reading(self) -> None:
        if self._reading:
            self._reading.cancel()
            with suppress(asyncio.CancelledError, ModelError):
                await self._reading
            self._reading = None
