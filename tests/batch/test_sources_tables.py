import io
import json
import sqlite3
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pytest

import interviewer.batch.tables as tables
from interviewer import extras
from interviewer.batch.rows import BadRow, Row, rows_of
from interviewer.batch.sources import Columns, Sources
from interviewer.checks import Turn
from interviewer.errors import DataError
from tests.batch.naming import SAID, failed, good, here, ids_of, put, rows_of_paths
from tests.batch.papers import parquet_file

__all__ = ["here"]  # a fixture


# Tables


def test_a_table_that_is_the_only_path_keeps_its_ids(here: Path) -> None:
    put("all/t.csv", text="id,answer\na,x\n,y\n")
    assert ids_of("all/t.csv") == ["a", "3"]


def test_among_others_a_table_puts_its_name_before_its_ids(here: Path) -> None:
    put("all/x/t.csv", text="id,answer\na,x\nb\na,z\n")
    put("b.txt")
    assert ids_of("all") == ["x/t.csv:a", "x/t.csv:3", "x/t.csv:a@4"]
    assert ids_of("all/x/t.csv", "b.txt") == ["t.csv:a", "t.csv:3", "t.csv:a@4", "b.txt"]


def test_columns_may_have_other_names(here: Path) -> None:
    put("t.tsv", text="name\ttext\tturns\tid\nann\tI; was, late.\tn/a\t7\n")
    (row,) = good("t.tsv", columns=Columns(id="name", answer="text", turns="talk"))
    assert (row.id, row.said, row.columns) == ("ann", "I; was, late.", {"turns": "n/a", "id": "7"})


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (Columns(answer="text"), "names no answers"),
        (Columns(id="name"), "no column 'name'"),
        (Columns(guide="rubric"), "no column 'rubric'"),
    ],
)
def test_a_column_that_is_not_there_is_an_error_where_the_table_is_all(
    here: Path, columns: Columns, told: str
) -> None:
    put("t.csv", text="id,answer\na,x\n")
    with Sources(["t.csv"], columns) as sources:
        with pytest.raises(DataError, match=told):
            list(sources.rows())
        with pytest.raises(DataError, match=told):
            sources.count()


def test_a_parquet_file_is_read_in_batches(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_BATCH", 2)
    parquet_file(
        Path("t.parquet"),
        id=[1.0, None, 3.0, 3.0, 5.0],
        answer=["a", "b", None, "d", "e"],
        turns=[None, None, SAID, None, None],
        score=[float("nan"), 2.5, 3.0, 4.0, 5.0],
    )
    rows = rows_of_paths("t.parquet")
    assert [row.id for row in rows] == ["1", "2", "3", "3@4", "5"]
    first, _, third, twice, _ = rows
    assert first == Row("1", "t.parquet:1", "a", {"score": None})
    assert isinstance(third, Row)
    assert third.said == (Turn("Why?", "So."),)
    assert isinstance(twice, BadRow)


def test_turns_in_a_parquet_file_may_be_json(here: Path) -> None:
    parquet_file(Path("t.parquet"), turns=[json.dumps(SAID), "nonsense"])
    assert good("t.parquet")[0].said == (Turn("Why?", "So."),)
    assert "no JSON" in failed("t.parquet")["2"]


def test_values_that_json_has_not_are_kept_as_text(here: Path) -> None:
    from datetime import date

    parquet_file(Path("t.parquet"), answer=["x"], day=[date(2026, 1, 2)], more=[[{"d": b"x"}]])
    (row,) = good("t.parquet")
    assert json.loads(json.dumps(row.columns)) == {"day": "2026-01-02", "more": [{"d": "b'x'"}]}


def test_a_parquet_file_without_its_library_gives_the_line_that_installs_it(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet_file(Path("t.parquet"), answer=["x"])
    put("b.txt")
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    line = "pip install -c constraints.txt -e '.[parquet]'"
    assert line in failed("t.parquet", "b.txt")["t.parquet"]
    with pytest.raises(DataError) as error:
        rows_of_paths("t.parquet")
    assert error.value.hint == line


@pytest.mark.parametrize("name", ["t.jsonl", "t.csv"])
def test_a_line_without_an_end_does_not_fill_the_memory(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(tables, "LARGEST_LINE", 50)
    put("z.txt")
    put(name, text='answer\n"x"\n' + "a" * 200 + '\n"y"\n')
    errors = failed(name, "z.txt")
    assert any("a line of more than" in error for error in errors.values())


def test_a_line_that_is_too_long_fails_alone_in_json_lines(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LARGEST_LINE", 50)
    put("t.jsonl", text="a" * 200 + '\n{"answer": "x"}\n')
    assert ids_of("t.jsonl") == ["1", "2"]
    assert list(failed("t.jsonl")) == ["1"]


def test_a_million_rows_are_never_in_memory(here: Path) -> None:
    """Drawing the first row of a table reads no further than a buffer's length."""
    read = 0

    class Counted(io.FileIO):
        def readinto(self, buffer: Any) -> int | None:
            nonlocal read
            found = super().readinto(buffer)
            read += found or 0
            return found

    put("t.jsonl", text='{"answer": "x"}\n' * 100_000)
    table = tables.Table("t", "lines", lambda: io.BufferedReader(Counted("t.jsonl")))
    rows = rows_of(table)
    next(rows)
    assert read <= 256 * 1024
    rows.close()  # type: ignore[attr-defined]


# Standard input


class Once(io.RawIOBase):
    """A pipe: it can be read, once."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._data.readinto(buffer)


def piped(data: str | bytes) -> BinaryIO:
    raw = Once(data if isinstance(data, bytes) else data.encode())
    return io.BufferedReader(raw)


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ('\ufeff\n {"id": "a", "answer": "x"}\n{"answer": "y"}\n', ["a", "3"]),
        ("id;answer\na;x\n;y\n", ["a", "3"]),
        (" \n" * 3 + "answer\nx\n", ["5"]),
    ],
)
def test_standard_input_is_json_lines_where_it_begins_with_a_brace_else_csv(
    data: str, ids: list[str]
) -> None:
    assert ids_of("-", stdin=piped(data)) == ids


def test_standard_input_may_be_one_of_several(here: Path) -> None:
    put("a.txt")
    assert ids_of("-", "a.txt", stdin=piped('{"id": "a", "answer": "x"}\n')) == ["stdin:a", "a.txt"]


def test_an_empty_standard_input_has_no_rows() -> None:
    assert rows_of_paths("-", stdin=piped("")) == []


def test_rows_of_standard_input_can_be_drawn_side_by_side() -> None:
    data = "".join(f'{{"id": "{n}", "answer": "{"x" * 100}"}}\n' for n in range(2000))
    with Sources(["-"], stdin=piped(data)) as sources:
        pairs = zip(sources.rows(), sources.rows(), strict=True)
        assert sum(one == other for one, other in pairs) == 2000


def test_nothing_of_standard_input_is_left_on_the_disk(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(here))
    with Sources(["-"], stdin=piped('{"answer": "x"}\n')) as sources:
        assert sources.count() == 1
        assert list(here.iterdir()) == []


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(DataError, match="No space left on device"):
        rows_of_paths("-", stdin=piped("x"))


def test_a_full_disk_for_the_ids_is_told(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def execute(self, command: str, *_: object) -> None:
            if command.startswith("INSERT"):
                raise sqlite3.OperationalError("database or disk is full")

        def close(self) -> None:
            pass

    put("a.txt")
    monkeypatch.setattr("sqlite3.connect", lambda *_, **__: Full())
    with Sources(["a.txt"]) as sources, pytest.raises(DataError, match="disk is full"):
        list(sources.rows())
