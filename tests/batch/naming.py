"""What tests of sources have in common: files in an empty folder, and the rows of paths."""

from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.rows import BadRow, Row
from interviewer.batch.sources import Sources

SAID = [{"role": "interviewer", "text": "Why?"}, {"role": "candidate", "text": "So."}]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that paths are short."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*names: str, text: str = "I was late.") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def rows_of_paths(*paths: str, **more: Any) -> list[Row | BadRow]:
    """Return the rows, and make sure that counting finds as many."""
    with Sources(paths, **more) as sources:
        rows = list(sources.rows())
        assert sources.count() == len(rows)
        assert list(sources.rows()) == rows
    return rows


def ids_of(*paths: str, **more: Any) -> list[str]:
    return [row.id for row in rows_of_paths(*paths, **more)]


def failed(*paths: str, **more: Any) -> dict[str, str]:
    """Return id -> error of the bad rows."""
    return {row.id: row.error for row in rows_of_paths(*paths, **more) if isinstance(row, BadRow)}


def good(*paths: str, **more: Any) -> list[Row]:
    return [row for row in rows_of_paths(*paths, **more) if isinstance(row, Row)]
