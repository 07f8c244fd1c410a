"""What `agree` and `calibrate` share: the grades of answers that people have scored."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interviewer.batch.result import Result


def graded_results(
    file: Path, guide: str, out: Path | None, flags: Mapping[str, Any]
) -> dict[str, "Result"]:
    """Return the results of a file's rows: those that `--results` names, else graded now.

    Args:
        file: The scored answers.
        guide: Path or name.
        out: Where grades are kept; None: in the user's cache.
        flags: `results`, `no_pull`, `quiet`, and settings.
    """
    from interviewer.batch.ledger import load_results
    from interviewer.batch.rows import read_rows
    from interviewer.cli.batching import Job, cache_of, grade_rows, set_up
    from interviewer.terminal.batch_view import draw_failures

    settings = dict(flags)
    results, no_pull, quiet = (settings.pop(name) for name in ("results", "no_pull", "quiet"))
    if results:
        return _calibrated(load_results(results), guide, settings.get("calibration"))
    setup = set_up(guide, settings, allow_pull=not no_pull)
    folder = out or cache_of(file, setup)
    rows = partial(read_rows, file)
    job = Job(setup, rows, sum(1 for _ in rows()), folder, str(file), quiet=quiet)
    tally, found = grade_rows(job, lambda done: {row.id: each for row, each in done.pairs()})
    draw_failures({each.source: each.error or "" for each in tally.failures}, tally.failed)
    return found


def _calibrated(
    results: "dict[str, Result]", guide: str, calibration: Path | None
) -> "dict[str, Result]":
    """Return existing results, on the scale of a calibration where one is named."""
    from interviewer.batch.grader import recalibrated
    from interviewer.cli.choices import load
    from interviewer.grading.calibration import load_calibration
    from interviewer.terminal.batch_view import draw_note

    if calibration is None:
        return results
    found = load_calibration(calibration)
    model = next((each.model for each in results.values() if each.model), found.model)
    if warning := found.check(guide=load(guide).id, model=model):
        draw_note(f"note: {warning}", stderr=True)
    return {row: recalibrated(each, found) for row, each in results.items()}
