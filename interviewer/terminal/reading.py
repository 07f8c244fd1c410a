"""What reading a reply gives, and bytes from standard input without blocking the event loop."""

import asyncio
import contextlib
import os
import threading
from dataclasses import dataclass

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Typed:
    """One reply of the candidate."""

    text: str
    seconds: float | None
    """How long it took, from the prompt on; None where nobody typed."""


class Bytes:
    """Reads a file descriptor in a thread, a chunk at a time and only when asked."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pending: asyncio.Future[bytes] | None = None

    async def read(self) -> bytes:
        """Return what is there, waiting for at least a byte; nothing at the end of the input.

        A read that is cancelled goes on, and its bytes are the next one's: none is lost.
        """
        if self._pending is None:
            self._pending = asyncio.get_running_loop().create_future()
            # A daemon, and os.read rather than sys.stdin: a reader that still waits when the
            # program ends must neither hold it up nor hold a lock that the shutdown needs.
            threading.Thread(target=self._fetch, args=(self._pending,), daemon=True).start()
        chunk = await asyncio.shield(self._pending)
        self._pending = None
        return chunk

    def _fetch(self, future: asyncio.Future[bytes]) -> None:
        try:
            chunk = os.read(self._descriptor, _CHUNK)
        except OSError:  # closed, or a folder: no input
            chunk = b""
        with contextlib.suppress(RuntimeError):  # the loop is closed, nobody waits
            future.get_loop().call_soon_threadsafe(future.set_result, chunk)
