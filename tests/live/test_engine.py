import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openai import AsyncOpenAI

from interviewer.llm.local.catalogue import default
from interviewer.llm.local.engine import Engine
from interviewer.llm.local.pull import is_present, path_of

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not is_present(default()) and "CI" not in os.environ, reason="interviewer model pull"
    ),
]
PARENT = """
import asyncio, sys
from pathlib import Path
from interviewer.llm.local.engine import Engine
async def main():
    async with Engine(Path(sys.argv[1]), context=512) as engine:
        print(engine.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return ") Z " in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")


async def test_the_default_model_answers_and_says_how_sure_it_is() -> None:
    async with (
        Engine(path_of(default()), context=1024) as engine,
        AsyncOpenAI(base_url=engine.base_url, api_key=engine.api_key, max_retries=0) as client,
    ):
        reply = await client.chat.completions.create(
            model="any",
            messages=[{"role": "user", "content": "Is Paris in France? Reply Yes or No."}],
            max_tokens=1,
            temperature=0,
            logprobs=True,
            top_logprobs=5,
        )

    assert reply.choices[0].message.content == "Yes"
    assert reply.choices[0].logprobs


def test_a_killed_parent_leaves_no_engine() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(path_of(default()))], stdout=subprocess.PIPE
    )
    assert parent.stdout
    child = int(parent.stdout.readline())

    parent.kill()
    parent.communicate()

    time.sleep(0.5)
    assert is_gone(child)
