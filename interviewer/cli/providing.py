"""`interviewer grade --engine provider-batch`: many answers through a provider's batch service."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.batch.ledger import Ledger
    from interviewer.cli.batching import Done, Job
    from interviewer.terminal.batch_board import Board

RUNNING = 75
"""Exit code while batches are running: "try again later" (EX_TEMPFAIL). Neither 0, for not all is
graded, nor 1, for nothing has failed: so a script can ask again until it is something else."""


class StillRunning(Exception):  # noqa: N818  nothing went wrong
    """Batches are running at the provider, and nobody waits for them."""

    def __init__(self, batches: tuple[str, ...]) -> None:
        self.batches = batches
        super().__init__("batches are running at the provider")


async def by_provider(job: "Job", ledger: "Ledger", shown: "Board") -> "Done":
    """Grade the rows of a job in batches.

    Raises:
        InterviewerError: The service can't be used; the same command goes on by the batches' ids.
    """
    from interviewer.batch.grader import Grader, Graders
    from interviewer.batch.provider import ProviderBatch, Terms, run_provider
    from interviewer.batch.run import Manner
    from interviewer.cli.batching import Done, interruptible, telling
    from interviewer.cli.choices import load
    from interviewer.cli.models import endpoint_of
    from interviewer.llm.connect import named

    setup = job.setup

    def repair(prompt: str, reply: str, error: str) -> str:
        return setup.prompts.render("repair", prompt=prompt, reply=reply, error=error)

    endpoint = await named(endpoint_of(setup.picked))
    async with (
        interruptible(shown) as stopping,
        ProviderBatch(
            job.out,
            endpoint,
            repair=repair,
            terms=Terms(wait=job.wait),
            tell=shown.note,
            stopping=stopping,
        ) as engine,
    ):
        name, calibration = setup.picked.name, setup.calibration
        grader = Grader(setup.guide, engine.model, setup.prompts, name, calibration, setup.runs)
        graders = Graders(grader, load, fresh=1)
        manner = Manner(stopping=stopping, force=job.force)
        tally, outcome = await run_provider(
            engine, job.rows, graders, ledger, telling(shown), manner
        )
        tally.stopped = tally.stopped or (not outcome.done and stopping())
        return Done(job, tally, ledger, graders, None if outcome.done else outcome.batches)
