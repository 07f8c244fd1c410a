"""The review of a session as it is drawn in a terminal.

Nothing here counts or judges: what is drawn is what the `Review` says.
"""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interviewer.planning.wording import (
    about,
    both_hold,
    counted,
    day_of,
    name_of,
    questions_of,
    rests_on,
    twice,
)
from interviewer.review import Outcome, Review, Story, StudyDay
from interviewer.terminal.console import WIDEST, clock_face, is_ascii, words

_ROOMY = 60
"""Columns from which a name and what belongs to it stand side by side."""


def draw_review(console: Console, review: Review) -> None:
    """Draw a review, as wide as the console but no wider than text reads well."""
    width = min(console.width, WIDEST)
    pen = _Pen(width, quotes=('"', '"') if is_ascii(console) else ("\u201c", "\u201d"))
    console.print(Text("Review of the session", "bold"), width=width)
    console.print(words(counted(review), "dim"), width=width)
    for title, parts in _sections(review, pen):
        console.print()
        console.print(Text(title, "bold"), width=width)
        for part in parts:
            console.print(Padding(part, (0, 0, 0, 2), expand=False), width=width)
    for note in review.notes:
        console.print()
        console.print(words(note, "dim"), width=width)


class _Pen:
    """How wide it draws, and which quotes."""

    def __init__(self, width: int, *, quotes: tuple[str, str]) -> None:
        self.roomy, self._quotes = width >= _ROOMY, quotes

    def quoted(self, text: str) -> Text:
        """Return the candidate's words."""
        return words(text.join(self._quotes), "italic")

    def table(self, *styles: str) -> Table:
        """Return a table without lines whose last column takes the room."""
        made = Table.grid(padding=(0, 2, 0, 0))
        for style in styles[:-1]:
            made.add_column(style=style, no_wrap=True)
        made.add_column(style=styles[-1])
        return made


def _sections(review: Review, pen: _Pen) -> Iterator[tuple[str, list[RenderableType]]]:
    if review.outcomes or review.skipped:
        yield "Interviews", [*_outcomes(review, pen)]
    if review.standings:
        yield "Competencies, the weakest first", [*_standings(review, pen)]
    for title, story in (("Best story", review.best), ("Weakest story", review.weakest)):
        if story:
            yield title, [*_story(story, pen)]
    if review.same:
        yield "The same story twice", [*_same(review)]
    if review.study:
        yield "Study plan for the week", [*_study(review, pen)]


def _outcomes(review: Review, pen: _Pen) -> Iterator[RenderableType]:
    table = pen.table("dim", "", "")
    for each in review.outcomes:
        table.add_row(str(each.number), _score(each.overall), _told(each))
    for passed in review.skipped:
        told = Text.assemble(words(passed.question), "\n", words(f"skipped. {passed.why}", "dim"))
        table.add_row("-", Text("-", "dim"), told)
    yield table


def _told(each: Outcome) -> Text:
    missing = f"no score: {each.missing}; " if each.missing else ""
    time = f"{missing}{clock_face(each.seconds)} min"
    return Text.assemble(words(each.question), "\n", words(time, "dim"))


def _score(points: float | None) -> Text:
    if points is None:
        return Text("-", "dim")
    style = "green" if points >= 3.75 else "yellow" if points >= 2.5 else "red"
    return Text(f"{points:.1f}", style)


def _standings(review: Review, pen: _Pen) -> Iterator[RenderableType]:
    table = pen.table("", "", "dim") if pen.roomy else pen.table("", "")
    for each in review.standings:
        name, rests = words(name_of(each)), words(rests_on(each), "dim")
        if pen.roomy:
            table.add_row(_score(each.points), name, rests)
        else:
            table.add_row(_score(each.points), Text.assemble(name, "\n", rests))
    yield table


def _story(story: Story, pen: _Pen) -> Iterator[RenderableType]:
    yield words(story.question)
    yield Text.assemble(f"interview {story.number}: ", _score(story.score), " of 5")
    if story.evidence:
        yield pen.quoted(story.evidence)
    if lacking := about(story):
        yield words(lacking)


def _same(review: Review) -> Iterator[RenderableType]:
    for each in review.same:
        yield words(twice(each))
        for question in questions_of(each):
            yield Padding(words(question, "dim"), (0, 0, 0, 2), expand=False)
        yield words(both_hold(each))


def _study(review: Review, pen: _Pen) -> Iterator[RenderableType]:
    table = pen.table("", "") if pen.roomy else None
    for each in review.study:
        if table:
            table.add_row(Text(day_of(each)), _lesson(each))
        else:
            yield Text(day_of(each))
            yield Padding(_lesson(each), (0, 0, 0, 2), expand=False)
    if table:
        yield table
    first = review.study[0]
    yield Text.assemble("Begin with: ", words(f"interviewer chat {first.guide}", "cyan"))


def _lesson(each: StudyDay) -> Text:
    about_it = f"{each.guide}, {each.minutes} min"
    return Text.assemble(
        words(each.question), "\n", words(about_it, "cyan"), "\n", words(each.why, "dim")
    )
