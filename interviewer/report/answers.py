"""One answer as the report shows it: all names looked up, nothing made into markup."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.summary import Pairs
from interviewer.checks import Turn
from interviewer.grade import Grade, uncertain_of
from interviewer.grading.guards import named
from interviewer.marking import Segment, marked
from interviewer.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Target:
    """A goal or step, and the badge that marks its evidence in a text."""

    id: str
    name: str
    badge: str
    """1, 2, 3 for goals; A, B, C for steps."""


class Targets:
    """A rubric's goals and steps with their badges, and its tips."""

    def __init__(self, rubric: Rubric) -> None:
        self.question = rubric.question
        self.criteria = [
            Target(each.id, each.name, str(number))
            for number, each in enumerate(rubric.criteria, start=1)
        ]
        self.steps = [
            Target(each.id, each.name, _letter(number)) for number, each in enumerate(rubric.steps)
        ]
        self.by_id = {each.id: each for each in (*self.criteria, *self.steps)}
        self.tips = {each.id: each for each in rubric.tips}
        self.tip_names = {each.id: each.name for each in rubric.tips}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged about a goal or step."""

    target: Target
    score: float | None = None
    """Of a goal, 1 to 5."""
    covered: bool | None = None
    """Of a step."""
    uncertain: bool = False
    reason: str = ""
    """Why it could not be judged."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag in words."""

    id: str
    name: str
    tip: str = ""
    """Name of the tip that was not kept; empty for a guard."""
    text: str = ""
    """What the tip says; a guard's name says it all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A question and what was said to it."""

    asked: str
    """Empty where the answer stands alone."""
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What was said, with its evidence."""

    said: list[Said]
    lost: list[tuple[Target, str]]
    """Evidence whose words stand nowhere in the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A row with its result."""

    number: int
    """Its place among all answers, from 1."""
    row: Row | BadRow
    result: Result
    targets: Targets | None
    """None where no guide is known for it, so it has no grade."""

    @property
    def failed(self) -> bool:
        """Whether it has no grade."""
        return self.result.status == "failed"

    @property
    def uncertain(self) -> list[str]:
        """Ids of what the model is hardly sure of, of all that has a score or is known."""
        return doubtful(self.result)

    @property
    def flags(self) -> list[Flagged]:
        """What a coach should look at."""
        tips = self.targets.tips if self.targets else {}
        names = self.targets.tip_names if self.targets else {}
        return [
            Flagged(
                flag,
                named(flag, names),
                names.get(flag, ""),
                tips[flag].text if flag in tips else "",
            )
            for flag in self.result.flags
        ]

    @property
    def advice(self) -> list[tuple[str, str]]:
        """Name and text of what would make it better."""
        return [(self.target(each.target).name, each.text) for each in self.result.advice]

    @property
    def missing(self) -> str:
        """Why there is no overall score."""
        return reasons_in(self.result).get("overall", "no reason was given")

    @property
    def criteria(self) -> list[Judged]:
        """What was judged about each goal, in the guide's order."""
        return criteria_in(self.result, self.targets) if self.targets else []

    @property
    def steps(self) -> list[Judged]:
        """What was judged about each step, in the guide's order."""
        return steps_in(self.result, self.targets) if self.targets else []

    def target(self, name: str) -> Target:
        """Return the goal or step with this id; one that the guide lacks stands for itself."""
        known = self.targets.by_id.get(name) if self.targets else None
        return known or Target(name, name, name)

    def shown(self) -> Shown:
        """Return what was asked and said, cut where evidence begins and ends."""
        if isinstance(self.row, BadRow):
            return Shown([], [])
        said = self.row.said
        turns = (Turn("", said),) if isinstance(said, str) else said
        found = marked([turn.said for turn in turns], self.result.evidence)
        return Shown(
            [Said(turn.asked, part) for turn, part in zip(turns, found.texts, strict=True)],
            [(self.target(each.target), each.text) for each in found.lost],
        )


def doubtful(found: Result | Grade) -> list[str]:
    """Return the ids of what the model is hardly sure of, of all that has a score or is known."""
    shown = {"overall": found.overall, **found.criteria, **found.steps}
    return [each for each in uncertain_of(found.confidence) if shown.get(each) is not None]


def criteria_in(found: Result | Grade, targets: Targets) -> list[Judged]:
    """Return what was judged about each goal, in the guide's order."""
    scores, doubts, reasons = found.criteria, doubtful(found), reasons_in(found)
    return [
        Judged(each, scores[each.id], None, each.id in doubts, reasons.get(each.id, ""))
        for each in targets.criteria
        if each.id in scores
    ]


def steps_in(found: Result | Grade, targets: Targets) -> list[Judged]:
    """Return what was judged about each step, in the guide's order."""
    covered, doubts, reasons = found.steps, doubtful(found), reasons_in(found)
    return [
        Judged(each, None, covered[each.id], each.id in doubts, reasons.get(each.id, ""))
        for each in targets.steps
        if each.id in covered
    ]


def reasons_in(found: Result | Grade) -> dict[str, str]:
    """Return id or `overall` -> why it could not be judged."""
    return {each.target: each.reason for each in found.missing}


def answers_of(pairs: Pairs, targets: Mapping[str, Targets]) -> Iterator[Answer]:
    """Go through all answers once.

    Args:
        pairs: Rows and results.
        targets: `row.guide` -> its guide's goals and steps.
    """
    for number, (row, result) in enumerate(pairs(), start=1):
        asked = None if isinstance(row, BadRow) else targets.get(row.guide)
        yield Answer(number, row, result, asked)


def _letter(number: int) -> str:
    """Return A to Z, then A2, B2 and so on."""
    turn, place = divmod(number, 26)
    return chr(ord("A") + place) + (str(turn + 1) if turn else "")
