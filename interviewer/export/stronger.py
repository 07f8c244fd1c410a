"""What a stronger answer would add: said by code, from the guide's own texts and the grade.

No model is asked. What is told: steps that are not covered, each after the candidate's sentence
that it would follow; goals that are hardly shown; what the grade's advice names; tips that were
not kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from interviewer.grade import Grade
from interviewer.rubric import Rubric

LOW = 3.5
"""A goal's score below which it is told what is missing."""
_IN_FULL = 5
"""Additions that are told with the guide's text; the others by name."""

Style = Literal["", "name", "quote"]
Piece = tuple[str, Style]
"""Words, and whether they are a name from the guide or a quote of the candidate's."""


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing that a stronger answer would have."""

    target: str
    """Id of the step, goal or tip."""
    kind: Literal["step", "goal", "tip"]
    name: str
    text: str
    """What the guide says of it, on one line; empty where it has only the name."""
    score: float | None = None
    """Of a goal, 1 to 5."""
    there: bool = False
    """Whether it is there already, and only the least sure of what is."""
    after: str = ""
    """The candidate's sentence that a missing step would follow; empty: it would come first."""
    serves: tuple["Addition", ...] = ()
    """Goals, hardly shown so far, that the same sentence would show."""


@dataclass(frozen=True, slots=True)
class Stronger:
    """What a stronger answer would add, as values and as a paragraph."""

    covered: int
    """Steps that are covered."""
    steps: int
    """Steps of which that is known."""
    additions: tuple[Addition, ...]
    """The most useful first."""
    unknown: tuple[str, ...]
    """Names of the goals and steps that could not be judged."""

    @property
    def pieces(self) -> list[Piece]:
        """The paragraph, in pieces."""
        return [*_paragraph(self)]

    @property
    def text(self) -> str:
        """The paragraph, as plain text."""
        quoted = {"quote": "\u201c{}\u201d"}
        return "".join(quoted.get(style, "{}").format(words) for words, style in self.pieces)


def stronger_of(grade: Grade, rubric: Rubric) -> Stronger:
    """Return what a stronger answer than the graded one would add."""
    goals = _goals(grade, rubric)
    steps = [*_steps(grade, rubric, goals)]
    told = {each.target for step in steps for each in (step, *step.serves)}
    lacking = [*steps, *(goal for goal in goals if goal.target not in told)]
    told |= {each.target for each in lacking}
    known = [covered for covered in grade.steps.values() if covered is not None]
    judged = {**grade.criteria, **grade.steps}
    return Stronger(
        covered=sum(known),
        steps=len(known),
        additions=(
            *lacking,
            *(each for each in _advised(grade, rubric) if each.target not in told),
            *_tips(grade, rubric),
        ),
        unknown=tuple(
            rubric.names.get(target, target) for target, found in judged.items() if found is None
        ),
    )


def _steps(grade: Grade, rubric: Rubric, goals: Sequence[Addition]) -> Iterator[Addition]:
    """Yield the steps that are not covered, in the guide's order, each with goals of its own."""
    quotes = {shown.target: shown.text for shown in grade.evidence}
    after, served = "", set[str]()
    for step in rubric.steps:
        if grade.steps.get(step.id) is False:
            shown = {
                each for label in rubric.labels if step.id in label.shows for each in label.shows
            } - served
            serves = tuple(goal for goal in goals if goal.target in shown)
            served |= {goal.target for goal in serves}
            text = _line(step.text)
            yield Addition(step.id, "step", step.name, text, after=after, serves=serves)
        after = quotes.get(step.id, after)


def _goals(grade: Grade, rubric: Rubric) -> list[Addition]:
    """Return the goals with a low score, the lowest first."""
    found = [
        Addition(goal.id, "goal", goal.name, _line(goal.text), score)
        for goal in rubric.criteria
        if (score := grade.criteria.get(goal.id)) is not None and score < LOW
    ]
    return sorted(found, key=lambda each: each.score or 0.0)


def _advised(grade: Grade, rubric: Rubric) -> Iterator[Addition]:
    """Yield what the grade advises, though it is there."""
    goals = {goal.id for goal in rubric.criteria}
    for advice in grade.advice:
        name = rubric.names.get(advice.target, advice.target)
        kind: Literal["goal", "step"] = "goal" if advice.target in goals else "step"
        score = grade.criteria.get(advice.target)
        yield Addition(advice.target, kind, name, _line(advice.text), score, there=True)


def _tips(grade: Grade, rubric: Rubric) -> Iterator[Addition]:
    for tip in rubric.tips:
        if grade.tips.get(tip.id) is False:
            yield Addition(tip.id, "tip", tip.name, _line(tip.text))


def _paragraph(found: Stronger) -> Iterator[Piece]:
    if found.steps:
        yield _counted(found), ""
    told, rest = found.additions[:_IN_FULL], found.additions[_IN_FULL:]
    for number, each in enumerate(told):
        again = number > 0 and told[number - 1].there == each.there
        yield from _sentence(each, again=again)
    if rest:
        yield " It would also take ", ""
        yield from _listed([each.name for each in rest])
        yield ".", ""
    if found.unknown:
        yield " Nothing is said here of what could not be judged: ", ""
        yield from _listed(found.unknown)
        yield ".", ""
    if not found.additions and not found.unknown:
        yield " The guide asks for nothing more.", ""


def _counted(found: Stronger) -> str:
    if found.covered == found.steps:
        return f"The answer covers {_all(found.steps)}."
    return f"The answer covers {found.covered} of {found.steps} steps."


def _all(steps: int) -> str:
    return "the one step" if steps == 1 else f"all {steps} steps"


def _sentence(each: Addition, *, again: bool) -> Iterator[Piece]:
    """Yield what is said of one addition, a blank before it."""
    if each.kind == "step" and not each.there:
        yield " Then it would add " if again else " A stronger one would add ", ""
        yield each.name, "name"
        if each.after:
            yield ", right after ", ""
            yield each.after, "quote"
    elif each.kind == "tip":
        yield " Keep to ", ""
        yield each.name, "name"
    elif each.there:
        yield " Next comes " if again else " Of what is there, the model is least sure of ", ""
        yield each.name, "name"
        yield _points(each.score), ""
    else:
        yield " It would show more of ", ""
        yield each.name, "name"
        yield _points(each.score), ""
    yield from _told(each.text)
    if each.serves:
        yield " The same would show ", ""
        yield from _listed(
            [goal.name for goal in each.serves], [goal.score for goal in each.serves]
        )
        yield ".", ""


def _told(text: str) -> Iterator[Piece]:
    """Yield what the guide says, as a sentence of its own."""
    yield (f": {text}" if text else "."), ""
    if text and not text.endswith((".", "!", "?", "\u2026")):
        yield ".", ""


def _points(score: float | None) -> str:
    return "" if score is None else f" ({score:.1f} of 5)"


def _listed(names: Sequence[str], scores: Sequence[float | None] = ()) -> Iterator[Piece]:
    for number, name in enumerate(names):
        if number:
            yield (" and " if number == len(names) - 1 else ", "), ""
        yield name, "name"
        if scores:
            yield _points(scores[number]), ""


def _line(text: str) -> str:
    return " ".join(text.split())
