import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.rows import BadRow, Row, joined, read_rows
from interviewer.checks import Turn
from interviewer.errors import DataError

ASKED, SAID = "interviewer", "candidate"


def rows_of(folder: Path, text: str | bytes, name: str = "rows.jsonl") -> list[Row | BadRow]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_rows(path))


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_a_row_keeps_its_id_its_answer_and_its_further_columns(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, lines({"id": "a", "answer": "I was late.", "human_overall": 3}))
    assert isinstance(row, Row)
    assert (row.id, row.said, row.columns) == ("a", "I was late.", {"human_overall": 3})
    assert row.source.endswith("rows.jsonl:1")


def test_a_row_without_an_id_is_called_after_its_line(tmp_path: Path) -> None:
    found = rows_of(tmp_path, "\ufeff\n" + lines({"answer": "x"}, {"id": 7, "answer": "y"}))
    assert [row.id for row in found] == ["2", "7"]


def test_turns_become_questions_and_answers(tmp_path: Path) -> None:
    turns = [{"role": ASKED, "text": "Why?"}, {"role": SAID, "text": "So."}]
    (row,) = rows_of(tmp_path, lines({"id": "a", "turns": turns}))
    assert isinstance(row, Row)
    assert row.said == (Turn("Why?", "So."),)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([(ASKED, "A?"), (ASKED, "B?"), (SAID, "c"), (SAID, "d")], [("A? B?", "c d")]),
        ([(ASKED, "A?"), (SAID, "b"), (ASKED, "mhm"), (SAID, "c")], [("A?", "b c")]),
        ([(ASKED, "A?"), (SAID, "b"), (ASKED, "ok, very good"), (SAID, "c")], [("A?", "b c")]),
        ([(ASKED, "A?"), (SAID, "b"), (ASKED, "Why?"), (SAID, "c")], [("A?", "b"), ("Why?", "c")]),
        (
            [(ASKED, "A?"), (SAID, "b"), (ASKED, "tell me much more"), (SAID, "c")],
            [("A?", "b"), ("tell me much more", "c")],
        ),
        ([(ASKED, "hello"), (SAID, "hi")], [("hello", "hi")]),
        ([(SAID, "hi"), (ASKED, "ok"), (SAID, "so")], [("", "hi so")]),
        ([(ASKED, "A?"), (SAID, "b"), (ASKED, "Thank you.")], [("A?", "b")]),
        ([(ASKED, "A?"), (SAID, "b"), (ASKED, "mhm"), (ASKED, "And C?"), (SAID, "d")], None),
    ],
)
def test_turns_of_one_role_are_joined_and_back_channels_ask_nothing(
    turns: Sequence[tuple[str, str]], expected: list[tuple[str, str]] | None
) -> None:
    wanted = expected or [("A?", "b"), ("mhm And C?", "d")]
    assert [(turn.asked, turn.said) for turn in joined(turns)] == wanted


