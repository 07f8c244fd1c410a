"""The embedded model as a process: started, watched, stopped.

    async with Engine(path) as engine:
        model = Client(engine.endpoint, slots=engine.slots, ...)

The model runs in a child (`server.py`), because loading it keeps Python's lock for seconds. The
child listens on loopback only, behind a key made for this run, and ends with its parent, even
when the parent is killed: it holds the other end of a pipe and sees it close.
"""

import asyncio
import contextlib
import json
import os
import re
import secrets
import sys
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from platformdirs import user_cache_path

from interviewer.errors import WeightsError
from interviewer.llm.endpoint import Endpoint
from interviewer.llm.local.catalogue import check_magic
from interviewer.llm.slots import Slots
from interviewer.text import printable

SERVER = Path(__file__).with_name("server.py")
STOP_S = 3.0
LOG_BYTES = 16384
SLOTS = 3
"""One for each kind of prompt that an interview goes to and fro between."""
KILLED = -9
"""The exit code of a process that the system, or somebody, killed."""
_STAMP = re.compile(r"^[\d.]+ E \s*")
_LOAD_ERROR = re.compile(r"error loading model: (.+)")
_PORT_TAKEN = re.compile(r"couldn't bind")
_NO_MEMORY = re.compile(r"insufficient memory|unable to allocate|bad_alloc|MemoryError")


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is told, on its stdin: nothing of it shows in a process list."""

    path: str
    port: int
    slots: int
    context: int
    states: str
    """The folder of `Slots`, with the separator at its end that llama.cpp asks for."""
    api_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


class Engine:
    """The weights in a file, served over HTTP by a child process, as OpenAI's API."""

    base_url: str
    """Set by the start: where an OpenAI client finds it, `/v1` included."""
    load_s: float
    """Set by the start: seconds from the call until the server was well."""
    slots: Slots
    """Set by the start: what it keeps in mind. All its clients share them."""

    def __init__(
        self,
        path: Path,
        *,
        slots: int = SLOTS,
        context: int = 12288,
        port: int = 0,
        start_timeout_s: float = 180,
    ) -> None:
        """Describe an engine; nothing runs yet.

        Args:
            path: A GGUF file.
            slots: How many prompts it keeps in mind, and answers at the same time.
            context: Tokens that all slots hold together.
            port: On 127.0.0.1; 0 takes a free one.
            start_timeout_s: Seconds to wait for the weights to load.
        """
        self.path = path
        self._states = _states_folder()
        self._job = Job(str(path), port, slots, context, f"{self._states}{os.sep}")
        self._start_timeout_s = start_timeout_s
        self._process: asyncio.subprocess.Process | None = None
        self._log = b""
        self._listening: asyncio.Task[None] | None = None

    @property
    def endpoint(self) -> Endpoint:
        """Where a client finds the running engine."""
        return Endpoint(self.base_url, "embedded", self.api_key, timeout_s=600, local=True)

    @property
    def api_key(self) -> str:
        """The key the server asks for."""
        return self._job.api_key

    @property
    def pid(self) -> int | None:
        """The child's process id; None while nothing runs."""
        running = self._process and self._process.returncode is None
        return self._process.pid if self._process and running else None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> Self:
        """Start the child and wait until it answers. Whoever starts has to `stop`.

        Raises:
            WeightsError: The file is no GGUF file or damaged, memory is short, the port is
                taken, or it took longer than `start_timeout_s`.
        """
        check_magic(self.path)
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._start_timeout_s):
                self.base_url = await self._launch() + "/v1"
        except TimeoutError as error:
            await self.stop()
            what = f"the embedded model did not start within {self._start_timeout_s:g} s"
            raise WeightsError(what, where=self.path) from error
        except BaseException:
            await self.stop()
            raise
        about = self.path.stat()
        weights = f"{self.path.resolve()} {about.st_size} {about.st_mtime_ns}"
        library = f"xllamacpp {version('xllamacpp')}"
        self.slots = Slots(self._job.slots, self._states, f"{library} {weights}")
        self.load_s = time.monotonic() - began
        return self

    async def wait(self) -> None:
        """Wait for the child to end by itself, which it does only by a fault.

        Raises:
            WeightsError: It ended; its last words are in the message.
        """
        assert self._process, "the engine was not started"  # noqa: S101  a caller's mistake
        code = await self._process.wait()
        raise await self._failure(code, "the embedded model ended")

    async def stop(self) -> None:
        """End the child: kindly, then firmly, then by force. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            assert process.stdin  # noqa: S101  a pipe, as asked
            process.stdin.close()
            for firmer in (process.terminate, process.kill):
                if await _ended(process):
                    break
                with contextlib.suppress(ProcessLookupError):
                    firmer()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            await _cancelled(self._listening)

    async def _launch(self) -> str:
        """Start the child, tell it its job, and return the address it reports."""
        # -P: a module in the working directory is not ours. A session of its own: Ctrl-C in the
        # terminal does not reach it, even before it can say that it does not care.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(SERVER)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        self._process = process
        assert process.stdin  # noqa: S101  three pipes, as asked
        assert process.stdout  # noqa: S101
        assert process.stderr  # noqa: S101
        self._listening = asyncio.create_task(self._keep_log(process.stderr))
        process.stdin.write(json.dumps(asdict(self._job)).encode() + b"\n")
        line = await process.stdout.readline()
        if not line:
            code = await process.wait()
            raise await self._failure(code, "the embedded model could not be started")
        return str(json.loads(line)["address"])

    async def _keep_log(self, stderr: asyncio.StreamReader) -> None:
        while chunk := await stderr.read(4096):
            self._log = (self._log + chunk)[-LOG_BYTES:]

    async def _failure(self, code: int, what: str) -> WeightsError:
        assert self._listening  # noqa: S101  it is from the launch on
        await asyncio.wait([self._listening], timeout=1)
        reason, hint = _explain(self._log.decode(errors="replace"), code)
        return WeightsError(f"{what}: {reason}", where=self.path, hint=hint)


def _states_folder() -> Path:
    """Return the folder of engine states; where it can't be made, saving fails and is no matter."""
    folder = user_cache_path("interviewer", appauthor=False) / "states"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    if task:  # pragma: no branch  none only if the launch was cancelled at once
        task.cancel()
        await asyncio.wait([task])


async def _ended(process: asyncio.subprocess.Process) -> bool:
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        return False
    return True


def _explain(log: str, code: int) -> tuple[str, str]:
    """Return the reason and the remedy for an end with `code`, from the child's own words."""
    lines = [_STAMP.sub("", line).strip() for line in printable(log).splitlines() if line.strip()]
    if _PORT_TAKEN.search(log):
        return "the port is taken", "another --port, or none for a free one"
    if _NO_MEMORY.search(log) or code == KILLED:
        what = "memory is short" if code > 0 else "it was killed, as when memory is short"
        return what, "smaller weights, such as --model qwen2.5-coder-0.5b"
    if found := _LOAD_ERROR.search(printable(log)):
        return found[1], "`interviewer model remove` and `interviewer model pull`, or other weights"
    last = lines[-1] if lines else f"it ended with code {code} and no word"
    return last, "`interviewer model pull`, or other weights"
