import json
import os
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.rows import BadRow, Row
from interviewer.batch.sources import Columns, Sources
from interviewer.checks import Turn
from interviewer.errors import DataError
from interviewer.events import Answer, Final, Invitation, Probe, Question
from tests.batch.naming import failed, good, here, ids_of, put, rows_of_paths
from tests.batch.papers import pdf_file, transcript_file, word_file

__all__ = ["here"]  # a fixture


# Folders


def test_a_folder_is_read_with_all_below_it_by_name(here: Path) -> None:
    put("all/b.txt", "all/a/2.md", "all/a/1.txt", "all/c/d/x.TXT")
    found = good("all")
    assert [row.id for row in found] == ["a/1.txt", "a/2.md", "b.txt", "c/d/x.TXT"]
    assert found[0] == Row("a/1.txt", "all/a/1.txt", "I was late.")


def test_every_kind_of_document_in_a_folder_is_an_answer(here: Path) -> None:
    put("all/a.txt", "all/b.md")
    Path("all/c.docx").write_bytes(word_file("In Word."))
    Path("all/d.pdf").write_bytes(pdf_file("In a PDF."))
    assert [row.said for row in good("all")] == [
        "I was late.",
        "I was late.",
        "In Word.",
        "In a PDF.",
    ]


def test_what_is_no_answer_in_a_folder_is_passed_over(here: Path) -> None:
    put("all/a.txt", "all/.hidden.txt", "all/.git/x.txt", "all/__MACOSX/a.txt", "all/~$a.docx")
    put("all/guide.md")
    with Sources(["all"]) as sources:
        assert [row.id for row in sources.rows()] == ["a.txt"]
        assert sources.passed_over == 0


def test_files_of_unknown_kinds_are_passed_over_and_counted(here: Path) -> None:
    put("all/a.txt", "all/photo.jpg", "all/b/README", "all/old.doc")
    with Sources(["all"]) as sources:
        assert sources.passed_over == 3
        assert sources.count() == 1
        assert sources.passed_over == 3


def test_what_a_run_wrote_beside_its_ledger_is_no_answer(here: Path) -> None:
    ours = ("results.jsonl", "grades.csv", "summary.json", "report.html", "report/a.md")
    put("all/a.txt", *(f"all/{name}" for name in ours))
    assert ids_of("all") == ["a.txt"]


def test_a_report_of_a_candidate_is_an_answer(here: Path) -> None:
    put("all/report/a.md")
    assert ids_of("all") == ["report/a.md"]


def test_links_that_lead_in_a_circle_end(here: Path) -> None:
    put("all/a/x.txt")
    Path("all/a/up").symlink_to(here / "all")
    Path("all/b").symlink_to(here / "all" / "a")
    Path("all/self.txt").symlink_to("self.txt")
    assert ids_of("all") == ["a/x.txt", "self.txt"]
    assert "can't be read" in failed("all")["self.txt"]


def test_a_link_to_a_folder_elsewhere_is_followed(here: Path) -> None:
    put("elsewhere/x.txt")
    Path("all").mkdir()
    Path("all/tuesday").symlink_to(here / "elsewhere")
    assert ids_of("all") == ["tuesday/x.txt"]


def test_a_link_to_nowhere_fails_whatever_it_is_called(here: Path) -> None:
    Path("all").mkdir()
    for name in ("gone.txt", "tuesday"):
        Path("all", name).symlink_to("missing")
    errors = failed("all")
    assert list(errors) == ["gone.txt", "tuesday"]
    assert "link to nowhere" in errors["tuesday"]
    assert "No such file" in errors["gone.txt"]


def test_a_very_deep_folder_is_read(here: Path) -> None:
    deep = Path("all")
    deep.mkdir()
    for _ in range(1500):  # more than Python's stack has frames
        deep /= "d"
        deep.mkdir()
    (deep / "x.txt").write_text("Hi.", encoding="utf-8")
    try:
        assert len(ids_of("all")[0]) == 3005
    finally:  # whoever clears up after the tests would run out of frames
        (deep / "x.txt").unlink()
        while deep.name:
            deep.rmdir()
            deep = deep.parent


def test_an_empty_folder_has_no_rows(here: Path) -> None:
    Path("all").mkdir()
    assert rows_of_paths("all") == []


def test_a_name_that_is_no_utf8_still_makes_an_id(here: Path) -> None:
    Path("all").mkdir()
    (here / "all" / os.fsdecode(b"caf\xe9.txt")).write_text("Hi.", encoding="utf-8")
    (row,) = good("all")
    assert (row.id, row.source) == ("caf\\xe9.txt", "all/caf\\xe9.txt")


