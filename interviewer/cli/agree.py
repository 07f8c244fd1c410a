"""`interviewer agree`: compare grades with people's scores."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.choices import DEFAULT_GUIDE
from interviewer.cli.model_options import model_options

if TYPE_CHECKING:
    from interviewer.batch.scored import Compared
    from interviewer.grading.agreement import Agreement, Estimate

_PATH = click.Path(path_type=Path)
_HEAD = ("", "n", "kappa", "r", "rho", "MAE", "exact", "adj.")


@click.command()
@click.argument("scored", type=_PATH)
@click.option("--guide", default=DEFAULT_GUIDE, help="Path or name of a guide.")
@click.option("-o", "--out", type=_PATH, help="Folder for the grades; your cache by default.")
@click.option("--human", multiple=True, help="COLUMN or COLUMN=TARGET of human scores.")
@click.option("--scale", type=float, nargs=2, help="The raters' lowest and highest score.")
@click.option("--plot", type=_PATH, help="Draw a scatter plot: FILE.png or FILE.svg.")
@click.option("--results", type=_PATH, help="Grades that exist, in place of grading: a file.")
@click.option("--calibration", type=_PATH, help="A file that interviewer calibrate wrote.")
@model_options
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def agree(scored: Path, guide: str, **flags: Any) -> None:
    """Grade the answers of SCORED and compare the grades with its human scores.

    SCORED is JSON lines or CSV with an answer or turns, and columns such as human_overall or
    human_GOAL_ID; several raters are human_overall_1, human_overall_2. Grades are kept, so a
    second time costs nothing.
    """
    from interviewer.batch.plot import check_plot, draw_scatter
    from interviewer.batch.scored import compare, read_scored, scale_of
    from interviewer.cli.choices import load
    from interviewer.cli.scoring import graded_results
    from interviewer.extras import need
    from interviewer.rubric import rubric_of
    from interviewer.terminal.batch_view import draw_note

    own = {name: flags.pop(name) for name in ("out", "human", "scale", "plot", "as_json")}
    need("agree", "numpy", "scipy", "sklearn")
    if own["plot"]:
        check_plot(own["plot"])
    found = load(guide)
    people = read_scored(scored, [goal.id for goal in found.goals], own["human"])
    scale = own["scale"] or scale_of(people.all())
    results = graded_results(scored, guide, own["out"], flags)
    compared = compare(people, results, scale)
    names = {"overall": "Overall"} | rubric_of(found).names
    if own["plot"]:
        draw_scatter(compared, own["plot"], names=names, scale=scale)
    if own["as_json"]:
        click.echo(json.dumps(_as_json(compared, people.notes)))
        return
    _draw(compared, names)
    guessed = "" if own["scale"] else " (guessed from the scores; --scale LOWEST HIGHEST says it)"
    draw_note(f"The raters' scale: {scale[0]:g} to {scale[1]:g}{guessed}.")
    for note in people.notes:
        draw_note(f"note: {note}")
    if own["plot"]:
        draw_note(f"plot: {own['plot']}")


def _draw(compared: Mapping[str, "Compared"], names: Mapping[str, str]) -> None:
    from interviewer.grading.agreement import RESAMPLES, SEED
    from interviewer.terminal.batch_view import draw_note, draw_table

    rows = []
    for target, each in compared.items():
        rows.append(_row(names.get(target, target), each.machine))
        if each.humans:
            rows.append(_row("  raters among themselves", each.humans))
    draw_table(_HEAD, rows)
    draw_note(
        "Quadratic weighted kappa, Pearson's r, Spearman's rho, mean absolute error in points of "
        "the raters' scale; same whole point, and at most one apart. Below them 95 % bootstrap "
        f"intervals, {RESAMPLES} resamples, seed {SEED}."
    )
    for target, each in compared.items():
        if reason := each.machine.kappa.reason or each.machine.pearson.reason:
            draw_note(f"{names.get(target, target)}: no figure, for {reason}")
        if each.lacking:
            draw_note(f"{names.get(target, target)}: {each.lacking} rows have no machine score")


def _row(name: str, found: "Agreement") -> list[str]:
    figures = (found.kappa, found.pearson, found.spearman, found.mae)
    return [
        name,
        str(found.n),
        *(_cell(each) for each in figures),
        *(_percent(each) for each in (found.exact, found.adjacent)),
    ]


def _cell(found: "Estimate") -> str:
    if found.value is None:
        return "-"
    if found.low is None or found.high is None:
        return f"{found.value:.2f}"
    return f"{found.value:.2f}\n{found.low:.2f}..{found.high:.2f}"


def _percent(found: "Estimate") -> str:
    return "-" if found.value is None else f"{found.value:.0%}"


def _as_json(compared: Mapping[str, "Compared"], notes: list[str]) -> dict[str, object]:
    from interviewer.grading.agreement import RESAMPLES, SEED

    return {
        "resamples": RESAMPLES,
        "seed": SEED,
        "targets": {
            target: {
                "machine": each.machine.model_dump(mode="json"),
                "humans": each.humans and each.humans.model_dump(mode="json"),
                "lacking": each.lacking,
            }
            for target, each in compared.items()
        },
        "notes": notes,
    }
