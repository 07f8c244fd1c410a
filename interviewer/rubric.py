"""What an answer is graded on, made from a guide.

Each goal becomes a criterion with anchors, each step an item of the coverage checklist, each tip a
habit that is kept or flagged. All three are judged by labels, where the guide has them: each
sentence of an answer gets one, and a label says what such a sentence shows. What no label tells is
asked about by checks: short statements, true or false of an answer, or measured by code. A guide's
front matter may word the checks itself; otherwise its own text serves.
"""

from functools import cached_property
from typing import Literal

from pydantic import Field

from interviewer.guide import Check as GuideCheck
from interviewer.guide import Example, Guide, Item, Label, Measure, Rating
from interviewer.value import Value

Kind = Literal["goal", "step", "tip"]


class Check(Value):
    """One statement about an answer, true or false of it."""

    id: str
    """`<kind>/<target>/<number>`, unique in a rubric."""
    target: str
    """Id of the goal, step or tip that it serves."""
    kind: Kind
    statement: str
    measure: Measure | None = None
    """What code measures in place of asking the model; None: the statement is asked."""
    rating: Rating | None = None
    """What the model rates in place of saying yes or no."""
    worded: bool = False
    """True where the guide words it: it then goes on after "the candidate"."""
    negative: bool = False
    """True where a true statement speaks against the candidate."""


class Criterion(Value):
    """One quality an answer is graded on, made from one goal of the guide."""

    id: str
    name: str
    text: str
    """What the goal means, from the guide."""
    anchors: dict[int, str]
    """Points -> what an answer worth them does; 1 is the worst and 5 the best."""
    weight: float = Field(default=1.0, gt=0)
    """Relative to the other criteria."""


class Rubric(Value):
    """Everything a grade is made from."""

    question: str
    criteria: tuple[Criterion, ...]
    steps: tuple[Item, ...]
    tips: tuple[Item, ...]
    """Those that can be judged: where the guide has labels, what none tells stays advice."""
    examples: tuple[Example, ...]
    """The guide's answers, its demonstrations included: what an answer must not copy."""
    checks: tuple[Check, ...]
    """Of what the labels do not tell already."""
    labels: tuple[Label, ...] = ()
    """What a sentence can be; empty where the guide has none, and checks ask about everything."""

    @cached_property
    def names(self) -> dict[str, str]:
        """Id of a goal, step or tip -> its name in the guide."""
        items: tuple[Criterion | Item, ...] = (*self.criteria, *self.steps, *self.tips)
        return {item.id: item.name for item in items}

    @cached_property
    def exemplary(self) -> str:
        """The text of all examples."""
        return " ".join(each.text for each in self.examples)

    @cached_property
    def labelled(self) -> dict[str, tuple[str, ...]]:
        """Id of a goal, step or tip -> words of the labels that show it or speak against it."""
        found: dict[str, tuple[str, ...]] = {}
        for label in self.labels:
            for target in (*label.shows, *label.against):
                found[target] = (*found.get(target, ()), label.word)
        return found

    def ids(self, kind: Kind) -> list[str]:
        """Return the ids of all goals, steps or tips, in the guide's order."""
        items: dict[Kind, tuple[Criterion | Item, ...]] = {
            "goal": self.criteria,
            "step": self.steps,
            "tip": self.tips,
        }
        return [item.id for item in items[kind]]

    def checks_of(self, *kinds: Kind) -> list[Check]:
        """Return the checks of these kinds, in the guide's order."""
        return [check for check in self.checks if check.kind in kinds]


def rubric_of(guide: Guide) -> Rubric:
    """Make the rubric of a guide; deterministic, no model is asked."""
    return Rubric(
        question=guide.question,
        criteria=tuple(_criterion(goal) for goal in guide.goals),
        steps=guide.steps,
        tips=_judged_tips(guide),
        examples=(*guide.examples, *_demonstrated(guide)),
        labels=guide.labels,
        checks=tuple(
            check
            for kind, items in _judged(guide)
            for item in items
            for check in _checks(guide, kind, item)
        ),
    )


def _demonstrated(guide: Guide) -> tuple[Example, ...]:
    texts = (" ".join(text for text, _ in each.sentences) for each in guide.demonstrations)
    return tuple(
        Example(id=f"demonstration-{number}", text=text)
        for number, text in enumerate(texts, start=1)
    )


def _checks(guide: Guide, kind: Kind, item: Item) -> list[Check]:
    """Return the checks that the guide words for an item, or one made from its own text.

    An item that labels tell about needs none.
    """
    own = [check for check in guide.checks if check.target == item.id]
    told = any(item.id in (*label.shows, *label.against) for label in guide.labels)
    text = f"{item.name}. {item.text}" if item.text else item.name
    made = [] if told else [GuideCheck(target=item.id, statement=text)]
    return [
        Check(
            id=f"{kind}/{item.id}/{number}",
            target=item.id,
            kind=kind,
            statement=check.statement,
            measure=check.measure,
            rating=check.rating,
            worded=bool(own),
            negative=check.negative,
        )
        for number, check in enumerate(own or made, start=1)
    ]


def _judged(guide: Guide) -> list[tuple[Kind, tuple[Item, ...]]]:
    return [("goal", guide.goals), ("step", guide.steps), ("tip", _judged_tips(guide))]


def _judged_tips(guide: Guide) -> tuple[Item, ...]:
    """Return the tips that labels or checks of the guide tell about, all where it has no labels.

    "Think aloud" shows in no sentence; a yes or no to it would be a guess, and cost as much as half
    an answer's labels.
    """
    if not guide.labels:
        return guide.tips
    told = {each for label in guide.labels for each in (*label.shows, *label.against)}
    told |= {check.target for check in guide.checks}
    return tuple(tip for tip in guide.tips if tip.id in told)


def _criterion(goal: Item) -> Criterion:
    return Criterion(
        id=goal.id,
        name=goal.name,
        text=goal.text,
        anchors={
            1: f"Shows nothing of this: {goal.text}",
            3: f"Shows some of this, without detail: {goal.text}",
            5: f"Shows this fully, with specific detail: {goal.text}",
        },
    )
