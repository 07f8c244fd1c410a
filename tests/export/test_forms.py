import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from interviewer.cli.export import export
from interviewer.errors import DataError, InterviewerError, TranscriptError, UsageError
from interviewer.export import FORMS
from interviewer.transcript import load_transcript
from tests.export.samples import EVIL, session, written


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a transcript, and be in another one."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    written(tmp_path)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    found = CliRunner().invoke(export, [str(each) for each in arguments])
    if isinstance(found.exception, InterviewerError):
        raise found.exception
    return found


@pytest.mark.parametrize("form", FORMS)
def test_an_export_lands_here_under_the_name_of_its_transcript(folder: Path, form: str) -> None:
    found = run(folder / "session.jsonl", "--to", form)
    assert found.output == f"session.{form}\n"
    assert b"interviewer-export:0f3a" in Path(f"session.{form}").read_bytes()[:4096]


def test_the_form_is_told_by_the_suffix_of_the_file(folder: Path) -> None:
    assert run(folder / "session.jsonl", "-o", "a.HTM").exit_code == 0
    assert Path("a.HTM").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_what_is_asked_for_goes_before_the_suffix(folder: Path) -> None:
    run(folder / "session.jsonl", "--to", "json", "-o", "a.txt")
    assert json.loads(Path("a.txt").read_text(encoding="utf-8"))["id"] == "0f3a"


