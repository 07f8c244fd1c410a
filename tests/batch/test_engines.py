"""What an engine can't do is said before anything is sent."""

from pathlib import Path
from typing import Any

import pytest

from interviewer import extras
from interviewer.cli.batching import Job, Setup
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.cli.engines import check_engine
from interviewer.cli.models import Picked
from interviewer.errors import InterviewerError, UsageError
from interviewer.prompts import Prompts
from interviewer.settings import Settings

EMBEDDED = Path("model.gguf")


def job(weights: Path | None = None, **values: Any) -> Job:
    picked = Picked("tiny", "", Settings(), weights)
    setup = Setup(load(DEFAULT_GUIDE), picked, Prompts(), None)
    return Job(setup, lambda: (), 0, Path(), "", **values)


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"wait": False}, "--no-wait is for batches"),
        ({"engine": "ray", "wait": False}, "--no-wait is for batches"),
        ({"ray_workers": 2}, "are for a cluster"),
        ({"engine": "provider-batch", "ray_address": "auto"}, "are for a cluster"),
        ({"engine": "provider-batch", "weights": EMBEDDED}, "has no batch service"),
        ({"engine": "ray", "weights": EMBEDDED}, "runs on this machine alone"),
        ({"engine": "provider-batch", "max_cost": 1.0}, "when it has ended, so it can't be"),
        ({"engine": "provider-batch", "max_tokens": 9}, "when it has ended, so it can't be"),
        ({"engine": "ray", "max_cost": 0.0}, "is not known, so it can't be limited"),
        ({"engine": "ray", "max_tokens": 5}, "is not known, so it can't be limited"),
    ],
)
def test_what_does_not_go_together_is_told(asked: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        check_engine(job(**asked))


def test_what_goes_together_is_taken() -> None:
    check_engine(job(engine="provider-batch", wait=False))
    check_engine(job(weights=EMBEDDED, max_cost=1.0))


def test_ray_alone_needs_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    check_engine(job())
    with pytest.raises(InterviewerError, match="Ray, which is not installed"):
        check_engine(job(engine="ray"))
