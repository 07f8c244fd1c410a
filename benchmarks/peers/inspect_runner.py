"""Grades answers with the package `inspect-ai`; run by `throughput.py` in its environment.

Reads a JSON line on stdin: `base_url`, `model`, `connections`, `bodies` (a file of requests as our
grader sends them, one a line) and `count`. Each answer is a sample whose output is there already;
`model_graded_qa` grades it with one call that holds the prompt of our request. Writes a JSON line:
`graded` and `log` (its log file, with a grade for each sample).
"""

import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # it runs isolated

from loopback import held  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    job = json.loads(sys.stdin.readline())
    lines = held()
    graded, log = grade(job)
    print(json.dumps({"graded": graded, "log": log}), file=lines, flush=True)


def grade(job: dict[str, Any]) -> tuple[int, str]:
    """Return how many got a grade, and where they stand.

    Its fastest settings by its documentation: nothing shown, no log in real time, no bodies of
    calls in the log, which is written in its native format in large pieces.
    """
    from inspect_ai import Task, eval  # type: ignore[import-not-found]
    from inspect_ai.dataset import MemoryDataset, Sample  # type: ignore[import-not-found]
    from inspect_ai.model import get_model  # type: ignore[import-not-found]
    from inspect_ai.scorer import model_graded_qa  # type: ignore[import-not-found]
    from inspect_ai.solver import solver  # type: ignore[import-not-found]

    @solver  # type: ignore[untyped-decorator]
    def answered() -> Any:
        async def solve(state: Any, generate: Any) -> Any:  # noqa: ARG001
            state.output.completion = "It stands in the prompt."
            state.completed = True
            return state

        return solve

    with Path(job["bodies"]).open(encoding="utf-8") as file:
        prompts = [
            json.loads(line)["messages"][0]["content"] for line in islice(file, job["count"])
        ]
    samples = [
        Sample(id=number, input=prompt, target="A good answer.")
        for number, prompt in enumerate(prompts)
    ]
    model = get_model(
        f"openai-api/loopback/{job['model']}", base_url=job["base_url"], api_key="none"
    )
    task = Task(
        dataset=MemoryDataset(samples),
        solver=answered(),
        scorer=model_graded_qa(template="{question}\n\n{instructions}", model=model),
    )
    logs = eval(
        task,
        model=model,
        max_connections=job["connections"],
        max_samples=2 * job["connections"],
        display="none",
        log_dir=job["folder"],
        log_realtime=False,
        log_model_api=False,
        log_buffer=1000,
        log_header_only=True,
        score_display=False,
        ctl_server=False,
        fail_on_error=False,
    )
    if logs[0].status != "success":
        raise SystemExit(f"inspect-ai: {logs[0].status}: {logs[0].error}")
    scored = logs[0].results.scores[0].scored_samples if logs[0].results else 0
    return int(scored or 0), str(logs[0].location)


if __name__ == "__main__":
    main()
