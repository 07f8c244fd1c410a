"""Cassettes that are torn, or somebody else's, or that can't be written."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviewer.errors import CassetteError
from interviewer.llm.cassette_file import About, CassetteFile, load_cassette

ABOUT = About(recorded_by="1", model="tiny", shown="tiny", at_once=False, guide="failure")


def interaction(text: str = "Late?") -> dict[str, Any]:
    return {
        "request": {
            "method": "POST",
            "uri": "http://model.invalid/v1/chat/completions",
            "headers": {"prompt": ["label"], "place": ["turn 1"]},
            "body": f'{{"messages": "{text}"}}',
        },
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"content-type": ["application/json"]},
            "body": {"string": '{"choices": ["\u00e9 \U0001f600 \\u001b"]}'},
        },
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "session.yaml"
    file = CassetteFile(made, anew=False)
    for text in ("One?", "Two?"):
        file.add(ABOUT, interaction(text))
    file.close()
    return made


def fault(path: Path) -> CassetteError:
    with pytest.raises(CassetteError) as caught:
        load_cassette(path)
    assert caught.value.where.startswith(str(path))
    return caught.value


def test_what_was_added_is_read(path: Path) -> None:
    about, calls = load_cassette(path)
    assert about == ABOUT
    assert [call.body for call in calls] == [{"messages": "One?"}, {"messages": "Two?"}]
    assert (calls[0].prompt, calls[0].place, calls[0].status) == ("label", "turn 1", 200)
    assert calls[0].content.decode() == '{"choices": ["\u00e9 \U0001f600 \\u001b"]}'


def test_a_reply_that_is_no_text_is_kept_as_it_is(tmp_path: Path) -> None:
    made = tmp_path / "bytes.yaml"
    file = CassetteFile(made, anew=False)
    told = interaction()
    told["response"]["body"]["string"] = b"\xff\x00"
    file.add(ABOUT, told)
    file.close()
    assert load_cassette(made)[1][0].content == b"\xff\x00"


def test_a_torn_cassette_is_told_with_the_line_where_it_breaks_off(path: Path) -> None:
    text = path.read_bytes()
    path.write_bytes(text[:-20])
    found = fault(path)
    assert int(found.where.rpartition(":")[2]) >= text.count(b"\n") - 1
    assert "torn" in found.what


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_wherever_it_breaks_off_it_is_read_or_told(path: Path, share: float) -> None:
    whole = path.read_bytes()
    torn = path.with_name("torn.yaml")
    torn.write_bytes(whole[: int(len(whole) * share)])
    try:
        about, calls = load_cassette(torn)
    except CassetteError:
        fault(torn)
    else:
        assert about == ABOUT
        assert [each.body["messages"] for each in calls] == ["One?", "Two?"][: len(calls)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_any_other_file_is_told_as_none(path: Path, data: bytes) -> None:
    other = path.with_name("other")
    other.write_bytes(data)
    fault(other)


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("", "not a cassette", 1),
        ("{}", "not a cassette", 1),
        ('{"event": "answer"}\n{"event": "end"}\n', "not a cassette", 2),
        ("interactions: []\nversion: 1\n", "metadata", 1),
        ("version: 1\ninteractions: !!python/object/apply:os.getpid []\n", "python", 2),
        ("a: &x [1]\nb: *y\n", "alias", 2),
        ("[" * 5000, "", 1),
        ("a: \x07", "", 1),
    ],
)
def test_a_foreign_file_is_told_with_its_line(
    tmp_path: Path, text: str, what: str, line: int
) -> None:
    path = tmp_path / "foreign"
    path.write_text(text, encoding="utf-8")
    found = fault(path)
    assert what in found.what
    assert found.where == f"{path}:{line}"
    assert "--record" in found.hint


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("code: 200", "code: many", "interactions.1.response.status.code"),
        ('{"messages": "Two?"}', "no JSON", "interactions.1.request.body"),
    ],
)
def test_a_wrong_interaction_is_told_with_its_line(
    path: Path, old: str, new: str, what: str
) -> None:
    head, _, tail = path.read_text(encoding="utf-8").rpartition(old)
    path.write_text(head + new + tail, encoding="utf-8")
    found = fault(path)
    assert what in found.what
    assert found.where == f"{path}:{head.count(chr(10)) + 1}"


def test_a_cassette_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    assert "can't be read" in fault(tmp_path).what


@pytest.mark.parametrize("name", ["there.yaml", "nowhere/session.yaml", "folder"])
def test_where_nothing_can_be_recorded_it_is_told_before_the_interview(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "there.yaml").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(CassetteError, match="no cassette can be recorded here"):
        CassetteFile(tmp_path / name, anew=name == "folder")


def test_what_can_not_be_written_in_full_is_taken_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = path.with_name("full.yaml")
    file = CassetteFile(made, anew=False)
    file.add(ABOUT, interaction("One?"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(CassetteError, match="can't be written: No space left"):
            file.add(ABOUT, interaction("Two?"))
    file.add(ABOUT, interaction("Three?"))
    file.close()
    assert [call.body["messages"] for call in load_cassette(made)[1]] == ["One?", "Three?"]


def test_a_beginning_that_can_not_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    file = CassetteFile(tmp_path / "session.yaml", anew=False)
    with pytest.raises(CassetteError):
        file.add(ABOUT, interaction())
    assert list(tmp_path.iterdir()) == []
    assert not file.begun


def test_of_two_that_record_in_the_same_file_the_later_one_leaves_the_first_alone(
    tmp_path: Path,
) -> None:
    made = tmp_path / "session.yaml"
    one, other = CassetteFile(made, anew=False), CassetteFile(made, anew=False)
    one.add(ABOUT, interaction("Late?"))

    with pytest.raises(CassetteError, match="another session has begun"):
        other.add(ABOUT, interaction("Early?"))

    one.add(ABOUT, interaction("Why?"))
    one.close()
    assert len(load_cassette(made)[1]) == 2
    assert [each.name for each in tmp_path.iterdir()] == ["session.yaml"]
