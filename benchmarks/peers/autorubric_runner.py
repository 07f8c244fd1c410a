"""Grades answers with the package `autorubric`; run by `peer_autorubric.py` in its environment.

Reads a JSON line on stdin: `base_url`, `api_key`, `question` and `criteria` (name -> requirement);
then one for each answer, a string. Writes a JSON line for each: `seconds`, `score` (0 to 1, or
null), `verdicts` (criterion -> MET, UNMET or CANNOT_ASSESS) and `errors`.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any, TextIO

sys.path.insert(0, str(Path(__file__).parent))  # it runs isolated

from loopback import held  # type: ignore[import-not-found,unused-ignore]

LONGEST = 512
"""Tokens of a reply, of which the package asks for a verdict and two sentences."""


def main() -> None:
    job = json.loads(sys.stdin.readline())
    lines = held()
    asyncio.run(grade(job, lines))


async def grade(job: dict[str, Any], lines: TextIO) -> None:
    """Grade each answer as the package does by default: a call for each criterion."""
    import litellm  # type: ignore[import-not-found]
    from autorubric import LLMConfig, Rubric  # type: ignore[import-not-found]
    from autorubric.graders import CriterionGrader  # type: ignore[import-not-found]

    litellm.suppress_debug_info = True  # it knows no price for our model, and says so at each call
    config = LLMConfig(
        model="openai/embedded",
        api_base=job["base_url"],
        api_key=job["api_key"],
        temperature=0.0,
        max_tokens=LONGEST,
        timeout=600,
    )
    grader = CriterionGrader(judge_model_config=config)
    criteria = [{"name": name, "requirement": text} for name, text in job["criteria"].items()]
    rubric = Rubric.from_dict(criteria)
    while given := sys.stdin.readline():
        start = time.perf_counter()
        found = await rubric.grade(to_grade=json.loads(given), grader=grader, query=job["question"])
        line = {
            "seconds": time.perf_counter() - start,
            "score": found.score,
            "verdicts": {one.criterion.name: one.final_verdict.value for one in found.report},
            "errors": [one.error for one in found.report if one.error],
        }
        print(json.dumps(line), file=lines, flush=True)


if __name__ == "__main__":
    main()
