"""Workers on a Ray cluster: Ray Data starts them, hands out the shards and replaces the dead.

Only the names of shards and short reports travel through Ray. Answers and results go by the shared
storage: Ray keeps what travels in its object store, which it writes to each node's disk when that
is full, and it expects a task that is tried again to give the same again, in the same order, which
what a model says is not.

The endpoint, its key with it, is told to workers by a process that holds it in memory alone. Ray's
other ways, such as the arguments of an actor or its environment, end in logs or on disks.
"""

import asyncio
import contextlib
import logging
import math
import os
import socket
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interviewer.batch.worker import Pulse, Report, Worker
from interviewer.errors import ClusterError, UsageError
from interviewer.extras import missing
from interviewer.llm.endpoint import Endpoint
from interviewer.text import inert

BUSY = 32
"""Calls at once that a worker's processor is good for; more workers than that asks are idle."""
_BEAT_S = 0.5
_GONE_S = 10.0
"""A worker that tells nothing for so long is not waited for."""
_DEATHS = 3
"""Workers that may die one after the other before they are ready; those that were are replaced."""
_MOST_SHARDS = 64
"""That a worker grades at the same time."""
_KNOCK_S = 5.0
_STORE = 80 * 1024 * 1024
"""Bytes of the object store of a Ray of our own: about the least that Ray takes."""


def check_ray(address: str | None) -> None:
    """Find before anything is done what stands in the way.

    Raises:
        UsageError: The address is of a kind that can't be used.
        InterviewerError: Ray is not installed; the hint is how to.
    """
    if address and address.startswith("ray://"):
        raise UsageError(
            f"{address} is for Ray's client, which can't carry this",
            where="--ray-address",
            hint="run this on a machine of the cluster, with --ray-address auto",
        )
    if error := missing("ray", "ray", "Ray"):
        raise error


class Keeper:
    """What workers and driver tell each other; it is an actor, in a process of its own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._endpoint: Endpoint | None = None
        self._stopping = False
        self._pulses: dict[str, tuple[float, Pulse]] = {}
        self._idle: dict[str, bool] = {}
        """Worker -> whether it had nothing left once it knew that it is to stop."""

    def give(self, endpoint: Endpoint) -> None:
        """Take the endpoint that workers are to use."""
        self._endpoint = endpoint

    def endpoint(self) -> Endpoint | None:
        """Return the endpoint."""
        return self._endpoint

    def pulse(self, worker: str, pulse: Pulse) -> bool:
        """Take what a worker does, and return whether it is to stop."""
        self._pulses[worker] = (self._clock(), pulse)
        if worker in self._idle:
            self._idle[worker] = not pulse.answers
        elif self._stopping:
            self._idle[worker] = False
        return self._stopping

    def look(self, stopping: bool) -> tuple[list[Pulse], bool]:
        """Take whether to stop; return what workers do, and whether all have stopped."""
        self._stopping = self._stopping or stopping
        since = self._clock() - _GONE_S
        alive = {name: pulse for name, (at, pulse) in self._pulses.items() if at >= since}
        idle = self._stopping and all(self._idle.get(name, False) for name in alive)
        return list(alive.values()), idle


class Grading:
    """A worker, as Ray Data calls it."""

    def __init__(self, folder: str, at_once: int, keeper: Any) -> None:
        import ray

        self._worker = Worker(Path(folder), ray.get(keeper.endpoint.remote()), at_once)
        self._name = f"{ray.util.get_node_ip_address()}:{os.getpid()}"
        self._keeper = keeper
        self._beating: asyncio.Task[None] | None = None

    async def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Grade the shards that the batch names."""
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
            await self._tell()  # a worker that comes late learns that it is to stop
        reports = [await self._worker.grade(str(name)) for name in batch["item"]]
        return {"report": [each.model_dump_json() for each in reports]}

    async def _beat(self) -> None:
        with contextlib.suppress(Exception):  # the keeper is gone, and the run with it
            while True:
                await self._tell()
                await asyncio.sleep(_BEAT_S)
        self._worker.stopping = True

    async def _tell(self) -> None:
        self._worker.stopping = await self._keeper.pulse.remote(self._name, self._worker.pulse())


