"""The child process that holds the model: llama.cpp's HTTP server on loopback.

A program, run by its path and never imported by the house: it needs nothing but xllamacpp.
It reads one JSON line on stdin (`Job` in `engine.py`), writes one JSON line with its address on
stdout when it answers, and lives until its stdin ends, so that it can't outlive its parent.
"""

import http.client
import json
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ERRORS_ONLY = 1
"""llama.cpp's log level: why a load failed, and nothing else."""
BATCH = 512
"""Tokens between two looks at whether somebody still waits for the reply."""
CACHE_MIB = 512
"""Memory for prompts that were seen before; the library's own default is 8 GiB."""


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the parent's
    job = json.loads(sys.stdin.readline())
    end_with(0)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever the library prints goes to the log
    import xllamacpp

    try:
        server = xllamacpp.Server(settings(xllamacpp.CommonParams(), job))
    except RuntimeError as error:  # its log has said more
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    check_health(server.listening_address)
    with answers:  # pragma: no cover  from here on, only a signal ends it, and keeps no record
        answers.write(json.dumps({"address": server.listening_address}) + "\n")
    threading.Event().wait()  # pragma: no cover


def settings(params: Any, job: dict[str, Any]) -> Any:
    """Fill llama.cpp's parameters from the job."""
    params.model.path = job["path"]
    params.hostnames = ["127.0.0.1"]
    params.port = job["port"]
    params.api_keys = [job["api_key"]]
    params.n_parallel = job["slots"]
    params.n_ctx = job["context"]
    params.n_batch = params.n_ubatch = BATCH
    params.kv_unified = True  # each slot may fill what the others leave
    params.cache_idle_slots = False  # what they hold is what they are for
    params.slot_save_path = job["states"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads()
    params.verbosity = ERRORS_ONLY
    params.cache_ram_mib = CACHE_MIB
    params.ui = params.endpoint_slots = False
    params.offline = True
    return params


def threads(topology: Path = Path("/sys/devices/system/cpu")) -> int:
    """Return the number of cores this process may use; two threads of one core count once."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    mine = os.sched_getaffinity(0)
    try:
        lists = [topology / f"cpu{n}" / "topology" / "thread_siblings_list" for n in mine]
        return len({one.read_text(encoding="ascii") for one in lists})
    except OSError:
        return len(mine)


def end_with(pipe: int) -> None:
    """Arrange that this process ends when `pipe`, a descriptor its parent holds, does.

    A thread waits for that. While the library loads weights it keeps Python's lock for seconds;
    there the kernel helps out: the end of the pipe raises SIGIO, which ends a process.
    """
    if sys.platform != "win32":  # pragma: no branch
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([pipe], [], [], 0)[0]:  # it ended before the kernel was asked
            os._exit(0)
    threading.Thread(target=_wait_for_the_end, args=(pipe,), daemon=True).start()


def _wait_for_the_end(pipe: int) -> None:
    while os.read(pipe, 1024):
        pass
    os._exit(0)


def check_health(address: str) -> None:
    """Ask the server itself, past any proxy, and raise unless it is well."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request("GET", "/health")
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 200:
        raise SystemExit(f"the server started but its health check said {status}")


if __name__ == "__main__":
    main()
