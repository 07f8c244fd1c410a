"""The cards of the page of progress: plots, their figures as tables, and a few sentences."""

from dataclasses import dataclass
from functools import partial

from interviewer.grade import DOUBT
from interviewer.progress.values import Gain, GuideProgress, Line, Own, Progress
from interviewer.progress.wording import (
    about_scores,
    apart,
    breaks_of,
    gained,
    interval,
    judged,
    measured,
    moment,
    signed,
    slope,
)
from interviewer.report import plots
from interviewer.report.drawing import NEWEST
from interviewer.report.plots import NEWEST_CELLS, Plot, plot
from interviewer.text import many

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


def together_card(found: Progress) -> Card:
    """Return the overall scores of all guides."""
    label = "Overall scores of all guides over the interviews, from 1 to 5"
    return Card(
        "Overall scores",
        [plot(partial(plots.together, found), "all", label)],
        [
            "Each guide asks for something else, so its scores are best compared with its own. "
            "Hollow marks were graded otherwise than the guide's newest. "
            + _limited(found.graded, NEWEST)
        ],
        [
            Table(
                "Overall scores by guide",
                ["Guide", "Interviews", "Graded", "Last", "Best", "Mean", "Trend"],
                [
                    [each.guide, f"{each.sessions:,}", f"{each.graded:,}", *_summed(each.overall)]
                    for each in found.guides
                ],
            )
        ],
    )


def delivery_card(found: Progress) -> Card:
    """Return how answers were told."""
    rows = [
        [moment(point.at), *(measured(line, line.values[at]) for line in found.delivery)]
        for at, point in enumerate(found.told)
    ]
    summary = [
        [
            line.name,
            measured(line, line.last),
            measured(line, line.mean),
            slope(line) or _DASH,
        ]
        for line in found.delivery
    ]
    return Card(
        "Delivery",
        [
            plot(
                partial(plots.delivery, found), "told", "How answers were told, over the interviews"
            )
        ],
        [
            "Counted by code in the graded answers, whoever graded them; the speaking time is that "
            f"of 140 words a minute. {_limited(len(found.told), NEWEST)}",
            "Guides differ in how long an answer should be: --guide shows one of them."
            if len(found.guides) > 1
            else "",
        ],
        [
            Table("Delivery, summed up", ["", "Last", "Mean", "Trend an interview"], summary),
            Table(
                "Delivery by interview",
                ["Interview", *(line.name for line in found.delivery)],
                rows[-NEWEST:],
            ),
        ],
    )


def scores_card(guide: GuideProgress, number: int) -> Card:
    """Return the scores of a guide over time."""
    said = "; ".join(
        f"{line.name}: last {_figure(line.last)}, mean {_figure(line.mean)}"
        + (f", trend {slope(line)}" if line.trend else "")
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
            moment(point.at),
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
                "Scores by interview",
                ["Interview", *(line.name for line in guide.scores), "Graded by"],
                rows[-NEWEST:],
            )
        ],
    )


def profile_card(guide: GuideProgress, number: int) -> Card | None:
    """Return each criterion's range, mean and last score; None where nothing has a score."""
    found = [line for line in guide.scores if line.n]
    if not found:
        return None
    said = "; ".join(f"{line.name}: last {_figure(line.last)}" for line in found)
    return Card(
        "Profile",
        [plot(partial(plots.profile, guide), f"p{number}", f"Profile by criterion. {said}")],
        [
            "The dot is the last score, the stroke the mean, the bar reaches from the lowest to "
            f"the highest of {many(found[0].n, 'interview')}."
        ],
        [
            Table(
                "Profile by criterion",
                ["", "Last", "Best", "Mean", "Trend an interview", "95 % interval"],
                [
                    [line.name, *_summed(line), (interval(line.trend) if line.trend else "")]
                    for line in found
                ],
            )
        ],
    )


def heat_card(guide: GuideProgress, number: int) -> Card | None:
    """Return what was covered and kept in which session; None where a guide asks for nothing."""
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
    label = f"Steps and tips by interview. {said or 'Nothing is missing'}"
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
                ["", "Missing lately", "Missing in all", "By interview"],
                rows,
            )
        ],
    )


def _mark(state: bool | None) -> str:
    return {True: "\u2713", False: "\u2717", None: "?"}[state]


def gains_card(guide: GuideProgress, number: int) -> Card | None:
    """Return first against final answers; None where no session has both."""
    found = [gain for gain in guide.gains if gain.n]
    if not found:
        return None
    overall = guide.gains[0]
    by_session = partial(plots.gain_over_time, overall, guide.points)
    by_criterion = partial(plots.gains, guide)
    pictures = [plot(by_session, f"f{number}", "First and final answer by interview, overall")]
    said = gained(overall)
    return Card(
        "First and final answers",
        [
            *(pictures if overall.n else []),
            plot(by_criterion, f"g{number}", "Means of first and final answers by criterion"),
        ],
        [
            "Hollow is the first answer, full the final one, both as the interview itself graded "
            "them; above by interview, overall, and below the means of each criterion.",
            *([f"{said[0].upper()}{said[1:]}."] if said else []),
        ],
        [
            Table(
                "First and final answers by criterion",
                ["", "First", "Final", "Change", "Better in"],
                [_gain_row(each) for each in found],
            ),
            Table(
                "First and final answers by interview, overall",
                ["Interview", "First", "Final", "Change"],
                [
                    [moment(point.at), *_pair_cells(*pair)]
                    for point, pair in zip(guide.points, overall.pairs, strict=True)
                    if pair
                ][-NEWEST:],
            ),
        ],
    )


def _gain_row(gain: Gain) -> list[str]:
    assert gain.first is not None  # noqa: S101  only called where there are pairs
    assert gain.final is not None  # noqa: S101
    return [gain.name, *_pair_cells(gain.first, gain.final), f"{gain.better} of {gain.n}"]


def _pair_cells(first: float, final: float) -> list[str]:
    return [f"{first:.1f}", f"{final:.1f}", signed(apart(final, first), 1)]


def own_card(guide: GuideProgress, number: int) -> Card | None:
    """Return own scores against grades; None where nobody scored themselves."""
    if not guide.own:
        return None
    together = guide.own[0]
    return Card(
        "Your own scores",
        [
            plot(
                partial(plots.own_over_time, together, guide.points),
                f"o{number}",
                "Own scores and grades by interview, over the criteria that were scored",
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
                ["", "Yours", "Grade", "Apart", "Last apart", "Interviews"],
                [_own_row(own) for own in guide.own if own.n],
            )
        ],
    )


def _own_row(own: Own) -> list[str]:
    assert own.own is not None  # noqa: S101  only called where there are pairs
    assert own.grade is not None  # noqa: S101
    last = _DASH if own.last is None else signed(own.last, 1)
    over = signed(apart(own.own, own.grade), 1)
    return [own.name, _figure(own.own), _figure(own.grade), over, last, f"{own.n}"]


def _summed(line: Line) -> list[str]:
    figures = [_figure(value) for value in (line.last, line.best, line.mean)]
    return [*figures, slope(line) or _DASH]


def _figure(value: float | None) -> str:
    return _DASH if value is None else f"{value:.1f}"


def _scored(line: Line, at: int) -> str:
    value = line.values[at]
    return _figure(value) + ("?" if line.uncertain[at] and value is not None else "")


def _limited(n: int, most: int) -> str:
    return f"Shown are the newest {most} of {n:,} interviews; --json has all." if n > most else ""