@dataclass(slots=True)
class RayFarm:
    """Workers on a Ray cluster, which is started or met when they are first needed."""

    endpoint: Endpoint
    at_once: int
    """Calls at the same time, at most, by all workers together."""
    address: str | None = None
    """Of a cluster that this machine belongs to, or `auto`; None: a Ray of our own, here."""
    workers: int | None = None
    """None: as many as there are processors and calls for."""
    stopping: Callable[[], bool] = lambda: False
    tell: Callable[[str], None] = lambda _: None
    pulses: list[Pulse] = field(default_factory=list)
    """What the workers do."""
    _keeper: Any = None
    _folder: tempfile.TemporaryDirectory[str] | None = None

    async def grade(self, folder: Path, names: Sequence[str]) -> AsyncGenerator[Report, None]:
        """Have shards graded; see `Farm`.

        Yields:
            A report as each attempt has ended.

        Raises:
            ClusterError: Ray can't be started or met, or gave up.
        """
        if self._keeper is None:
            self._start()
        ended: asyncio.Queue[Report | Exception | None] = asyncio.Queue()
        data = self._data(folder, names)
        loop = asyncio.get_running_loop()

        def put(found: Report | Exception | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens
                loop.call_soon_threadsafe(ended.put_nowait, found)

        def pump() -> None:
            try:
                for batch in data.iter_batches(batch_size=None, prefetch_batches=0):
                    for text in batch["report"]:
                        put(Report.model_validate_json(str(text)))
            except Exception as error:  # noqa: BLE001  all that Ray raises, in another thread
                put(error)
            put(None)

        # Not a pool's thread: that would be waited for, and Ray may never let it go.
        threading.Thread(target=pump, daemon=True).start()
        beat = asyncio.create_task(self._beat(put))
        try:
            while (found := await ended.get()) is not None:
                if isinstance(found, Exception):
                    raise _explained(found)
                yield found
        finally:
            beat.cancel()

    def close(self) -> None:
        """End what was started here, and let go of a cluster."""
        if self._keeper is not None:
            import ray

            self._keeper = None
            ray.shutdown()
        if self._folder:
            self._folder.cleanup()

    async def _beat(self, put: Callable[[Exception | None], None]) -> None:
        """Learn what workers do, and end the run once all have stopped."""
        idle = False
        while not idle:
            await asyncio.sleep(_BEAT_S)
            try:
                self.pulses, idle = await self._keeper.look.remote(self.stopping())
            except Exception as error:  # noqa: BLE001  Ray's own have no common base
                put(error)
                return
        put(None)

    def _start(self) -> None:
        """Start a Ray, or meet one.

        Raises:
            ClusterError: It can't be had.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent to its makers
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # it warns otherwise
        # Else a thread that asks Ray for something once it is shut down starts another one.
        os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
        import ray

        quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL}
        try:
            if self.address:
                self.tell(f"meeting Ray at {self.address} ...")
                _knock(self.address)
                with _silent():
                    ray.init(self.address, **quiet)
            else:
                self.tell("starting Ray ...")
                self._folder = _short_folder()
                with _silent():
                    ray.init(
                        "local",
                        num_cpus=self.workers or min(os.cpu_count() or 1, self._worth()),
                        num_gpus=0,
                        include_dashboard=False,
                        object_store_memory=_STORE,
                        _temp_dir=f"{self._folder.name}/ray",  # which Ray opens to everybody
                        _node_ip_address="127.0.0.1",  # then nobody else can reach it
                        **quiet,
                    )
            here = ray.get_runtime_context().get_node_id()
            strategy = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
                here, soft=False
            )
            keeper = ray.remote(Keeper).options(num_cpus=0, scheduling_strategy=strategy).remote()
            ray.get(keeper.give.remote(self.endpoint))
            found = int(ray.cluster_resources().get("CPU", 1))
        except Exception as error:
            ray.shutdown()
            where = "--ray-address" if self.address else "Ray on this machine"
            hint = "its address, or none at all: then Ray runs here" if self.address else ""
            raise ClusterError(_last_words(error), where=where, hint=hint) from error
        self.workers = min(self.workers or max(1, min(found, self._worth())), self.at_once)
        self._keeper = keeper

    def _worth(self) -> int:
        return math.ceil(self.at_once / BUSY)

    def _data(self, folder: Path, names: Sequence[str]) -> Any:
        """Return a Ray Data set of the reports, which is worked out as it is read."""
        import ray.data

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.max_consecutive_actor_init_deaths = _DEATHS
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)
        workers = self.workers or 1
        # A worker that is there first leaves some for the others.
        shards = min(_MOST_SHARDS, math.ceil(len(names) / workers))
        pool = ray.data.ActorPoolStrategy(
            size=workers,
            max_concurrent_calls_per_actor=shards,
            max_tasks_in_flight_per_actor=shards,
        )
        keywords = {
            "folder": str(folder),
            "at_once": max(1, self.at_once // workers),
            "keeper": self._keeper,
        }
        return ray.data.from_items(list(names), override_num_blocks=len(names)).map_batches(
            Grading, fn_constructor_kwargs=keywords, compute=pool, batch_size=1, num_cpus=1
        )


def _short_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder whose path leaves room for the names of Ray's sockets (107 bytes in all)."""
    short = "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108  the folder in it is private
    return tempfile.TemporaryDirectory(prefix="ray-", dir=short, ignore_cleanup_errors=True)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep off the screen what Ray's libraries write to stderr, past Python."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _knock(address: str) -> None:
    """Find in seconds that nobody is at an address: Ray itself takes minutes.

    Raises:
        OSError: Nobody is.
    """
    host, _, port = address.rpartition(":")
    if port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), _KNOCK_S).close()


def _explained(error: Exception) -> ClusterError:
    """Return what Ray raised while it was grading."""
    hint = "the same command again goes on"
    if "ModuleNotFoundError" in str(error) or isinstance(error.__cause__, ImportError):
        hint = "install this version of interviewer on every machine of the cluster"
    return ClusterError(f"Ray gave up: {_last_words(error)}", hint=hint)


def _last_words(error: Exception) -> str:
    """Return what an error says in the end: before it are the traces of other machines."""
    cause = getattr(error, "cause", None) or error.__cause__ or error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return inert((lines[-1] if lines else type(cause).__name__)[:500])
