"""Pages from templates: what comes from outside is text in them, never markup.

A page may load nothing and run nothing but its own style and script, whose hashes it names.
"""

import base64
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from interviewer.batch.writing import replacing
from interviewer.report.overview import place_of
from interviewer.text import printable

_FOLDER = Path(__file__).parent / "templates"


def write_page(path: Path, template: str, **values: Any) -> Path:
    """Write a page piece by piece; what is in `values` may be read while it is written.

    Args:
        path: The file; what was there before is replaced once the page is whole.
        template: Name of a template, without `.html.j2`.
        values: What it shows.

    Returns:
        `path`.

    Raises:
        DataError: It can't be written.
    """
    with replacing(path) as file:
        file.writelines(page(template, **values))
    return path


def page(template: str, **values: Any) -> Iterator[str]:
    """Yield a page in pieces."""
    return _environment().get_template(f"{template}.html.j2").generate(**values)


def sources(styles: Sequence[str], scripts: Sequence[str] = ()) -> dict[str, object]:
    """Return a page's own `style`, `script` and the `policy` that allows nothing but them.

    Args:
        styles: Files of the templates' folder, joined in this order.
        scripts: The same; a page without one may run nothing at all.
    """
    style, script = ("".join(_source(name) for name in names) for names in (styles, scripts))
    rules = [
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        *([f"script-src '{_hash(script)}'"] if script else []),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return {
        "style": Markup(style),  # noqa: S704  ours
        "script": Markup(script),  # noqa: S704  ours
        "policy": "; ".join(rules),
    }


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= sources(("style.css",), ("table.js",))
    made.filters |= {
        "figure": _figure,
        "percent": lambda share: f"{100 * share:.1f}%",
        "place": place_of,
        "tone": _tone,
        "clock": lambda seconds: f"{seconds // 60}:{seconds % 60:02}",
    }
    return made


def _visible(value: object) -> object:
    """Make what hides or turns text around visible."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _figure(value: float | None, digits: int = 1) -> str:
    return "\u2013" if value is None else f"{value:.{digits}f}"


def _tone(score: float | None) -> str:
    """Return the class of a score's colour; its figure always stands beside it."""
    if score is None:
        return "none"
    shown = round(score, 1)
    return "low" if shown < 2.5 else "middling" if shown < 3.5 else "high"


def _source(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    return "sha256-" + base64.b64encode(sha256(source.encode()).digest()).decode()
