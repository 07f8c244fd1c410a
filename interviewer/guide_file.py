"""A guide's file: found by path or by name, read, decoded.

What is no text in UTF-8 is answered with the remedy; what the text says is `guide.py`'s.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from interviewer.errors import GuideError
from interviewer.guide import LARGEST, Guide, parse_guide
from interviewer.guide_faults import FaultyGuideError, Report, quoted

_SUFFIXES = (".md", ".txt")
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def load_guide(path: str | Path) -> Guide:
    """Read a guide from a file.

    Raises:
        GuideError: There is no such file, it is a folder, or it can't be read.
        FaultyGuideError: It is not UTF-8 text of at most 1 MiB, or the document has faults.
    """
    return parse_guide(read_document(path), source=str(path))


def read_document(path: str | Path, what: str = "guide") -> str:
    """Return the text of a file.

    Args:
        path: Of the file; pipes will do.
        what: What it should be, for the errors.

    Raises:
        GuideError: There is no such file, it is a folder, or it can't be read.
        FaultyGuideError: It is not UTF-8 text of at most 1 MiB.
    """
    return _decode(_read(Path(path), what), str(path), what)


def _read(path: Path, what: str) -> bytes:
    """Read as much as shows that a file is too large."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise GuideError("there is no such file", where=path) from error
    except IsADirectoryError as error:
        raise GuideError(f"is a folder, not a {what}", where=path, hint="name a file") from error
    except OSError as error:
        raise GuideError(f"can't be read: {error.strerror}", where=path) from error
    except ValueError as error:  # a NUL in the name
        raise GuideError("is not a file's name", where=repr(str(path))) from error


def _decode(data: bytes, source: str, what: str) -> str:
    """Return the text of a file; what is not UTF-8 is named, with the remedy."""
    report = Report(source)
    name = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if len(data) > LARGEST:
        report.add(1, "more than 1 MiB", f"a {what} of a few pages")
    elif name:
        remedy = f"save it as UTF-8, or: iconv -f {name} -t UTF-8 OLD > NEW"
        report.add(1, f"a file in {name}", "UTF-8")
        raise FaultyGuideError(report.faults, hint=remedy)
    elif b"\0" in data:
        report.add(1, "a binary file", "text")
    else:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            report.add(line, f"the byte 0x{data[error.start]:02x}, which is not UTF-8", "UTF-8")
    raise FaultyGuideError(report.faults, hint=f"save the {what} as text in UTF-8")


def list_guides(folders: Sequence[Path]) -> list[Path]:
    """Return the guides in `folders`, by name; of two with one name, that of the first folder."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                found.setdefault(path.stem, path)
    return [found[name] for name in sorted(found)]


def find_guide(name_or_path: str | Path, folders: Sequence[Path], what: str = "guide") -> Path:
    """Return the file of a guide: a path, or the name of one in `folders`.

    Args:
        name_or_path: Path of a file, which wins, or a file's name with or without its ending.
        folders: Where to look for names, the first first; those that don't exist count as empty.
        what: What is looked for, where it is something else that is written like a guide.

    Raises:
        GuideError: Neither a file nor a name; it lists the names that there are.
    """
    name = str(name_or_path)
    path = Path(name)
    with contextlib.suppress(RuntimeError):  # a ~ without a home
        path = path.expanduser()
    with contextlib.suppress(OSError, ValueError):  # no such name can be a file's
        if path.exists() and not path.is_dir():
            return path
    guides = list_guides(folders)
    for guide in guides:
        if name in (guide.stem, guide.name):
            return guide
    names = ", ".join(guide.stem for guide in guides) or "none are installed"
    raise GuideError(
        f"there is no {what} {quoted(name)}", hint=f"the path of a file, or one of: {names}"
    )
