"""`interviewer grade`: grade a file of answers."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.batching import model_options
from interviewer.cli.choices import DEFAULT_GUIDE

if TYPE_CHECKING:
    from interviewer.batch.result import Result
    from interviewer.batch.run import Tally
    from interviewer.rubric import Rubric

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_PATH)
@click.option("--guide", default=DEFAULT_GUIDE, help="Path or name of a guide.")
@click.option("-o", "--out", type=_PATH, required=True, help="Folder for results.jsonl.")
@click.option("--calibration", type=_PATH, help="A file that interviewer calibrate wrote.")
@click.option("--runs", type=click.IntRange(1, 20), default=1, help="Grade this often.")
@model_options
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def grade(file: Path, guide: str, out: Path, runs: int, **flags: Any) -> None:
    """Grade the answers of FILE, JSON lines or CSV, into OUT/results.jsonl.

    A row has an id, and an answer or turns. What was graded before is kept; what failed, or
    changed, is graded again. Exits 1 if a row failed.
    """
    from interviewer.batch.ledger import load_results
    from interviewer.batch.rows import read_rows
    from interviewer.cli.batching import Job, grade_rows, set_up
    from interviewer.rubric import rubric_of

    own = {name: flags.pop(name) for name in ("no_pull", "quiet", "as_json")}
    setup = set_up(guide, flags, allow_pull=not own["no_pull"], runs=runs)
    rows = partial(read_rows, file)
    job = Job(setup, rows, sum(1 for _ in rows()), out, file, quiet=own["quiet"])
    tally = grade_rows(job)
    kept = load_results(out)
    results = [kept[row.id] for row in rows() if row.id in kept]
    if own["as_json"]:
        click.echo(json.dumps(_summary(tally, results, out)))
    else:
        _draw(tally, results, rubric_of(setup.guide), out)
    if tally.failed:
        raise click.exceptions.Exit(1)


def _summary(tally: "Tally", results: "list[Result]", out: Path) -> dict[str, object]:
    from interviewer.batch.ledger import NAME
    from interviewer.batch.summary import summary_of

    return {
        "results": str(out / NAME),
        "rows": tally.total,
        "graded": tally.graded,
        "kept": tally.kept,
        "failed": [
            {"id": each.id, "source": each.source, "error": each.error} for each in tally.failures
        ],
        "scores": {
            target: {"n": each.n, "mean": each.mean, "low": each.low, "high": each.high}
            | {"uncertain": each.uncertain}
            | ({"spread": each.spread} if each.spread is not None else {})
            for target, each in summary_of(results).items()
        },
    }


def _draw(tally: "Tally", results: "list[Result]", rubric: "Rubric", out: Path) -> None:
    from interviewer.batch.ledger import NAME
    from interviewer.batch.summary import summary_of
    from interviewer.grade import DOUBT
    from interviewer.terminal.batch_view import draw_failures, draw_note, draw_table, figure

    found = summary_of(results)
    spread = any(each.spread is not None for each in found.values())
    doubt = any(each.uncertain for each in found.values())
    names = {"overall": "Overall"} | rubric.names
    rows = [
        [
            names.get(target, target),
            str(each.n),
            *(figure(value) for value in (each.mean, each.low, each.high)),
            *([figure(each.spread)] if spread else []),
            *([str(each.uncertain)] if doubt else []),
        ]
        for target, each in found.items()
    ]
    if rows:
        head = ["", "n", "mean", "lowest", "highest"]
        draw_table([*head, *(["spread"] if spread else []), *(["?"] if doubt else [])], rows)
        if doubt:
            draw_note(DOUBT)
    kept = f", {tally.kept} kept from before" if tally.kept else ""
    draw_note(f"{tally.graded} graded{kept}, {tally.failed} failed: {out / NAME}")
    draw_failures({each.source: each.error or "" for each in tally.failures}, tally.failed)
