"""The page of `interviewer progress --html`: plots, and the figures of each as a table.

It stands alone: no network, no script. The plots take their colours from the page, so they are
readable in dark and light, and on paper.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from interviewer import __version__
from interviewer.errors import DataError
from interviewer.grade import DOUBT
from interviewer.progress.values import GuideProgress, Line, Progress
from interviewer.progress.wording import (
    ABOUT_TRENDS,
    about_scores,
    breaks_of,
    counted,
    counted_of,
    day,
    gained,
    interval,
    judged,
    many,
    slope,
)
from interviewer.report import plots
from interviewer.report.pages import sources, write_page
from interviewer.report.plots import NEWEST, NEWEST_CELLS, Plot, plot

_DASH = "\u2013"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a plot; the first cell of a row is its name."""

    name: str
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Card:
    """A plot with its figures, and what has to be said about it."""

    title: str
    plots: list[Plot]
    notes: list[str]
    tables: list[Table]


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
            **sources(("style.css", "progress.css")),
        )
    except DataError as error:
        hint = "free some space, or name a file that you may write with --html"
        raise DataError(error.what, where=error.where, hint=hint) from error


def _of_all(found: Progress) -> list[Section]:
    """Return what is not one guide's: how answers are told, and all overall scores."""
    cards = []
    if len([each for each in found.guides if each.overall.n]) > 1:
        cards.append(_together(found))
    if found.delivery:
        cards.append(_delivery(found))
    return [Section("All sessions", "", cards)] if cards else []


def _together(found: Progress) -> Card:
    label = "Overall scores of all guides over the sessions, from 1 to 5"
    return Card(
        "Overall scores",
        [plot(partial(plots.together, found), "all", label)],
        [
            "Each guide asks for something else, so its scores are best compared with its own. "
            + _limited(found.graded, NEWEST)
        ],
        [
            Table(
                "Overall scores by guide",
                ["Guide", "Sessions", "Graded", "Last", "Best", "Mean", "Trend"],
                [
                    [each.guide, f"{each.sessions:,}", f"{each.graded:,}", *_summed(each.overall)]
                    for each in found.guides
                ],
            )
        ],
    )


def _delivery(found: Progress) -> Card:
    rows = [
        [day(point.at), *(_measure(line, line.values[at]) for line in found.delivery)]
        for at, point in enumerate(found.told)
    ]
    summary = [
        [
            line.name,
            _measure(line, line.last),
            _measure(line, line.mean),
            "" if line.trend is None else line.trend.verdict,
        ]
        for line in found.delivery
    ]
    return Card(
        "Delivery",
        [plot(partial(plots.delivery, found), "told", "How answers were told, over the sessions")],
        [
            "Counted by code in the graded answers, whoever graded them; the speaking time is that "
            f"of 140 words a minute. {_limited(len(found.told), NEWEST)}"
        ],
        [
            Table("Delivery, summed up", ["", "Last", "Mean", "Trend"], summary),
            Table(
                "Delivery by session",
                ["Session", *(line.name for line in found.delivery)],
                rows[-NEWEST:],
            ),
        ],
    )


def _measure(line: Line, value: float | None) -> str:
    if value is None:
        return _DASH
    if line.id == "speaking_s":
        return f"{int(value) // 60}:{int(value) % 60:02}"
    return f"{value:.0%}" if line.id == "i" else f"{value:.1f}"


def _of_guide(guide: GuideProgress, number: int) -> Section:
    about = f"{guide.guide}: {counted_of(guide)}"
    made = (
        [_scores(guide, number), _profile(guide, number), _heat(guide, number)]
        if guide.graded
        else []
    )
    made += [_gains(guide, number), _own(guide, number)]
    return Section(guide.question or guide.guide, about, [card for card in made if card])


def _scores(guide: GuideProgress, number: int) -> Card:
    said = "; ".join(
        f"{line.name}: last {_figure(line.last)}, mean {_figure(line.mean)}"
        + (f", trend {slope(line.trend)}" if line.trend else "")
        for line in guide.scores
    )
    uncertain = any(flag for line in guide.scores for flag in line.uncertain)
    notes = [*about_scores(guide), _limited(guide.graded, NEWEST)]
    changes = breaks_of(guide.points)
    if changes:
        notes.append("A dashed line stands where grades can't be compared: " + " ".join(changes))
        notes.append("Hollow dots were graded otherwise than the newest.")
    rows = [
        [
            day(point.at),
            *(_scored(line, at) for line in guide.scores),
            point.model + (" (graded again)" if point.regraded else ""),
        ]
        for at, point in enumerate(guide.points)
    ]
    return Card(
        "Scores over time",
        [plot(partial(plots.scores, guide), f"s{number}", f"Scores over time. {said}")],
        [*notes, *([DOUBT] if uncertain else [])],
        [
            Table(
                "Scores by session",
                ["Session", *(line.name for line in guide.scores), "Graded by"],
                rows[-NEWEST:],
            )
        ],
    )


