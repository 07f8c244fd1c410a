"""What each engine of `interviewer grade` can't do, found before anything is sent."""

from typing import TYPE_CHECKING

from interviewer.errors import UsageError

if TYPE_CHECKING:
    from interviewer.cli.batching import Engine, Job

_NOT_EMBEDDED: "dict[Engine, tuple[str, str]]" = {
    "provider-batch": (
        "the embedded model has no batch service",
        "--model NAME of a provider that has one",
    ),
    "ray": (
        "the embedded model runs on this machine alone",
        "serve a model where all workers reach it, and name it with --base-url",
    ),
}
_NOT_LIMITED: "dict[Engine, str]" = {
    "provider-batch": "what a batch uses is known when it has ended, so it can't be limited",
    "ray": "what a worker that died had used is not known, so it can't be limited",
}


def check_engine(job: "Job") -> None:
    """Find options that don't go together.

    Raises:
        UsageError: An option needs another engine, or the engine can't do what is asked.
        InterviewerError: What the engine needs is not installed.
    """
    if job.engine != "provider-batch" and not job.wait:
        raise UsageError("--no-wait is for batches", hint="--engine provider-batch --no-wait")
    if job.engine != "ray" and (job.ray_address or job.ray_workers):
        raise UsageError("--ray-address and --ray-workers are for a cluster", hint="--engine ray")
    if job.engine == "direct":
        return
    where = f"--engine {job.engine}"
    if job.setup.picked.weights:
        what, hint = _NOT_EMBEDDED[job.engine]
        raise UsageError(what, where=where, hint=hint)
    if job.max_tokens is not None or job.max_cost is not None:
        hint = "--dry-run, which says beforehand what would be used"
        raise UsageError(_NOT_LIMITED[job.engine], where=where, hint=hint)
    if job.engine == "ray":
        from interviewer.batch.on_ray import check_ray

        check_ray(job.ray_address)
