"""Answers to be graded by several machines, a few in a folder, on storage that all of them see.

    OUT/ray-shards/from-120734/         the bytes that the ledger had when the run began
        recipe.json, prompts/, guides/  all that a grade depends on but for the answer
        twins.jsonl                     answers that are the same as one in a shard
        00012/open.jsonl                a shard
        00012/done-9b1c...jsonl         what one attempt at it gave

Each attempt at a shard writes a file of its own, each result as it comes. So a shard that is tried
again begins where the last attempt ended, and two machines that try the same one spoil nothing.
What is taken into the ledger is taken once: it is passed over if the ledger has had a result of
that row since the run began.
"""

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from pydantic import ValidationError

from interviewer.batch.grader import Grader
from interviewer.batch.ids import Ids
from interviewer.batch.ledger import Ledger, line_of, private
from interviewer.batch.result import Result
from interviewer.batch.rows import Row
from interviewer.batch.writing import writing
from interviewer.checks import Turn
from interviewer.errors import DataError
from interviewer.grading.calibration import Calibration
from interviewer.guide import Guide
from interviewer.value import Value

FOLDER = "ray-shards"
FIRST_GUIDE = "00000.json"
_BEGAN = "from-"
_OPEN, _TWINS, _RECIPE = "open.jsonl", "twins.jsonl", "recipe.json"
_PROMPTS, _GUIDES = "prompts", "guides"


class Recipe(Value):
    """What a grader is made from, beside guide, prompts and endpoint. Holds nothing secret."""

    name: str
    """The model's, as the user knows it."""
    calibration: Calibration | None = None
    runs: int = 1


class Twin(Value):
    """An answer that gets the result of an identical one."""

    id: str
    source: str
    key: str
    asked: str


class OpenRow(Twin):
    """An answer that waits for its grade."""

    said: str | list[tuple[str, str]]
    """One answer, or (question, answer) pairs."""
    guide: str
    """Name of the guide's file."""

    def row(self) -> Row:
        """Return it as it is graded."""
        said = self.said
        turns = said if isinstance(said, str) else tuple(Turn(*each) for each in said)
        return Row(self.id, self.source, turns, guide=self.guide)


class Shards:
    """The shards of one run, as they are written; close it, or use it in a `with`.

    Raises:
        DataError: The folder can't be written.
    """

    def __init__(
        self, out: Path, begin: int, size: int, recipe: Recipe, prompts: Path | None = None
    ) -> None:
        """Begin with none.

        Args:
            out: The folder of the results.
            begin: Bytes in the ledger.
            size: Answers in a shard.
            recipe: What workers make their graders from.
            prompts: Folder whose templates override the shipped ones.
        """
        self.folder = (out / FOLDER / f"{_BEGAN}{begin}").resolve()
        self.begin = begin
        self.names: list[str] = []
        self._size = size
        self._written = 0
        self._asked = Ids()
        self._guides: dict[int, tuple[Grader, str]] = {}
        self._files = contextlib.ExitStack()
        self._files.callback(self._asked.close)
        with writing(self.folder):
            self.folder.parent.mkdir(mode=0o700, exist_ok=True)
            self.folder.mkdir(mode=0o700)
            (self.folder / _GUIDES).mkdir()
            (self.folder / _RECIPE).write_text(recipe.model_dump_json(), encoding="utf-8")
            if prompts:
                shutil.copytree(prompts, self.folder / _PROMPTS)
            self._twins: IO[bytes] = self._opened(self.folder / _TWINS)
            self._shard: IO[bytes] | None = None

    def add(self, row: Row, grader: Grader, keys: tuple[str, str]) -> None:
        """Write a row to the present shard, or to the twins if it is the same as an earlier one.

        Raises:
            DataError: The disk is full.
        """
        values = {"id": row.id, "source": row.source, "key": keys[0], "asked": keys[1]}
        with writing(self.folder):
            if not self._asked.add(keys[1]):
                self._twins.write(_line(Twin.model_validate(values)))
                return
            said = row.said if isinstance(row.said, str) else [(t.asked, t.said) for t in row.said]
            open_row = OpenRow(**values, said=said, guide=self._guide(grader))
            self._next().write(_line(open_row))
        self._written += 1

    @property
    def written(self) -> int:
        """How many answers the shards hold."""
        return self._written

    def twins(self) -> Iterator[Twin]:
        """Yield the answers that are the same as one in a shard; close the shards first."""
        with (self.folder / _TWINS).open("rb") as lines:
            for line in lines:
                yield Twin.model_validate_json(line)

    def close(self) -> None:
        """End the last shard."""
        with writing(self.folder):
            self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _next(self) -> IO[bytes]:
        """Return the file of the present shard: of a new one, where the last is full."""
        if self._shard is None or self._written % self._size == 0:
            if self._shard:
                self._shard.close()
            name = f"{len(self.names):05}"
            (self.folder / name).mkdir()
            self._shard = self._opened(self.folder / name / _OPEN)
            self.names.append(name)
        return self._shard

    def _guide(self, grader: Grader) -> str:
        """Return the name of a guide's file, and write it where it is the first time."""
        if id(grader) not in self._guides:
            name = f"{len(self._guides):05}.json"
            path = self.folder / _GUIDES / name
            path.write_text(grader.guide.model_dump_json(), encoding="utf-8")
            self._guides[id(grader)] = (grader, name)  # held: its id stays its own
        return self._guides[id(grader)][1]

    def _opened(self, path: Path) -> IO[bytes]:
        return self._files.enter_context(open(path, "xb", opener=private))


