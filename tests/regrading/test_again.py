import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interviewer.errors import UndecidedError, UnreachableError
from interviewer.events import Graded, Regraded
from interviewer.prompts import Prompts
from interviewer.regrading.again import Current, Manner, Outcome, regrade
from interviewer.transcript import Transcript, load_transcript
from tests.grading.samples import constant
from tests.regrading.samples import current, held, model
from tests.scripted import ANSWER, GUIDE, ScriptedModel


async def again(*paths: Path, by: Current | None = None, **manner: Any) -> list[Outcome]:
    return await regrade(paths, by or current(), lambda _: None, Manner(**manner))


def grades(path: Path) -> list[Graded | Regraded]:
    events = load_transcript(path).events
    return [event for event in events if isinstance(event, Graded | Regraded)]


async def test_the_new_grade_is_appended_and_every_byte_before_it_stays(tmp_path: Path) -> None:
    path = await held(tmp_path)
    before = path.read_bytes()
    (outcome,) = await again(path)
    after = path.read_bytes()
    assert after.startswith(before)
    (line,) = after[len(before) :].splitlines()
    assert json.loads(line)["event"] == "regraded"
    assert grades(path) == [outcome.old, outcome.new]
    assert outcome.status == "graded"


async def test_what_the_new_grade_was_made_by_stands_in_it(tmp_path: Path) -> None:
    path = await held(tmp_path)
    await again(path, by=current(name="another", why="the flag"))
    found = grades(path)[-1]
    assert isinstance(found, Regraded)
    assert (found.model, found.model_source) == ("another", "the flag")
    assert found.guide is None
    assert found.prompts == Prompts().hashes()


async def test_the_same_model_gives_the_grades_of_the_interview_final_and_first(
    tmp_path: Path,
) -> None:
    path = await held(tmp_path)
    await again(path, by=current(model("Honesty", "Growth")))
    old, new = grades(path)
    kept = {"event", "at", "model", "model_source", "guide", "prompts", "key", "interview"}
    assert old.first is not None
    assert new.model_dump(exclude=kept) == old.model_dump(exclude=kept)


async def test_scores_are_compared_with_the_newest_grade_before_or_the_first(
    tmp_path: Path,
) -> None:
    path = await held(tmp_path)
    await again(path)
    (newest,) = await again(path, by=current(model(), name="a second"))
    (first,) = await again(path, by=current(model(), name="a third"), against="first")
    assert isinstance(newest.old, Regraded)
    assert isinstance(first.old, Graded)


async def test_times_go_on_after_the_last_event(tmp_path: Path) -> None:
    path = await held(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[-1] = lines[-1].replace('"at_s": ', '"at_s": 9', 1)
    path.write_text("".join(lines), encoding="utf-8")
    await again(path)
    times = [at_s for at_s, _ in load_transcript(path).entries]
    assert times[-1] >= times[-2] >= 90


async def test_a_torn_last_line_is_repaired_before_the_grade_is_appended(tmp_path: Path) -> None:
    path = await held(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"at_s": 3.0, "event":"no')
    await again(path)
    assert [event.event for event in load_transcript(path).events][-2:] == ["note", "regraded"]


async def test_what_was_graded_by_the_same_is_not_graded_again(tmp_path: Path) -> None:
    path = await held(tmp_path)
    (first,) = await again(path)
    by = current()
    (second,) = await again(path, by=by)
    assert (second.status, by.model.usage.calls) == ("kept", 0)
    assert second.comparison == first.comparison
    assert len(grades(path)) == 2


async def test_two_at_once_leave_one_grade(tmp_path: Path) -> None:
    path = await held(tmp_path)
    await asyncio.gather(again(path), again(path))
    assert len(grades(path)) == 2  # the session's own, and one


async def test_force_grades_what_was_graded_by_the_same(tmp_path: Path) -> None:
    path = await held(tmp_path)
    await again(path)
    (forced,) = await again(path, force=True)
    assert forced.status == "graded"
    assert len(grades(path)) == 3


def _other_prompts(folder: Path, template: str) -> Current:
    (folder / "prompts").mkdir()
    text = Prompts()._source(template) + "\n"
    (folder / "prompts" / f"{template}.j2").write_text(text, encoding="utf-8")
    return current(prompts=Prompts(folder / "prompts"))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda _: current(name="another"), "graded"),
        (lambda _: current(guide=GUIDE.model_copy(update={"tips": ()})), "graded"),
        (lambda folder: _other_prompts(folder, "check"), "graded"),
        (lambda folder: _other_prompts(folder, "probe"), "kept"),
        (lambda _: current(), "kept"),
    ],
)
async def test_what_a_grade_depends_on_makes_it_be_given_anew(
    tmp_path: Path, change: Callable[[Path], Current], status: str
) -> None:
    path = await held(tmp_path)
    await again(path)
    (found,) = await again(path, by=change(tmp_path))
    assert found.status == status


async def test_another_calibration_is_another_grade(tmp_path: Path) -> None:
    path = await held(tmp_path)
    await again(path)
    raters = constant(2.0, guide=GUIDE.id, model="another model")
    (found,) = await again(path, by=current(calibration=raters))
    assert found.status == "graded"
    assert found.new
    assert found.new.calibrated
    assert found.new.calibrated.name == raters.name
    assert "another model" in found.notes[0]


