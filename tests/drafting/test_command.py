"""`interviewer guide new`, with a model that is played."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interviewer.cli import models
from interviewer.cli.guide import guide
from interviewer.errors import UnreachableError
from interviewer.guide_file import load_guide
from tests.drafting.samples import QUESTION, Filler, filler

FIRST = "failed-as-a-product-manager"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Filler:
    """The model that the command is connected to."""
    played = filler()

    @asynccontextmanager
    async def connected(*_: Any, **__: Any) -> AsyncIterator[Filler]:
        yield played

    monkeypatch.setattr(models, "connected", connected)
    monkeypatch.setattr(models, "pick", lambda *_, **__: SimpleNamespace(name="played"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return played


def new(*args: str) -> Result:
    return CliRunner().invoke(guide, ["new", *args])


@pytest.mark.usefixtures("model")
def test_a_draft_is_written_to_the_own_folder_and_told_of(tmp_path: Path) -> None:
    done = new(QUESTION, "--kind", "behavioural", "--role", "Waiter")
    assert done.exit_code == 0, done.output
    path = tmp_path / "data" / "interviewer" / "guides" / "calmed-angry-guest.md"
    found = load_guide(path)
    assert (found.question, found.role, found.draft) == (QUESTION, "Waiter", True)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    for line in ("7/7 tips: 3", f"{path}: a draft of 3 goals", "guide check calmed-angry-guest"):
        assert line in done.output
    assert "draft: true" in done.output


@pytest.mark.usefixtures("model")
def test_without_a_kind_it_is_that_of_questions_that_are_worded_like_it(tmp_path: Path) -> None:
    done = new(QUESTION, "-o", "mine.md")
    assert "of the kind behavioural" in done.output
    assert load_guide(tmp_path / "mine.md").kind == "behavioural"
    assert "interviewer guide test mine.md" in done.output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((QUESTION, "-o", "there.md"), "is there already"),
        ((QUESTION, "--id", FIRST), f"there is a guide {FIRST}"),
        (
            ("Describe a time when you failed as a product manager and how you handled it",),
            f"the guide {FIRST} asks this question",
        ),
        (("Tips",), "at least two words"),
    ],
)
def test_what_is_there_is_not_written_over(
    model: Filler, tmp_path: Path, args: tuple[str, ...], message: str
) -> None:
    (tmp_path / "there.md").write_text("mine", encoding="utf-8")
    done = new(*args, "--kind", "behavioural")
    assert message in str(done.exception)
    assert model.asked == []
    assert (tmp_path / "there.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.usefixtures("model")
def test_with_force_it_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("mine", encoding="utf-8")
    assert new(QUESTION, "-o", "there.md", "--kind", "behavioural", "--force").exit_code == 0
    assert load_guide(tmp_path / "there.md").question == QUESTION


def test_where_the_model_is_gone_nothing_is_written(
    model: Filler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: Any, **__: Any) -> None:
        raise UnreachableError("nothing answers")

    monkeypatch.setattr(model, "fill", gone)
    done = new(QUESTION, "-o", "mine.md", "--kind", "behavioural")
    assert isinstance(done.exception, UnreachableError)
    assert list(tmp_path.iterdir()) == []


def test_what_the_model_could_not_give_is_named(model: Filler) -> None:
    model.replies["Tips"] = [None]
    done = new(QUESTION, "-o", "mine.md", "--kind", "behavioural")
    assert "7/7 tips: could not be drafted" in done.output
    assert "you have to write: tips" in done.output


@pytest.mark.parametrize("name", [f"{'x' * 300}.md", "file/below.md"])
def test_what_can_not_be_written_is_told_before_the_model_is_asked(
    model: Filler, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = new(QUESTION, "-o", name, "--force")
    assert done.exit_code == 1
    assert "can't be written" in str(done.exception)
    assert not model.asked
