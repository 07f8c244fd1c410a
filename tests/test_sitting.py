"""A session of several interviews, held by scripts."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from interviewer.agenda import Agenda, Begin, Hold
from interviewer.checks import Judge
from interviewer.errors import GuideError, UnreachableError
from interviewer.events import Begun, End, Event, Note, Opening, Passed, Reviewed
from interviewer.guide import Guide
from interviewer.people import Left
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Manner, Session
from interviewer.sitting import Sitting, Wish
from interviewer.transcript import Plan, Planned, Transcript, interviews_of, load_transcript
from tests.scripted import ANSWER, GUIDE, Ear, ScriptedCandidate, ScriptedModel
from tests.transcript.samples import HEADER

IDS = ("failure", "conflict", "launch")
REPLIES = (ANSWER, "keep")


@dataclass
class Stage:
    """A host whose guides, candidate and breaks are scripted."""

    replies: list[str]
    wishes: list[Wish | type[Exception]] = field(default_factory=list)
    """What is wanted in each break; after the last one: to go on."""
    lost: tuple[str, ...] = ()
    """Ids of guides that can't be had."""
    model: ScriptedModel = field(default_factory=ScriptedModel)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    reviews: int = 0

    def __post_init__(self) -> None:
        self.candidate = ScriptedCandidate(*self.replies)

    def load(self, guide: str) -> tuple[Guide, str]:
        if guide in self.lost:
            raise GuideError("there is no such guide")
        return GUIDE.model_copy(update={"id": guide}), guide

    def about(self) -> dict[str, JsonValue]:
        return {"model": "another"}

    def open(self, step: Hold, listeners: list[Callable[[Event], object]]) -> Session:
        interview = copy.deepcopy(step.interview)
        return Session(
            interview,
            rubric_of(interview.guide),
            Judge(interview.guide, self.model, Prompts()),
            self.candidate,
            Ear(),
            listeners,
            Manner(number=step.begun.number, of=step.begun.of),
            before=replace(self.model.usage),
        )

    async def rest(self, step: Begin, guide: Guide) -> Wish:
        assert guide.id == step.planned.guide
        self.breaks.append((step.number, step.of))
        wish = self.wishes.pop(0) if self.wishes else "go on"
        if isinstance(wish, str):
            return wish
        raise wish

    def review(self) -> dict[str, JsonValue]:
        self.reviews += 1
        return {"said": self.reviews}


class Play:
    """A session in a file that can be gone on with."""

    def __init__(
        self, folder: Path, minutes: float | None = None, ids: tuple[str, ...] = IDS
    ) -> None:
        plan = Plan(
            interviews=tuple(Planned(guide=each, why=each) for each in ids), minutes=minutes
        )
        header = HEADER.model_copy(update={"guide": {}, "guide_source": "", "plan": plan})
        self.header, self.path = header, Path()
        with Transcript.create(folder, header) as transcript:
            self.path = transcript.path

    async def go_on(self, stage: Stage) -> "Play":
        """Hold it until it is over or left."""
        assert self.header.plan
        transcript, past = Transcript.resume(self.path)
        agenda = Agenda(self.header.plan, limit=0)
        for at_s, event in past.entries:
            agenda.receive(event, at_s)
        drawn: list[Event] = []
        with transcript:
            sitting = Sitting(agenda, stage, transcript.add, drawn.append)
            try:
                await sitting.run()
            except Left:
                sitting.leave()
        new = self.events[len(past.entries) :]
        assert [each for each in new if not isinstance(each, Note)] == drawn
        return self

    @property
    def events(self) -> list[Event]:
        return load_transcript(self.path).events

    @property
    def names(self) -> list[str]:
        shown = ("begun", "passed", "grade", "end", "reviewed")
        return [each.event for each in self.events if each.event in shown]

    def all(self, kind: type[Any]) -> list[Any]:
        return [each for each in self.events if isinstance(each, kind)]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


async def test_all_interviews_of_a_plan_are_held_with_breaks_between_and_reviewed(
    play: Play,
) -> None:
    stage = Stage([*REPLIES] * 3)
    await play.go_on(stage)

    assert play.names == [*["begun", "grade", "end"] * 3, "reviewed"]
    assert [(each.number, each.of, each.why) for each in play.all(Begun)] == [
        (1, 3, "failure"),
        (2, 3, "conflict"),
        (3, 3, "launch"),
    ]
    assert stage.breaks == [(2, 3), (3, 3)]
    assert play.all(Reviewed) == [Reviewed(reason="done", review={"said": 1})]
    assert [each.header.model for each in interviews_of(load_transcript(play.path))] == [
        "another"
    ] * 3


async def test_only_the_first_interview_has_the_whole_opening(play: Play) -> None:
    await play.go_on(Stage([*REPLIES] * 3))

    first, second, third = (each.text for each in play.all(Opening))
    assert "3 questions" in first
    assert second == "Let us go on with question 2 of 3."
    assert "last question" in third


@pytest.mark.parametrize("persona", ["friendly", "neutral", "tough"])
def test_each_persona_leads_over_in_its_own_words_and_says_which_is_the_last(persona: str) -> None:
    both = [
        Prompts().render("say/transition", number=number, interviews=3, persona=persona)
        for number in (2, 3)
    ]
    assert "last" not in both[0]
    assert "last" in both[1]


