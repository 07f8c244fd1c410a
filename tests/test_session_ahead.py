"""What a session does ahead, while the candidate types or scores: read, label, grade."""

import asyncio

import pytest

from interviewer import session as module
from interviewer.checks import Judge
from interviewer.errors import UnreachableError
from interviewer.events import (
    Event,
    Final,
    Graded,
    Invitation,
    SelfScored,
)
from interviewer.guide import Check
from interviewer.interview import Interview
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Left
from interviewer.text import sentences
from tests.holding import Held
from tests.scripted import (
    ANSWER,
    GUIDE,
    LABELLED,
    PROBE,
    TOLD,
    Ear,
    Labeller,
    ScriptedCandidate,
    ScriptedModel,
    Typed,
)

FINAL = "In 2020 I launched it again in Berlin, and before that I asked forty customers about it."


async def test_the_endpoint_reads_ahead_only_where_that_costs_nobody_anything() -> None:
    class Slow(ScriptedCandidate):
        async def read(self, purpose: str, *, optional: bool = False) -> Typed:
            await asyncio.sleep(0.01)
            return await super().read(purpose, optional=optional)

    for local in (False, True):
        model = ScriptedModel(local=local)
        held = Held(model, limit=0)
        held.session.candidate = Slow(ANSWER)
        await held.to_the_end()
        assert bool(model.warmed) is local


class Typing(ScriptedCandidate):
    """Types each reply in pieces of a few words, and sends it."""

    def __init__(self, *replies: str, pieces: int = 4) -> None:
        super().__init__(*replies)
        self._pieces, self._draft = pieces, ""

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:
        typed = await super().read(purpose, optional=optional)
        for at in range(1, self._pieces + 1):
            self._draft = typed.text[: len(typed.text) * at // self._pieces]
            await asyncio.sleep(0.02)
        self._draft = ""
        return typed

    def draft(self) -> str:
        return self._draft


@pytest.fixture
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.001)


def labelling(model: Labeller, *replies: str, limit: int = 0) -> Held:
    held = Held(model, limit=limit)
    held.session.interview = Interview(LABELLED, limit=limit)
    held.session.rubric = rubric_of(LABELLED)
    held.session.judge = Judge(LABELLED, model, Prompts())
    held.session.candidate = Typing(*replies)
    return held


@pytest.mark.usefixtures("_eager")
async def test_sentences_are_labelled_while_the_next_one_is_typed_and_never_twice() -> None:
    model = Labeller(local=True)
    held = labelling(model, TOLD, "keep")
    known: list[int] = []
    held.session.listeners = [*held.session.listeners, lambda _: known.append(len(model.labelled))]
    await held.to_the_end()
    assert known[held.names.index("answer")] >= 2
    assert model.labelled == sentences(TOLD)
    assert held.names[-1] == "end"


@pytest.mark.usefixtures("_eager")
async def test_what_is_typed_is_not_read_where_each_call_costs_money() -> None:
    model = Labeller()
    held = labelling(model, "/skip " + TOLD, TOLD)
    held.session.candidate.draft = lambda: pytest.fail("nobody may look")  # type: ignore[method-assign]
    await held.to_the_end()
    assert held.names[-1] == "end"


@pytest.mark.usefixtures("_eager")
async def test_a_command_that_is_typed_is_not_labelled() -> None:
    model = Labeller(local=True)
    held = labelling(model, "/hint and more. And more.", TOLD, "keep")
    await held.to_the_end()
    assert model.labelled == sentences(TOLD)


async def test_a_hint_does_not_wait_until_all_is_read_ahead() -> None:
    held = Held(ScriptedModel(local=True), "/hint", ANSWER, limit=0)
    begun, ended = asyncio.Event(), asyncio.Event()

    class Slow(ScriptedModel):
        async def warm(self, prompt: str) -> None:  # noqa: ARG002
            begun.set()
            try:
                await asyncio.sleep(60)
            finally:
                ended.set()

    class Quick(ScriptedCandidate):
        async def read(self, purpose: str, *, optional: bool = False) -> Typed:
            if not ended.is_set():
                await begun.wait()
            return await super().read(purpose, optional=optional)

    held.session.judge = Judge(GUIDE, Slow(["Well."], local=True), Prompts())
    held.session.candidate = Quick("/hint", "/quit")
    with pytest.raises(Left):
        await asyncio.wait_for(held.session.run(), 5)
    assert ended.is_set()


