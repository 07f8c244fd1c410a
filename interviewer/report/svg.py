"""A matplotlib figure as a part of a page: text stays text, colours are the page's own.

What matplotlib writes carries `style` attributes and a style sheet, which the page's policy
forbids, and fixed colours, which one of light and dark would make unreadable. So a figure is drawn
with the colours of `INKS`, each of which stands for one of the page's, and rewritten.
"""

import io
import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INKS = {
    name: f"#0000{number:02x}"
    for number, name in enumerate(
        ("ink", "soft", "line", "track", "accent", "low", "middling", "high", "card"), start=1
    )
}
"""Colour of the page -> what it is called while a figure is drawn."""
_COLOURS = {code: f"var(--{name})" for name, code in INKS.items()}
_SHAPE = frozenset(
    (
        *("fill", "stroke", "opacity", "fill-opacity", "stroke-opacity", "stroke-width"),
        *("stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin"),
    )
)
"""Properties of a shape that may stand as attributes."""
_SIZE = re.compile(r"([\d.]+)px")
_STRONG = re.compile(r"\b(bold|[6-9]00)\b")
_NUMBER = re.compile(r"-?\d+\.\d+")
_LOCAL = re.compile(r"url\(#([^)]+)\)|^#(.+)$")


def inline(figure: "Figure", prefix: str) -> Markup:
    """Return a figure as an `<svg>` for a page.

    Args:
        figure: Drawn with `INKS` alone; one of its units is a pixel where it is shown whole.
        prefix: Begins the ids in it, which must be unique in the page.
    """
    from matplotlib import rc_context

    written = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}), warnings.catch_warnings():
        # A guide may be written in letters that matplotlib's font lacks; the browser has them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(written, format="svg")
    root = ElementTree.fromstring(written.getvalue())  # noqa: S314  written just now
    _tidy(root, prefix)
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704  escaped by it


def _tidy(root: ElementTree.Element, prefix: str) -> None:
    for parent in list(root.iter()):
        for child in [each for each in parent if _name(each) in {"metadata", "style"}]:
            parent.remove(child)
    size = {"viewBox": root.get("viewBox", ""), "aria-hidden": "true", "focusable": "false"}
    used = {name for element in root.iter() for name in _referred(element)}
    for element in root.iter():
        element.tag = _name(element)
        attributes = {_bare(name): value for name, value in element.attrib.items()}
        element.attrib.clear()
        element.attrib.update(_rewritten(element.tag, attributes, used, prefix))
    root.attrib.clear()
    root.attrib.update(size | {"stroke-linejoin": "round", "stroke-linecap": "butt"})


def _rewritten(
    tag: str, attributes: dict[str, str], used: set[str], prefix: str
) -> Iterator[tuple[str, str]]:
    style = dict(_declarations(attributes.pop("style", "")))
    for name, value in attributes.items():
        if name == "id":
            if value in used:
                yield "id", f"{prefix}-{value}"
        else:
            yield name, _shortened(_LOCAL.sub(lambda m: _renamed(m, prefix), value))
    if tag == "text":
        # The page's style is stronger than attributes, so a text says its colour by a class.
        yield "class", _class_of(style)
        if anchor := style.get("text-anchor"):
            yield "text-anchor", anchor
    else:
        yield from (
            (name, _COLOURS.get(value, value)) for name, value in style.items() if name in _SHAPE
        )


def _renamed(found: re.Match[str], prefix: str) -> str:
    return f"url(#{prefix}-{found[1]})" if found[1] else f"#{prefix}-{found[2]}"


def _referred(element: ElementTree.Element) -> Iterator[str]:
    for value in element.attrib.values():
        if found := _LOCAL.search(value):
            yield found[1] or found[2]


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip(), value.strip()


def _class_of(style: dict[str, str]) -> str:
    ink = next((name for name, code in INKS.items() if style.get("fill") == code), "ink")
    font = f"{style.get('font', '')} {style.get('font-weight', '')}"
    size = _SIZE.search(style.get("font-size", font))
    small = " small" if size and float(size[1]) < 12 else ""
    return f"ink-{ink}{small}" + (" strong" if _STRONG.search(font) else "")


def _shortened(value: str) -> str:
    """Round what is drawn to hundredths of a pixel."""
    return _NUMBER.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), value)


def _name(element: ElementTree.Element) -> str:
    return _bare(str(element.tag))


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
