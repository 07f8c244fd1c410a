"""A cassette's file: what one session asked its model, and what came back.

It is a cassette of vcrpy (YAML, version 1), so its tools read it too. What the session was made of
stands first; then each call is appended, in one write, once its reply is there: a recording that
is killed leaves all replies up to then. Before the first reply there is no file.

A cassette may come from somebody else, so it is read as plain data and checked, line by line.
"""

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, Json, JsonValue, ValidationError

from interviewer.errors import CassetteError
from interviewer.value import Value

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_FOREIGN = "not a cassette of interviewer chat"
_HINT = "a file that interviewer chat --cassette recorded, or --record to record anew over it"

Body = dict[str, Any]


class About(Value):
    """What a cassette was recorded with."""

    recorded_by: str
    """Version of the interviewer."""
    model: str
    """As requests name it."""
    shown: str
    """As the model is called on the screen and in the transcript."""
    at_once: bool
    """Whether the model was asked about all sentences of an answer in one call."""
    guide: str
    """Id of the guide."""
    options: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    """What else the session was made of: persona, probes."""
    after: int = Field(default=0, ge=0)
    """Events of the transcript that it goes on from; 0: the interview's beginning."""


class _Read(BaseModel):
    """What is read of a cassette; what else stands there is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Request(_Read):
    body: Json[dict[str, JsonValue]]
    headers: dict[str, list[str]] = {}


class _Status(_Read):
    code: Annotated[int, Field(ge=100, le=599)]
    message: str | None = None


class _Content(_Read):
    string: str | bytes


class _Response(_Read):
    status: _Status
    headers: dict[str, list[str]] = {}
    body: _Content


class _Interaction(_Read):
    request: _Request
    response: _Response


class _File(_Read):
    metadata: About
    version: Literal[1]
    interactions: list[_Interaction]


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its reply."""

    body: Body
    """The request's JSON."""
    prompt: str
    """Name of the template that it was made from."""
    place: str
    """When it was asked: `turn 2`, `grading`."""
    status: int
    kind: str
    """Content type of the reply."""
    content: bytes
    """Of the reply."""


def load_cassette(path: Path) -> tuple[About, list[Call]]:
    """Read a cassette.

    Raises:
        CassetteError: It can't be read, is torn, or is something else; names the file and the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CassetteError(
            f"the cassette can't be read: {error.strerror or error}", where=path
        ) from error
    node, found = _parse(data, path)
    try:
        file = _File.model_validate(found)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _misshapen(fault["loc"], fault["msg"], node, path) from error
    return file.metadata, [_call(each) for each in file.interactions]


def _parse(data: bytes, path: Path) -> tuple[yaml.Node | None, object]:
    """Return the YAML's tree, which knows its lines, and what it holds."""
    loader = None
    try:
        loader = _Loader(data)
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1 + data.count(b"\n", 0, getattr(error, "position", 0))
        line = min(line, 1 + data.count(b"\n"))
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "no YAML"
        raise CassetteError(
            f"the cassette is torn, or {_FOREIGN}: {what}", where=f"{path}:{line}", hint=_HINT
        ) from error
    finally:
        if loader:
            loader.dispose()


def _misshapen(
    loc: Sequence[int | str], what: str, root: yaml.Node | None, path: Path
) -> CassetteError:
    """Return the error for what is wrong at `loc`, with the line where that stands."""
    node, depth = root, 0
    for part in loc:
        if (inner := _child(node, part)) is None:
            break
        node, depth = inner, depth + 1
    line = node.start_mark.line + 1 if node else 1
    place = ".".join(map(str, loc))
    if depth == 0:
        return CassetteError(f"{_FOREIGN}: {place}: {what}", where=f"{path}:{line}", hint=_HINT)
    return CassetteError(
        f"the cassette is wrong: {place}: {what}", where=f"{path}:{line}", hint=_HINT
    )


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    return None


def _call(each: _Interaction) -> Call:
    said = {name.lower(): values[0] for name, values in each.request.headers.items() if values}
    told = {name.lower(): values[0] for name, values in each.response.headers.items() if values}
    content = each.response.body.string
    return Call(
        body=each.request.body,
        prompt=said.get("prompt", ""),
        place=said.get("place", ""),
        status=each.response.status.code,
        kind=told.get("content-type", "application/json"),
        content=content if isinstance(content, bytes) else content.encode(),
    )


class CassetteFile:
    """A cassette that is being recorded."""

    def __init__(self, path: Path, *, anew: bool) -> None:
        """Prepare to record; nothing is written yet.

        Args:
            path: The file.
            anew: Whether a file that is there may be replaced, once the first reply has come.

        Raises:
            CassetteError: Nothing can be written there.
        """
        self._path, self._anew = path, anew
        self._file: IO[bytes] | None = None
        self._size = 0
        folder = path.parent
        if path.exists() and not (anew and path.is_file()):
            raise CassetteError("no cassette can be recorded here: it exists", where=path)
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise CassetteError(
                "no cassette can be recorded here",
                where=path,
                hint="a file in a folder that exists and that you may write",
            )

    @property
    def begun(self) -> bool:
        """Whether a reply is in it."""
        return self._file is not None

    def add(self, about: About, interaction: Mapping[str, Any]) -> None:
        """Append a request and its reply, in the shape of vcrpy, and wait until the disk has it.

        Raises:
            CassetteError: It could not be written; what did get to the disk is taken back.
                Or another session's cassette stands there by now, which is left alone.
        """
        data = _dump([interaction])
        try:
            if self._file is None:
                self._begin(_dump({"metadata": about.model_dump()}) + _HEAD + data)
            else:
                self._append(self._file, data)
        except FileExistsError as error:
            raise CassetteError(
                "another session has begun to record here meanwhile",
                where=self._path,
                hint="another file for --cassette",
            ) from error
        except OSError as error:
            raise CassetteError(
                f"the cassette can't be written: {error.strerror or error}",
                where=self._path,
                hint="free some space, or record in another folder",
            ) from error

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _begin(self, data: bytes) -> None:
        """Write the beginning beside the file and move it there, so that no half of it is seen."""
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        file = open(beside, "wb", buffering=0, opener=_private)  # noqa: SIM115  closed by `close`
        try:
            self._append(file, data)
            if self._anew:
                beside.replace(self._path)
            else:
                _move_to_free(beside, self._path)
        except BaseException:
            file.close()
            beside.unlink(missing_ok=True)
            raise
        self._file = file

    def _append(self, file: IO[bytes], data: bytes) -> None:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                file.seek(self._size)
                file.truncate()
            raise
        self._size += len(data)


def _move_to_free(file: Path, to: Path) -> None:
    """Move `file`, but never over another session's that has begun to record there meanwhile."""
    try:
        os.link(file, to)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        file.replace(to)
    else:
        file.unlink()


_HEAD = b"version: 1\ninteractions:\n"


def _dump(data: object) -> bytes:
    text: bytes = yaml.dump(
        data, Dumper=_Dumper, encoding="utf-8", allow_unicode=True, sort_keys=False, width=100
    )
    return text


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
