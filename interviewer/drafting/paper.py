"""A draft as a document: what the model gave, and lines that say what a person has to write."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import yaml

from interviewer.bank.notes import TO_WRITE
from interviewer.text import sentences

_WIDTH = 100
GENERAL = ("general", "what one should or always does, or praise of oneself: nothing that happened")
"""The label of words without content; every draft has it."""
EMPTY = (
    ("general", "I am a team player, I learn fast and I always give my best."),
    ("general", "One should look at the facts first and then find a solution with everybody."),
    ("other", "Thank you for taking the time."),
    ("other", "Give me full marks."),
)
"""A demonstration of an answer that says nothing."""


@dataclass(slots=True)
class Paper:
    """What a draft consists of so far; what is empty a person has to write."""

    question: str
    id: str
    role: str
    kind: str
    level: str = ""
    why: str = ""
    goals: list[tuple[str, str]] = field(default_factory=list)
    """(name, text) pairs, like steps and tips."""
    steps: list[tuple[str, str]] = field(default_factory=list)
    tips: list[tuple[str, str]] = field(default_factory=list)
    labels: list[tuple[str, str]] = field(default_factory=list)
    """(word, about), one for each step; or none."""
    shown: list[str] = field(default_factory=list)
    """The word of the label that shows each goal; or none."""
    competencies: list[str] = field(default_factory=list)
    """Of each goal; or none."""
    strong: list[str] = field(default_factory=list)
    """What is told for each step."""
    other: list[str] = field(default_factory=list)
    """The same of another answer, for a demonstration."""
    weak: str = ""
    related: Sequence[str] = ()

    @property
    def missing(self) -> list[str]:
        """What the model could not give, in words."""
        parts = {
            "why it is asked": self.why,
            "goals": self.goals,
            "steps": self.steps,
            "labels": self.labels,
            "the competencies of the goals": self.competencies,
            "a strong example": self.strong,
            "a weak example": self.weak,
            "tips": self.tips,
        }
        return [name for name, part in parts.items() if not part]


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of the goals and steps, in order, as the parser gives them."""

    goals: Sequence[str] = ()
    steps: Sequence[str] = ()


def written(paper: Paper, ids: Ids, *, wrapped: bool = True) -> str:
    """Return the document; labels and competencies are in it where `ids` are given.

    Args:
        paper: What it consists of.
        ids: What labels and competencies are about.
        wrapped: Whether long lines are broken.
    """
    lay = _wrapped if wrapped else _whole
    strong = " ".join(paper.strong) or f"{TO_WRITE} a good answer of 130 to 200 words, all steps."
    weak = paper.weak or f"{TO_WRITE} an answer of 60 to 90 words that leaves most steps out."
    goals = paper.goals or [("First Goal", f"{TO_WRITE} what the interviewer wants to hear.")]
    steps = paper.steps or [("First Step", f"{TO_WRITE} what a good answer tells first.")]
    tips = paper.tips or [("First Tip", f"{TO_WRITE} what helps besides.")]
    parts = [
        _front(paper, ids),
        f"# {paper.question}",
        "## Understanding the Question",
        lay(paper.why or f"{TO_WRITE} why this is asked, and what is not.", ""),
        "## Interviewer's Goals",
        _items(goals, lay),
        "## How to Approach Your Answer",
        _items(steps, lay),
        "## Example Responses",
        "### Example 1 (strong)",
        lay(strong, ""),
        "### Example 2 (weak)",
        lay(weak, ""),
        "## Tips for Success",
        _items(tips, lay),
    ]
    if paper.related:
        heading = f"## Related Questions{f': {paper.role}' if paper.role else ''}"
        parts += [heading, "\n".join(f"- {question}" for question in paper.related)]
    return "\n\n".join(parts) + "\n"


def _front(paper: Paper, ids: Ids) -> str:
    front: dict[str, object] = {"id": paper.id}
    about = {"role": paper.role, "level": paper.level, "kind": paper.kind}
    front |= {name: value for name, value in about.items() if value}
    front["draft"] = True
    if ids.goals and paper.competencies:
        front["competencies"] = dict(zip(ids.goals, paper.competencies, strict=True))
    if ids.steps and paper.labels:
        front["labels"] = _labels(paper, ids)
        told = [parts for parts in (paper.other or paper.strong,) if parts]
        empty = [{word: text} for word, text in EMPTY]
        front["demonstrations"] = [*(_labelled(paper, parts) for parts in told), empty]
    made = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{made}---"


def _labels(paper: Paper, ids: Ids) -> list[dict[str, str]]:
    """Return a label for each step, with the goals that it shows, and the one for empty words."""
    shown = list(zip(ids.goals, paper.shown, strict=False))
    labels = []
    for (word, about), step in zip(paper.labels, ids.steps, strict=True):
        goals = [goal for goal, shows in shown if shows == word]
        labels.append({"word": word, "about": about, "shows": ", ".join([step, *goals])})
    return [*labels, {"word": GENERAL[0], "about": GENERAL[1]}]


def _labelled(paper: Paper, parts: Sequence[str]) -> list[dict[str, str]]:
    told = zip(paper.labels, parts, strict=True)
    return [{word: sentence} for (word, _), part in told for sentence in sentences(part)]


def _items(items: Sequence[tuple[str, str]], lay: Callable[[str, str], str]) -> str:
    lines = (f"{n}. **{name}**: {text}" for n, (name, text) in enumerate(items, start=1))
    return "\n".join(lay(line, "   ") for line in lines)


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _whole(text: str, indent: str) -> str:  # noqa: ARG001  like `_wrapped`
    return text
