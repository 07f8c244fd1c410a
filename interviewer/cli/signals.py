"""Ctrl-C while an event loop runs."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def on_sigint(handler: Callable[[], None]) -> AsyncIterator[None]:
    """Call `handler` at each SIGINT, in place of a KeyboardInterrupt."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, handler)
    except (
        NotImplementedError,
        RuntimeError,
    ):  # on Windows, or in another thread: it leaves at once
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
