"""`interviewer simulate`, with a model that does as it is told in place of the embedded one."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interviewer.cli import models
from interviewer.cli.simulate import simulate
from interviewer.errors import GuideError, UsageError
from interviewer.settings import Settings
from interviewer.transcript import load_transcript
from interviewer.transcript.folders import newest_first
from tests.scripted import Labeller
from tests.simulation.samples import RUDE_TEXT

FAILED = "failed-as-a-product-manager"


@pytest.fixture(autouse=True)
def _a_scripted_model(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def connected(*_: Any, **__: Any) -> AsyncIterator[Labeller]:
        yield Labeller([])

    def pick(settings: Settings, *_: Any, **__: Any) -> models.Picked:
        return models.Picked("scripted", "told so", settings, None)

    monkeypatch.setattr(models, "connected", connected)
    monkeypatch.setattr(models, "pick", pick)


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(simulate, [str(each) for each in args], catch_exceptions=False)


def test_interviews_are_held_told_of_and_saved(tmp_path: Path) -> None:
    done = run("--persona", "thin,forgetful", "-n", "2", "--transcripts", tmp_path, "--probes", "1")
    assert done.exit_code == 0
    assert "4/4 forgetful" in done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0][:4] == ["persona", "ended", "asked", "valid"]
    assert ["thin", "2/2"] in [row[:2] for row in rows]
    saved = newest_first(tmp_path)
    assert len(saved) == 4
    assert {load_transcript(path).header.options["seed"] for path in saved} == {0, 1}
    assert f"Transcripts: {tmp_path}" in done.stdout


def test_as_json_all_of_it_is_one_object(tmp_path: Path) -> None:
    done = run("--persona", "injecting", "--json", "--transcripts", tmp_path)
    found = json.loads(done.stdout)
    assert done.stderr == ""
    (interview,) = found["interviews"]
    assert interview["persona"] == "injecting"
    assert interview["ended"]
    assert interview["obeyed"] == []
    assert Path(interview["transcript"]).is_file()
    assert found["rows"][0]["interviews"] == 1


def test_one_persona_over_several_guides_is_told_guide_by_guide(tmp_path: Path) -> None:
    done = run(
        "--persona", "bluffing", "--guide", "all", "--probes", "0", "--transcripts", tmp_path
    )
    assert done.stdout.split()[0] == "guide"
    assert "failed-as-a" in done.stdout


def test_what_is_odd_is_named_with_the_transcript_to_look_at(tmp_path: Path) -> None:
    own = tmp_path / "modest.md"
    told = RUDE_TEXT.replace("most: 2.0", "most: 1").replace(
        "What a stupid question about billing that is, honestly.",
        "In the background I led a billing product, and my mistake was to ask nobody.",
    )
    own.write_text(told.replace("That was everything", "The background, the mistake, the lesson"))
    done = run("--persona", own, "--transcripts", tmp_path / "saved")
    assert f"modest, {FAILED}: " in done.stdout
    assert "graded" in done.stdout
    assert f"interviewer replay {tmp_path / 'saved'}" in done.stdout


def test_the_personas_are_listed_without_a_model() -> None:
    done = run("--list")
    assert "never-failed\n" in done.stdout


def test_a_persona_or_story_that_does_not_fit_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="there is no persona"):
        run("--persona", "nobody")
    story = tmp_path / "story.md"
    story.write_text("# Why?\n\n## Nowhere\n\nThere.\n", encoding="utf-8")
    with pytest.raises(GuideError, match=r"story\.md:3: found the step \"Nowhere\""):
        run("--persona", "thin", "--story", story)


def test_one_story_is_for_one_guide(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one story is about one guide"):
        run("--persona", "thin", "--guide", "all", "--story", tmp_path / "s.md")
