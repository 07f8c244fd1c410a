"""Pages from templates: what comes from outside is text in them, never markup.

A page may load nothing and run nothing but its own style and script, whose hashes it names.
"""

import base64
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from interviewer.batch.writing import replacing
from interviewer.report.overview import place_of
from interviewer.terminal.console import clock_face
from interviewer.text import printable

_FOLDER = Path(__file__).parent / "templates"
_JUDGED = ("spoken", "criteria", "steps", "flags")
"""What draws a judgement, for every page."""


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


def look(*, style: str = "", script: str = "") -> dict[str, Any]:
    """Return what a page needs that looks or acts in a way of its own, for its values.

    Args:
        style: Rules beside the common ones; ours alone, nothing of a guide or a candidate.
        script: In place of the table's; empty: the page has none.
    """
    whole = source("style.css") + style
    return {
        "style": Markup(whole),  # noqa: S704  ours
        "script": Markup(script),  # noqa: S704  ours
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"style-src '{_hash(whole)}'",
                f"script-src '{_hash(script)}'" if script else "script-src 'none'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
    }


def source(name: str) -> str:
    """Return a file that lies beside the templates: a style or a script."""
    return (_FOLDER / name).read_text(encoding="utf-8")


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
    made.globals |= look(script=source("table.js"))
    made.filters |= {
        "figure": _figure,
        "percent": lambda share: f"{100 * share:.1f}%",
        "place": place_of,
        "tone": _tone,
        "clock": clock_face,
    }
    # Drawn for each answer: a score's bar once, an article without a stop at each piece of it.
    parts: Any = made.get_template("parts.html.j2").module
    article = made.get_template("answer.html.j2")
    made.globals["doubt"] = parts.doubt()
    made.globals["article"] = lambda **values: Markup(article.render(**values))  # noqa: S704
    made.filters["bar"] = cache(parts.bar)
    judged: Any = made.get_template("judged.html.j2").module
    made.globals |= {name: getattr(judged, name) for name in _JUDGED}
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


def _hash(source: str) -> str:
    return "sha256-" + base64.b64encode(sha256(source.encode()).digest()).decode()