# Files that can't be read


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.txt", b"caf\xe9", "0xe9 at offset 3"),
        ("a.md", b"", "empty"),
        ("a.pdf", b"%PDF-1.7 nonsense", "a broken PDF"),
        ("a.docx", b"PK nonsense", "a broken Word file"),
        ("a.jsonl", b"", "no rows"),
        ("a.csv", b"id,answer\n", "no rows"),
        ("a.csv", b"name,score\na,b\n", "the header names no answers"),
        ("a.parquet", b"PAR1 nonsense", "can't be read"),
        ("a.jsonl", b'{"transcript": 1, "id": "x"', "a broken transcript"),
    ],
)
def test_a_file_that_cannot_be_read_fails_and_the_rest_goes_on(
    here: Path, name: str, data: bytes, told: str
) -> None:
    put("all/z.txt")
    Path("all", name).write_bytes(data)
    bad, row = rows_of_paths("all")
    assert isinstance(bad, BadRow)
    assert (bad.id, bad.source) == (name, f"all/{name}")
    assert told in bad.error
    assert isinstance(row, Row)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.parquet"])
def test_a_pipe_is_not_waited_for(here: Path, name: str) -> None:
    put("all/z.txt")
    os.mkfifo(f"all/{name}")
    assert "found a pipe; expected a file" in failed("all")[name]
    assert "found a pipe; expected a file" in failed(f"all/{name}")[name]


def test_a_device_is_not_read(here: Path) -> None:
    Path("zero.txt").symlink_to("/dev/zero")
    assert failed("zero.txt") == {"zero.txt": "found a device; expected a file"}


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.parquet"])
def test_no_permission_fails_one_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    put(f"all/{name}", "all/z.txt")
    before = os.open

    def refuse(path: str, *more: Any) -> int:
        if str(path).endswith(name):
            raise PermissionError(13, "Permission denied")
        return int(before(path, *more))

    monkeypatch.setattr(os, "open", refuse)
    assert failed("all") == {name: failed("all")[name]}
    assert "Permission denied" in failed("all")[name]


def test_no_permission_for_a_folder_fails_it_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("all/a/x.txt", "all/b/x.txt")
    before = os.scandir

    def refuse(path: str) -> Any:
        if path == "all/a":
            raise PermissionError(13, "Permission denied")
        return before(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert failed("all") == {"a": "the folder can't be read: Permission denied"}
    assert len(good("all")) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("old.doc", "found a file in .doc; expected one of .txt, .md, .docx, .pdf, .csv"),
        ("README", "found a name without an ending"),
        ("guide.md", "a folder's guide"),
    ],
)
def test_a_file_of_an_unknown_kind_fails_where_it_is_named(
    here: Path, name: str, told: str
) -> None:
    put(name)
    assert told in failed(name)[name]


# Naming


@pytest.mark.parametrize("path", ["missing.txt", "", "a\0b", "no*.txt", "**/no.txt", "a**b/*"])
def test_a_path_that_names_nothing_is_an_error_at_once(here: Path, path: str) -> None:
    put("a.txt")
    with pytest.raises(DataError):
        Sources(["a.txt", path])


def test_a_glob_is_expanded_in_order(here: Path) -> None:
    put("b/2.txt", "b/1.txt", "a/3.txt", "a/3.pdf", "b/.no.txt", "b/c/4.txt", "b/guide.md")
    assert ids_of("*/*.txt") == ["3.txt", "1.txt", "2.txt"]
    assert ids_of("**/*.txt") == ["3.txt", "1.txt", "2.txt", "4.txt"]
    assert ids_of("b/**") == ["1.txt", "2.txt", "4.txt"]
    assert ids_of(f"{here}/b/[12].*") == ["1.txt", "2.txt"]


def test_a_glob_that_matches_a_folder_reads_it(here: Path) -> None:
    put("week1/a.txt", "week2/b/c.txt")
    assert ids_of("week*") == ["a.txt", "b/c.txt"]


def test_a_name_with_a_star_that_is_there_is_no_glob(here: Path) -> None:
    put("a*.txt", "ab.txt")
    assert ids_of("a*.txt") == ["a*.txt"]


def test_files_of_one_name_are_told_apart_by_their_folders(here: Path) -> None:
    put("x/mon/a.txt", "y/mon/a.txt", "y/tue/a.txt", "b.txt")
    assert ids_of("x/mon/a.txt", "y/tue/a.txt", "b.txt") == ["mon/a.txt", "tue/a.txt", "b.txt"]
    assert ids_of("x/mon/a.txt", "y/mon/a.txt") == ["x/mon/a.txt", "y/mon/a.txt"]


def test_a_file_named_twice_is_read_once(here: Path) -> None:
    put("a.txt")
    assert ids_of("a.txt", "./a.txt", f"{here}/a.txt") == ["a.txt"]


