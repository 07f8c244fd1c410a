import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from docs.write_schema import SCHEMA, schema
from interviewer.batch.ledger import NAME
from interviewer.batch.rows import BadRow
from interviewer.grade import Calibrated
from tests.batch.test_run import graded, grader, row
from tests.report.samples import one


def validator() -> Draft202012Validator:
    found = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def test_the_schema_in_docs_is_that_of_the_ledger() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema(), "run python docs/write_schema.py"


async def test_lines_of_a_ledger_are_valid(tmp_path: Path) -> None:
    await graded(tmp_path, grader(runs=2), row(), BadRow("7", "rows.jsonl:7", "found nothing"))
    lines = (tmp_path / NAME).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    for line in lines:
        validator().validate(json.loads(line))
    assert json.loads(lines[0])["guide"] == "failure"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "done"},
        {"overall": 0.5},
        {"evidence": [{"target": "a", "sentence": 0, "text": ""}]},
        {"steps": {"context": "yes"}},
        {"calibrated": {"value": 3}},
    ],
)
def test_a_line_of_something_else_is_not_valid(change: dict[str, Any]) -> None:
    found = Calibrated(value=3, scale=(1, 7), name="r", plain=3)
    line = one(calibrated=found)[1].model_dump(mode="json")
    assert validator().is_valid(line)
    assert not validator().is_valid(line | change)
