"""Files that are there as a whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from filelock import Timeout

from interviewer.errors import DataError


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say of an `OSError` what could not be written, as a `DataError`."""
    try:
        yield
    except Timeout:  # of a lock: an OSError too, but another story
        raise
    except OSError as error:
        raise DataError(
            f"can't be written: {error.strerror or error}",
            where=path,
            hint="free some space, or name a folder that you may write with -o",
        ) from error


@contextlib.contextmanager
def replacing(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Give a file that takes the place of `path` once it is whole; line ends stay as written.

    Half characters, which no encoding has, become question marks. Nobody but its owner may read
    it: it holds what candidates said.

    Raises:
        DataError: It can't be written; what was there before is there still.
    """
    with writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with (
            writing(path),
            os.fdopen(descriptor, "w", encoding=encoding, errors="replace", newline="") as file,
        ):
            yield file
            file.flush()
            os.fsync(file.fileno())
        with writing(path):
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
