"""The review of a session as Markdown."""

from collections.abc import Iterator, Mapping

from interviewer.export.markdown import escaped, quoted
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
from interviewer.review import Outcome, Review, Story
from interviewer.terminal.console import clock_face


def review_markdown(review: Review, anchors: Mapping[int, str] | None = None) -> str:
    """Return the review as a section of a document; its heading is of the second level.

    Args:
        review: The review.
        anchors: Number of an interview -> where the same document has it.
    """
    return "\n\n".join(part for part in _parts(review, anchors or {}) if part) + "\n"


def _parts(review: Review, anchors: Mapping[int, str]) -> Iterator[str]:
    yield "## Review of the session"
    yield f"{escaped(counted(review))}."
    yield "### Interviews"
    skipped = (
        f"- {escaped(each.question)} Skipped. {escaped(each.why)}" for each in review.skipped
    )
    yield "\n".join([*(_outcome(each, anchors) for each in review.outcomes), *skipped])
    if review.standings:
        yield "### Competencies, the weakest first"
        yield "\n".join(
            f"- **{escaped(name_of(each))}** {_points(each.points)} ({escaped(rests_on(each))})"
            for each in review.standings
        )
    for title, story in (("Best story", review.best), ("Weakest story", review.weakest)):
        if story:
            yield f"### {title}"
            yield from _story(story)
    if review.same:
        yield "### The same story twice"
    for each in review.same:
        yield escaped(twice(each))
        yield "\n".join(f"- {escaped(question)}" for question in questions_of(each))
        yield escaped(both_hold(each))
    if review.study:
        yield "### Study plan for the week"
        yield "\n".join(
            f"- **{day_of(each)}**: {escaped(each.question)} Guide {escaped(each.guide)}, "
            f"{each.minutes} min. {escaped(each.why)}"
            for each in review.study
        )
    yield from map(escaped, review.notes)


def _outcome(each: Outcome, anchors: Mapping[int, str]) -> str:
    missing = f", no score: {escaped(each.missing)}" if each.missing else ""
    told = f"{_points(each.overall)}, {clock_face(each.seconds)} min{missing}"
    question, anchor = escaped(each.question), anchors.get(each.number)
    return f"{each.number}. {f'[{question}](#{anchor})' if anchor else question} ({told})"


def _points(points: float | None) -> str:
    return "\u2013" if points is None else f"{points:.1f}"


def _story(story: Story) -> Iterator[str]:
    yield f"{escaped(story.question)} (interview {story.number}, {story.score:.1f} of 5)"
    if story.evidence:
        yield quoted(story.evidence)
    yield escaped(about(story))
