"""The loop that anybody would write: requests over one client, so many at once. Run as a process.

    python benchmarks/load/bare.py BASE_URL BODIES CONNECTIONS COUNT

Prints a line of JSON: `calls`, `cpu_s` and `wall_s` of the loop alone, without reading the bodies.
Each worker sends its next request when its last one is answered, which is the cheapest form of it.
"""

import asyncio
import json
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI


async def loop(base_url: str, bodies: list[dict[str, Any]], connections: int) -> dict[str, Any]:
    calls = 0
    rest = iter(bodies)
    cpu, wall = time.process_time(), time.perf_counter()
    async with AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0) as client:

        async def work() -> None:
            nonlocal calls
            for body in rest:
                await client.chat.completions.create(**body)
                calls += 1

        await asyncio.gather(*(work() for _ in range(connections)))
    return {
        "calls": calls,
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
    }


def main() -> None:
    base_url, path, connections, count = sys.argv[1:]
    with Path(path).open(encoding="utf-8") as file:
        bodies = [json.loads(line) for line in islice(file, int(count))]
    print(json.dumps(asyncio.run(loop(base_url, bodies, int(connections)))))


if __name__ == "__main__":
    main()
