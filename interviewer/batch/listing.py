"""From paths to the files that they mean, in an order that is always the same.

Nothing is opened here. What can be told to be unreadable without opening it is told.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from interviewer.batch.tables import KINDS as TABLES
from interviewer.documents import KINDS as DOCUMENTS
from interviewer.documents import DocumentKind
from interviewer.errors import DataError
from interviewer.plain_files import reason_of, strange

GUIDE = "guide.md"
"""A folder's own guide; it holds for the folders below as well."""
LEDGER = "results.jsonl"
OURS = {"grades.csv", "summary.json", "report.html", "report", "provider-batch", "ray-shards"}
"""What a run writes beside its ledger."""
STDIN = "-"
Kind = DocumentKind | Literal["table", "unknown"]
_MAGIC = set("*?[")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was named, or found in a folder that was."""

    id: str
    path: str
    kind: Kind
    guide: str = ""
    """Path of its folder's guide; empty: none."""
    fault: str = ""
    """Why it can't be read; empty: it may be tried."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that was named."""

    path: str


def kind_of(name: str) -> Kind:
    """Return what a file is by the ending of its name."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  called for each of 10,000 names
    return "table" if suffix in TABLES else DOCUMENTS.get(suffix, "unknown")


def shown(path: str) -> str:
    r"""Return a path as text: a byte that is no character in it is written as \xe9."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def named(paths: Sequence[str]) -> list[Found | Folder | None]:
    """Return what paths and globs name, in their order, the same file once.

    Returns:
        Files, folders, and None for standard input.

    Raises:
        DataError: A path does not exist, or a glob matches nothing.
    """
    found = [each for path in paths for each in ([path] if path == STDIN else _expanded(path))]
    once = {each if each == STDIN else _absolute(each): each for each in found}
    files = [path for key, path in once.items() if key != STDIN and not _is_folder(path)]
    ids = _ids(files)
    return [
        None if key == STDIN else _file(path, ids[path]) if path in ids else Folder(path)
        for key, path in once.items()
    ]


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100  Path.absolute keeps the dots


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  False, not an error, where it can't be told


def _expanded(path: str) -> list[str]:
    if "\0" in path or not path:
        raise DataError("is not a file's name", where=repr(path))
    if os.path.lexists(path):
        return [str(Path(path))]
    if not _MAGIC & set(path):
        raise DataError("there is no such file or folder", where=path, hint="check its name")
    parts = PurePath(path).parts
    fixed = next(at for at, part in enumerate(parts) if _MAGIC & set(part))
    base, pattern = Path(*parts[:fixed]), "/".join(parts[fixed:])
    try:
        matches = base.glob(f"{pattern}/*" if parts[-1] == "**" else pattern)
        # All that ** matches stands in the folders that it matches, too.
        kept = [
            str(each)
            for each in matches
            if not any(_is_passed(name) for name in each.relative_to(base).parts)
            and not ("**" in parts and each.is_dir())
        ]
    except (OSError, ValueError) as error:
        raise DataError(f"is no pattern: {reason_of(error)}", where=path) from error
    if not kept:
        raise DataError("matches no file", where=path, hint="check the pattern")
    return sorted(kept)


def _ids(files: Sequence[str]) -> dict[str, str]:
    """Return path -> id: the file's name, with its folders where another has that name."""
    groups: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    parts = {path: PurePath(_absolute(path)).parts for path in files}
    for each in parts.values():
        groups[each[-1]].append(each)
    length = {name: _length(group) for name, group in groups.items()}
    return {path: shown("/".join(each[-length[each[-1]] :])) for path, each in parts.items()}


def _length(group: Sequence[tuple[str, ...]]) -> int:
    """Return how many last parts tell paths of one name apart."""
    length = 1
    while len({each[-length:] for each in group}) < len(group):
        length += 1
    return length


def _file(path: str, file_id: str) -> Found:
    name = PurePath(path).name
    kind, fault = kind_of(name), _fault(path)
    if not fault and name == GUIDE:
        fault = "found a folder's guide; expected an answer, or the folder that it is in"
    if not fault and kind == "unknown":
        known = ", ".join((*DOCUMENTS, *TABLES))
        fault = f"found {_called(name)}; expected one of {known}"
    return Found(file_id, path, kind, fault=fault)


def _called(name: str) -> str:
    suffix = PurePath(name).suffix
    return f"a file in {shown(suffix)}" if suffix else "a name without an ending"


def _fault(path: str) -> str:
    """Return why something is no file that could be read; empty where it may be one."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except FileNotFoundError:
        return "found a link to nowhere; expected a file"
    except OSError as error:
        return f"can't be read: {reason_of(error)}"
    return "" if stat.S_ISREG(mode) else f"found {strange(mode)}; expected a file"


def _is_passed(name: str) -> bool:
    """Tell whether a name is hidden, a system's or an editor's, or no answer's but ours."""
    return name.startswith((".", "~$")) or name in ("__MACOSX", GUIDE, LEDGER)


class Walk:
    """All files in a folder and those below it, by name; iterable once.

    A folder that several links lead to is gone through once, under the name that comes first.
    """

    def __init__(self, root: str) -> None:
        self.passed_over = 0
        """Files of unknown kinds so far."""
        self._root = root
        self._seen: set[tuple[int, int]] = set()

    def __iter__(self) -> Iterator[Found]:
        todo = [(self._root, "", "", True)]
        while todo:
            path, relative, guide, is_folder = todo.pop()
            if not is_folder:
                if found := self._found(path, relative, guide):
                    yield found
                continue
            try:
                inner = self._inner(path, relative, guide)
            except OSError as error:
                fault = f"the folder can't be read: {reason_of(error)}"
                yield Found(shown(relative or path), path, "unknown", guide, fault)
            else:
                todo += reversed(inner)

    def _inner(self, folder: str, relative: str, guide: str) -> list[tuple[str, str, str, bool]]:
        """Return (path, path from the root, guide, whether a folder) of what a folder holds."""
        state = os.stat(folder)  # noqa: PTH116
        if (state.st_dev, state.st_ino) in self._seen:
            return []
        self._seen.add((state.st_dev, state.st_ino))
        with os.scandir(folder) as entries:
            names = {each.name: _leads_to_folder(each) for each in entries}
        start = "" if folder == "." else os.path.join(folder, "")  # noqa: PTH118
        if names.get(GUIDE) is False:
            guide = f"{start}{GUIDE}"
        ours = OURS if LEDGER in names else set()
        return [
            (f"{start}{name}", f"{relative}/{name}" if relative else name, guide, is_folder)
            for name, is_folder in sorted(names.items())
            if not (_is_passed(name) or name in ours)
        ]

    def _found(self, path: str, relative: str, guide: str) -> Found | None:
        kind = kind_of(path)
        if kind != "unknown":
            return Found(shown(relative), path, kind, guide)
        if os.path.islink(path) and (fault := _fault(path)):  # noqa: PTH114
            return Found(shown(relative), path, kind, guide, fault)
        self.passed_over += 1
        return None


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself, say: told when it is read
        return False
