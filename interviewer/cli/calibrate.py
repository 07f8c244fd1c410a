"""`interviewer calibrate`: learn your raters' scale from their scores."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.choices import DEFAULT_GUIDE
from interviewer.cli.model_options import model_options

if TYPE_CHECKING:
    from interviewer.batch.result import Result
    from interviewer.batch.scored import Scored
    from interviewer.grading.calibration import Calibration, Interval
    from interviewer.grading.learning import Learnt

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("scored", type=_PATH)
@click.option("-o", "--out", type=_PATH, required=True, help="The file to write, a JSON object.")
@click.option("--guide", default=DEFAULT_GUIDE, help="Path or name of a guide.")
@click.option("--human", multiple=True, help="Column of human scores; human_overall by default.")
@click.option("--scale", type=float, nargs=2, help="The raters' lowest and highest score.")
@click.option("--results", type=_PATH, help="Grades that exist, in place of grading: a file.")
@model_options
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print what was learned as JSON.")
def calibrate(scored: Path, guide: str, **flags: Any) -> None:
    """Learn from the human scores in SCORED how your raters score, and write it to a file.

    What it learns is small and can be read: one weight for each signal, in a direction that was
    fixed beforehand. It is tried on answers that it was not learned from, and says whether it
    helps. Use it with --calibration.
    """
    from interviewer.batch.scored import read_scored, scale_of
    from interviewer.cli.choices import load
    from interviewer.cli.scoring import graded_results
    from interviewer.extras import need
    from interviewer.grading.calibration import save_calibration

    own = {name: flags.pop(name) for name in ("out", "human", "scale", "as_json")}
    need("agree", "numpy", "scipy")
    found = load(guide)
    people = read_scored(scored, [goal.id for goal in found.goals], _overall(own["human"]))
    scale = own["scale"] or scale_of(people.all())
    results = graded_results(scored, guide, None, flags)
    learnt = _learn(people, results, scale, name=own["out"].stem, guide=found.id)
    save_calibration(learnt.calibration, own["out"])
    if own["as_json"]:
        click.echo(json.dumps(learnt.calibration.model_dump(mode="json")))
    else:
        _draw(learnt, own["out"], guessed=not own["scale"])


def _overall(human: tuple[str, ...]) -> list[str]:
    """Return the columns as scores of the whole answer, whatever their names say."""
    return [f"{each.removesuffix('=overall')}=overall" for each in human]


def _learn(
    people: "Scored",
    results: "dict[str, Result]",
    scale: tuple[float, float],
    *,
    name: str,
    guide: str,
) -> "Learnt":
    from interviewer.batch.scored import OVERALL
    from interviewer.errors import DataError
    from interviewer.grading.learning import About, Example, learn

    if OVERALL not in people.raters:
        raise DataError("no column scores the whole answer", hint="--human COLUMN")
    examples, models = [], []
    for row in people.scores:
        human, result = people.mean(row, OVERALL), results.get(row)
        if human is not None and result and result.status == "graded":
            plain = result.calibrated.plain if result.calibrated else result.overall
            examples.append(Example(result.signals, plain, human))
            models.append(result.model)
    if len(set(models)) > 1:
        found = ", ".join(sorted(set(models)))
        raise DataError(f"the results are from several models: {found}", hint="grade with one")
    about = About(name, guide, next(iter(models), ""), scale, ", ".join(people.raters[OVERALL]))
    return learn(examples, about)


def _draw(learnt: "Learnt", out: Path, *, guessed: bool) -> None:
    from interviewer.terminal.batch_view import draw_note, draw_table, figure

    made = learnt.calibration
    held = made.validation
    rows = [
        ["calibrated", _cell(held.r), _cell(held.mae)],
        ["uncalibrated", _cell(held.uncalibrated_r), _cell(held.uncalibrated_mae)],
        ["the raters' mean, always", "-", _cell(held.baseline_mae)],
        ["gain by calibration", _cell(held.gain_r), _cell(held.gain_mae)],
    ]
    draw_table(["on answers not learned from", "Pearson r", "MAE"], rows)
    draw_note(
        f"{held.folds}-fold cross-validation, {held.repeats} times, seed {held.seed}; in brackets "
        "95 % bootstrap intervals."
    )
    draw_table(["signal", "weight"], _weights(made, figure))
    low, high = made.scale
    told = " (guessed from the scores; --scale says it)" if guessed else ""
    draw_note(f"n = {made.n}, scale {low:g} to {high:g}{told}.")
    if learnt.left_out:
        draw_note(f"{learnt.left_out} answers were left out: they lack a signal or a score.")
    draw_note(made.verdict)
    draw_note(f"Written to {out}; use it with --calibration {out}")


def _weights(made: "Calibration", figure: Any) -> list[list[str]]:
    return [
        [("" if each.sign > 0 else "fewer ") + each.name, figure(each.weight)]
        for each in made.features
        if each.weight
    ]


def _cell(found: "Interval | None") -> str:
    return "-" if found is None else f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
