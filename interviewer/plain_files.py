"""Opening what others wrote: plain files only, and what to say where a library is missing."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_STRANGE = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
)


def open_regular(path: str | Path) -> BinaryIO:
    """Open a file to read its bytes; nothing is waited for at a pipe or device.

    Raises:
        OSError: It can't be opened, or is no plain file; `strerror` says why.
        ValueError: The name is none: it holds a NUL.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115  closed by the caller
    mode = os.fstat(file.fileno()).st_mode
    if stat.S_ISREG(mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, f"found {strange(mode)}; expected a file")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def strange(mode: int) -> str:
    """Return what a file of this mode is in place of a plain one, in words."""
    return next((name for test, name in _STRANGE if test(mode)), "something else")


def reason_of(error: Exception) -> str:
    """Return why something could not be read, without the system's number and the path."""
    return getattr(error, "strerror", None) or str(error)


def read_whole(path: str | Path, largest: int) -> bytes:
    """Return all bytes of a file.

    Raises:
        OSError: It can't be read, or has more than `largest` bytes; `strerror` says why.
        ValueError: The name is none: it holds a NUL.
    """
    with open_regular(path) as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise OSError(errno.EFBIG, f"found more than {largest // 1024 // 1024} MB; expected less")
    return data
