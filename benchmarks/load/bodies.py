"""The requests that our grader sends for the made-up answers: recorded, so they are its own."""

import json
import re
from pathlib import Path

from benchmarks.load.answers import NAMES, id_of, write_rows
from benchmarks.load.conduct import Conduct
from benchmarks.load.contenders import NO_SETTINGS, grade_command
from benchmarks.load.replies import parse
from benchmarks.load.running import RunError, Served, run

_NAMED = re.compile(rf"\b(?:{'|'.join(NAMES)})-(\d+)\b")


def record(path: Path, count: int) -> Path:
    """Grade `count` answers, write the bodies of all requests, one a line; return the path.

    Raises:
        RunError: It failed, or it was not one request for each answer.
    """
    folder = path.with_suffix("")
    folder.mkdir()
    answers = write_rows(folder / "answers.jsonl", count)
    with Served(Conduct(), path) as served:
        command = grade_command(answers, folder / "out", served.base_url, 64)
        ran = run(command, folder / "log", environ=NO_SETTINGS, timeout_s=1800)
        stats = served.stats()
    if ran.code or stats["requests"] != count or stats["distinct"] != count:
        raise RunError(f"{stats['requests']} requests for {count} answers:\n{ran.said}")
    return path


def own_keys(recorded: Path) -> dict[str, str]:
    """Return the id of each answer -> key of the first request about it, in a record of a run."""
    found: dict[str, str] = {}
    with recorded.open("rb") as file:
        for line in file:
            asked = parse(line)
            if named := _NAMED.search(json.dumps(asked.prompt)):
                found.setdefault(id_of(int(named[1])), asked.key)
    return found
