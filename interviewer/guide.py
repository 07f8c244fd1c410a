"""A guide: the document that everything else is made from, as a value, and how text becomes one.

The grammar lives in `guide_parser.py`, the front matter in `guide_front.py`; how files are found
and read, in `guide_file.py`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, cast, get_args

from pydantic import Field, model_validator

from interviewer.guide_faults import Fault, FaultyGuideError, Report, quoted
from interviewer.guide_front import FrontCheck, FrontMatter, parse_front_matter
from interviewer.guide_lines import lines_in, slug
from interviewer.guide_parser import KINDS, Draft, Kind, parse_document
from interviewer.shipped import shipped_guides_folder
from interviewer.text import words
from interviewer.value import Value

__all__ = [
    "Check",
    "Demonstration",
    "Example",
    "Fault",
    "FaultyGuideError",
    "Guide",
    "Item",
    "Label",
    "parse_faults",
    "parse_guide",
    "slug",
]

LARGEST = 1024 * 1024
"""Bytes that a guide may have."""

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_RESERVED = "overall"
"""Stands for the whole answer in a grade, so it is nobody's id."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

REST = "other"
"""The label of a sentence that shows nothing; every guide has it."""
Measure = Literal["order", "fluency", "brevity"]
MEASURES: tuple[str, ...] = get_args(Measure)
"""What code can measure; see `interviewer.grading.measures`."""

Slug = Annotated[str, Field(pattern=_SLUG)]


class Item(Value):
    """A goal, a step or a tip."""

    id: Slug
    """Made from the name; unique in the guide."""
    name: str
    text: str
    """What the name means; empty where the guide has only the name."""


class Example(Value):
    """An answer that the guide shows."""

    id: str
    """`example-1` and so on, by its place in the guide."""
    text: str
    """Paragraphs with blank lines between them, without the outer quotes."""
    weak: bool | None = None
    """Whether it is labelled weak (true) or strong (false); None where the label is silent."""


class Rating(Value):
    """Something that the model rates from 1 to 7."""

    of: str
    """Goes on after "Rate"."""
    typical: float
    """The rating of a usual answer: small models keep to a narrow part of the scale."""
    spread: float = Field(gt=0)
    """Standard deviation of the ratings of usual answers."""
    each: bool = False
    """Whether the answers of an interview are rated one by one, and the mean counts."""


class Check(Value):
    """A statement that the guide itself words for one of its goals, steps or tips."""

    target: str
    """Id of the goal, step or tip that it serves."""
    statement: str = ""
    """Goes on after "the candidate"; empty where code measures."""
    measure: Measure | None = None
    """What code measures in its stead; None: the model is asked."""
    rating: Rating | None = None
    """What the model rates from 1 to 7 in its stead; None: it says yes or no."""
    negative: bool = False
    """True where a true statement speaks against the candidate."""


class Label(Value):
    """What one sentence of an answer can be; the judge gives each sentence one of them."""

    word: str = Field(pattern=r"^[a-z]+$")
    about: str
    """What such a sentence tells."""
    shows: tuple[str, ...] = ()
    """Ids of the goals, steps and tips that such a sentence shows."""
    against: tuple[str, ...] = ()
    """Ids of those that it speaks against."""
    own: bool = False
    """Counts only as far as the candidate, not somebody else, is made responsible in it."""
    fact: bool = False
    """Without any such sentence an answer is a claim and no story, and held down."""


class Demonstration(Value):
    """The sentences of an answer, labelled as a judge should: what a small model learns from."""

    sentences: tuple[tuple[str, str], ...]
    """(sentence, word of its label) pairs, in order."""


