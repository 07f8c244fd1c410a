import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.grader import Grader, Graders
from interviewer.batch.journal import Journal
from interviewer.batch.ledger import NAME, Ledger, load_results
from interviewer.batch.provider import Terms
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.run import run
from interviewer.errors import DataError, RefusedError, UnreachableError
from interviewer.guide import Guide
from interviewer.llm.client import Client
from interviewer.prompts import Prompts
from tests.batch.provider_server import ProviderServer, labelling, provider_server
from tests.batch.providing import Runner, plain_repair, rows
from tests.fake_endpoint import Answer, Json, refused, said
from tests.scripted import GUIDE, LABELLED, TOLD

ANSWERS = rows(4, unclear=[2, 3])
"""Two that are labelled in one call, and two that need another."""


@pytest.fixture
async def server() -> AsyncIterator[ProviderServer]:
    async with provider_server() as made:
        yield made


@pytest.fixture
def runner(server: ProviderServer, tmp_path: Path) -> Runner:
    return Runner(server, tmp_path / "out")


def as_graded(results: dict[str, Result]) -> dict[str, Json]:
    """Return the results without what depends on the way to the model."""
    return {
        id: each.model_dump(mode="json", exclude={"seconds", "usage"})
        for id, each in results.items()
    }


async def direct(server: ProviderServer, out: Path, guide: Guide = LABELLED) -> dict[str, Json]:
    """Return what the ordinary engine makes of the answers, with the same replies."""
    client = Client(server.endpoint(), repair=plain_repair)
    with Ledger(out) as ledger:
        graders = Graders(Grader(guide, client, Prompts(), "tiny"))
        await run(ANSWERS, graders, ledger, lambda *_: None)
    await client.aclose()
    return as_graded(load_results(out))


def asked_for(server: ProviderServer) -> list[str]:
    """Return all that was paid: requests that batches ran, and those that went out alone."""
    return [json.dumps(each, sort_keys=True) for each in server.paid + server.direct]


def about(body: Json, words: str) -> bool:
    return words in body["messages"][-1]["content"]


@pytest.mark.parametrize("guide", [LABELLED, GUIDE])
async def test_answers_get_the_grades_that_the_ordinary_engine_gives(
    runner: Runner, server: ProviderServer, tmp_path: Path, guide: Guide
) -> None:
    runner.guide = guide
    tally, outcome = await runner.run(ANSWERS)
    assert outcome.done
    assert (tally.graded, tally.failed, tally.pending, tally.total) == (4, 0, 0, 4)
    assert all(each.usage.calls for each in runner.results().values())
    paid = asked_for(server)
    assert len(paid) == len(set(paid))
    assert as_graded(runner.results()) == await direct(server, tmp_path / "direct", guide)


async def test_independent_questions_share_one_round(
    runner: Runner, server: ProviderServer
) -> None:
    runner.guide = GUIDE  # without labels: each goal and step is asked about by itself
    await runner.run(ANSWERS)
    assert len(server.batches) == 1


async def test_an_engine_that_is_changed_keeps_what_was_graded(
    runner: Runner, server: ProviderServer
) -> None:
    await direct(server, runner.out)
    server.direct.clear()
    tally, _ = await runner.run(ANSWERS)
    assert (tally.kept, asked_for(server)) == (4, [])


async def test_a_second_run_asks_nothing(runner: Runner, server: ProviderServer) -> None:
    await runner.run(ANSWERS)
    paid = asked_for(server)
    tally, outcome = await runner.run(ANSWERS)
    assert (tally.kept, tally.graded, outcome.done) == (4, 0, True)
    assert asked_for(server) == paid


async def test_who_does_not_wait_goes_on_by_running_it_again(
    runner: Runner, server: ProviderServer
) -> None:
    runner.terms = Terms(wait=False)
    looks = 0
    tally, outcome = await runner.run(ANSWERS)
    assert outcome.batches == ("batch_1",)
    while not outcome.done:
        looks += 1
        tally, outcome = await runner.run(ANSWERS)
    assert looks >= 4
    assert len(runner.results()) == tally.total == 4
    assert server.statuses() == ["completed"] * 2
    paid = [json.dumps(each) for each in server.paid]
    assert len(paid) == len(set(paid))


async def test_each_row_is_told_once(runner: Runner) -> None:
    await runner.run(ANSWERS[:1])
    bad = BadRow("bad", "rows:9", "found nothing")
    tally, _ = await runner.run([*ANSWERS, bad])
    assert sorted(runner.seen) == [
        ("bad", "failed"),
        ("r0", "kept"),
        *((f"r{number}", "graded") for number in (1, 2, 3)),
    ]
    assert (tally.kept, tally.graded, tally.failed, tally.total) == (1, 3, 1, 5)


async def test_identical_answers_are_asked_about_once(
    runner: Runner, server: ProviderServer
) -> None:
    twins = [Row(id, id, TOLD) for id in ("a", "b")]
    tally, _ = await runner.run([*ANSWERS[:2], *twins])
    assert (tally.graded, tally.copied) == (4, 1)
    assert len(asked_for(server)) == 3


