"""A guide in short."""

from pathlib import Path

from interviewer.value import Value


class Card(Value):
    """What is known of a guide without opening it."""

    id: str
    question: str
    role: str = ""
    kind: str = ""
    level: str | None = None
    competencies: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    draft: bool = False
    path: Path = Path()
    own: bool = False