async def test_each_end_counts_what_its_own_interview_asked_the_model(play: Play) -> None:
    stage = Stage([*REPLIES] * 3)
    await play.go_on(stage)

    calls = [each.calls for each in play.all(End)]
    assert min(calls) > 0
    assert sum(calls) == stage.model.usage.calls


async def test_who_leaves_in_an_interview_goes_on_in_the_middle_of_it(play: Play) -> None:
    await play.go_on(Stage([*REPLIES, ANSWER, "/quit"]))
    assert play.names == ["begun", "grade", "end", "begun", "end"]
    assert play.all(End)[-1].reason == "quit"

    await play.go_on(Stage(["keep", *REPLIES]))
    assert play.names[4:] == ["end", "grade", "end", "begun", "grade", "end", "reviewed"]
    assert [each.resumable for each in interviews_of(load_transcript(play.path))] == [False] * 3


async def test_who_leaves_in_a_break_goes_on_in_it(play: Play) -> None:
    await play.go_on(Stage([*REPLIES], [Left]))
    assert play.names == ["begun", "grade", "end"]

    stage = Stage([*REPLIES] * 2)
    await play.go_on(stage)
    assert stage.breaks == [(2, 3), (3, 3)]
    assert play.names == [*["begun", "grade", "end"] * 3, "reviewed"]


async def test_a_question_can_be_left_out_in_a_break_and_at_the_question(play: Play) -> None:
    await play.go_on(Stage([*REPLIES, "/skip"], ["skip"]))

    assert play.names == ["begun", "grade", "end", "passed", "begun", "end", "reviewed"]
    assert play.all(Passed) == [Passed(guide="conflict", why="you left it out")]
    assert play.all(End)[-1].reason == "ungraded"


async def test_a_session_can_be_ended_in_a_break(play: Play) -> None:
    await play.go_on(Stage([*REPLIES], ["finish"]))

    assert play.names == ["begun", "grade", "end", "reviewed"]
    assert play.all(Reviewed)[0].reason == "finished"
    assert not load_transcript(play.path).resumable


async def test_a_guide_that_is_gone_is_passed_over(play: Play) -> None:
    await play.go_on(Stage([*REPLIES] * 2, lost=("failure",)))

    assert play.names == ["passed", *["begun", "grade", "end"] * 2, "reviewed"]
    assert play.all(Passed)[0].why == "it can't be used: there is no such guide"
    assert [each.number for each in play.all(Begun)] == [1, 2]


async def test_used_up_time_ends_a_session_between_two_interviews(tmp_path: Path) -> None:
    play = Play(tmp_path, minutes=0.0000001)
    await play.go_on(Stage([*REPLIES]))

    assert play.names == ["begun", "grade", "end", "reviewed"]
    assert play.all(Reviewed)[0].reason == "time"


async def test_a_model_that_goes_away_costs_no_word(play: Play) -> None:
    gone = ScriptedModel(p=lambda _: UnreachableError("nothing answers"))
    with pytest.raises(UnreachableError):
        await play.go_on(Stage([ANSWER], model=gone))
    assert play.events[-1].event == "answer"

    await play.go_on(Stage(["keep", *REPLIES, *REPLIES]))
    assert play.names == [*["begun", "grade", "end"] * 3, "reviewed"]


async def test_a_session_that_is_killed_after_any_event_ends_like_one_that_is_not(
    tmp_path: Path,
) -> None:
    """Whatever a killed process leaves behind, resuming leads to the same interviews and review."""
    whole = await Play(tmp_path / "whole", ids=IDS[:2]).go_on(Stage([*REPLIES] * 2))
    lines = whole.path.read_bytes().splitlines(keepends=True)
    for kept in range(1, len(lines)):
        play = Play(tmp_path / f"cut-{kept}", ids=IDS[:2])
        play.path.write_bytes(b"".join(lines[:kept]) + b'{"at_s": 9, "ev')
        said = sum(
            b'"event":"answer"' in line or b'"event":"request"' in line for line in lines[:kept]
        )
        await play.go_on(Stage(([*REPLIES] * 2)[said:]))
        assert play.names == whole.names
        assert [each.guide for each in play.all(Begun)] == [each.guide for each in whole.all(Begun)]


async def test_nobody_talks_in_a_break(play: Play) -> None:
    assert play.header.plan
    sitting = Sitting(Agenda(play.header.plan), Stage([]), lambda _: 0.0, lambda _: None)
    assert not sitting.stop_talking()
    sitting.leave()


async def test_who_leaves_while_an_answer_is_waited_for_is_told_of(play: Play) -> None:
    assert play.header.plan
    stage = Stage([])
    never, asked = asyncio.Event(), asyncio.Event()

    class Waiting(ScriptedCandidate):
        async def read(self, purpose: str, *, optional: bool = False) -> Any:  # noqa: ARG002
            asked.set()
            await never.wait()

    stage.candidate = Waiting()
    events: list[Event] = []

    def record(event: Event) -> float:
        events.append(event)
        return float(len(events))

    sitting = Sitting(Agenda(play.header.plan), stage, record, lambda _: None)
    task = asyncio.ensure_future(sitting.run())
    await asyncio.wait_for(asked.wait(), 5)
    assert not sitting.stop_talking()  # it listens
    sitting.leave()
    assert events[-1].event == "end"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
