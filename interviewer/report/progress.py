"""The page of `interviewer progress --html`: plots, and the figures of each as a table.

It stands alone: no network, no script. The plots take their colours from the page, so they are
readable in dark and light, and on paper.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from interviewer import __version__
from interviewer.errors import DataError
from interviewer.progress.values import GuideProgress, Progress
from interviewer.progress.wording import ABOUT_TRENDS, counted, counted_of, gained
from interviewer.report.cards import (
    Card,
    delivery_card,
    gains_card,
    heat_card,
    own_card,
    profile_card,
    scores_card,
    together_card,
)
from interviewer.report.pages import look, source, write_page


@dataclass(frozen=True, slots=True)
class Section:
    """One guide, or what all of them have in common."""

    title: str
    about: str
    cards: list[Card]


def write_progress(path: Path, found: Progress, *, when: datetime | None = None) -> Path:
    """Write the page; what was there before is replaced once it is whole.

    Args:
        path: The file.
        found: What it shows.
        when: What it says about its time; now where it is None.

    Returns:
        `path`.

    Raises:
        DataError: It can't be written.
    """
    sections = [_of_guide(each, number) for number, each in enumerate(found.guides)]
    try:
        return write_page(
            path,
            "progress",
            title="Progress",
            found=found,
            counted=counted(found),
            gained=gained(found.gain) if len(found.guides) > 1 else "",
            sections=[*_of_all(found), *sections],
            about_trends=ABOUT_TRENDS,
            when=when or datetime.now().astimezone(),
            version=__version__,
            **look(style=source("progress.css")),
        )
    except DataError as error:
        hint = "free some space, or name a file that you may write with --html"
        raise DataError(error.what, where=error.where, hint=hint) from error


def _of_all(found: Progress) -> list[Section]:
    """Return what is not one guide's: how answers are told, and all overall scores."""
    cards = []
    if len([each for each in found.guides if each.overall.n]) > 1:
        cards.append(together_card(found))
    if found.delivery:
        cards.append(delivery_card(found))
    return [Section("All interviews", "", cards)] if cards else []


def _of_guide(guide: GuideProgress, number: int) -> Section:
    about = f"{guide.guide}: {counted_of(guide)}"
    made = (
        [scores_card(guide, number), profile_card(guide, number), heat_card(guide, number)]
        if guide.graded
        else []
    )
    made += [gains_card(guide, number), own_card(guide, number)]
    return Section(guide.question or guide.guide, about, [card for card in made if card])
