"""The engine in a process of its own, killed where it hurts most.

What happens at every other moment is tested without a process, in `test_provider.py`: a start costs
more than all of these.
"""

import asyncio
import signal
from pathlib import Path

from tests.batch.provider_server import provider_server
from tests.batch.providing import Runner, rows
from tests.batch.shell import ROOT, environ
from tests.warm import Piped

_RUN = """
import asyncio, sys
from pathlib import Path
from tests.batch.provider_server import ProviderServer
from tests.batch.providing import Runner, rows
asyncio.run(Runner(ProviderServer(sys.argv[1]), Path(sys.argv[2])).run(rows(4)))
"""


async def test_a_batch_that_was_made_as_the_process_was_killed_is_found_again(
    tmp_path: Path,
) -> None:
    async with provider_server() as server:
        args = ("-c", _RUN, server.url, tmp_path / "out")
        process = Piped(args, cwd=ROOT, environ=environ(tmp_path))

        def killed(method: str, path: str) -> bool:
            if made := (method, path) == ("POST", "/v1/batches"):
                process.kill()
            return made

        server.deaf = killed
        await asyncio.to_thread(process.communicate, timeout_s=30)
        assert process.returncode == -signal.SIGKILL
        assert len(server.batches) == 1
        runner = Runner(server, tmp_path / "out")
        tally, _ = await runner.run(rows(4))
    assert tally.total == len(runner.results()) == 4
    assert len(server.batches) == 1
    assert len(server.paid) + len(server.direct) == 4