async def test_many_requests_are_many_batches(runner: Runner, server: ProviderServer) -> None:
    runner.terms = Terms(requests=2)
    await runner.run(rows(6))
    assert len(server.batches) == 3
    assert len(runner.results()) == 6


async def test_a_request_that_is_refused_fails_its_answer_alone(
    runner: Runner, server: ProviderServer
) -> None:
    server.talk = lambda body: (
        refused(400, "I can't read that") if about(body, "took 1 days") else labelling(body)
    )
    tally, outcome = await runner.run(ANSWERS)
    assert outcome.done
    assert (tally.graded, tally.failed) == (3, 1)
    assert "I can't read that" in (runner.results()["r1"].error or "")
    server.talk = labelling
    tally, _ = await runner.run(ANSWERS)
    assert (tally.graded, tally.kept) == (1, 3)


async def test_a_failure_that_passes_costs_a_round_and_no_answer(
    runner: Runner, server: ProviderServer
) -> None:
    left = [refused(500, "oh"), said("no JSON", choices=[])]
    server.talk = lambda body: (
        left.pop() if left and about(body, "took 1 days") else labelling(body)
    )
    tally, _ = await runner.run(rows(2))
    assert (tally.graded, len(server.batches)) == (2, 3 - len(left))


async def test_a_failure_that_stays_fails_the_answer_after_a_few_rounds(
    runner: Runner, server: ProviderServer
) -> None:
    server.talk = lambda body: (
        refused(503, "too busy") if about(body, "took 1 days") else labelling(body)
    )
    tally, outcome = await runner.run(rows(2))
    assert (tally.graded, tally.failed, outcome.done) == (1, 1, True)
    assert "failed this request 3 times: too busy" in (runner.results()["r1"].error or "")
    lines = (runner.out / NAME).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2


async def test_what_an_expired_batch_has_done_is_kept_and_the_rest_asked_again(
    runner: Runner, server: ProviderServer
) -> None:
    server.fates = ["expired"]
    answers = rows(7)
    tally, _ = await runner.run(answers)
    assert tally.graded == 7
    assert server.statuses() == ["expired", "completed"]
    paid = asked_for(server)
    assert len(paid) == len(set(paid)) == 7


async def test_answers_whose_batches_always_expire_fail_and_may_be_tried_again(
    runner: Runner, server: ProviderServer
) -> None:
    server.fates = ["expired"] * 3
    answers = rows(2)  # one goes out alone, the other is the half that is never reached
    tally, outcome = await runner.run(answers)
    assert (tally.failed, outcome.done) == (1, True)
    assert "the batch was expired" in (runner.results()["r1"].error or "")
    tally, _ = await runner.run(answers)
    assert (tally.graded, tally.failed) == (1, 0)


async def test_a_cancelled_batch_ends_the_run_and_keeps_what_it_has_done(
    runner: Runner, server: ProviderServer
) -> None:
    server.fates = ["cancelled"]
    answers = rows(7)
    with pytest.raises(RefusedError, match="batch_1 was cancelled"):
        await runner.run(answers)
    assert len(runner.results()) == 4
    tally, _ = await runner.run(answers)
    assert (tally.kept, tally.graded) == (4, 3)
    paid = asked_for(server)
    assert len(paid) == len(set(paid)) == 7


async def test_a_batch_that_is_not_begun_ends_the_run_with_the_reason(
    runner: Runner, server: ProviderServer
) -> None:
    server.invalid = lambda _: "this model is not supported"
    with pytest.raises(RefusedError, match="would not begin the batch batch_1: this model"):
        await runner.run(ANSWERS)
    assert server.paid == []
    server.invalid = lambda _: ""
    tally, _ = await runner.run(ANSWERS)
    assert tally.graded == 3  # the first one went out alone, and was graded


async def test_a_line_that_is_refused_fails_its_answer_and_the_rest_is_asked_again(
    runner: Runner, server: ProviderServer
) -> None:
    server.invalid = lambda request: (
        "not in this file" if about(request["body"], "took 2 days") else ""
    )
    tally, _ = await runner.run(rows(4))
    assert (tally.graded, tally.failed) == (3, 1)
    assert "not in this file" in (runner.results()["r2"].error or "")
    assert server.statuses() == ["failed", "completed"]


async def test_a_file_that_is_gone_at_the_provider_is_sent_again(
    runner: Runner, server: ProviderServer
) -> None:
    def forgetful(method: str, path: str) -> Answer | None:
        if (method, path) == ("POST", "/v1/batches"):
            server.files.clear()
        return None

    server.meddle = forgetful
    with pytest.raises(RefusedError, match="the file is not there"):
        await runner.run(ANSWERS)
    server.meddle = lambda _, __: None
    tally, _ = await runner.run(ANSWERS)
    assert tally.total == 4


async def test_a_full_queue_is_waited_for(runner: Runner, server: ProviderServer) -> None:
    server.room = 2
    runner.terms = Terms(requests=2)
    tally, _ = await runner.run(rows(6))
    assert tally.graded == 6
    assert server.statuses().count("completed") == 3
    assert "failed" in server.statuses()