@given(st.lists(st.tuples(st.sampled_from([ASKED, SAID]), st.text())))
def test_no_word_of_the_candidate_is_lost_in_joining(turns: list[tuple[str, str]]) -> None:
    said = " ".join(turn.said for turn in joined(turns))
    assert said.split() == " ".join(text for role, text in turns if role == SAID).split()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "no JSON"),
        ("[1]", "a list"),
        ("7", "the number 7"),
        ("{}", "neither answer nor turns"),
        ('{"id": "a", "answer": null}', "neither answer nor turns"),
        ('{"id": "a", "answer": 3}', "the number 3 as the answer"),
        ('{"id": "a", "answer": NaN}', "no JSON"),
        ('{"id": true, "answer": "x"}', "true or false as the id"),
        ('{"id": " ", "answer": "x"}', "a text as the id"),
        ('{"id": "a", "answer": "x", "turns": []}', "an answer and turns"),
        ('{"id": "a", "turns": []}', "no turn of the candidate"),
        ('{"id": "a", "turns": {}}', "an object as the turns"),
        ('{"id": "a", "turns": ["x"]}', "a text as turn 1"),
        ('{"id": "a", "turns": [{"role": "boss", "text": "x"}]}', "the role 'boss' in turn 1"),
        ('{"id": "a", "turns": [{"role": "candidate"}]}', "null as the text of turn 1"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_a_bad_row_says_what_was_found_and_expected_and_the_rest_goes_on(
    tmp_path: Path, line: str, found: str
) -> None:
    bad, good = rows_of(tmp_path, line + "\n" + lines({"id": "good", "answer": "x"}))
    assert isinstance(bad, BadRow)
    assert isinstance(good, Row)
    assert found in bad.error
    assert "expected" in bad.error
    assert bad.source.endswith("rows.jsonl:1")


def test_an_id_that_is_there_twice_fails_the_second_row_only(tmp_path: Path) -> None:
    first, second = rows_of(tmp_path, lines({"id": "a", "answer": "x"}, {"id": "a", "answer": "y"}))
    assert isinstance(first, Row)
    assert isinstance(second, BadRow)
    assert second.id == "a@2"


def test_a_line_that_is_not_utf8_fails_alone(tmp_path: Path) -> None:
    bad, good = rows_of(tmp_path, b'{"answer": "\xff"}\n{"answer": "x"}\n')
    assert isinstance(bad, BadRow)
    assert "0xff" in bad.error
    assert isinstance(good, Row)


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, '{"answer": "a\\ud800b"}\n')
    assert isinstance(row, Row)
    assert row.said == "a\N{REPLACEMENT CHARACTER}b"


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_make_rows_or_bad_rows(tmp_path_factory: Any, data: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("any")
    rows_of(folder, b"\n".join(data))
    for row in rows_of(folder, b"id,answer\n" + b"\n".join(data), "rows.csv"):
        assert row.id


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_with_its_mark_delimiter_and_line_ends(
    tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["id", "answer", "human_overall"])
        writer.writerow(["a", 'I said "no",\nand; left.', "3.5"])
        writer.writerow(["", "x", ""])
    first, second = read_rows(path)
    assert isinstance(first, Row)
    assert (first.id, first.said) == ("a", 'I said "no",\nand; left.')
    assert first.columns == {"human_overall": "3.5"}
    assert (second.id, second.source.rpartition(":")[2]) == ("4", "4")


def test_turns_stand_in_a_csv_file_as_json(tmp_path: Path) -> None:
    turns = json.dumps([{"role": SAID, "text": "hi"}]).replace('"', '""')
    text = f'id,answer,turns\na,,"{turns}"\nb,,nonsense\nc,x,\nd,x\n'
    good, nonsense, plain, short = rows_of(tmp_path, text, "rows.csv")
    assert isinstance(good, Row)
    assert good.said == (Turn("", "hi"),)
    assert isinstance(nonsense, BadRow)
    assert "no JSON" in nonsense.error
    assert isinstance(plain, Row)
    assert isinstance(short, BadRow)
    assert "found 2 cells; expected 3" in short.error


def test_bad_bytes_and_open_quotes_in_a_csv_file_fail_their_rows(tmp_path: Path) -> None:
    bytes_, good, quote = rows_of(tmp_path, b'id,answer\na,\xff\nb,x\nc,"open\n', "rows.csv")
    assert isinstance(bytes_, BadRow)
    assert isinstance(good, Row)
    assert isinstance(quote, BadRow)
    assert quote.source.endswith(":4")


@pytest.mark.parametrize(
    ("text", "what"),
    [("id,text\na,b\n", "names no answers"), ("answer,x,x\na,b,c\n", "two columns")],
)
def test_a_csv_header_that_makes_no_sense_stops_at_once(
    tmp_path: Path, text: str, what: str
) -> None:
    with pytest.raises(DataError, match=what):
        rows_of(tmp_path, text, "rows.csv")


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "a\0b"])
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="can't be read"):
        list(read_rows(tmp_path / name))
