"""Where transcripts are saved, and which of them is the newest."""

import contextlib
import re
from pathlib import Path

from interviewer.errors import TranscriptError
from interviewer.transcript.reading import load_transcript
from interviewer.transcript.salvaging import salvage_transcript

_STAMPED = re.compile(r"(\d{4}-\d\d-\d\d-\d{6})-.*?(?:-(\d+))?\.jsonl")


def find_last(folder: Path, *, unfinished: bool) -> Path | None:
    """Return the newest transcript in `folder`, or None where there is none.

    Args:
        folder: Need not exist; what is not a transcript in it is passed over.
        unfinished: Whether to look only at sessions that can go on: whole files of sessions that
            never ended or that were quit. Otherwise a damaged file counts too.
    """
    for path in newest_first(folder):
        with contextlib.suppress(TranscriptError):
            if not unfinished:
                return salvage_transcript(path).path
            if load_transcript(path).resumable:
                return path
    return None


def newest_first(folder: Path) -> list[Path]:
    """Return the files in `folder` that are called as transcripts are, the newest first."""
    return sorted(folder.glob("*.jsonl"), key=_age, reverse=True)


def default_folder(cwd: Path) -> Path:
    """Return where sessions are saved: in the checkout if `cwd` is in it, else the user's data."""
    root = Path(__file__).resolve().parents[2]
    if cwd.resolve().is_relative_to(root) and _is_checkout(root):
        return root / "transcripts"
    from platformdirs import user_data_path

    return user_data_path("interviewer", appauthor=False) / "transcripts"


def _is_checkout(root: Path) -> bool:
    import tomllib

    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(project.get("project", {}).get("name") == "interviewer")


def _age(path: Path) -> tuple[str, int, str]:
    """Return what sorts older before newer: the stamp in the name, then the number after it."""
    match = _STAMPED.fullmatch(path.name)
    return (match[1], int(match[2] or 0), path.name) if match else ("", 0, path.name)
