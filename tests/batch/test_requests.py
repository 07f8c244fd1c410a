import json
from pathlib import Path

import pytest

from interviewer.batch.requests import Part, RequestFiles, halved, read_requests
from interviewer.errors import DataError, RefusedError
from interviewer.llm.deferred import form_of

SENT = '{"messages":[{"content":"Grüße","role":"user"}]}'


def name(number: int) -> str:
    return f"{number:032x}"


def written(folder: Path, count: int, **limits: int) -> list[Part]:
    files = RequestFiles(folder, **limits)
    files.begin(1)
    for number in range(count):
        files.add(name(number), SENT)
    return files.close()


def test_a_request_is_a_line_that_the_service_understands(tmp_path: Path) -> None:
    (part,) = written(tmp_path, 2)
    data = (tmp_path / part.path).read_bytes()
    assert (part.path, part.requests, part.size) == ("round-001/requests-001.jsonl", 2, len(data))
    assert json.loads(data.splitlines()[1]) == {
        "custom_id": name(1),
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": json.loads(SENT),
    }
    assert list(read_requests(tmp_path / part.path)) == [
        (name(0), form_of(SENT)),
        (name(1), form_of(SENT)),
    ]


def test_a_file_that_is_full_of_requests_is_followed_by_another(tmp_path: Path) -> None:
    assert [part.requests for part in written(tmp_path, 5, requests=2)] == [2, 2, 1]


def test_a_file_that_is_full_of_bytes_is_followed_by_another(tmp_path: Path) -> None:
    size = written(tmp_path, 1)[0].size
    parts = written(tmp_path, 5, size=2 * size)
    assert [part.requests for part in parts] == [2, 2, 1]
    assert all((tmp_path / part.path).stat().st_size <= 2 * size for part in parts)


def test_a_request_that_fits_in_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="larger than the 9 bytes"):
        written(tmp_path, 1, size=9)


def test_what_an_earlier_attempt_wrote_goes(tmp_path: Path) -> None:
    written(tmp_path, 3, requests=1)
    written(tmp_path, 1)
    assert [path.name for path in (tmp_path / "round-001").iterdir()] == ["requests-001.jsonl"]


def test_the_halves_of_a_file_hold_its_requests(tmp_path: Path) -> None:
    (part,) = written(tmp_path, 5)
    parts = halved(tmp_path, part)
    assert [each.requests for each in parts] == [2, 3]
    assert [each.size for each in parts] == [
        (tmp_path / each.path).stat().st_size for each in parts
    ]
    assert (
        b"".join((tmp_path / each.path).read_bytes() for each in parts)
        == (tmp_path / part.path).read_bytes()
    )


def test_nobody_else_may_read_what_candidates_said(tmp_path: Path) -> None:
    (part,) = written(tmp_path, 1)
    assert (tmp_path / part.path).stat().st_mode & 0o077 == 0


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read"):
        list(read_requests(tmp_path / "requests.jsonl"))