def _profile(guide: GuideProgress, number: int) -> Card | None:
    found = [line for line in guide.scores if line.n]
    if not found:
        return None
    said = "; ".join(f"{line.name}: last {_figure(line.last)}" for line in found)
    return Card(
        "Profile",
        [plot(partial(plots.profile, guide), f"p{number}", f"Profile by criterion. {said}")],
        [
            "The dot is the last score, the stroke the mean, the bar reaches from the lowest to "
            f"the highest of {many(found[0].n, 'session')}."
        ],
        [
            Table(
                "Profile by criterion",
                ["", "Last", "Best", "Mean", "Trend a session", "95 % interval"],
                [
                    [line.name, *_summed(line), (interval(line.trend) if line.trend else "")]
                    for line in found
                ],
            )
        ],
    )


def _heat(guide: GuideProgress, number: int) -> Card | None:
    if not guide.items:
        return None
    gaps = guide.gaps
    said = "; ".join(
        f"{item.name}: missing in {item.missing.n} of {item.missing.of}" for item in gaps
    )
    rows = [
        [
            ("" if item.kind == "step" else "Tip: ") + item.name,
            f"{item.lately.n} of {item.lately.of}",
            f"{item.missing.n} of {item.missing.of}",
            "".join(_mark(state) for state in item.kept[-NEWEST_CELLS:]),
        ]
        for item in (*gaps, *(each for each in guide.items if each not in gaps))
    ]
    label = f"Steps and tips by session. {said or 'Nothing is missing'}"
    return Card(
        "Steps and tips",
        [plot(partial(plots.heat, guide), f"h{number}", label)],
        [
            "A full square: covered, or kept. A hollow one: missing. A question mark: could not be "
            f"judged. {_limited(guide.graded, NEWEST_CELLS)}"
        ],
        [
            Table(
                "Steps and tips, what is missing most often first",
                ["", "Missing lately", "Missing in all", "By session"],
                rows,
            )
        ],
    )


def _mark(state: bool | None) -> str:
    return {True: "\u2713", False: "\u2717", None: "?"}[state]


def _gains(guide: GuideProgress, number: int) -> Card | None:
    found = [gain for gain in guide.gains if gain.n]
    if not found:
        return None
    overall = guide.gains[0]
    pictures = [
        plot(
            partial(plots.gains, guide),
            f"g{number}",
            "Mean of the first and of the final answers by criterion",
        )
    ]
    if overall.n:
        pictures.insert(
            0,
            plot(
                partial(plots.gain_over_time, overall, guide.points),
                f"f{number}",
                "First and final answer by session, overall",
            ),
        )
    said = gained(overall)
    rows = [
        [day(point.at), f"{pair[0]:.1f}", f"{pair[1]:.1f}", f"{pair[1] - pair[0]:+.1f}"]
        for point, pair in zip(guide.points, overall.pairs, strict=True)
        if pair
    ]
    return Card(
        "First and final answers",
        pictures,
        [
            "Hollow is the first answer, full the final one, both as the session itself graded "
            "them; above by session, overall, and below the means of each criterion.",
            *([f"{said[0].upper()}{said[1:]}."] if said else []),
        ],
        [
            Table(
                "First and final answers by criterion",
                ["", "First", "Final", "Change", "Better in"],
                [
                    [
                        each.name,
                        _figure(each.first),
                        _figure(each.final),
                        f"{(each.final or 0) - (each.first or 0):+.1f}",
                        f"{each.better} of {each.n}",
                    ]
                    for each in found
                ],
            ),
            Table(
                "First and final answers by session, overall",
                ["Session", "First", "Final", "Change"],
                rows[-NEWEST:],
            ),
        ],
    )


def _own(guide: GuideProgress, number: int) -> Card | None:
    if not guide.own:
        return None
    together = guide.own[0]
    return Card(
        "Your own scores",
        [
            plot(
                partial(plots.own_over_time, together, guide.points),
                f"o{number}",
                "Own scores and grades by session, over the criteria that were scored",
            )
        ],
        [
            "Hollow is your own score, full the grade; each the mean of the criteria that you "
            "scored.",
            *([judged(together)] if together.n else []),
        ],
        [
            Table(
                "Own scores and grades by criterion",
                ["", "Yours", "Grade", "Apart", "Last apart", "Sessions"],
                [
                    [
                        own.name,
                        _figure(own.own),
                        _figure(own.grade),
                        f"{(own.own or 0) - (own.grade or 0):+.1f}",
                        _DASH if own.last is None else f"{own.last:+.1f}",
                        f"{own.n}",
                    ]
                    for own in guide.own
                    if own.n
                ],
            )
        ],
    )


def _summed(line: Line) -> list[str]:
    trend = _DASH if line.trend is None else slope(line.trend)
    return [*(_figure(value) for value in (line.last, line.best, line.mean)), trend]


def _figure(value: float | None) -> str:
    return _DASH if value is None else f"{value:.1f}"


def _scored(line: Line, at: int) -> str:
    value = line.values[at]
    return _figure(value) + ("?" if line.uncertain[at] and value is not None else "")


def _limited(n: int, most: int) -> str:
    return f"Shown are the newest {most} of {n:,} sessions; --json has all." if n > most else ""
