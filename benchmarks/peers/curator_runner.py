"""Asks about answers with the package `bespokelabs-curator`; run by `throughput.py`.

Reads a JSON line on stdin: `base_url`, `model`, `connections`, `bodies` (a file of requests as our
grader sends them, one a line), `count` and `folder`. Each row of its data set is the prompt of one
of our requests, and its reply is read by the same schema. Writes a JSON line: `graded`.
"""

import json
import os
import sys
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # it runs isolated

from loopback import held  # type: ignore[import-not-found,unused-ignore]

_NO_LIMIT = 1_000_000_000


def main() -> None:
    job = json.loads(sys.stdin.readline())
    lines = held()
    os.environ |= {
        "HF_HOME": f"{job['folder']}/huggingface",
        "HF_HUB_OFFLINE": "1",
        "CURATOR_CACHE_DIR": f"{job['folder']}/curator",
        "CURATOR_DISABLE_CACHE": "1",
        "CURATOR_DISABLE_RICH_DISPLAY": "1",
        "OPENAI_API_KEY": "none",
    }
    # It counts tokens with tables that tiktoken fetches; litellm, which it needs too, ships them.
    if (litellm := find_spec("litellm")) and litellm.origin:
        tables = Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers"
        os.environ["TIKTOKEN_CACHE_DIR"] = str(tables)
    print(json.dumps({"graded": grade(job)}), file=lines, flush=True)


def grade(job: dict[str, Any]) -> int:
    """Return how many rows got a reply that fits the schema.

    Its fastest settings by its documentation: no limit of requests or tokens a minute.
    """
    from bespokelabs import curator  # type: ignore[import-not-found]
    from pydantic import BaseModel

    class Sentence(BaseModel):
        number: int
        label: str
        responsible: str

    class Sentences(BaseModel):
        sentences: list[Sentence]

    class Labeller(curator.LLM):  # type: ignore[misc,unused-ignore]
        response_format = Sentences

        def prompt(self, row: dict[str, Any]) -> str:
            return str(row["prompt"])

        def parse(self, row: dict[str, Any], response: Sentences) -> dict[str, Any]:
            return {"id": row["id"], "said": response.model_dump_json()}

    with Path(job["bodies"]).open(encoding="utf-8") as file:
        rows = [
            {"id": number, "prompt": json.loads(line)["messages"][0]["content"]}
            for number, line in enumerate(islice(file, job["count"]))
        ]
    labeller = Labeller(
        model_name=job["model"],
        response_format=Sentences,
        backend="openai",
        generation_params={"temperature": 0.0, "seed": 7},
        backend_params={
            "base_url": job["base_url"],
            "api_key": "none",
            "max_concurrent_requests": job["connections"],
            "max_requests_per_minute": _NO_LIMIT,
            "max_tokens_per_minute": _NO_LIMIT,
            "require_all_responses": True,
        },
    )
    return len(labeller(rows).dataset)


if __name__ == "__main__":
    main()
