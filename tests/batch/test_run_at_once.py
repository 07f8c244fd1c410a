"""Many answers at the same time: bounded, each graded once, nothing lost."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from interviewer.batch.grader import Grader, Graders
from interviewer.batch.ledger import NAME, Ledger, load_results
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import Fate, Manner, Tally, run
from interviewer.errors import DataError, GuideError, SpentError, UnreachableError
from interviewer.guide import Guide
from interviewer.prompts import Prompts
from tests.scripted import ANSWER, GUIDE, ScriptedModel


class SlowModel(ScriptedModel):
    """Takes a moment for each question, and notes how many answers it was asked about at once."""

    busy: int = 0
    most: int = 0

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        return await super().decide(prompt, options, floor=floor)


def rows(number: int) -> list[Row]:
    return [
        Row(str(each), f"rows:{each}", f"{ANSWER} It was week {each}.") for each in range(number)
    ]


def graders(model: ScriptedModel) -> Graders:
    return Graders(Grader(GUIDE, model, Prompts(), "scripted"))


async def graded(
    folder: Path, given: Sequence[Row | BadRow], model: ScriptedModel, at_once: int = 8
) -> Tally:
    def ignore(_id: str, _fate: Fate, _result: Result | None) -> None:
        pass

    with Ledger(folder) as ledger:
        return await run(given, graders(model), ledger, ignore, Manner(at_once=lambda: at_once))


async def test_answers_are_graded_side_by_side_up_to_the_limit(tmp_path: Path) -> None:
    model = SlowModel()
    tally = await graded(tmp_path, rows(30), model, at_once=5)
    assert (tally.graded, model.most) == (30, 5)


async def test_side_by_side_they_get_the_grades_that_they_get_alone(tmp_path: Path) -> None:
    def p(prompt: str) -> float:
        return 0.2 + 0.6 * (len(prompt) % 7) / 7

    await graded(tmp_path / "many", rows(20), SlowModel(p=p), at_once=20)
    await graded(tmp_path / "one", rows(20), SlowModel(p=p), at_once=1)
    many, one = load_results(tmp_path / "many"), load_results(tmp_path / "one")
    assert {id: each.criteria for id, each in many.items()} == {
        id: each.criteria for id, each in one.items()
    }


async def test_each_answer_is_told_what_it_used_itself(tmp_path: Path) -> None:
    model = SlowModel()
    await graded(tmp_path, rows(10), model, at_once=10)
    used = [each.usage.calls for each in load_results(tmp_path).values()]
    assert sum(used) == model.usage.calls
    assert max(used) < model.usage.calls


@pytest.mark.parametrize("at_once", [1, 8])
async def test_identical_answers_are_graded_once(tmp_path: Path, at_once: int) -> None:
    given = [Row(name, name, ANSWER) for name in "abcde"]
    model = SlowModel()
    tally = await graded(tmp_path, given, model, at_once)
    found = load_results(tmp_path)
    assert (tally.graded, tally.copied, len(found)) == (5, 4, 5)
    assert Counter(each.usage.calls > 0 for each in found.values()) == {True: 1, False: 4}
    assert len({each.overall for each in found.values()}) == 1


async def test_forced_answers_are_graded_anew_but_identical_ones_still_once(tmp_path: Path) -> None:
    given = [Row(name, name, ANSWER) for name in "ab"]
    await graded(tmp_path, given, SlowModel())
    model = SlowModel()
    with Ledger(tmp_path) as ledger:
        tally = await run(given, graders(model), ledger, lambda *_: None, Manner(force=True))
    assert (tally.graded, tally.copied, tally.kept) == (2, 1, 0)
    assert model.usage.calls > 0
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 4


async def test_what_may_not_be_spent_stops_the_run_and_is_no_failure(tmp_path: Path) -> None:
    def p(prompt: str) -> float | Exception:
        return SpentError("too much") if "week 5." in prompt else 0.5

    tally = await graded(tmp_path, rows(9), SlowModel(p=p), at_once=1)
    assert (tally.spent, tally.stopped, tally.graded, tally.failed) == (True, True, 5, 0)
    assert list(load_results(tmp_path)) == [str(each) for each in range(5)]


async def test_a_row_is_graded_by_the_guide_that_it_asks_for(tmp_path: Path) -> None:
    other = GUIDE.model_copy(update={"id": "other"})

    def find(name: str) -> Guide:
        if name != "other":
            raise GuideError("there is no such guide", where=name)
        return other

    given = [
        Row("a", "a", ANSWER),
        Row("b", "b", ANSWER, guide="other"),
        Row("c", "c", "x", guide="no"),
    ]
    by = Graders(Grader(GUIDE, SlowModel(), Prompts(), "scripted"), find)
    with Ledger(tmp_path) as ledger:
        tally = await run(given, by, ledger, lambda *_: None)
    found = load_results(tmp_path)
    assert (found["a"].guide, found["b"].guide) == ("failure", "other")
    assert found["c"].error == "no: there is no such guide"
    assert (tally.graded, tally.copied, tally.failed) == (2, 0, 1)


async def test_a_disk_that_is_full_ends_the_run_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Ledger, results: Sequence[Result]) -> list[int]:
        raise DataError("can't be written: No space left on device", where=self.path)

    monkeypatch.setattr(Ledger, "append", full)
    with pytest.raises(DataError, match="No space left"):
        await asyncio.wait_for(graded(tmp_path, rows(2000), SlowModel()), 20)


async def test_results_before_an_endpoint_went_are_kept(tmp_path: Path) -> None:
    def p(prompt: str) -> float | Exception:
        late = any(f"week {each}." in prompt for each in range(6, 20))
        return UnreachableError("nobody there") if late else 0.5

    with pytest.raises(UnreachableError):
        await graded(tmp_path, rows(20), SlowModel(p=p), at_once=4)
    found = load_results(tmp_path)
    assert {id for id, each in found.items() if each.status == "graded"} == set("012345")


async def test_a_run_that_is_cancelled_keeps_what_was_graded(tmp_path: Path) -> None:
    begun = asyncio.Event()

    class Stalling(SlowModel):
        async def decide(
            self, prompt: str, options: Sequence[str], *, floor: float = 0.5
        ) -> dict[str, float]:
            if "week 3." in prompt:
                begun.set()
                await asyncio.Event().wait()
            return await super().decide(prompt, options, floor=floor)

    task = asyncio.create_task(graded(tmp_path, rows(4), Stalling(), at_once=2))
    await asyncio.wait_for(begun.wait(), 10)
    for _ in range(100):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert set(load_results(tmp_path)) == {"0", "1", "2"}


async def test_rows_are_read_no_further_than_they_are_needed(tmp_path: Path) -> None:
    read = 0

    def endless() -> Iterator[Row]:
        nonlocal read
        while True:
            read += 1
            yield Row(str(read), "-", f"{ANSWER} It was week {read}.")

    model = SlowModel()
    stop = Manner(at_once=lambda: 2, stopping=lambda: model.usage.calls > 100)
    with Ledger(tmp_path) as ledger:
        tally = await run(endless(), graders(model), ledger, lambda *_: None, stop)
    assert tally.stopped
    assert read < 300
