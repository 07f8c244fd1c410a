"""Many results in a few figures, taken one after another: only numbers are held.

A score is 8 bytes, so 100,000 answers with ten criteria are 9 MB.
"""

import json
import platform
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import fmean, quantiles, stdev

from interviewer import __version__
from interviewer.batch.result import Result
from interviewer.batch.rows import BadRow, Row
from interviewer.batch.writing import replacing
from interviewer.grade import uncertain_of
from interviewer.rubric import Rubric

Pairs = Callable[[], Iterable[tuple[Row | BadRow, Result]]]
"""Gives each row with its result, in the sources' order; may be called several times."""
SUMMARY = "summary.json"
_KINDS = 100
"""Kinds of reasons that are told apart."""
_OTHER = "other reasons"


@dataclass(frozen=True, slots=True)
class Figures:
    """The scores of one criterion, or overall, over all results."""

    n: int
    """Results that have the score."""
    mean: float | None
    low: float | None
    high: float | None
    spread: float | None
    """Mean over the results of highest less lowest run; None where there was one run."""
    uncertain: int = 0
    """Results that have the score, but little confidence in it."""
    sd: float | None = None
    """Of the sample; None for fewer than two scores."""
    quartiles: tuple[float, float, float] | None = None
    """Lower quartile, median, upper quartile."""


class Scores:
    """The scores of graded results: `overall` and each goal's."""

    def __init__(self) -> None:
        self._scores: dict[str, array[float]] = {}
        self._spreads: dict[str, array[float]] = {}
        self._uncertain: Counter[str] = Counter()

    def add(self, result: Result) -> None:
        """Take the scores of a result; a failed one has none."""
        if result.status != "graded":
            return
        doubtful = uncertain_of(result.confidence)
        for target in ("overall", *result.criteria):
            scores = self._scores.setdefault(target, array("d"))
            if (score := score_of(result, target)) is not None:
                scores.append(score)
                self._uncertain[target] += target in doubtful
            spread = result.runs.spread.get(target) if result.runs else None
            if spread is not None:
                self._spreads.setdefault(target, array("d")).append(spread)

    def of(self, target: str) -> "array[float]":
        """Return the scores of a goal, or `overall`, in the order in which they came."""
        return self._scores.get(target, array("d"))

    def figures(self) -> dict[str, Figures]:
        """Return `overall` and each goal's id -> its figures; empty where nothing was graded."""
        return {target: self._figures(target) for target in self._scores}

    def _figures(self, target: str) -> Figures:
        scores, spreads = self._scores[target], self._spreads.get(target)
        mean = fmean(scores) if scores else None
        several = len(scores) > 1
        return Figures(
            n=len(scores),
            mean=_rounded(mean),
            low=_rounded(min(scores, default=None)),
            high=_rounded(max(scores, default=None)),
            spread=_rounded(fmean(spreads)) if spreads else None,
            uncertain=self._uncertain[target],
            sd=_rounded(stdev(scores, mean)) if several else None,
            quartiles=_quartiles(scores) if scores else None,
        )


