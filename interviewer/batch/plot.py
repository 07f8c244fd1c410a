"""A picture of people's scores and the machine's. Needs the extra `agree`."""

import math
from collections.abc import Mapping
from pathlib import Path

from interviewer.batch.scored import Compared
from interviewer.errors import DataError, UsageError
from interviewer.extras import need

_COLUMNS = 3
_KINDS = {".png", ".svg", ".pdf"}


def check_plot(file: Path) -> None:
    """Make sure that a picture can be drawn there, before anything is graded.

    Raises:
        UsageError: The name's ending is no kind of picture.
        InterviewerError: The extra `agree` is not installed.
    """
    need("agree", "matplotlib")
    if file.suffix.lower() not in _KINDS:
        raise UsageError(f"{file} is no picture", where="--plot", hint="FILE.png or FILE.svg")


def draw_scatter(
    compared: Mapping[str, Compared],
    file: Path,
    *,
    names: Mapping[str, str],
    scale: tuple[float, float],
) -> None:
    """Draw one panel a target: each answer a dot, the line of equality, the line of best fit.

    Raises:
        DataError: The file can't be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = min(_COLUMNS, len(compared))
    rows = math.ceil(len(compared) / columns)
    figure = Figure(figsize=(4.2 * columns, 4.2 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    margin = (scale[1] - scale[0]) * 0.04
    limits = (scale[0] - margin, scale[1] + margin)
    for number, (target, each) in enumerate(compared.items(), start=1):
        axes = figure.add_subplot(rows, columns, number)
        human, machine = [pair[0] for pair in each.pairs], [pair[1] for pair in each.pairs]
        axes.plot(scale, scale, color="0.6", linestyle="--", linewidth=1, label="equal")
        axes.scatter(human, machine, s=22, alpha=0.6, color="#1f6fb4", edgecolors="none")
        if each.machine.pearson.value is not None:
            axes.plot(*_fitted(human, machine), color="#c0392b", linewidth=1.6, label="best fit")
        axes.set(xlim=limits, ylim=limits, aspect="equal")
        axes.set_xlabel(f"raters ({scale[0]:g} to {scale[1]:g})")
        axes.set_ylabel("machine, on the raters' scale")
        # A dollar sign in a guide's words would begin a formula.
        axes.set_title(f"{names.get(target, target)}\n{_about(each)}".replace("$", r"\$"), size=10)
        axes.legend(loc="upper left", fontsize=8, frameon=False)
    try:
        figure.savefig(file, dpi=150)
    except OSError as error:
        raise DataError(f"can't be written: {error.strerror}", where=file) from error


def _fitted(human: list[float], machine: list[float]) -> tuple[list[float], list[float]]:
    """Return the two ends of the least-squares line of `machine` on `human`."""
    n = len(human)
    x, y = sum(human) / n, sum(machine) / n
    slope = sum((a - x) * (b - y) for a, b in zip(human, machine, strict=True)) / sum(
        (a - x) ** 2 for a in human
    )
    ends = [min(human), max(human)]
    return ends, [y + slope * (end - x) for end in ends]


def _about(each: Compared) -> str:
    r = each.machine.pearson.value
    return f"n = {each.machine.n}" + ("" if r is None else f", r = {r:.2f}")
