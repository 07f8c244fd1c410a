import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.replies import NAME, Collected, Replies
from interviewer.batch.requests import RequestFiles
from interviewer.errors import DataError, RefusedError
from interviewer.llm.deferred import form_of
from interviewer.llm.replies import Reply
from tests.fake_endpoint import said

SENT = "{}"
A, B, C = (letter * 32 for letter in "abc")


@pytest.fixture
def files(tmp_path: Path) -> RequestFiles:
    made = RequestFiles(tmp_path, size=1000)
    made.begin(1)
    return made


@pytest.fixture
def replies(tmp_path: Path, files: RequestFiles) -> Iterator[Replies]:
    made = Replies(tmp_path, files)
    yield made
    made.close()


@pytest.fixture
def requests(tmp_path: Path, files: RequestFiles) -> Path:
    for name in (A, B, C):
        files.add(name, SENT)
    return tmp_path / files.close()[0].path


def outcomes(folder: Path, *lines: Any) -> list[Path]:
    path = folder / "output.jsonl"
    text = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in lines)
    path.write_text(text, encoding="utf-8")
    return [path]


def answered(name: str, body: Any = None, status: int = 200) -> dict[str, Any]:
    body = said(f"from {name[0]}").body if body is None else body
    return {"custom_id": name, "response": {"status_code": status, "body": body}, "error": None}


def unrun(name: str) -> dict[str, Any]:
    return {"custom_id": name, "response": None, "error": {"code": "batch_expired"}}


def text(replies: Replies, name: str) -> str | None:
    reply = replies.take(name).reply
    return None if reply is None else Reply.model_validate_json(reply).text


def test_replies_failures_and_what_was_not_run_are_told_apart(
    tmp_path: Path, replies: Replies, requests: Path
) -> None:
    refusal = {"error": {"message": "too long", "code": "context_length_exceeded"}}
    lines = outcomes(tmp_path, answered(B), answered(A, refusal, 400))
    assert replies.collect("batch_1", requests, lines) == Collected(1, 1, 1)
    assert text(replies, B) == "from b"
    failure = replies.take(A).failure
    assert failure
    assert (failure.status, failure.form, failure.times) == (400, form_of(SENT), 1)
    assert failure.error == refusal["error"]
    lost = replies.take(C).failure
    assert lost
    assert (lost.status, lost.times) == (0, 1)


def test_what_is_collected_twice_counts_once(
    tmp_path: Path, replies: Replies, requests: Path
) -> None:
    lines = outcomes(tmp_path, answered(A), unrun(B))
    for _ in range(2):
        replies.collect("batch_1", requests, lines)
    failure = replies.take(B).failure
    assert failure
    assert failure.times == 1
    replies.collect("batch_2", requests, lines)
    failure = replies.take(B).failure
    assert failure
    assert failure.times == 2


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        '{"response": {}}',
        answered(A, {"choices": []}),
        answered(A, "words"),
        answered(A, None, 500) | {"response": {"status_code": 500, "body": "<html>"}},
    ],
)
def test_a_line_that_makes_no_sense_is_a_failure_of_its_request_alone(
    tmp_path: Path, replies: Replies, requests: Path, line: Any
) -> None:
    replies.collect("batch_1", requests, outcomes(tmp_path, line, answered(B)))
    assert text(replies, B) == "from b"
    kept = replies.take(A)
    assert kept.reply is None
    assert kept.failure


def test_a_reply_that_nobody_asked_for_is_not_kept(
    tmp_path: Path, replies: Replies, requests: Path
) -> None:
    stranger = "f" * 32
    replies.collect("batch_1", requests, outcomes(tmp_path, answered(stranger)))
    assert text(replies, stranger) is None


def test_what_can_not_be_read_to_its_end_is_not_kept_by_half(
    tmp_path: Path, replies: Replies, requests: Path
) -> None:
    lines = outcomes(tmp_path, answered(A))
    with pytest.raises(DataError, match="can't be kept"):
        replies.collect("batch_1", requests, [*lines, tmp_path / "gone.jsonl"])
    assert text(replies, A) is None


def test_a_cancelled_batch_blames_nobody(tmp_path: Path, replies: Replies, requests: Path) -> None:
    lines = outcomes(tmp_path, answered(A), unrun(B))
    assert replies.collect("batch_1", requests, lines, blame=False).missing == 1
    assert (replies.take(B).failure, replies.take(C).failure) == (None, None)


def test_lines_that_were_refused_are_failures_of_their_requests(
    replies: Replies, requests: Path
) -> None:
    replies.blame("batch_1", requests, {2: {"message": "no such parameter"}})
    failure = replies.take(B).failure
    assert failure
    assert failure.status == 400
    assert replies.take(A).failure is None


def test_failures_are_forgotten_and_replies_are_not(
    tmp_path: Path, replies: Replies, requests: Path
) -> None:
    replies.collect("batch_1", requests, outcomes(tmp_path, answered(A), unrun(B)))
    replies.forget_failures()
    assert text(replies, A) == "from a"
    assert replies.take(B).failure is None


def test_a_reply_is_counted_once_each_time_that_all_is_looked_through(replies: Replies) -> None:
    reply = Reply.model_validate(said("Good day").body)
    replies.put(A, reply)
    assert replies.take(A).counted
    replies.begin()
    assert [replies.take(A).counted for _ in range(2)] == [False, True]


def test_what_is_wanted_twice_is_written_once(
    tmp_path: Path, replies: Replies, files: RequestFiles
) -> None:
    for name in (A, B, A):
        replies.want(name, SENT)
    assert [part.requests for part in files.close()] == [2]


def test_what_is_too_large_is_refused_each_time(replies: Replies) -> None:
    for _ in range(2):
        with pytest.raises(RefusedError):
            replies.want(A, "x" * 2000)


def test_a_file_of_something_else_is_named(tmp_path: Path, files: RequestFiles) -> None:
    (tmp_path / NAME).write_text("hello " * 99, encoding="utf-8")
    with pytest.raises(DataError, match="can't be kept"):
        Replies(tmp_path, files)