async def test_what_is_too_much_for_an_empty_queue_is_split(
    runner: Runner, server: ProviderServer
) -> None:
    server.room = 2
    tally, _ = await runner.run(rows(8))
    assert tally.graded == 8
    paid = asked_for(server)
    assert len(paid) == len(set(paid)) == 8


async def test_a_queue_that_takes_nothing_at_all_ends_the_run(
    runner: Runner, server: ProviderServer
) -> None:
    server.room = 0
    with pytest.raises(RefusedError, match="Enqueued token limit"):
        await runner.run(rows(2))


async def test_a_form_that_is_refused_is_sent_in_another_the_next_time(
    runner: Runner, server: ProviderServer
) -> None:
    def strict(body: Json) -> Answer:
        if "max_tokens" in body:
            return refused(400, "Unsupported parameter: use 'max_completion_tokens'")
        return labelling(body)

    def batches_alone(method: str, path: str) -> Answer | None:
        return refused(403, "batches alone") if path.endswith("completions") else None

    server.talk, server.meddle = strict, batches_alone
    tally, _ = await runner.run(rows(3))
    assert (tally.graded, len(server.batches)) == (3, 2)


async def test_answers_that_want_ever_more_replies_fail_in_the_end(
    runner: Runner, server: ProviderServer
) -> None:
    server.talk = lambda body: (
        said('{"sentences": []}') if "response_format" in body else labelling(body)
    )
    runner.terms = Terms(rounds=2)
    tally, outcome = await runner.run(rows(3))
    assert outcome.done
    assert tally.failed == 3
    assert "after 2 rounds" in (runner.results()["r1"].error or "")


async def test_another_endpoint_does_not_meddle_with_what_is_under_way(
    runner: Runner, tmp_path: Path
) -> None:
    runner.terms = Terms(wait=False)
    await runner.run(ANSWERS)
    async with provider_server() as other:
        with pytest.raises(DataError, match="are under way here"):
            await replace(runner, server=other).run(ANSWERS)
    assert other.calls == []


async def test_an_outage_while_waiting_is_sat_out(runner: Runner, server: ProviderServer) -> None:
    left = [refused(502, "bad gateway") for _ in range(9)]
    server.meddle = lambda method, path: (
        left.pop() if left and (method, path[:12]) == ("GET", "/v1/batches/") else None
    )
    tally, _ = await runner.run(ANSWERS)
    assert (tally.graded, left) == (4, [])


async def test_a_service_that_is_not_there_is_told_at_once(
    runner: Runner, server: ProviderServer
) -> None:
    with pytest.raises(UnreachableError, match="nothing listens"):
        await replace(runner, server=replace(server, url="http://127.0.0.1:9/v1")).run(ANSWERS)


async def test_a_batch_that_never_ends_is_given_up_after_its_day(
    runner: Runner, server: ProviderServer
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    server.meddle = lambda _, path: (
        Answer({"id": "batch_1", "status": "in_progress"}) if path.endswith("batch_1") else None
    )
    runner.terms = Terms(patience_s=3600)
    with pytest.raises(UnreachableError, match="no batch has ended for 1 hours"):
        await runner.run(ANSWERS, sleep=sleep)
    assert 3600 <= sum(slept) <= 4000
    assert len([path for _, path in server.calls if path.endswith("batch_1")]) < 30


async def test_who_stops_while_waiting_loses_nothing(
    runner: Runner, server: ProviderServer
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    _, outcome = await runner.run(ANSWERS, sleep=sleep, stopping=lambda: len(slept) > 3)
    assert (outcome.done, outcome.batches, len(slept)) == (False, ("batch_1",), 4)
    tally, _ = await runner.run(ANSWERS)
    assert (tally.total, len(server.batches)) == (4, 2)


async def test_grading_anew_takes_replies_that_were_paid_for(
    runner: Runner, server: ProviderServer
) -> None:
    await runner.run(ANSWERS)
    paid = asked_for(server)
    tally, _ = await runner.run(ANSWERS, force=True)
    assert (tally.graded, asked_for(server)) == (4, paid)


class _CrashError(Exception):
    pass


@pytest.mark.parametrize("written", [False, True])
async def test_wherever_a_process_ends_the_next_one_goes_on_and_nothing_is_paid_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, written: bool
) -> None:
    add, left = Journal.add, 0

    def crashing(self: Journal, event: Any, **values: Any) -> None:
        nonlocal left
        left -= 1
        if written or left:
            add(self, event, **values)
        if not left:
            raise _CrashError

    monkeypatch.setattr(Journal, "add", crashing)
    for entries in range(2, 7):  # round, uploaded, creating, created, collected
        async with provider_server() as server:
            runner = Runner(server, tmp_path / str(entries))
            left = entries
            with pytest.raises(_CrashError):
                await runner.run(rows(3))
            _, outcome = await runner.run(rows(3))
            assert outcome.done
            assert len(runner.results()) == 3
            assert server.statuses() == ["completed"]
            paid = asked_for(server)
            assert len(paid) == len(set(paid))