class Guide(Value):
    """How one interview question is asked, answered and judged."""

    id: Slug
    question: str = Field(min_length=1)
    role: str = ""
    """The job in question; empty where the guide names none."""
    level: str | None = None
    """Such as `senior`; None where the guide is for every level."""
    kind: str = ""
    """What sort of question it is, such as `behavioural`; empty where the guide names none."""
    draft: bool = False
    """Whether somebody has yet to look it over."""
    competencies: dict[str, str] = Field(default_factory=dict)
    """Goal id -> the competency that it is a case of; see `competency_of`."""
    overview: str = ""
    goals: tuple[Item, ...] = Field(min_length=1)
    steps: tuple[Item, ...] = Field(min_length=1)
    examples: tuple[Example, ...] = ()
    tips: tuple[Item, ...] = ()
    closing: str = ""
    related: tuple[str, ...] = ()
    """What to practise next: questions, or else the role."""
    checks: tuple[Check, ...] = ()
    labels: tuple[Label, ...] = ()
    demonstrations: tuple[Demonstration, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique_and_targets_exist(self) -> Self:
        ids = Counter(item.id for item in (*self.goals, *self.steps, *self.tips))
        if twice := [each for each, times in ids.items() if times > 1]:
            raise ValueError(f"two goals, steps or tips have the id {twice[0]!r}")
        targets = {check.target for check in self.checks}
        targets |= {each for label in self.labels for each in (*label.shows, *label.against)}
        if lost := self.competencies.keys() - {goal.id for goal in self.goals}:
            raise ValueError(f"competencies of no goal: {sorted(lost)}")
        if unknown := targets - ids.keys():
            raise ValueError(f"checks or labels of no goal, step or tip: {sorted(unknown)}")
        return self

    def competency_of(self, goal: str) -> str:
        """Return the competency that a goal is a case of: its own id where the guide names none."""
        return self.competencies.get(goal, goal)

    def judged_like(self, other: "Guide") -> "Guide":
        """Return this guide with the labels, demonstrations and checks of another.

        Only where it asks the same question, says nothing of its own on how to judge, and has the
        other's goals and steps. What is lent about a tip that it has not is left out.
        """
        ids = {item.id for item in (*self.goals, *self.steps, *self.tips)}
        theirs = {item.id for item in (*other.goals, *other.steps)}
        same = words(self.question) == words(other.question)
        if self.labels or self.checks or not same or not theirs <= ids:
            return self
        labels = [
            label.model_copy(
                update={
                    "shows": tuple(id for id in label.shows if id in ids),
                    "against": tuple(id for id in label.against if id in ids),
                }
            )
            for label in other.labels
        ]
        return self.model_copy(
            update={
                "labels": tuple(labels),
                "demonstrations": other.demonstrations,
                "checks": tuple(check for check in other.checks if check.target in ids),
            }
        )


def parse_guide(text: str, *, source: str = "guide", id: str | None = None) -> Guide:
    """Parse a guide document, plain or Markdown.

    Args:
        text: The whole document.
        source: File name that faults carry; its stem is the id where nothing else names one.
        id: The guide's id; None for the front matter's, else the file's.

    Raises:
        FaultyGuideError: The document has faults; the error holds all of them.
    """
    report = Report(source)
    guide = _parse(text, report, id)
    if guide is None:
        raise FaultyGuideError(
            report.faults, hint=f"mend these lines; complete guides: {shipped_guides_folder()}"
        )
    return guide


def parse_faults(text: str, *, source: str = "guide") -> list[Fault]:
    """Return everything that is wrong with a guide document, by line; empty where it is fine."""
    report = Report(source)
    _parse(text, report, None)
    return sorted(report.faults, key=lambda fault: fault.line)


def _parse(text: str, report: Report, id: str | None) -> Guide | None:
    """Return the guide, or None where `report` has faults."""
    if not _is_text(text, report):
        return None
    lines = lines_in(text)
    front = parse_front_matter(lines, report)
    draft = parse_document(lines[front.length :], report, first=front.length + 1)
    items = _items(draft)
    guide_id = _id(front, report, id)
    ids = {item.id for found in items.values() for item in found}
    checks = _checks(front, ids, report)
    labels = _labels(front, ids, report)
    demonstrations = _demonstrations(front, report)
    kind = _kind(front, report)
    competencies = _competencies(front, {item.id for item in items["goal"]}, report)
    if report.faults:
        return None
    return Guide(
        id=guide_id,
        question=draft.question,
        role=front.word("role") or draft.role,
        level=front.word("level") or None,
        kind=kind,
        draft=front.draft,
        competencies=competencies,
        overview=draft.overview,
        goals=items["goal"],
        steps=items["step"],
        examples=tuple(
            Example(id=f"example-{number}", text=example, weak=weak)
            for number, (example, weak) in enumerate(draft.examples, start=1)
        ),
        tips=items["tip"],
        closing=draft.closing,
        related=tuple(draft.related),
        checks=checks,
        labels=labels,
        demonstrations=demonstrations,
    )


def _is_text(text: str, report: Report) -> bool:
    if len(text) > LARGEST:
        report.add(1, "more than 1 MiB", "a guide of a few pages")
    elif not "".join(lines_in(text)).strip():
        report.add(1, "an empty file", "a question, goals and steps")
    elif "\0" in text or len(_CONTROL.findall(text)) * 50 > len(text):
        report.add(1, "a binary file", "text")
    elif half := re.search("[\ud800-\udfff]", text):
        line = text.count("\n", 0, half.start()) + 1
        report.add(line, "half a character", "text that can be written as UTF-8")
    return not report.faults


def _items(draft: Draft) -> dict[Kind, tuple[Item, ...]]:
    """Give ids out: the name's slug, with the kind before it where an id is taken."""
    taken = {_RESERVED}
    items: dict[Kind, tuple[Item, ...]] = {}
    for kind in KINDS:
        made = []
        for entry in draft.entries.get(kind, []):
            unique = entry.slug
            while unique in taken:
                unique = f"{kind}-{unique}"
            taken.add(unique)
            made.append(Item(id=unique, name=entry.name, text=entry.text))
        items[kind] = tuple(made)
    return items


def _id(front: FrontMatter, report: Report, given: str | None) -> str:
    """Return the guide's id: as given, else the front matter's, else made from the file's name."""
    chosen, line = front.words.get("id", ("", 1)) if given is None else (given, 1)
    if given is None and not chosen:
        return slug(Path(report.file).stem) or "guide"
    if not re.fullmatch(_SLUG, chosen):
        report.add(line, f"the id {quoted(chosen)}", "small letters, digits and single hyphens")
    return chosen


def _kind(front: FrontMatter, report: Report) -> str:
    kind, line = front.words.get("kind", ("", 1))
    if kind and not re.fullmatch(_SLUG, kind):
        report.add(line, f"the kind {quoted(kind)}", "a word such as behavioural or product-sense")
    return kind


def _competencies(front: FrontMatter, goals: set[str], report: Report) -> dict[str, str]:
    found: dict[str, str] = {}
    for goal, competency, line in front.competencies:
        _known(goal, goals, line, "a competency of", report)
        if goal in found:
            report.add(line, f"a second competency of {quoted(goal)}", "one")
        if not re.fullmatch(_SLUG, competency):
            expected = "small letters, digits and single hyphens"
            report.add(line, f"the competency {quoted(competency)}", expected)
        found[goal] = competency
    return found


def _checks(front: FrontMatter, ids: set[str], report: Report) -> tuple[Check, ...]:
    made = []
    for check in front.checks:
        _known(check.target, ids, check.line, "a check of", report)
        if check.measure and check.measure not in MEASURES:
            report.add(check.line, f"the measure {quoted(check.measure)}", _one_of(MEASURES))
        elif check.measure == "order" and not front.labels:
            report.add(
                check.line, "the measure order without labels", "labels, which it puts in order"
            )
        elif not report.faults:
            made.append(
                Check(
                    target=check.target,
                    statement=check.statement,
                    measure=cast("Measure", check.measure) if check.measure else None,
                    rating=_rating(check),
                    negative=check.negative,
                )
            )
    return tuple(made)


def _rating(check: FrontCheck) -> Rating | None:
    if check.scale is None:
        return None
    typical, spread = check.scale
    return Rating(of=check.rating, typical=typical, spread=spread, each=check.each)


def _labels(front: FrontMatter, ids: set[str], report: Report) -> tuple[Label, ...]:
    made = []
    initials = {REST[0]}
    for label in front.labels:
        for target in (*label.shows, *label.against):
            _known(target, ids, label.line, f"the label {quoted(label.word)} of", report)
        if not re.fullmatch("[a-z]+", label.word):
            report.add(label.line, f"the label {quoted(label.word)}", "one word in small letters")
        elif label.word[0] in initials:
            expected = f"first letters that differ ({REST!r} is a label of every guide)"
            report.add(label.line, f"the label {quoted(label.word)}", expected)
        initials.add(label.word[:1])
        if not report.faults:
            made.append(
                Label(
                    word=label.word,
                    about=label.about,
                    shows=label.shows,
                    against=label.against,
                    own=label.own,
                    fact=label.fact,
                )
            )
    return tuple(made)


def _demonstrations(front: FrontMatter, report: Report) -> tuple[Demonstration, ...]:
    words = {REST, *(label.word for label in front.labels)}
    for sentence in (each for answer in front.demonstrations for each in answer):
        _known(sentence.word, words, sentence.line, "the label", report)
    return tuple(
        Demonstration(sentences=tuple((each.text, each.word) for each in answer))
        for answer in front.demonstrations
    )


def _known(name: str, names: set[str], line: int, what: str, report: Report) -> None:
    if name not in names:
        report.add(line, f"{what} {quoted(name)}", _one_of(sorted(names)))


def _one_of(names: Sequence[str]) -> str:
    return f"one of {', '.join(names) or 'the goals'}"