def test_a_folder_takes_the_export_under_its_usual_name(folder: Path) -> None:
    assert (
        run(folder / "session.jsonl", "--to", "md", "-o", folder).output == f"{folder}/session.md\n"
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_dash_writes_the_same_to_the_standard_output_and_nothing_else(
    folder: Path, form: str
) -> None:
    printed = run(folder / "session.jsonl", "--to", form, "-o", "-").stdout_bytes
    assert not list(Path().iterdir())
    run(folder / "session.jsonl", "--to", form)
    assert Path(f"session.{form}").read_bytes() == printed


@pytest.mark.parametrize("out", [[], ["-o", "-"], ["-o", "."], ["-o", "a.txt"], ["-o", "a"]])
def test_without_a_form_it_says_how_to_name_one(folder: Path, out: list[str]) -> None:
    with pytest.raises(UsageError, match="form") as caught:
        run(folder / "session.jsonl", *out)
    assert "--to md|html|json|cast|svg" in caught.value.hint


@pytest.mark.parametrize(
    "arguments",
    [["--to", "md", "--width", "60"], ["--to", "svg", "--idle-limit", "2s"]],
)
def test_an_option_that_means_nothing_to_the_form_is_refused(
    folder: Path, arguments: list[str]
) -> None:
    with pytest.raises(UsageError, match="is for cast"):
        run(folder / "session.jsonl", *arguments)


@pytest.mark.parametrize(
    ("given", "limit"), [("2s", 2.0), ("0.5", 0.5), ("3 s", 3.0), ("1m", 60.0)]
)
def test_a_limit_of_pauses_may_have_a_unit(folder: Path, given: str, limit: float) -> None:
    run(folder / "session.jsonl", "--to", "cast", "--idle-limit", given)
    header = json.loads(Path("session.cast").read_text(encoding="utf-8").split("\n")[0])
    assert header["idle_time_limit"] == limit


@pytest.mark.parametrize("given", ["0", "-1", "soon", "1e9", "2h", ""])
def test_what_is_no_duration_is_no_limit(folder: Path, given: str) -> None:
    found = run(folder / "session.jsonl", "--to", "cast", "--idle-limit", given)
    assert found.exit_code == 2
    assert "is no duration" in found.output


def test_an_earlier_export_of_the_session_is_replaced(folder: Path) -> None:
    run(folder / "session.jsonl", "--to", "md")
    before = Path("session.md").read_text(encoding="utf-8")
    Path("session.md").write_text(before + "more", encoding="utf-8")
    assert run(folder / "session.jsonl", "--to", "md").exit_code == 0
    assert Path("session.md").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("form", FORMS)
def test_an_export_is_known_again_however_long_the_question_is(folder: Path, form: str) -> None:
    file = folder / "session.jsonl"
    first, _, rest = file.read_text(encoding="utf-8").partition("\n")
    header = json.loads(first)
    header["guide"]["question"] = "Why? " * 2000
    file.write_text(json.dumps(header) + "\n" + rest, encoding="utf-8")
    for _ in range(2):
        assert run(file, "--to", form).exit_code == 0


def test_a_folder_that_is_not_there_is_not_made(folder: Path) -> None:
    found = run(folder / "session.jsonl", "--to", "md", "-o", "new/")
    assert (found.exit_code, "there is no folder new/" in found.output) == (2, True)
    with pytest.raises(DataError, match="no such folder"):
        run(folder / "session.jsonl", "-o", "new/session.md")
    assert not Path("new").exists()


@pytest.mark.parametrize("theirs", ["my notes", "interviewer-export:another"])
def test_what_is_not_an_export_of_the_session_is_kept_but_by_force(
    folder: Path, theirs: str
) -> None:
    Path("session.md").write_text(theirs, encoding="utf-8")
    with pytest.raises(DataError, match="is there already") as caught:
        run(folder / "session.jsonl", "--to", "md")
    assert "--force" in caught.value.hint
    assert Path("session.md").read_text(encoding="utf-8") == theirs
    run(folder / "session.jsonl", "--to", "md", "--force")
    assert "# Tell me about" in Path("session.md").read_text(encoding="utf-8")


def test_a_transcript_is_never_replaced_by_its_own_export(folder: Path) -> None:
    source = folder / "session.jsonl"
    before = source.read_bytes()
    os.link(source, "session.json")
    for out in (source, Path("session.json")):
        with pytest.raises(DataError, match="the transcript itself"):
            run(source, "--to", "json", "-o", out, "--force")
    assert source.read_bytes() == before


def test_a_device_is_no_file_to_replace(folder: Path) -> None:
    with pytest.raises(DataError, match="is no file"):
        run(folder / "session.jsonl", "--to", "md", "-o", os.devnull, "--force")


def test_what_cannot_be_written_leaves_what_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(folder / "session.jsonl", "--to", "md")
    before = Path("session.md").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="No space left"):
        run(folder / "session.jsonl", "--to", "md")
    assert Path("session.md").read_bytes() == before
    assert [path.name for path in Path().iterdir()] == ["session.md"]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_exported_of_what_is_no_transcript(folder: Path, form: str) -> None:
    (folder / "x.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(TranscriptError, match="not a transcript"):
        run(folder / "x.jsonl", "--to", form)
    assert not list(Path().iterdir())


def test_a_guide_that_is_none_is_named_with_its_place(folder: Path) -> None:
    header = load_transcript(folder / "session.jsonl").header
    broken = header.model_copy(update={"guide": {**header.guide, "goals": []}})
    (folder / "x.jsonl").write_text(broken.model_dump_json() + "\n", encoding="utf-8")
    with pytest.raises(TranscriptError, match=r"guide\.goals") as caught:
        run(folder / "x.jsonl", "--to", "md")
    assert caught.value.where.endswith("x.jsonl:1")


@pytest.mark.parametrize("form", FORMS)
def test_a_session_that_only_began_has_every_form(folder: Path, form: str) -> None:
    head = load_transcript(folder / "session.jsonl").header.model_dump_json()
    (folder / "session.jsonl").write_text(head + "\n", encoding="utf-8")
    assert run(folder / "session.jsonl", "--to", form).exit_code == 0


def test_an_id_that_is_more_than_an_id_ends_no_comment() -> None:
    from interviewer.export.forms import mark_of

    mark = mark_of(session(id=EVIL).recorded)
    assert mark.removeprefix("interviewer-export:").isalnum()