async def test_a_calibration_of_another_guide_fails_the_session(tmp_path: Path) -> None:
    path = await held(tmp_path)
    raters = constant(2.0, guide="another", model="scripted")
    (found,) = await again(path, by=current(calibration=raters))
    assert found.status == "failed"
    assert "another" in found.error


async def test_nothing_is_appended_where_nothing_is_to_be_kept(tmp_path: Path) -> None:
    path = await held(tmp_path)
    before = path.read_bytes()
    (found,) = await again(path, save=False)
    assert found.comparison
    assert path.read_bytes() == before


async def test_files_that_cannot_be_graded_are_told_and_the_others_are_graded(
    tmp_path: Path,
) -> None:
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text("{}\n", encoding="utf-8")
    left = await held(tmp_path, ANSWER, "/quit")
    whole = await held(tmp_path)
    found = await again(foreign, left, whole, tmp_path / "gone.jsonl")
    assert [each.status for each in found] == ["failed", "failed", "graded", "failed"]
    assert found[0].error.startswith("line 1: not a transcript")
    assert "no final answer" in found[1].error


async def test_a_model_that_can_judge_nothing_fails_the_session_and_leaves_no_grade(
    tmp_path: Path,
) -> None:
    path = await held(tmp_path)
    by = current(ScriptedModel(p=lambda _: UndecidedError("too little")))
    (found,) = await again(path, by=by)
    assert (found.status, found.error) == ("failed", "too little")
    assert len(grades(path)) == 1


async def test_an_unreachable_endpoint_ends_the_run_after_three_sessions(tmp_path: Path) -> None:
    paths = [await held(tmp_path) for _ in range(5)]
    by = current(ScriptedModel(p=lambda _: UnreachableError("nobody is there")))
    told: list[Outcome] = []
    with pytest.raises(UnreachableError):
        await regrade(paths, by, told.append)
    assert [each.path for each in told] == paths[:3]


class _Waiting(ScriptedModel):
    """Answers once so many calls wait at the same time, or nobody else comes."""

    waiting = most = 0

    async def decide(self, *args: Any, **how: Any) -> dict[str, float]:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        await asyncio.sleep(0.001)
        self.waiting -= 1
        return await super().decide(*args, **how)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_as_many_sessions_are_graded_at_once_as_may_be(tmp_path: Path, at_once: int) -> None:
    paths = [await held(tmp_path) for _ in range(4)]
    waiting = _Waiting()
    found = await again(*paths, by=current(waiting), at_once=lambda: at_once)
    assert waiting.most == at_once
    assert [each.path for each in found] == paths


async def test_who_stops_it_gets_what_is_in_flight_and_no_more(tmp_path: Path) -> None:
    paths = [await held(tmp_path) for _ in range(4)]
    told: list[Outcome] = []
    manner = Manner(at_once=lambda: 2, stopping=lambda: bool(told))
    await regrade(paths, current(), told.append, manner)
    assert 1 <= len(told) <= 3
    assert [len(grades(each.path)) for each in told] == [2] * len(told)


async def test_a_transcript_that_may_not_be_written_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await held(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    by = current()
    (found,) = await again(path, by=by)
    assert (found.status, by.model.usage.calls) == ("failed", 0)
    assert "--no-save" in found.error


async def test_a_grade_that_cannot_be_kept_is_shown_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await held(tmp_path)
    monkeypatch.setattr("interviewer.regrading.again._LOCKED_S", 0.01)
    with Transcript.resume(path)[0]:
        (found,) = await again(path)
    assert found.comparison
    assert "another interviewer is writing" in found.error


async def test_a_guide_of_another_question_is_refused_unless_it_is_forced(tmp_path: Path) -> None:
    path = await held(tmp_path)
    other = GUIDE.model_copy(update={"id": "other", "question": "Why us?"})
    (refused,) = await again(path, by=current(guide=other))
    (forced,) = await again(path, by=current(guide=other), force=True)
    assert refused.status == "failed"
    assert "Why us?" in refused.error
    assert "--force" in refused.error
    assert forced.status == "graded"
    assert "Why us?" in forced.notes[0]


async def test_the_same_guide_with_another_wording_is_graded_by_and_told(tmp_path: Path) -> None:
    path = await held(tmp_path)
    reworded = GUIDE.model_copy(update={"question": "Tell me about a failure."})
    (found,) = await again(path, by=current(guide=reworded))
    assert found.status == "graded"
    assert "Tell me about a failure." in found.notes[0]
    assert found.new
    assert found.new.guide == reworded.model_dump(mode="json")


async def test_the_role_that_was_chosen_for_a_session_stays_with_another_guide(
    tmp_path: Path,
) -> None:
    nurse = GUIDE.model_copy(update={"role": "Nurse"})
    path = await held(tmp_path, guide=nurse, options={"role": "Nurse", "level": None})
    (found,) = await again(path, by=current(guide=GUIDE))
    assert found.guide
    assert found.guide.role == "Nurse"
