"""A session of several interviews, judged again: each of them."""

import json
from pathlib import Path

import pytest

from interviewer.cli.regraded import Report
from interviewer.errors import TranscriptError, UsageError
from interviewer.events import Regraded
from interviewer.guide import Guide
from interviewer.llm.allowance import Prices
from interviewer.progress.counting import progress_of
from interviewer.progress.reading import Sessions
from interviewer.prompts import Prompts
from interviewer.regrading.again import Current, Manner, Outcome, regrade, settled
from interviewer.regrading.asking import ask_again, moment_of, turn_in
from interviewer.regrading.differing import Today, verify
from interviewer.regrading.past import Source, graded_in, read_past, ungraded_in
from interviewer.silence import Silence
from interviewer.transcript import interviews_of, load_transcript
from tests.scripted import LABELLED, TOLD, Labeller
from tests.several import CONFLICT, GUIDES, HALF, MORE, hold

SURE = 0.6


def current(guide: Guide | None = None, sure: float = SURE) -> Current:
    return Current(Labeller(sure=sure), Prompts(), "scripted", "a test", None, guide)


async def again(*paths: Path | Source, by: Current | None = None) -> list[Outcome]:
    return await regrade(paths, by or current(), lambda _: None, Manner())


def later(path: Path) -> list[Regraded]:
    return [each for each in load_transcript(path).events if isinstance(each, Regraded)]


async def test_every_graded_interview_of_a_session_is_graded_again(tmp_path: Path) -> None:
    path = await hold(tmp_path)
    before = path.read_bytes()
    found = await again(path)

    assert path.read_bytes().startswith(before)
    assert [each.source.told for each in found] == [f"{path}, interview {n}" for n in (1, 2)]
    assert [each.status for each in found] == ["graded", "graded"]
    assert [each.interview for each in later(path)] == [1, 2]
    for part, outcome in zip(interviews_of(load_transcript(path)), found, strict=True):
        assert part.events[-1] == outcome.new


async def test_the_same_again_is_kept_for_each_interview_by_itself(tmp_path: Path) -> None:
    path = await hold(tmp_path)
    await again(Source(path, 2))
    assert [each.interview for each in later(path)] == [2]

    statuses = [each.status for each in await again(path)]

    assert statuses == ["graded", "kept"]
    assert [each.interview for each in later(path)] == [2, 1]
    assert [each.status for each in settled([path], current(), Manner())] == ["kept", "kept"]


async def test_an_interview_that_was_never_graded_is_left_out(tmp_path: Path) -> None:
    path = await hold(tmp_path, "/skip", TOLD, "keep")

    assert graded_in(path) == [Source(path, 2)]
    assert ungraded_in(path) == [1]
    (outcome,) = await again(Source(path, 1))
    assert "there is no final answer to grade" in outcome.error


async def test_a_guide_is_for_the_interview_that_asks_its_question(tmp_path: Path) -> None:
    path = await hold(tmp_path)

    first, second = await again(path, by=current(CONFLICT))

    assert (first.status, second.status) == ("failed", "graded")
    assert "name the interview that asks it with --interview" in first.error
    assert later(path)[0].guide is None


async def test_a_report_tells_the_interviews_of_a_file_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = await hold(tmp_path)
    found = await again(path)
    report = Report(graded_in(path), found, Prices(None, None), fail_if_moved=0.05)

    assert report.draw(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["interview"] for each in told["files"]] == [1, 2]
    assert {each["interview"] for each in told["moved"]} == {1, 2}
    report.draw(as_json=False)
    out, err = capsys.readouterr()
    assert f"{path.name}, interview 2" in " ".join(out.split())
    assert f"{path}, interview 1: Honesty from" in err


async def test_progress_counts_each_interview_by_its_own_newest_grade(tmp_path: Path) -> None:
    path = await hold(tmp_path)
    await again(Source(path, 2))
    (tmp_path / "copy.jsonl").write_bytes(path.read_bytes())

    facts = list(Sessions(tmp_path, samples=True))
    found = progress_of(facts)

    assert {each.id: each.regraded for each in facts} == {"5e55/1": False, "5e55/2": True}
    assert found.copies == 2
    assert sorted(each.guide for each in found.guides) == ["conflict", "failure"]


async def test_nothing_differs_where_nothing_changed_and_a_change_is_told_once_for_all(
    tmp_path: Path,
) -> None:
    path = await hold(tmp_path)
    today = Today(Prompts(), "scripted", (False, False), None, GUIDES.__getitem__)
    same = await verify(path, today)
    assert same.differences == ()
    assert same.rendered > 0

    other = Today(Prompts(), "another", (False, False), None, _changed)
    found = await verify(path, other)

    assert [(each.kind, each.interview) for each in found.differences[:1]] == [("model", None)]
    assert {each.interview for each in found.differences[1:]} == {2}
    (one,) = {each.interview for each in (await verify(path, other, 2)).differences}
    assert one == 2
    assert "it holds no such interview" in (await verify(path, other, 7)).error


def _changed(name: str) -> Guide:
    """Return the guides of today, of which one has another overview."""
    guide = GUIDES[name]
    return guide.model_copy(update={"overview": "New."}) if name == "conflict" else guide


async def test_a_turn_is_counted_through_the_session_or_in_one_interview(tmp_path: Path) -> None:
    path = await hold(tmp_path, TOLD, "keep", HALF, MORE, "keep")

    assert turn_in(path, 4) == (Source(path, 2), 2)
    moment = moment_of(*turn_in(path, 4))
    assert moment.header.question == CONFLICT.question
    assert moment.gap.name in {each.name for each in (*CONFLICT.goals, *CONFLICT.steps)}
    assert moment_of(Source(path, 2), 2).probe == moment.probe
    probe = await ask_again(
        moment, Labeller(["What did it cost you in Braga?"]), Prompts(), Silence()
    )
    assert probe.target == moment.probe.target
    with pytest.raises(UsageError, match="no probe was asked in this interview"):
        moment_of(*turn_in(path, 1))
    with pytest.raises(UsageError, match="turn 1 of interview 2 is the main question"):
        moment_of(*turn_in(path, 3))
    with pytest.raises(UsageError, match="there is no turn 9"):
        turn_in(path, 9)


async def test_a_number_is_asked_for_where_one_interview_is_meant(tmp_path: Path) -> None:
    path = await hold(tmp_path)

    with pytest.raises(TranscriptError, match="several interviews") as caught:
        read_past(path)
    assert caught.value.hint == "--interview takes 1, 2"
    assert read_past(Source(path, 2)).guide.question == CONFLICT.question
    assert read_past(Source(path, 1)).guide.question == LABELLED.question