@dataclass(slots=True)
class Group:
    """The graded answers of one guide."""

    guide: str
    """The guide's id."""
    rubric: Rubric
    graded: int = 0
    scores: Scores = field(default_factory=Scores)
    covered: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Step id -> answers that cover it, and answers of which that is known."""
    flags: Counter[str] = field(default_factory=Counter)
    """Flag id -> answers that have it."""

    def add(self, result: Result) -> None:
        """Take a graded result."""
        self.graded += 1
        self.scores.add(result)
        self.flags.update(set(result.flags))
        for step in self.rubric.ids("step"):
            covered, known = self.covered.get(step, (0, 0))
            found = result.steps.get(step)
            self.covered[step] = (covered + (found is True), known + (found is not None))


@dataclass(slots=True)
class Summary:
    """A whole run."""

    graded: int = 0
    failed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Kind of reason -> answers that failed for it."""
    groups: dict[str, Group] = field(default_factory=dict)
    """What rows name as their guide -> its answers."""
    usage: Counter[str] = field(default_factory=Counter)
    """`prompt`, `cached`, `completion` (tokens) and `calls`."""
    seconds: float = 0.0
    """All answers' together; answers that were graded side by side took less."""
    models: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many answers there are."""
        return self.graded + self.failed

    def add(self, row: Row | BadRow, result: Result, rubrics: Mapping[str, Rubric]) -> None:
        """Take one answer."""
        self.usage.update(result.usage.model_dump())
        self.seconds += result.seconds
        if result.model:
            self.models[result.model] += 1
        if isinstance(row, BadRow) or result.status == "failed":
            self.failed += 1
            kind = kind_of(result.error or "")
            known = kind in self.reasons or len(self.reasons) < _KINDS
            self.reasons[kind if known else _OTHER] += 1
            return
        self.graded += 1
        if row.guide not in self.groups:
            self.groups[row.guide] = Group(result.guide or row.guide, rubrics[row.guide])
        self.groups[row.guide].add(result)

    def cost(self, prices: tuple[float | None, float | None]) -> float | None:
        """Return what all calls cost.

        Args:
            prices: Of a million prompt tokens and a million completion tokens; None: nothing.

        Returns:
            None where neither price is known.
        """
        if prices == (None, None):
            return None
        prompt, completion = (price or 0.0 for price in prices)
        return (self.usage["prompt"] * prompt + self.usage["completion"] * completion) / 1e6


def summarize(pairs: Pairs, rubrics: Mapping[str, Rubric]) -> Summary:
    """Go through all answers once.

    Args:
        pairs: Rows and results.
        rubrics: `row.guide` -> its rubric; "" is the run's own.
    """
    made = Summary()
    for row, result in pairs():
        made.add(row, result, rubrics)
    return made


def write_summary(
    path: Path,
    summary: Summary,
    *,
    prices: tuple[float | None, float | None] = (None, None),
    when: datetime | None = None,
    digest: str = "",
) -> None:
    """Write a run's figures as one JSON object.

    Args:
        path: Usually `OUT/summary.json`.
        summary: See `summarize`.
        prices: See `Summary.cost`.
        when: What it says about its time; now where it is None.
        digest: Hash of all that the files depend on: the same again need not be written.

    Raises:
        DataError: It can't be written.
    """
    usage = {name: summary.usage[name] for name in ("prompt", "cached", "completion", "calls")}
    found = {
        "written": (when or datetime.now().astimezone()).isoformat(timespec="seconds"),
        "versions": {"interviewer": __version__, "python": platform.python_version()},
        "models": dict(summary.models.most_common()),
        "answers": summary.total,
        "graded": summary.graded,
        "failed": summary.failed,
        "reasons": dict(summary.reasons.most_common()),
        "guides": [_group(name, group) for name, group in summary.groups.items()],
        "usage": usage | {"cost": _rounded(summary.cost(prices), 6)},
        "seconds": round(summary.seconds, 3),
        "digest": digest,
    }
    with replacing(path) as file:
        file.write(json.dumps(found, indent=2) + "\n")


def summary_of(results: Iterable[Result]) -> dict[str, Figures]:
    """Return `overall` and each goal's id -> its figures, over the graded results."""
    scores = Scores()
    for each in results:
        scores.add(each)
    return scores.figures()


def score_of(result: Result, target: str) -> float | None:
    """Return the score of a goal, or `overall`, 1 to 5."""
    return result.overall if target == "overall" else result.criteria.get(target)


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)|\u201c[^\u201d]*\u201d")
_NUMBER = re.compile(r"\b(?:0x[0-9a-f]+|\d[\d.,]*)\b")
_PLACE = frozenset("/\\")


def kind_of(error: str) -> str:
    """Return what errors of one kind have in common: no place, name or number is in it."""
    first = error.strip()[:500].partition("\n")[0].partition("; expected")[0]
    place, _, rest = first.partition(": ")
    first = rest if rest and _PLACE & {*place} else first
    plain = _NUMBER.sub("\N{HORIZONTAL ELLIPSIS}", _QUOTED.sub("", first))
    words = [word for word in plain.split() if not _PLACE & {*word}]
    return " ".join(words)[:100].strip() or "no reason was given"


def _group(name: str, group: Group) -> dict[str, object]:
    names = group.rubric.names
    return {
        "guide": group.guide,
        "asked_for": name,
        "question": group.rubric.question,
        "graded": group.graded,
        "scores": {
            target: {"name": names.get(target, target), **_as_json(each)}
            for target, each in group.scores.figures().items()
        },
        "steps": {
            step: {
                "name": names.get(step, step),
                "covered": covered,
                "known": known,
                "share": _rounded(covered / known) if known else None,
            }
            for step, (covered, known) in group.covered.items()
        },
        "flags": dict(group.flags.most_common()),
    }


def _as_json(each: Figures) -> dict[str, object]:
    low, median, high = each.quartiles or (None, None, None)
    found = {"n": each.n, "mean": each.mean, "sd": each.sd, "low": each.low, "lower_quartile": low}
    found |= {"median": median, "upper_quartile": high, "high": each.high}
    spread = {} if each.spread is None else {"spread": each.spread}
    return {**found, "uncertain": each.uncertain, **spread}


def _quartiles(scores: "array[float]") -> tuple[float, float, float]:
    several = scores if len(scores) > 1 else scores * 2
    low, median, high = (round(each, 4) for each in quantiles(several, n=4, method="inclusive"))
    return low, median, high


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
