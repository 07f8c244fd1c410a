"""What many simulated interviews have in common: one row for each persona, or each guide."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Literal

from interviewer.simulation.measures import Measures, Probed
from interviewer.value import Value

By = Literal["persona", "guide"]


class Row(Value):
    """The interviews of one persona, or about one guide."""

    name: str
    interviews: int
    ended: int
    """How many ended as they should."""
    probes: int
    valid: int
    real: int
    """Probes on a real gap."""
    decided: int
    """Probes of which it is known whether they are; those are the ones that count."""
    gained: float | None
    """Mean number of steps and goals that a probe's answer newly covers."""
    first: float | None
    """Mean grade of the first answer."""
    final: float | None
    flags: int
    odd: int
    """Interviews that somebody should look at."""
    seconds: float
    """Mean of an interview."""
    tokens: float


def row_of(name: str, found: Sequence[Measures]) -> Row:
    """Return what interviews, at least one, come to."""
    probes = [probe for each in found for probe in each.probes]
    decided = [probe for probe in probes if probe.real is not None]
    return Row(
        name=name,
        interviews=len(found),
        ended=sum(each.ended for each in found),
        probes=len(probes),
        valid=sum(not probe.faults for probe in probes),
        real=sum(bool(probe.real) for probe in decided),
        decided=len(decided),
        gained=_mean(_gains(probes)),
        first=_mean(each.first for each in found),
        final=_mean(each.final for each in found),
        flags=sum(len(each.flags) for each in found),
        odd=sum(bool(each.odd) for each in found),
        seconds=fmean(each.seconds for each in found),
        tokens=fmean(each.tokens for each in found),
    )


def rows_of(found: Sequence[Measures], by: By) -> list[Row]:
    """Return a row for each persona or guide, in the order in which they come."""
    groups: dict[str, list[Measures]] = {}
    for each in found:
        groups.setdefault(each.persona if by == "persona" else each.guide, []).append(each)
    return [row_of(name, group) for name, group in groups.items()]


def _gains(probes: Iterable[Probed]) -> list[float]:
    return [probe.gained for probe in probes if probe.gained is not None]


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