async def test_what_code_measures_is_not_asked_about_ahead() -> None:
    model = ScriptedModel(local=True)
    held = Held(model, "/skip")
    rubric = rubric_of(
        GUIDE.model_copy(update={"checks": (Check(target="be-brief", measure="brevity"),)})
    )
    held.session.rubric = rubric

    class Slow(ScriptedCandidate):
        async def read(self, purpose: str, *, optional: bool = False) -> Typed:
            await asyncio.sleep(0)
            return await super().read(purpose, optional=optional)

    held.session.candidate = Slow("/skip")
    await held.to_the_end()
    assert len(model.prompts) == len([each for each in rubric.checks if not each.measure])


async def test_an_endpoint_that_is_gone_while_it_reads_ahead_is_told_when_it_is_needed() -> None:
    model = ScriptedModel(local=True, p=lambda _: UnreachableError("gone"))
    held = await Held(model, "skip").to_the_end()
    assert held.names[-1] == "end"


class Scoring(Held):
    """A session that asks for own scores."""

    def __init__(self, model: ScriptedModel, *replies: str) -> None:
        super().__init__(model, *replies)
        self.session.interview = Interview(GUIDE, limit=0, self_score=True)


async def test_own_scores_are_asked_for_before_the_grade_is_told() -> None:
    held = await Scoring(ScriptedModel(), ANSWER, "keep", "4", "oh", "2").to_the_end()
    assert held.names[-6:] == ["final", "invitation", "self-scored", "grade", "closing", "end"]
    assert held.all(SelfScored) == [SelfScored(criteria={"honesty": 4, "growth": 2})]
    asked = held.all(Invitation)[-1].text
    assert "Honesty, Growth" in asked
    assert "in one line such as 3 4." in asked
    assert held.ear.told == [
        "I did not get that. A whole number from 1 to 5, please; an empty line or - leaves one "
        "out, and /skip does too."
    ]


@pytest.mark.parametrize("local", [True, False])
async def test_the_answer_is_graded_once_and_while_the_candidate_scores_it(local: bool) -> None:
    model = ScriptedModel(local=local)
    asked: list[int] = []

    class Slow(ScriptedCandidate):
        async def read(self, purpose: str, *, optional: bool = False) -> Typed:
            await asyncio.sleep(0.01)
            if optional:
                asked.append(len(model.prompts))
            return await super().read(purpose, optional=optional)

    held = Scoring(model)
    held.session.candidate = Slow(ANSWER, FINAL, "4 2")
    await held.to_the_end()
    assert asked == [len(model.prompts)]
    plain = ScriptedModel()
    again = Held(plain, limit=0)
    again.session.candidate = Slow(ANSWER, FINAL)
    await again.to_the_end()
    assert held.all(Graded) == again.all(Graded)


async def test_an_endpoint_that_is_gone_while_an_answer_is_graded_ahead_is_told_at_the_grade() -> (
    None
):
    held = Scoring(ScriptedModel(), ANSWER, FINAL, "4 2")
    held.session.listeners = [*held.session.listeners, lambda event: _cut_off(held, event)]
    with pytest.raises(UnreachableError):
        await held.session.run()
    assert held.names[-1] == "self-scored"


def _cut_off(held: Held, event: Event) -> None:
    if isinstance(event, Final):
        model = ScriptedModel(p=lambda _: UnreachableError("gone"))
        held.session.judge = Judge(GUIDE, model, Prompts())


async def test_who_leaves_while_scoring_leaves_no_call_behind() -> None:
    held = Scoring(ScriptedModel(), ANSWER, FINAL, "/quit")
    with pytest.raises(Left):
        await held.session.run()
    assert len(asyncio.all_tasks()) == 1
    assert held.names[-1] == "invitation"


async def test_a_timeless_session_does_nothing_ahead() -> None:
    model = ScriptedModel([PROBE], local=True)
    held = Scoring(model, ANSWER, FINAL, "4 2")
    held.session.timeless = True
    asked: list[int] = []
    held.session.listeners = [*held.session.listeners, lambda _: asked.append(len(model.prompts))]
    await held.to_the_end()
    assert model.warmed == []
    at = dict(zip(held.names, asked, strict=True))
    assert at["question"] == 0
    assert at["final"] == at["self-scored"] < at["grade"]


@pytest.mark.parametrize("timeless", [False, True])
async def test_only_a_timeless_session_says_all_that_it_begins(timeless: bool) -> None:
    held = Held(ScriptedModel(["Think of your last job."]), "/hint", ANSWER)
    held.session.timeless = timeless
    stopped: list[bool] = []

    class Impatient(Ear):
        def piece(self, text: str) -> None:  # noqa: ARG002  the protocol names it
            stopped.append(held.session.stop_talking())

    held.session.voice = Impatient()
    await held.to_the_end()
    assert stopped[0] is not timeless