class Attempt:
    """One attempt at a shard, by whoever sees its folder."""

    def __init__(self, shard: Path) -> None:
        """Read what is left of it.

        Raises:
            DataError: It can't be read: this machine does not see it, say.
        """
        self._shard = shard
        try:
            done = read_done(shard)
            self.left = [each for each in read_open(shard) if each.id not in done]
            self._file: IO[bytes] = open(  # noqa: SIM115  closed by close()
                shard / f"done-{uuid.uuid4().hex}.jsonl", "xb", buffering=0, opener=private
            )
        except OSError as error:
            raise DataError(
                f"a worker can't use its answers: {error.strerror}",
                where=shard,
                hint="-o with a folder that every machine of the cluster sees at the same path",
            ) from error

    def add(self, result: Result) -> None:
        """Write a result.

        Raises:
            DataError: The disk is full, or the run is over and its folder gone.
        """
        with writing(self._shard):
            rest = memoryview(line_of(result))
            while rest:
                rest = rest[self._file.write(rest) :]

    def close(self) -> None:
        """Wait until the storage has all."""
        with writing(self._shard):
            os.fsync(self._file.fileno())
            self._file.close()


def is_done(shard: Path) -> bool:
    """Tell whether a shard is gone and its run is not: another attempt was faster."""
    return shard.parent.is_dir() and not (shard / _OPEN).exists()


def read_recipe(folder: Path) -> tuple[Recipe, Path | None]:
    """Return a run's recipe, and the folder of templates that override the shipped ones.

    Raises:
        OSError: It can't be read.
    """
    recipe = Recipe.model_validate_json((folder / _RECIPE).read_bytes())
    prompts = folder / _PROMPTS
    return recipe, prompts if prompts.is_dir() else None


def read_guide(folder: Path, name: str) -> Guide:
    """Return a guide of a run.

    Raises:
        OSError: It can't be read.
    """
    return Guide.model_validate_json((folder / _GUIDES / name).read_bytes())


def read_open(shard: Path) -> list[OpenRow]:
    """Return the answers of a shard, whether graded yet or not; none of a last line that is torn.

    Raises:
        OSError: It can't be read.
    """
    lines = (shard / _OPEN).read_bytes().splitlines(keepends=True)
    return [OpenRow.model_validate_json(line) for line in lines if line.endswith(b"\n")]


def read_done(shard: Path) -> dict[str, Result]:
    """Return id -> result of all attempts at a shard; a grade goes before a failure.

    A line that is torn, for its writer was killed, is passed over: that answer is still open.

    Raises:
        OSError: They can't be read.
    """
    found: dict[str, Result] = {}
    for path in sorted(shard.glob("done-*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                result = Result.model_validate_json(line)
            except ValidationError:
                continue
            before = found.get(result.id)
            if before is None or (before.status, result.status) == ("failed", "graded"):
                found[result.id] = result
    return found


def take(shard: Path, ledger: Ledger, begin: int) -> tuple[list[Result], int]:
    """Take a shard's results into the ledger, and remove the shard if it is done.

    Args:
        shard: Its folder; it may be gone.
        ledger: Where they go.
        begin: Byte of the ledger from which a result of a row is newer than the shard.

    Returns:
        The results that are new, and how many answers have none yet.

    Raises:
        DataError: The ledger can't be written, or the shard not read.
    """
    try:
        keys = {each.id: each.key for each in read_open(shard)}
        done = read_done(shard)
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise DataError(f"can't be read: {error.strerror}", where=shard) from error
    except ValidationError as error:
        hint = "remove the folder: its answers are graded again"
        raise DataError("holds a line that is none of ours", where=shard, hint=hint) from error
    ours = {id: each for id, each in done.items() if keys.get(id) == each.key}
    new = [each for id, each in ours.items() if not _is_there(ledger, id, begin)]
    if new:
        ledger.add(*new)
    left = sum(not _is_there(ledger, id, begin) for id in keys)
    if not left:
        shutil.rmtree(shard, ignore_errors=True)
    return new, left


def adopt(out: Path, ledger: Ledger) -> None:
    """Take into the ledger what runs that ended early left in shards, and remove these.

    Raises:
        DataError: The ledger can't be written, or a shard not read.
    """
    for folder in sorted((out / FOLDER).glob(f"{_BEGAN}*")):
        begin = folder.name.removeprefix(_BEGAN)
        for shard in sorted(folder.glob("[0-9]*")) if begin.isdecimal() else ():
            take(shard, ledger, int(begin))
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):  # not there, or somebody's files are in it
        (out / FOLDER).rmdir()


def _is_there(ledger: Ledger, id: str, begin: int) -> bool:
    entry = ledger.find(id)
    return entry is not None and entry.at >= begin


def _line(value: Value) -> bytes:
    return json.dumps(value.model_dump(mode="json")).encode() + b"\n"
