"""`interviewer grade --engine ray`: many answers by the workers of a Ray cluster."""

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.batch.ledger import Ledger
    from interviewer.batch.on_ray import RayFarm
    from interviewer.batch.result import Result
    from interviewer.batch.run import Fate
    from interviewer.cli.batching import Done, Job
    from interviewer.terminal.batch_board import Board, Load

_WORKERS = 8
"""Workers to divide the answers for, where nobody says how many there are."""


async def by_ray(job: "Job", ledger: "Ledger", shown: "Board") -> "Done":
    """Grade the rows of a job on a cluster.

    Raises:
        InterviewerError: The cluster or the endpoint can't be used; the same command goes on.
    """
    from interviewer.batch.grader import Graders
    from interviewer.batch.on_ray import RayFarm
    from interviewer.batch.run import Manner
    from interviewer.batch.spread import run_spread, shard_size
    from interviewer.cli.batching import Done, grader_of, interruptible, telling
    from interviewer.cli.choices import load
    from interviewer.cli.models import PATIENT_S, endpoint_of

    async with (
        grader_of(job.setup, quiet=job.quiet, at_once=job.at_once) as (grader, client),
        interruptible(shown) as stopping,
    ):
        endpoint = endpoint_of(job.setup.picked)
        farm = RayFarm(
            replace(endpoint, model=client.name, deadline_s=PATIENT_S),
            job.at_once,
            job.ray_address,
            job.ray_workers,
            stopping,
            shown.note,
        )
        on_row, tokens = telling(shown), [0, 0]

        def on_result(id: str, fate: "Fate", result: "Result | None") -> None:
            if result and fate != "kept":
                tokens[0] += result.usage.prompt
                tokens[1] += result.usage.completion
            on_row(id, fate, result)

        shown.load = lambda: _load(job, farm, *tokens)
        graders = Graders(grader, load)
        tally = await run_spread(
            job.rows(),
            graders,
            ledger,
            on_result,
            farm,
            Manner(stopping=stopping, force=job.force),
            size=shard_size(job.total, job.ray_workers or _WORKERS),
            prompts=job.setup.picked.settings.prompts,
        )
        return Done(job, tally, ledger, graders)


def _load(job: "Job", farm: "RayFarm", prompt: int, completion: int) -> "Load":
    from interviewer.terminal.batch_board import Load

    prices, pulses = job.prices, farm.pulses
    return Load(
        prompt + completion,
        prices.cost(prompt, completion) if prices.known else None,
        sum(each.active for each in pulses),
        sum(each.limit for each in pulses),
        max((each.paused_s for each in pulses), default=0.0),
    )
