"""What stands around Ray, without Ray: see tests/live/test_ray.py for the rest."""

import pickle
from importlib.util import find_spec
from pathlib import Path

import pytest

from interviewer import extras
from interviewer.batch.on_ray import Keeper, RayFarm, _explained, _last_words, check_ray
from interviewer.batch.shards import Recipe
from interviewer.batch.worker import Problem, Pulse, Report
from interviewer.errors import (
    ClusterError,
    DataError,
    InterviewerError,
    PromptError,
    UnreachableError,
    UsageError,
)
from interviewer.llm.endpoint import Endpoint
from tests.batch.shell import command, write_rows
from tests.grading.samples import constant
from tests.scripted import ANSWER

ENDPOINT = Endpoint("http://user:pass@127.0.0.1:9/v1", "tiny", "sk-secret")


def test_a_recipe_is_the_same_after_the_journey_to_a_worker() -> None:
    recipe = Recipe(name="tiny", calibration=constant(5.123456789012345), runs=3)
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe


def test_an_endpoint_reaches_a_worker_and_shows_nobody_its_key() -> None:
    assert pickle.loads(pickle.dumps(ENDPOINT)) == ENDPOINT  # noqa: S301  our own
    farm = RayFarm(ENDPOINT, 8)
    for shown in (repr(ENDPOINT), repr(farm), str(farm)):
        assert "sk-secret" not in shown
        assert "pass" not in shown


@pytest.mark.parametrize(
    "error",
    [
        UnreachableError("nobody", where="here", hint="look"),
        DataError("full", where="disk"),
        ClusterError("other version", hint="install"),
    ],
)
def test_why_a_worker_gave_up_is_told_as_if_it_were_here(error: InterviewerError) -> None:
    report = Report(shard="00001", problem=Problem.of(error))
    problem = Report.model_validate_json(report.model_dump_json()).problem
    assert problem
    found = problem.error()
    assert (type(found), str(found)) == (type(error), str(error))


def test_any_other_reason_is_told_as_the_clusters() -> None:
    found = Problem.of(PromptError("no template", where="check.j2")).error()
    assert isinstance(found, ClusterError)
    assert str(found) == "check.j2: no template"


def test_workers_tell_what_they_do_and_learn_that_they_are_to_stop() -> None:
    now = 0.0
    keeper = Keeper(clock=lambda: now)
    keeper.give(ENDPOINT)
    assert keeper.endpoint() == ENDPOINT
    assert keeper.pulse("a", Pulse(answers=2, active=3)) is False
    assert keeper.look(False) == ([Pulse(2, 3)], False)
    assert keeper.look(True) == ([Pulse(2, 3)], False)
    assert keeper.pulse("a", Pulse()) is True
    assert keeper.look(False)[1] is False  # it may have begun something before it knew
    assert keeper.pulse("a", Pulse(answers=1)) is True
    assert keeper.look(False)[1] is False
    assert keeper.pulse("a", Pulse()) is True
    assert keeper.look(False) == ([Pulse()], True)
    keeper.pulse("b", Pulse())
    assert keeper.look(False)[1] is False


def test_a_worker_that_is_gone_is_not_waited_for() -> None:
    now = 0.0
    keeper = Keeper(clock=lambda: now)
    keeper.pulse("dead", Pulse(answers=2))
    assert keeper.look(True) == ([Pulse(answers=2)], False)
    now = 60.0
    assert keeper.look(True) == ([], True)


def test_where_ray_is_missing_the_line_that_installs_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(InterviewerError, match="Ray, which is not installed") as found:
        check_ray(None)
    assert found.value.hint == "pip install -c constraints.txt -e '.[ray]'"


def test_the_address_of_rays_client_is_refused() -> None:
    with pytest.raises(UsageError, match="can't carry this") as found:
        check_ray("ray://127.0.0.1:10001")
    assert "--ray-address auto" in found.value.hint


def test_of_what_ray_says_the_last_words_are_told() -> None:
    error = RuntimeError("ray::Grading() (pid=1)\n  File x\nKeyError: 'no'\n\n")
    assert str(_explained(error)) == (
        "Ray gave up: KeyError: 'no'\n  try: the same command again goes on"
    )
    assert _last_words(RuntimeError("a\n\x1b[2Jb")) == "\N{REPLACEMENT CHARACTER}[2Jb"
    assert _last_words(TimeoutError()) == "TimeoutError"
    unknown = RuntimeError("ModuleNotFoundError: No module named 'interviewer'")
    assert _explained(unknown).hint.startswith("install this version of interviewer")


async def test_usage_is_checked_on_the_command_line(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "rows.jsonl", {"id": "a", "answer": ANSWER})
    model = ("--model", "tiny", "--base-url", "http://127.0.0.1:9/v1")
    args = ("grade", file, "-o", tmp_path / "out", *model, "--engine", "ray")
    done = await command(tmp_path, *args, "--max-tokens", "9")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--engine ray: what a worker that died had used is not known" in done.stderr
    if find_spec("ray") is None:
        done = await command(tmp_path, *args)
        assert done.returncode == 1
        assert "pip install -c constraints.txt -e '.[ray]'" in done.stderr
    assert not (tmp_path / "out").exists()