def test_an_id_that_is_there_in_two_folders_fails_the_second_time(here: Path) -> None:
    put("mon/a.txt", "tue/a.txt")
    assert ids_of("mon", "tue") == ["a.txt", "a.txt@tue/a.txt"]
    assert "name the folder that holds both" in failed("mon", "tue")["a.txt@tue/a.txt"]


# Guides


def test_the_nearest_guide_holds_for_a_folder_and_those_below(here: Path) -> None:
    put("all/a.txt", "all/x/b.txt", "all/x/guide.md", "all/x/y/c.txt", "all/x/z/d.txt")
    put("all/x/z/guide.md")
    assert [row.guide for row in good("all")] == [
        "",
        "all/x/guide.md",
        "all/x/guide.md",
        "all/x/z/guide.md",
    ]


def test_a_row_may_name_its_guide(here: Path) -> None:
    put("all/t.csv", text="answer,guide\na,\nb,own.md\nc,some-name\n")
    put("all/guide.md", "all/own.md")
    Path("all/own.md").write_text("x", encoding="utf-8")
    rows = [row for row in good("all", columns=Columns(guide="guide")) if ":" in row.id]
    assert [row.guide for row in rows] == ["all/guide.md", "all/own.md", "some-name"]
    assert rows[0].columns == {}


def test_a_guide_that_is_no_text_fails_its_row(here: Path) -> None:
    put("t.jsonl", text='{"answer": "x", "g": 3}\n')
    assert "the number 3 as the guide" in failed("t.jsonl", columns=Columns(guide="g"))["1"]


# Transcripts


QUESTION = Question(text="Tell me about a failure.")
FIRST = Answer(text="I was late.")
PROBE = Probe(target="learning", text="What did you learn?", source="model")


def test_a_transcript_gives_what_was_asked_and_said(here: Path) -> None:
    said = Answer(text="To test.", to="learning")
    kept = Final(text="I was late.\n\nTo test.", kept=True)
    path = transcript_file(here, QUESTION, FIRST, PROBE, said, kept)
    (row,) = good(path.name)
    assert row.id == path.name
    assert row.said == (Turn(QUESTION.text, "I was late."), Turn(PROBE.text, "To test."))
    assert row.guide == "general"


def test_a_final_answer_is_what_a_transcript_is_graded_on(here: Path) -> None:
    final = Final(text="All of it.", kept=False)
    path = transcript_file(here, QUESTION, FIRST, PROBE, Invitation(text="So?"), final)
    (row,) = good(path.name)
    assert row.said == (Turn(QUESTION.text, "All of it."),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [("away/gone.md", "all/guide.md"), ("my.md", "my.md"), ("My_Guide", "My_Guide")],
)
def test_a_transcript_names_its_guide_where_it_is_still_there(
    here: Path, source: str, expected: str
) -> None:
    transcript_file(Path("all"), QUESTION, FIRST, guide_source=source)
    put("my.md", "all/guide.md")
    assert [row.guide for row in good("all")] == [expected]


def test_a_transcript_without_an_answer_fails(here: Path) -> None:
    path = transcript_file(here, QUESTION)
    assert "without an answer" in failed(path.name)[path.name]


def test_a_broken_line_of_a_transcript_is_named(here: Path) -> None:
    path = transcript_file(here, QUESTION, FIRST)
    path.write_bytes(path.read_bytes().replace(b'"event":"question"', b'"event":"quest"'))
    assert "(line 2)" in failed(path.name)[path.name]


def test_a_table_with_a_column_called_transcript_is_a_table(here: Path) -> None:
    put("t.jsonl", text='{"transcript": 1, "id": "a", "answer": "x"}\n')
    assert ids_of("t.jsonl") == ["a"]


# Promises about cost


def test_documents_are_counted_without_being_opened(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("all/a.txt", "all/b.pdf", "all/c.docx")
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("a document was opened"))
    with Sources(["all"]) as sources:
        assert sources.count() == 3


def test_an_id_that_was_made_up_takes_nobodys_place(here: Path) -> None:
    put("t.csv", text="id,answer\na@4,x\na,x\na,x\n")
    assert ids_of("t.csv") == ["a@4", "a", "a@4+"]


def test_a_guides_name_that_no_file_could_have_is_kept(here: Path) -> None:
    put("t.jsonl", text=json.dumps({"answer": "x", "g": "n" * 5000}) + "\n")
    assert good("t.jsonl", columns=Columns(guide="g"))[0].guide == "n" * 5000


def test_a_transcript_over_the_limit_is_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = transcript_file(here, QUESTION, FIRST)
    monkeypatch.setattr("interviewer.batch.recorded.LARGEST", 100)
    assert "found more than" in failed(path.name)[path.name]
