import csv
import json
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.export import cell, parse_columns, write_grades
from interviewer.batch.rows import BadRow, Row
from interviewer.errors import DataError, UsageError
from interviewer.grade import Calibrated
from interviewer.guide import Item
from interviewer.rubric import rubric_of
from tests.report.samples import RUBRICS, failed, graded, of, one
from tests.scripted import GUIDE


def table(
    folder: Path, *pairs: Any, rubrics: Any = RUBRICS, **columns: str
) -> list[dict[str, str]]:
    path = folder / "grades.csv"
    write_grades(path, of(*pairs), rubrics, columns or None)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_an_answer_is_a_row_with_a_column_for_each_criterion_and_step(tmp_path: Path) -> None:
    (row,) = table(tmp_path, one("a", confidence={"growth": 0.1, "overall": 0.8}))
    assert row == {
        "id": "a",
        "source": "rows.csv:a",
        "status": "graded",
        "overall": "3.5",
        "Honesty": "4.0",
        "Growth": "2.0",
        "Describe the Context": "yes",
        "Share the Lesson": "no",
        "flags": "Not kept: Be Brief",
        "evidence": "Honesty: I asked nobody.",
        "advice": "Share the Lesson: Close on what you learned.",
        "words": "16",
        "uncertain": "Growth",
        "error": "",
    }


def test_what_is_not_known_is_an_empty_cell(tmp_path: Path) -> None:
    bad = BadRow("b", "b.pdf", "")
    unknown = one(
        "a", overall=None, criteria={"honesty": None}, steps={"lesson": None}, delivery=None
    )
    first, second = table(tmp_path, unknown, (bad, failed(bad)))
    for name in ("overall", "Honesty", "Growth", "Share the Lesson", "words"):
        assert first[name] == second[name] == ""
    assert (second["status"], second["error"]) == ("failed", "found no text; expected some")


def test_it_is_what_spreadsheets_expect(tmp_path: Path) -> None:
    """A mark of UTF-8, lines that end as on Windows, line ends within a cell kept."""
    table(tmp_path, one("Zoë"))
    data = (tmp_path / "grades.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,source,")
    assert data.count(b"\r\n") == 2
    assert "Zoë".encode() in data


