"""What `interviewer grade` leaves behind beside the ledger, and what it says it would do."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interviewer.batch.estimate import Estimate
    from interviewer.batch.result import Result
    from interviewer.batch.rows import BadRow
    from interviewer.cli.batching import Done, Job

_TABLES = 3
"""Guides whose criteria are drawn in the terminal; the files have all."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files of a run, and its figures."""

    files: list[Path]
    """The ledger first, the report last."""
    summary: dict[str, Any]
    """What `summary.json` holds."""

    def draw(self) -> None:
        """Draw the scores of each guide's criteria."""
        from interviewer.grade import DOUBT
        from interviewer.terminal.batch_view import draw_note, draw_table, figure

        guides = self.summary["guides"]
        doubtful = False
        for guide in guides[:_TABLES]:
            scores = guide["scores"]
            spread = any("spread" in each for each in scores.values())
            doubt = any(each["uncertain"] for each in scores.values())
            doubtful = doubtful or doubt
            rows = [
                [
                    "Overall" if target == "overall" else each["name"],
                    str(each["n"]),
                    *(figure(each[name]) for name in ("mean", "low", "high")),
                    *([figure(each.get("spread"))] if spread else []),
                    *([str(each["uncertain"])] if doubt else []),
                ]
                for target, each in scores.items()
            ]
            head = ["", "n", "mean", "lowest", "highest"]
            if len(guides) > 1:
                draw_note(guide["question"])
            draw_table([*head, *(["spread"] if spread else []), *(["?"] if doubt else [])], rows)
        if doubtful:
            draw_note(DOUBT)


def check_columns(columns: str | None, job: "Job") -> None:
    """Find a mistake in `--csv-columns` before anything is graded.

    Raises:
        UsageError: A field does not exist, as far as the first row tells.
    """
    from interviewer.batch.export import parse_columns
    from interviewer.batch.rows import Row
    from interviewer.rubric import rubric_of

    if columns:
        first = next((row for row in job.rows() if isinstance(row, Row)), None)
        own = first.columns if first else ()
        parse_columns(columns, {"": rubric_of(job.setup.guide)}, tuple(own))


def write_outputs(done: "Done", columns: str | None) -> Outputs:
    """Write grades.csv, summary.json and report.html, unless they are there and nothing changed.

    Raises:
        DataError: A file can't be written.
        UsageError: A column does not exist.
    """
    from interviewer.batch.export import GRADES, parse_columns, write_grades
    from interviewer.batch.ledger import NAME
    from interviewer.batch.rows import Row
    from interviewer.batch.summary import SUMMARY, Summary, write_summary
    from interviewer.report import REPORT, write_report

    out, prices = done.job.out, done.job.prices
    digest = _digest(done, columns)
    files = [out / NAME, out / GRADES, out / SUMMARY, out / REPORT]
    before = _read(out / SUMMARY)
    if before.get("digest") == digest and all(path.is_file() for path in files):
        return Outputs(files, before)
    rubrics = done.graders.rubrics()
    chosen = None
    if columns:
        first = next((row for row in done.job.rows() if isinstance(row, Row)), None)
        chosen = parse_columns(columns, rubrics, tuple(first.columns) if first else ())
    summary = Summary()

    def counted() -> "Iterator[tuple[Row | BadRow, Result]]":
        for row, result in done.pairs():
            summary.add(row, result, rubrics)
            yield row, result

    write_grades(out / GRADES, counted, rubrics, chosen)
    write_report(out, done.pairs, rubrics, summary)
    # Last: its digest says that the other files are there.
    both = (prices.prompt, prices.completion)
    write_summary(out / SUMMARY, summary, prices=both, digest=digest)
    return Outputs(files, _read(out / SUMMARY))


def _digest(done: "Done", columns: str | None) -> str:
    """Return a hash of all that the files depend on."""
    from interviewer import __version__

    prices, size = done.job.prices, done.ledger.size()  # whatever is graded anew makes it grow
    parts = (__version__, done.tally.digest, size, columns, prices.prompt, prices.completion)
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def estimated(job: "Job") -> "Estimate":
    """Return what grading the rows of a job would take, without a call.

    Raises:
        DataError: There are none.
    """
    import asyncio

    from interviewer.batch.estimate import estimate
    from interviewer.batch.grader import Grader, Graders
    from interviewer.batch.ledger import Ledger
    from interviewer.cli.choices import load

    setup = job.setup

    def made(model: Any) -> Graders:
        own = Grader(
            setup.guide, model, setup.prompts, setup.picked.name, setup.calibration, setup.runs
        )
        return Graders(own, load)

    local = setup.picked.weights is not None
    kind = (local, not local and setup.picked.settings.ask != "each")
    if not job.out.exists():
        return asyncio.run(estimate(job.rows(), made, kind, None))
    with Ledger(job.out) as ledger:
        return asyncio.run(estimate(job.rows(), made, kind, ledger))
