"""A session as one HTML page that stands alone: `report.html` of a single answer.

It is drawn by the report's templates and looks as the report looks. Which evidence is shown is
chosen by radio buttons and rules of the style, so the page has no script at all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from interviewer import __version__
from interviewer.export.account import Account
from interviewer.export.comparison import Comparison, compared
from interviewer.export.utterances import KINDS
from interviewer.grade import Delivery, Grade
from interviewer.grading.guards import named
from interviewer.marking import Marked, marked
from interviewer.report.answers import (
    Flagged,
    Judged,
    Target,
    Targets,
    criteria_in,
    doubtful,
    reasons_in,
    steps_in,
)
from interviewer.report.pages import look, page, source
from interviewer.terminal.console import clock_face

_MEASURES: dict[str, Callable[[Delivery], str]] = {
    "Words": lambda told: str(told.words),
    "Minutes aloud": lambda told: clock_face(told.speaking_s),
    "Longest sentence": lambda told: str(told.longest_sentence),
    "Fillers": lambda told: str(told.fillers),
    "Hedges": lambda told: str(told.hedges),
    "Figures": lambda told: str(told.figures),
    "I, my, me": lambda told: str(told.i),
    "We, our, us": lambda told: str(told.we),
}


def page_of(account: Account, *, mark: str) -> Iterator[str]:
    """Yield the page in pieces."""
    view = View(account)
    style = source("session.css") + rules(view)
    return page(
        "session",
        title=account.guide.question,
        account=account,
        view=view,
        kinds=KINDS,
        mark=mark,
        version=__version__,
        **look(style=style),
    )


def rules(view: "View") -> str:
    """Return what hides the evidence of all targets but the chosen one, and shows what it is.

    A badge is made of letters and digits, so it needs no escaping.
    """
    chosen = ((f"#{view.prefix}pick-{badge}", badge) for badge in _badges(view))
    made = (
        f".final:has({pick}:checked) mark:not(.e-{each}) {{ background: none; }}\n"
        f".final:has({pick}:checked) sup:not(.e-{each}) {{ opacity: .25; }}\n"
        f".final:has({pick}:checked) .about-{each} {{ display: block; }}\n"
        for pick, each in chosen
    )
    return f"@media screen {{\n{''.join(made)}}}\n"


def _badges(view: "View") -> list[str]:
    return [pick.target.badge for pick in view.picks]


@dataclass(frozen=True, slots=True)
class Pick:
    """A goal or step whose evidence can be chosen."""

    target: Target
    judged: Judged
    text: str
    """What the guide says of it."""
    shown: bool
    """Whether a sentence of the answer shows it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A tip, and whether it was kept."""

    name: str
    kept: bool | None
    text: str
    """What the tip says where it was not kept, or why it is not known; else empty."""


@dataclass(frozen=True)
class View:
    """What the template can't look up by itself."""

    account: Account
    prefix: str = ""
    """Stands before each id on a page that holds several interviews."""
    level: int = 2
    """Of the headings."""

    @cached_property
    def targets(self) -> Targets:
        """The guide's goals and steps with their badges."""
        return Targets(self.account.rubric)

    @cached_property
    def marked(self) -> Marked:
        """The answer, cut where evidence begins and ends."""
        return marked([self.account.answer], self._grade.evidence)

    @cached_property
    def criteria(self) -> list[Judged]:
        """What was judged about each goal."""
        return criteria_in(self._grade, self.targets)

    @cached_property
    def steps(self) -> list[Judged]:
        """What was judged about each step."""
        return steps_in(self._grade, self.targets)

    @property
    def picks(self) -> list[Pick]:
        """The goals and steps whose evidence can be chosen."""
        guide = self.account.guide
        texts = {item.id: item.text for item in (*guide.goals, *guide.steps)}
        shown = {each.target for each in self._grade.evidence}
        return [
            Pick(each.target, each, texts[each.target.id], each.target.id in shown)
            for each in (*self.criteria, *self.steps)
        ]

    @property
    def tips(self) -> list[Kept]:
        """The tips, and whether they were kept."""
        texts = {tip.id: tip.text for tip in self.account.rubric.tips}
        notes: dict[bool | None, Mapping[str, str]]
        notes = {True: {}, False: texts, None: self.reasons}
        return [
            Kept(self.account.name(tip), kept, notes[kept].get(tip, ""))
            for tip, kept in self._grade.tips.items()
        ]

    @property
    def flags(self) -> list[Flagged]:
        """What a coach should look at, besides the tips."""
        names = self.targets.tip_names
        return [
            Flagged(flag.id, named(flag.id, names), text=flag.text)
            for flag in self._grade.flags
            if flag.id not in names
        ]

    @property
    def delivery(self) -> list[tuple[str, str, str | None]]:
        """Name, figure and the first answer's figure of each measure."""
        now, first = self._grade.delivery, self.account.first
        before = first.delivery if first else None
        return [
            (name, form(now), form(before) if before else None)
            for name, form in _MEASURES.items()
            if now
        ]

    @property
    def uncertain(self) -> list[str]:
        """Ids of what the model is hardly sure of."""
        return doubtful(self._grade)

    @property
    def reasons(self) -> dict[str, str]:
        """Id or `overall` -> why it could not be judged."""
        return reasons_in(self._grade)

    @cached_property
    def compared(self) -> Comparison:
        """All scores side by side."""
        return compared(self.account)

    @property
    def heading(self) -> str:
        """What the table of all scores is called."""
        account = self.account
        parts = {
            "first and final answer": account.first,
            "own scores": account.own is not None,
            "later grades": account.regraded,
        }
        heading = ", ".join(name for name, there in parts.items() if there)
        return heading[:1].upper() + heading[1:]

    @property
    def ends(self) -> dict[str, str]:
        """Id of a goal or step -> what became of it in the final answer."""
        words = {True: "covered", False: "not covered"}
        scores = {each.target.id: f"{each.score:.1f} of 5" for each in self.criteria
                  if each.score is not None}  # fmt: skip
        return scores | {
            each.target.id: words[each.covered] for each in self.steps if each.covered is not None
        }

    @property
    def unasked(self) -> list[str]:
        """Names of what was left open and not asked about."""
        return [self.account.name(target) for target in self.account.unasked]

    def target(self, name: str) -> Target:
        """Return the goal or step with this id; one that the guide lacks stands for itself."""
        return self.targets.by_id.get(name) or Target(name, name, name)

    @property
    def _grade(self) -> Grade:
        return self.account.grade or Grade()
