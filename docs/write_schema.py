"""Write the JSON Schema of a ledger line beside this file: `python docs/write_schema.py`."""

import json
from pathlib import Path

from interviewer.batch.result import Result

SCHEMA = Path(__file__).parent / "results.schema.json"


def schema() -> str:
    """Return the schema as it stands in the file."""
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Result.model_json_schema(mode="serialization"),
        "title": "A line of results.jsonl",
    }
    return json.dumps(made, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
