"""Commands in a process of their own, with a home of their own."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def environ(home: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("INTERVIEWER_", "OPENAI_", "XDG_", "_INTERVIEWER"))
    }
    return kept | {"HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


async def command(home: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "interviewer", *map(str, args)],
        cwd=home,
        env=environ(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def write_rows(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