@pytest.mark.parametrize("begin", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0 ", "\u200b", "\ufeff"])
def test_no_cell_begins_as_a_formula(begin: str, before: str) -> None:
    assert cell(before + begin) == f"'{before}{begin}"


@pytest.mark.parametrize("mark", "\uff1d\uff0b\uff0d\uff20")
def test_no_cell_begins_as_a_formula_in_full_width(mark: str) -> None:
    assert cell(f"{mark}1+1") == f"'{mark}1+1"


@pytest.mark.parametrize("value", [-3, 2.5, "-3", "+2,5", "2.5", "I am = you", "a-b", ""])
def test_numbers_and_plain_words_stay_as_they_are(value: object) -> None:
    assert cell(value) == value


def test_formulas_are_taken_out_of_ids_headers_columns_and_evidence(tmp_path: Path) -> None:
    row = Row("=cmd|' /C calc'!A0", "@a.csv:1", "", {"Note": "=1"}, guide="")
    columns = {"=x": "id", "s": "source", "n": "row.Note", "e": "error"}
    path = tmp_path / "grades.csv"
    write_grades(path, of((row, failed(row, "-x"))), RUBRICS, columns)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, cells = csv.reader(file)
    assert header[0] == "'=x"
    assert cells == ["'=cmd|' /C calc'!A0", "'@a.csv:1", "'=1", "'-x"]


def test_a_cell_is_no_longer_than_a_spreadsheet_can_hold() -> None:
    found = cell("\N{GRINNING FACE}" * 20_000)
    assert isinstance(found, str)
    assert len(found.encode("utf-16-le")) // 2 <= 32_767
    assert found.endswith("\u2026")


def test_what_no_spreadsheet_reads_is_replaced(tmp_path: Path) -> None:
    (row,) = table(tmp_path, one("a\x00b\ud800"))
    assert row["id"] == "a\ufffdb?"


def test_guides_share_a_table_with_the_columns_of_all(tmp_path: Path) -> None:
    other = GUIDE.model_copy(
        update={
            "goals": (GUIDE.goals[0], Item(id="calm", name="Calm", text="")),
            "steps": (Item(id="honesty-told", name="Honesty", text=""),),
        }
    )
    row = Row("b", "b.txt", "", guide="conflict.md")
    result = graded(
        row,
        criteria={"honesty": 3.0, "calm": 1.5},
        steps={"honesty-told": True},
        guide="conflict",
    )
    rubrics = RUBRICS | {"conflict.md": rubric_of(other)}
    first, second = table(tmp_path, one("a"), (row, result), rubrics=rubrics)
    assert (first["guide"], first["Honesty"], first["Calm"]) == ("failure", "4.0", "")
    assert (second["guide"], second["Honesty"], second["Calm"]) == ("conflict", "3.0", "1.5")
    assert second["Honesty (step)"] == "yes"


def test_a_criterion_that_is_called_as_one_of_our_columns_keeps_its_own(tmp_path: Path) -> None:
    goals = (Item(id="words", name="Words", text=""),)
    rubric = rubric_of(GUIDE.model_copy(update={"goals": goals}))
    (row,) = table(tmp_path, one(criteria={"words": 4.5}), rubrics={"": rubric})
    assert (row["words"], row["Words (criterion)"]) == ("16", "4.5")


def test_a_course_system_gets_the_columns_that_it_asks_for(tmp_path: Path) -> None:
    row = Row("a", "a.csv:2", "", {"E-mail": "a@b.c", "id": 7, "tags": ["x"], "late": True})
    asked = "Student=id, Points=overall,HONESTY,Second=share the lesson,Mail=E-mail,status"
    asked += ",no=row.id,t=tags,l=late"
    columns = parse_columns(asked, RUBRICS, row.columns)
    assert table(tmp_path, (row, graded(row)), **columns) == [
        {
            "Student": "a",
            "Points": "3.5",
            "HONESTY": "4.0",
            "Second": "no",
            "Mail": "a@b.c",
            "status": "graded",
            "no": "7",
            "t": '["x"]',
            "l": "yes",
        }
    ]


def test_a_course_system_can_have_the_raters_scale(tmp_path: Path) -> None:
    found = Calibrated(value=6.25, scale=(1, 7), name="r", plain=3.1)
    rows = table(tmp_path, one("a", calibrated=found), one("b"), Points="calibrated")
    assert [row["Points"] for row in rows] == ["6.25", ""]


def test_a_header_may_hold_a_comma_or_an_equals_sign() -> None:
    assert parse_columns('"Name, first=id","a=b=overall"', RUBRICS) == {
        "Name, first": "id",
        "a=b": "overall",
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Points=score", "no field 'score'"),
        ("Mail=row.mail", "no field 'row.mail'"),
        ("=id", "no header"),
        ("A=id,A=overall", "'A' is there twice"),
        ("", "names no column"),
        ('"A=id', "can't be read"),
        ("id,", "no field ''"),
    ],
)
def test_columns_that_cannot_be_had_are_named_with_those_that_can(text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what) as error:
        parse_columns(text, RUBRICS, ["E-mail"])
    assert error.value.where == "--csv-columns"
    for field in ("id", "overall", "honesty", "lesson", "row.E-mail"):
        assert field in error.value.hint


def test_a_table_that_breaks_off_leaves_the_one_from_before(tmp_path: Path) -> None:
    table(tmp_path, one("a"))
    before = (tmp_path / "grades.csv").read_bytes()

    def broken() -> Any:
        yield one("b")
        raise DataError("can't be read")

    with pytest.raises(DataError, match="can't be read"):
        write_grades(tmp_path / "grades.csv", broken, RUBRICS)
    assert (tmp_path / "grades.csv").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_table_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "grades.csv").mkdir()
    with pytest.raises(DataError, match="can't be written") as error:
        table(tmp_path, one("a"))
    assert error.value.where.endswith("grades.csv")
    assert json.dumps([path.name for path in tmp_path.iterdir()]) == '["grades.csv"]'
