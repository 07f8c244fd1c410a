"""What a review says in sentences: the same in the terminal, on the page and as text."""

from collections.abc import Sequence

from interviewer.planning.strength import plain
from interviewer.review import Review, SameStory, Standing, Story, StudyDay, Telling
from interviewer.text import many


def counted(review: Review) -> str:
    """Return how many interviews there were and how long they took, without a stop."""
    graded = sum(each.overall is not None for each in review.outcomes)
    said = [many(len(review.outcomes), "interview"), f"{graded} with a score"]
    if review.skipped:
        said.append(f"{len(review.skipped)} skipped")
    return ", ".join([*said, f"{minutes(review.seconds)} in all"])


def minutes(seconds: float) -> str:
    """Return a time in whole minutes; less than one is said as that."""
    return f"{round(seconds / 60):,} min" if seconds >= 60 else "less than a minute"


def name_of(standing: Standing) -> str:
    """Return a competency's name."""
    return plain(standing.competency).capitalize()


def rests_on(standing: Standing) -> str:
    """Return which interviews a competency's points come from, and why others tell nothing."""
    told = _listed("interview", standing.interviews)
    silent = "; ".join(f"not from {each.number}: {each.reason}" for each in standing.missing)
    return "; ".join(part for part in (f"from {told}" if told else "", silent) if part)


def about(story: Story) -> str:
    """Return what was missing most in a story; empty where nothing was."""
    return f"Missing most: {story.lacking}." if story.lacking else ""


def twice(same: SameStory) -> str:
    """Return which two answers tell the same story."""
    if same.other.at is None:
        return f"Interviews {same.one.number} and {same.other.number} tell the same story."
    return (
        f"Interview {same.one.number} tells a story that you told on "
        f"{same.other.at.astimezone():%Y-%m-%d} already."
    )


def questions_of(same: SameStory) -> list[str]:
    """Return the two questions that it answered."""
    return [_question(same.one), _question(same.other)]


def both_hold(same: SameStory) -> str:
    """Return the reason: what both answers hold."""
    return f"Both hold: {', '.join(same.shared)}."


def day_of(study: StudyDay) -> str:
    """Return a day of the study plan."""
    return f"{study.day:%a} {study.day.day} {study.day:%b}"


def _question(telling: Telling) -> str:
    when = "" if telling.at is None else f"{telling.at.astimezone():%Y-%m-%d}, "
    return f"{when}{telling.number}: {telling.question}"


def _listed(noun: str, numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    *others, last = map(str, numbers)
    return f"{noun}s {', '.join(others)} and {last}" if others else f"{noun} {last}"
