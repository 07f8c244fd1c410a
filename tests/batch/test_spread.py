"""A run by the workers of a cluster: what a run in one process gives, whatever befalls them."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from interviewer.batch.ledger import NAME, Ledger, load_results, read_results
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import Manner, run
from interviewer.batch.shards import FOLDER, Recipe, Shards, adopt
from interviewer.batch.spread import LARGEST, shard_size
from interviewer.checks import Turn
from interviewer.errors import ClusterError, DataError, GuideError, UnreachableError
from interviewer.guide import Guide
from tests.batch.farming import Runner, graded_by, judged, rows
from tests.fake_endpoint import Answer, FakeEndpoint, Json, fake_endpoint, refused
from tests.grading.samples import constant
from tests.scripted import ANSWER, GUIDE


@pytest.fixture
async def fake() -> AsyncIterator[FakeEndpoint]:
    async with fake_endpoint() as made:
        made.choose = judged
        yield made


@pytest.fixture
def runner(fake: FakeEndpoint, tmp_path: Path) -> Runner:
    return Runner(fake, tmp_path / "out")


def lines(runner: Runner) -> Counter[str]:
    """Return id -> lines in the ledger."""
    return Counter(each.id for each in read_results(runner.out))


def asked_about(fake: FakeEndpoint, words: str) -> int:
    return sum(words in each["messages"][-1]["content"] for each in fake.requests)


MIXED: tuple[Row | BadRow, ...] = (
    *rows(9),
    Row("twin", "rows:9", rows(1)[0].said),
    BadRow("bad", "rows:10", "found nothing"),
    Row("turns", "rows:11", (Turn("What failed?", ANSWER), Turn("And then?", "I told them all."))),
)


async def test_answers_get_the_grades_that_one_process_gives(
    runner: Runner, tmp_path: Path
) -> None:
    tally = await runner.spread(MIXED, runner.farm())
    assert (tally.graded, tally.copied, tally.failed, tally.kept) == (11, 1, 1, 0)
    alone = await runner.alone(MIXED, tmp_path / "alone")
    assert runner.graded() == alone
    assert len({each["overall"] for each in alone.values()}) > 3
    assert lines(runner) == dict.fromkeys(alone, 1)
    assert sorted(id for id, _ in runner.seen) == sorted(alone)
    assert not (runner.out / FOLDER).exists()


async def test_calibration_runs_and_prompts_of_ones_own_reach_the_workers(
    runner: Runner, tmp_path: Path
) -> None:
    own = tmp_path / "prompts"
    own.mkdir()
    shipped = Path(__file__).parents[2] / "prompts" / "check.j2"
    text = shipped.read_text(encoding="utf-8")
    (own / "check.j2").write_text(text.replace("\n", "\nThink of weeks. ", 1), encoding="utf-8")
    runner.prompts, runner.runs, runner.calibration = own, 2, constant(5, model="tiny")
    await runner.spread(rows(5), runner.farm())
    assert runner.graded() == await runner.alone(rows(5), tmp_path / "alone")
    first = load_results(runner.out)["r0"]
    assert first.calibrated
    assert first.runs
    assert asked_about(runner.fake, "Think of weeks.")


async def test_a_row_is_graded_by_the_guide_that_it_asks_for(
    runner: Runner, tmp_path: Path
) -> None:
    def find(name: str) -> Guide:
        if name != "other":
            raise GuideError("there is no such guide", where=name)
        return GUIDE.model_copy(update={"id": "other", "question": "When were you late?"})

    runner.find = find
    given = [*rows(1), Row("b", "b", ANSWER, guide="other"), Row("c", "c", ANSWER, guide="no")]
    await runner.spread(given, runner.farm(), size=1)
    found = load_results(runner.out)
    assert (found["r0"].guide, found["b"].guide) == ("failure", "other")
    assert found["c"].error == "no: there is no such guide"
    assert runner.graded() == await runner.alone(given, tmp_path / "alone")


async def test_what_a_worker_that_died_had_graded_is_not_asked_again(
    runner: Runner, tmp_path: Path
) -> None:
    alone = await runner.alone(rows(8), tmp_path / "alone")
    once = {id: asked_about(runner.fake, f"It was week {id[1:]}.") for id in alone}
    tally = await runner.spread(rows(8), runner.farm(dies_after=3, at_once=1), size=8)
    assert (tally.graded, tally.failed) == (8, 0)
    assert lines(runner) == dict.fromkeys(once, 1)
    twice = {id: asked_about(runner.fake, f"It was week {id[1:]}.") for id in once}
    again = [id for id, number in once.items() if twice[id] > 2 * number]
    assert min(once.values()) > 0
    assert len(again) <= 2  # what was in flight


async def test_a_shard_that_two_workers_grade_is_written_once(runner: Runner) -> None:
    tally = await runner.spread(rows(6), runner.farm(both=True), size=3)
    assert tally.graded == 6
    assert lines(runner) == {f"r{each}": 1 for each in range(6)}
    assert len(runner.seen) == 6


async def test_a_shard_that_comes_back_ungraded_is_given_out_again(runner: Runner) -> None:
    seen: list[str] = []

    def lazy(name: str) -> bool:
        seen.append(name)
        return name == "00001" and seen.count(name) == 1

    farm = runner.farm(lazy=lazy)
    tally = await runner.spread(rows(10), farm)
    assert tally.graded == 10
    assert farm.given == [["00000", "00001", "00002"], ["00001"]]


async def test_workers_that_grade_nothing_end_the_run_with_a_reason(runner: Runner) -> None:
    farm = runner.farm(lazy=lambda name: name == "00001")
    with pytest.raises(ClusterError, match="1 shards came back without their grades"):
        await runner.spread(rows(10), farm)
    assert len(load_results(runner.out)) == 6
    assert farm.closed == 1


async def test_a_second_run_has_nothing_to_do_and_starts_no_worker(runner: Runner) -> None:
    await runner.spread(MIXED, runner.farm())
    before, size = len(runner.fake.requests), (runner.out / NAME).stat().st_size
    farm = runner.farm()
    tally = await runner.spread(MIXED, farm)
    assert (tally.kept, tally.failed, tally.graded) == (11, 1, 0)
    assert farm.given == []
    assert (len(runner.fake.requests), (runner.out / NAME).stat().st_size) == (before, size)


async def test_forced_answers_are_graded_anew_and_identical_ones_once(runner: Runner) -> None:
    given = [*rows(2), Row("twin", "t", rows(1)[0].said)]
    await runner.spread(given, runner.farm())
    before = len(runner.fake.requests)
    tally = await runner.spread(given, runner.farm(), force=True)
    assert (tally.graded, tally.copied, tally.kept) == (3, 1, 0)
    assert len(runner.fake.requests) > before
    assert lines(runner) == dict.fromkeys(("r0", "r1", "twin"), 2)


async def test_the_same_as_an_answer_that_fails_fails_without_being_asked(runner: Runner) -> None:
    def no(_body: Json) -> Answer:
        return refused(400, "content filter")

    runner.fake.choose = no
    given = [Row(name, name, ANSWER) for name in "abcde"]
    await runner.spread(given[:1], runner.farm())
    once = len(runner.fake.requests)
    runner.out = runner.out.parent / "five"
    tally = await runner.spread(given, runner.farm())
    assert (tally.failed, tally.graded) == (5, 0)
    assert len(runner.fake.requests) == 2 * once
    assert len({each.error for each in load_results(runner.out).values()}) == 1


async def test_an_endpoint_that_is_gone_ends_the_run_and_what_was_graded_is_kept(
    runner: Runner,
) -> None:
    def gone(body: Json) -> Answer:
        late = any(f"week {each}." in body["messages"][-1]["content"] for each in range(4, 40))
        return refused(503) if late else judged(body)

    runner.fake.choose = gone
    farm = runner.farm(at_once=1)
    farm.endpoint = runner.fake.endpoint(attempts=1)
    with pytest.raises(UnreachableError):
        await runner.spread(rows(20), farm)
    found = load_results(runner.out)
    assert [id for id, each in found.items() if each.status == "graded"] == ["r0", "r1", "r2", "r3"]
    assert not (runner.out / FOLDER).exists()


async def test_a_worker_with_another_guide_or_version_is_found_out(runner: Runner) -> None:
    def meddle(folder: Path) -> None:
        path = folder / "guides" / "00000.json"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("Honesty", "Candour"), encoding="utf-8")

    with pytest.raises(ClusterError, match="another version of interviewer"):
        await runner.spread(rows(3), runner.farm(meddle=meddle))
    assert load_results(runner.out) == {}


async def test_a_worker_that_does_not_see_the_folder_says_which(runner: Runner) -> None:
    def meddle(folder: Path) -> None:
        folder.rename(folder.with_name("elsewhere"))

    with pytest.raises(DataError, match="a worker can't use its answers") as found:
        await runner.spread(rows(3), runner.farm(meddle=meddle))
    assert found.value.where == str(runner.out.resolve() / FOLDER / "from-0" / "00000")
    assert "every machine of the cluster" in found.value.hint


async def test_the_key_is_written_nowhere(runner: Runner) -> None:
    held: list[bytes] = []

    def meddle(folder: Path) -> None:
        held.extend(path.read_bytes() for path in folder.rglob("*") if path.is_file())

    await runner.spread(rows(3), runner.farm(meddle=meddle))
    assert ANSWER.encode() in b"".join(held)
    key = runner.fake.endpoint().api_key
    assert f"Bearer {key}" == runner.fake.headers[0]["authorization"].replace("bearer", "Bearer")
    assert key.encode() not in b"".join([*held, (runner.out / NAME).read_bytes()])


async def test_a_run_that_is_to_stop_gives_out_nothing_and_leaves_no_shards(
    runner: Runner,
) -> None:
    farm = runner.farm()
    tally = await runner.spread(rows(10), farm, stopping=lambda: bool(runner.seen))
    assert farm.given == [["00000", "00001", "00002"]]
    assert tally.stopped is False  # all of it was in flight
    runner.seen.append(("x", "kept"))
    stopped = await runner.spread(rows(10, first=10), farm, stopping=lambda: bool(runner.seen))
    assert stopped.stopped
    assert len(farm.given) == 1
    assert not (runner.out / FOLDER).exists()


def result(id: str, key: str = "k", **values: object) -> Result:
    return Result.model_validate(
        {"id": id, "source": id, "key": key, "asked": key, "status": "graded"} | values
    )


def shards(out: Path, ledger: Ledger, *ids: str, **made: object) -> Shards:
    """Return the shard of a run whose driver was killed."""
    runner = Runner(FakeEndpoint("http://127.0.0.1:9/v1"), out)
    graders = runner.graders()
    found = Shards(out, ledger.size(), 9, Recipe(name="tiny"))
    for id in ids:
        found.add(Row(id, id, id), graders.own, ("k", id))
    found.close()
    return found


def test_what_the_workers_of_a_killed_run_left_is_taken_over_once(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(result("old", "before"))
        left = shards(tmp_path, ledger, "old", "new", "open")
        graded_by(left.folder / "00000", result("old"), result("new"))
        adopt(tmp_path, ledger)
        adopt(tmp_path, ledger)
    found = load_results(tmp_path)
    assert {id: each.key for id, each in found.items()} == {"old": "k", "new": "k"}
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 3
    assert not (tmp_path / FOLDER).exists()


def test_what_was_left_gives_way_to_what_was_graded_since(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        left = shards(tmp_path, ledger, "a", "b")
        graded_by(left.folder / "00000", result("a"), result("b"))
        ledger.add(result("a", "since"))
        adopt(tmp_path, ledger)
    assert {id: each.key for id, each in load_results(tmp_path).items()} == {"a": "since", "b": "k"}


def test_only_what_was_asked_for_is_taken_and_a_grade_before_a_failure(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        left = shards(tmp_path, ledger, "a", "b")
        graded_by(left.folder / "00000", result("a", status="failed", error="no"), result("x"))
        (done,) = (left.folder / "00000").glob("done-*")
        again = result("a").model_dump_json() + "\n" + result("b", "another key").model_dump_json()
        done.with_name("done-z.jsonl").write_text(again, encoding="utf-8")
        adopt(tmp_path, ledger)
    assert {id: each.status for id, each in load_results(tmp_path).items()} == {"a": "graded"}


def test_a_folder_of_somebodys_own_stays(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "notes.txt").write_text("mine", encoding="utf-8")
    with Ledger(tmp_path) as ledger:
        adopt(tmp_path, ledger)
    assert (tmp_path / FOLDER / "notes.txt").exists()


def test_a_shard_that_holds_something_else_is_told_with_its_place(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        left = shards(tmp_path, ledger, "a")
        (left.folder / "00000" / "open.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
        with pytest.raises(DataError, match="none of ours") as found:
            adopt(tmp_path, ledger)
    assert found.value.where == str(tmp_path / FOLDER / "from-0" / "00000")


@pytest.mark.parametrize(
    ("total", "workers", "size"), [(60, 2, 3), (5, 2, 1), (1_000_000, 8, LARGEST), (0, 1, 1)]
)
def test_small_runs_are_divided_too_and_large_ones_into_shards_that_are_soon_read_again(
    total: int, workers: int, size: int
) -> None:
    assert shard_size(total, workers) == size


async def test_a_folder_of_shards_is_no_answer_of_a_later_run(
    runner: Runner, tmp_path: Path
) -> None:
    from interviewer.batch.sources import Sources

    with Ledger(runner.out) as ledger:
        shards(runner.out, ledger, "a")
    (tmp_path / "one.txt").write_text(ANSWER, encoding="utf-8")
    with Sources([str(tmp_path)]) as sources:
        assert [row.id for row in sources.rows()] == ["one.txt"]


async def test_rows_can_be_put_off_to_be_graded_elsewhere(runner: Runner) -> None:
    put_off = []
    graders = runner.graders()
    with Ledger(runner.out) as ledger:
        ledger.add(result("r0", graders.own.keys(rows(1)[0])[0]))
        how = Manner(put_off=lambda row, _grader, _keys: put_off.append(row.id))
        tally = await run(rows(3), graders, ledger, lambda *_: None, how)
    assert put_off == ["r1", "r2"]
    assert (tally.kept, tally.graded, runner.fake.requests) == (1, 0, [])
