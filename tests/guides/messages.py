"""Every message that the code can give about a guide, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import interviewer

_ROOM = Path(interviewer.__file__).parent
FAULTS = [*sorted(_ROOM.glob("guide*.py")), _ROOM / "front_reader.py"]
NOTES = [_ROOM / "bank" / "notes.py"]


@cache
def faults() -> dict[str, re.Pattern[str]]:
    """Return message with holes -> what it reads like, of all faults."""
    return _messages(FAULTS, "report.add", 1) | _messages(FAULTS, "self.report.add", 1)


@cache
def notes() -> dict[str, re.Pattern[str]]:
    """Return the same of all notes."""
    return _messages(NOTES, "Note", 0)


def _messages(files: list[Path], call: str, at: int) -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for file in files:
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in _calls(function, call):
                    for text in _worded(node.args[at], function):
                        found[_shown(text)] = re.compile(_pattern(text))
    return found


def _calls(function: ast.FunctionDef, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
            yield node


def _worded(node: ast.expr, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield the expression of a message, or those that its name stands for in the function."""
    if not isinstance(node, ast.Name):
        yield node
        return
    for each in ast.walk(function):
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id:
            yield each.value


def _parts(node: ast.expr) -> Iterator[str | ast.expr]:
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(part, ast.Constant):
            yield str(part.value)
        else:
            yield part.value if isinstance(part, ast.FormattedValue) else part


def _shown(node: ast.expr) -> str:
    return "".join(part if isinstance(part, str) else "{}" for part in _parts(node))


def _pattern(node: ast.expr) -> str:
    return "".join(
        re.escape(part) if isinstance(part, str) else _hole(part) for part in _parts(node)
    )


def _hole(node: ast.expr) -> str:
    return '"[^"]*"' if ast.unparse(node).startswith("quoted(") else ".+"
