import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interviewer.cli.progress import progress
from interviewer.errors import DataError, GuideError, InterviewerError, UsageError
from interviewer.events import Graded
from interviewer.transcript import Transcript
from tests.progress.samples import OTHER, grade, header


def fill(folder: Path, *scores: float, **values: Any) -> None:
    for number, score in enumerate(scores):
        with Transcript.create(folder, header(number, **values)) as transcript:
            transcript.add(Graded(**grade(score)))


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(progress, [str(each) for each in arguments])
    if result.exception:
        raise result.exception
    return result


def test_a_folder_without_sessions_says_so_and_what_makes_one(tmp_path: Path) -> None:
    assert "interviewer chat makes one" in run(tmp_path).stdout
    assert json.loads(run(tmp_path, "--json").stdout)["sessions"] == 0


def test_the_default_folder_is_that_of_chat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_TRANSCRIPTS", str(tmp_path / "not-there-yet"))
    assert "There are no interviews" in run().stdout
    fill(tmp_path / "not-there-yet", 3.0)
    (tmp_path / "not-there-yet" / "sample-x.jsonl").write_text("{}", encoding="utf-8")
    found = run()
    assert "Progress over 1 interview" in found.stdout
    assert "left out: 1 sample of the project" in found.stderr


def test_a_folder_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        run(tmp_path / "none")


def test_json_is_one_object_with_all_figures(tmp_path: Path) -> None:
    fill(tmp_path, 2.0, 3.0, 4.0)
    text = run(tmp_path, "--json").stdout
    assert text.isascii()
    found = json.loads(text)
    assert (found["sessions"], found["began"]) == (3, "2031-05-01T12:00:00+00:00")
    overall = found["guides"][0]["scores"][0]
    assert (overall["values"], overall["trend"]["verdict"]) == ([2.0, 3.0, 4.0], "too few")


def test_files_that_can_not_be_read_are_named_apart_from_the_figures(tmp_path: Path) -> None:
    fill(tmp_path, 2.0)
    for number in range(8):
        (tmp_path / f"x{number}.jsonl").write_text("no", encoding="utf-8")
    found = run(tmp_path, "--json")
    assert json.loads(found.stdout)["sessions"] == 1
    assert found.stderr.count("left out: ") == 6
    assert "x0.jsonl:1: not a transcript" in found.stderr
    assert "left out: 3 more that can't be read" in found.stderr


def test_a_copy_is_told(tmp_path: Path) -> None:
    fill(tmp_path, 2.0)
    fill(tmp_path, 2.0)
    found = run(tmp_path)
    assert "Progress over 1 interview" in found.stdout
    assert "left out: 1 file with a copy of a session" in found.stderr


def sessions(*arguments: object) -> int:
    number: int = json.loads(run(*arguments, "--json").stdout)["sessions"]
    return number


def test_only_sessions_since_a_day_and_about_a_guide_count(tmp_path: Path) -> None:
    fill(tmp_path, 1.0, 2.0, 3.0, id="a")
    folder = tmp_path / "both"
    fill(folder, 1.0, 2.0, 3.0)
    fill(folder, 1.0, guide=OTHER, id="other")
    assert sessions(folder) == 4
    assert sessions(folder, "--guide", "conflict") == 1
    assert sessions(folder, "--since", "2031-05-03T00:00+00:00") == 1
    assert sessions(folder, "--since", "2031-05-03T00:00+00:00", "--guide", "conflict") == 0


def test_a_guide_is_found_by_its_file_too_and_need_not_exist(tmp_path: Path) -> None:
    fill(tmp_path, 1.0)
    assert sessions(tmp_path, "--guide", "general-job-interview") == 0
    assert sessions(tmp_path, "--guide", "failure") == 1
    with pytest.raises(GuideError) as caught:
        run(tmp_path, "--guide", "unheard-of")
    assert "--guide failure" in caught.value.hint


def test_a_page_is_written_beside_the_figures(tmp_path: Path) -> None:
    fill(tmp_path, 2.0)
    page = tmp_path / "my page.html"
    found = run(tmp_path, "--html", page, "--json")
    assert json.loads(found.stdout)["sessions"] == 1
    assert f"page: {page}" in found.stderr
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_transcript_is_never_overwritten_by_a_page(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no page"):
        run(tmp_path, "--html", tmp_path / "x.jsonl")


def test_a_page_that_can_not_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "x.html").mkdir()
    with pytest.raises(DataError) as caught:
        run(tmp_path, "--html", tmp_path / "x.html")
    assert "--html" in caught.value.hint


def test_without_the_plotting_library_the_line_to_install_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interviewer.extras.find_spec", lambda _: None)
    with pytest.raises(InterviewerError) as caught:
        run(tmp_path, "--html", tmp_path / "x.html")
    assert caught.value.hint == "pip install -c constraints.txt -e '.[agree]'"
