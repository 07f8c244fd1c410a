"""Commands with a home of their own.

`command` runs them in a thread, for a process takes a second to start; that they do the same in a
process of their own is for `tests/test_journeys.py` and those tests that use `environ` to show.
"""

import asyncio
import contextlib
import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interviewer.cli.app import run

ROOT = Path(__file__).parents[2]


def environ(home: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("INTERVIEWER_", "OPENAI_", "XDG_", "_INTERVIEWER"))
    }
    return kept | {"HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


async def command(home: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(_run, home, [str(each) for each in args])


def _run(home: Path, args: list[str]) -> subprocess.CompletedProcess[str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    kept = sys.argv, sys.stdin, dict(os.environ)
    try:
        with (
            Path(os.devnull).open(encoding="utf-8") as sys.stdin,
            contextlib.chdir(home),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            sys.argv = ["interviewer", *args]
            _set(environ(home))
            try:
                code = run()
            except BaseException:  # noqa: BLE001  what a process would end with
                traceback.print_exc()
                code = 1
    finally:
        sys.argv, sys.stdin = kept[:2]
        _set(kept[2])
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return subprocess.CompletedProcess(args, code, *said)


def _set(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


def write_rows(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
