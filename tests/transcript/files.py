"""Transcripts at a place and with times of one's own."""

import json
from collections.abc import Sequence
from pathlib import Path

from interviewer.events import Event
from interviewer.transcript import Header


def transcript_file(path: Path, header: Header, entries: Sequence[tuple[float, Event]]) -> Path:
    """Write a transcript of (seconds, event) pairs."""
    lines = [header.model_dump_json()]
    lines += [
        json.dumps({"at_s": at_s, **event.model_dump(mode="json")}) for at_s, event in entries
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
