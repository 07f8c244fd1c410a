"""Progress as one JSON object: the values as they are, times as ISO 8601."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from interviewer.progress.values import Progress


def as_object(progress: Progress) -> dict[str, Any]:
    """Return all of it as what `json.dumps` takes; figures to four places."""
    found: dict[str, Any] = _plain(asdict(progress))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value
