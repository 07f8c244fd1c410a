"""Every word that is sent to a model, or said by the interviewer, is a template in `prompts/`.

A template opens with `{# takes: guide, statement #}`. The environment is sandboxed and strict: a
misspelt name or a None is an error, never a hole in a prompt. Values are data: they are not
rendered again, and `inert` takes the control characters and chat-template tokens out of them.

A template may hold a whole conversation: `{{ system }}`, `{{ user }}` and `{{ assistant }}` each
begin a message. `interviewer.text.messages` takes it apart; data can't hold such a mark.
`{{ kept }}` marks where what comes before is the same in the next prompt of its kind: the embedded
engine keeps it. Before the first one nothing of a candidate's may stand; see `llm/slots.py`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.exceptions import UndefinedError
from jinja2.meta import find_referenced_templates
from jinja2.sandbox import ImmutableSandboxedEnvironment

from interviewer.errors import PromptError
from interviewer.shipped import shipped_folder
from interviewer.text import KEPT_MARK, ROLE_MARK, fence, inert, parts

_TAKES = re.compile(r"\A\{# takes:([^#]*)#\}")


class Prompts:
    """The templates of one session: the shipped ones, single ones overridden by a folder."""

    def __init__(self, override: Path | None = None) -> None:
        """Look in `override` first.

        Raises:
            PromptError: `override` is not a folder, or holds a template that does not exist here.
        """
        self._folders = [*([override] if override else []), shipped_folder()]
        if override:
            _check_override(override, self.names())
        self._environment = _environment(tuple(self._folders))

    def names(self) -> list[str]:
        """Return the names of all templates, without `.j2`; parts that others include left out."""
        names = _names(shipped_folder())
        return sorted(name for name in names if not name.rpartition("/")[2].startswith("_"))

    def render(self, name: str, **values: Any) -> str:
        """Render the template `name` with `values`, as it is sent.

        Raises:
            PromptError: The template is missing or faulty, or a value that it takes is missing.
        """
        try:
            return self._environment.get_template(f"{name}.j2").render(**values).strip(" \n")
        except TemplateNotFound as error:
            raise PromptError(
                f"there is no template {error.name}", hint=f"one of {', '.join(self.names())}"
            ) from error
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            where = f"{name}.j2" + (f":{line}" if (line := getattr(error, "lineno", 0)) else "")
            raise PromptError(
                str(error), where=where, hint="mend the template; its first line says what it takes"
            ) from error

    def takes(self, name: str) -> list[str]:
        """Return the names that the template's first line says it takes."""
        found = _TAKES.match(self._source(name))
        return [part.strip() for part in found[1].split(",") if part.strip()] if found else []

    def with_parts(self, names: Iterable[str]) -> set[str]:
        """Return the names of templates with those of all parts that they include.

        What is faulty or missing includes nothing.
        """
        found: set[str] = set()
        left = set(names)
        while left:
            found.add(name := left.pop())
            with suppress(TemplateError):
                parsed = self._environment.parse(self._source(name))
                parts = (part for part in find_referenced_templates(parsed) if part)
                left |= {part.removesuffix(".j2") for part in parts} - found
        return found

    def hashes(self) -> dict[str, str]:
        """Return template name -> the first 16 hex digits of its SHA-256.

        Parts that others include are in it too, those of the overriding folder alone as well.
        """
        names = sorted({name for folder in self._folders for name in _names(folder)})
        return {name: sha256(self._source(name).encode()).hexdigest()[:16] for name in names}

    def _source(self, name: str) -> str:
        loader = self._environment.loader
        assert loader  # noqa: S101  made with one below
        try:
            return loader.get_source(self._environment, f"{name}.j2")[0]
        except UnicodeDecodeError as error:
            raise PromptError(str(error), where=f"{name}.j2", hint="save it as UTF-8") from error


def _names(folder: Path) -> Iterator[str]:
    """Yield the names of all templates and parts in a folder, without `.j2`."""
    for path in folder.rglob("*.j2"):
        yield path.relative_to(folder).with_suffix("").as_posix()


def _check_override(folder: Path, names: Sequence[str]) -> None:
    if not folder.is_dir():
        raise PromptError("is not a folder", where=folder, hint="a folder of *.j2 files")
    found = [path.relative_to(folder) for path in folder.rglob("*.j2")]
    if unknown := [
        path
        for path in found
        if path.with_suffix("").as_posix() not in names and not path.name.startswith("_")
    ]:
        raise PromptError(
            f"no template {unknown[0]} is ever asked for",
            where=folder,
            hint=f"one of {', '.join(names)}",
        )


class Rendered:
    """What is no data, so it may stand in a prompt as it is: a mark, or what was rendered."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


ROLES = ("system", "user", "assistant")


def _data(value: object) -> object:
    if value is None:
        raise UndefinedError("a value in this prompt is None")
    return inert(value) if isinstance(value, str) else value


@cache
def _environment(folders: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    """Return the environment over `folders`.

    No autoescape: prompts are plain text; the fence is what keeps an answer apart.
    """
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        finalize=_data,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["fence"] = fence
    made.filters["parts"] = parts
    made.filters["line"] = lambda text: " ".join(str(text).split())
    made.globals.update({name: Rendered(f"{ROLE_MARK}{name}\n") for name in ROLES})
    made.globals["kept"] = Rendered(KEPT_MARK)
    return made
