"""`interviewer grade`: grade files and folders of answers."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.batching import AT_ONCE, ENGINES
from interviewer.cli.choices import DEFAULT_GUIDE
from interviewer.cli.model_options import model_options
from interviewer.cli.numbers import Number

if TYPE_CHECKING:
    from interviewer.batch.run import Tally
    from interviewer.cli.batching import Job
    from interviewer.cli.outputs import Outputs
    from interviewer.cli.providing import StillRunning

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--guide", default=DEFAULT_GUIDE, help="Path or name of a guide.")
@click.option("-o", "--out", type=_PATH, required=True, help="Folder for grades and report.")
@click.option("--id", "id_", metavar="COLUMN", default="id", help="Column of ids in tables.")
@click.option("--answer", metavar="COLUMN", default="answer", help="Column of answers.")
@click.option("--turns", metavar="COLUMN", default="turns", help="Column of whole interviews.")
@click.option("--guide-column", metavar="COLUMN", default="", help="Column of each row's guide.")
@click.option("--calibration", type=_PATH, help="A file that interviewer calibrate wrote.")
@click.option("--runs", type=click.IntRange(1, 20), default=1, help="Grade this often.")
@click.option("--csv-columns", metavar="LIST", help="Columns of grades.csv: Student=id,...")
@click.option("--concurrency", type=click.IntRange(1, 4096), help="Most calls at once.")
@click.option("--max-tokens", type=click.IntRange(0), help="Stop before more tokens are used.")
@click.option("--max-cost", type=Number(0), help="Stop before more money is used.")
@click.option("--engine", type=click.Choice(ENGINES), default=ENGINES[0], help="How to grade.")
@click.option("--ray-address", metavar="ADDRESS", help="Of a Ray cluster; else Ray runs here.")
@click.option("--ray-workers", type=click.IntRange(1, 4096), help="Processes on the cluster.")
@click.option("--wait/--no-wait", default=True, help="Wait for the provider's batches.")
@click.option("--dry-run", is_flag=True, help="Count answers, calls and tokens; call nothing.")
@click.option("--force", is_flag=True, help="Grade again what was graded before.")
@model_options
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def grade(paths: tuple[str, ...], guide: str, out: Path, **flags: Any) -> None:
    """Grade the answers in PATHS: files, folders, globs, or - for standard input.

    An answer is a .txt, .md, .docx or .pdf file, a transcript, or a row of a .csv, .tsv, .jsonl
    or .parquet table. What was graded before is kept; what failed or changed is graded again.
    OUT gets results.jsonl, grades.csv, summary.json and report.html.

    --engine provider-batch sends all at once to the provider's batch service, which is cheaper and
    takes up to a day; with --no-wait, run the same command again until all is graded.
    --engine ray grades by the machines of a Ray cluster; OUT is a folder that all of them see.

    Exits 1 if an answer failed, 75 while batches are running that are not waited for.
    """
    from interviewer.batch.sources import Columns, Sources
    from interviewer.cli.batching import Job, grade_rows, set_up
    from interviewer.cli.engines import check_engine
    from interviewer.cli.outputs import check_columns, write_outputs
    from interviewer.cli.providing import RUNNING, StillRunning
    from interviewer.terminal.batch_view import draw_note
    from interviewer.text import many

    own = {name: flags.pop(name) for name in _OWN}
    columns = Columns(*(flags.pop(name) for name in ("id_", "answer", "turns", "guide_column")))
    runs, dry = flags.pop("runs"), own["dry_run"]
    setup = set_up(guide, flags, allow_pull=not own["no_pull"], runs=runs, needed=not dry)
    with Sources(paths, columns) as sources:
        job = Job(
            setup,
            sources.rows,
            sources.count(),
            out,
            " ".join(paths),
            quiet=own["quiet"],
            at_once=own["concurrency"] or AT_ONCE,
            force=own["force"],
            max_tokens=own["max_tokens"],
            max_cost=own["max_cost"],
            engine=own["engine"],
            wait=own["wait"],
            ray_address=own["ray_address"],
            ray_workers=own["ray_workers"],
        )
        check_engine(job)
        if (over := sources.passed_over) and not own["quiet"]:
            draw_note(f"passed over: {many(over, 'file')} of other kinds", stderr=True)
        if own["dry_run"]:
            _dry_run(job, as_json=own["as_json"])
            return
        check_columns(own["csv_columns"], job)
        try:
            tally, outputs = grade_rows(job, lambda done: write_outputs(done, own["csv_columns"]))
        except StillRunning as left:
            _draw_running(left, as_json=own["as_json"])
            raise click.exceptions.Exit(RUNNING) from None
    if own["as_json"]:
        click.echo(json.dumps(_as_json(tally, outputs)))
    else:
        _draw(tally, outputs, job)
    if tally.failed or tally.spent:
        raise click.exceptions.Exit(1)


_OWN = (
    *("no_pull", "quiet", "as_json", "concurrency", "max_tokens", "max_cost"),
    *("dry_run", "force", "csv_columns", "engine", "wait"),
    *("ray_address", "ray_workers"),
)


def _draw_running(left: "StillRunning", *, as_json: bool) -> None:
    from interviewer.terminal.batch_view import draw_note

    if as_json:
        click.echo(json.dumps({"running": left.batches}))
    else:
        draw_note(f"{left}; the same command again goes on: {', '.join(left.batches)}")


def _dry_run(job: "Job", *, as_json: bool) -> None:
    from interviewer.cli.outputs import estimated
    from interviewer.terminal.batch_view import draw_note

    found = estimated(job)
    if as_json:
        click.echo(json.dumps(found.as_json(job.prices)))
    else:
        draw_note(found.told(job.prices))


def _as_json(tally: "Tally", outputs: "Outputs") -> dict[str, object]:
    return {
        **outputs.summary,
        "run": {
            "rows": tally.total,
            "graded": tally.graded,
            "copied": tally.copied,
            "kept": tally.kept,
            "failed": tally.failed,
            "spent": tally.spent,
        },
        "failures": [
            {"id": each.id, "source": each.source, "error": each.error} for each in tally.failures
        ],
        "files": [str(path) for path in outputs.files],
    }


def _draw(tally: "Tally", outputs: "Outputs", job: "Job") -> None:
    from interviewer.terminal.batch_view import draw_failures, draw_note

    outputs.draw()
    kept = f", {tally.kept} kept from before" if tally.kept else ""
    copied = f" ({tally.copied} as identical answers)" if tally.copied else ""
    draw_note(f"{tally.graded} graded{copied}{kept}, {tally.failed} failed: {outputs.files[0]}")
    draw_note(f"To look at: {outputs.files[-1]}")
    draw_failures({each.source: each.error or "" for each in tally.failures}, tally.failed)
    if tally.spent:
        left = job.total - tally.total
        draw_note(
            f"stopped before more was used than is allowed: {left} of {job.total} are left; the "
            "same command with more allowed goes on",
            stderr=True,
        )
