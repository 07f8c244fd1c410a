"""Requests as our grader sends them for the made-up answers, without running it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openai import pydantic_function_tool

from benchmarks.load.answers import answer
from benchmarks.load.serving import MODEL
from interviewer.cli.choices import DEFAULT_GUIDE, load
from interviewer.labelling import _Sentences
from interviewer.prompts import Prompts
from interviewer.text import messages, units


def bodies(count: int) -> Iterator[dict[str, Any]]:
    """Yield the request for each answer; `throughput.py` checks that they are the grader's own."""
    guide, prompts = load(DEFAULT_GUIDE), Prompts(None)
    schema = pydantic_function_tool(_Sentences)["function"]["parameters"]
    form = {"name": "_Sentences", "strict": True, "schema": schema}
    for number in range(count):
        said = [text for _, text in units(answer(number))]
        yield {
            "model": MODEL,
            "messages": messages(prompts.render("label-all", guide=guide, units=said)),
            "max_tokens": 100 + 30 * len(said),
            "temperature": 0.0,
            "seed": 7,
            "response_format": {"type": "json_schema", "json_schema": form},
        }


def write_bodies(path: Path, count: int) -> Path:
    """Write them, one a line, and return the path."""
    with path.open("w", encoding="utf-8") as file:
        for body in bodies(count):
            file.write(json.dumps(body) + "\n")
    return path


def strangers(recorded: Path, count: int) -> int:
    """Return how many bodies that an endpoint recorded are none of the first `count`."""
    known = {json.dumps(body, sort_keys=True) for body in bodies(count)}
    lines = recorded.read_text(encoding="utf-8").splitlines()
    return sum(json.dumps(json.loads(line), sort_keys=True) not in known for line in lines)
