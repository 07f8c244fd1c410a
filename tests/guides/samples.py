"""Guides on disk for tests."""

from collections.abc import Mapping
from pathlib import Path

_PLAIN = """\
---
{front}
---
# {question}

## Interviewer's Goals

1. **Honesty**: They want {goal}.

## How to Approach Your Answer

1. **Set the Scene**: Say where it was.

## Tips for Success

- **Be Brief**: {tip}

## Related Questions

{related}
"""


def put(folder: Path, name: str, question: str, **about: str) -> Path:
    """Write a guide `name`; `front`, `goal`, `tip` and `related` (questions, by lines) as given."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {"front": f"id: {name}", "goal": "what was yours", "tip": "Two minutes do."}
    related = about.pop("related", "Why do you want this job?")
    text = _PLAIN.format_map({**known, **about, "question": question, "related": _listed(related)})
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path


def _listed(lines: str) -> str:
    return "\n".join(f"- {line}" for line in lines.split("\n"))


def bank_folder(folder: Path, questions: Mapping[str, str]) -> Path:
    """Write a guide for each name -> question."""
    for name, question in questions.items():
        put(folder, name, question)
    return folder
