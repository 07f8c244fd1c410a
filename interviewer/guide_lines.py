"""Lines of a document, plain or Markdown: headings, paragraphs and bullets.

What guides, personas and stories have in common; which sections there are is told elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

ITEM = re.compile(r"(?:(?P<number>[0-9]{1,3}[.)])|[-*+\u2013\u2014])\s+(?=\S)|[•‣◦·▪●]\s*(?=\S)")
_INVISIBLE = {ord(mark): None for mark in "\ufeff\u200b\u2060\xad"}
"""What a copy from a web page leaves behind; nobody sees it in an editor."""
_RULE = re.compile(r"[-*_=\s]{3,}|<!--.*-->")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file."""

    number: int
    """From 1."""
    text: str
    """Without outer white space; empty for rules and comments too."""
    indent: int
    """Columns before the text."""


def lines_in(text: str) -> list[str]:
    """Return the lines of a document, whatever ends them, without what nobody sees."""
    return text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def slug(name: str) -> str:
    """Return `name` as an id: Latin letters, digits and hyphens; empty where it has none."""
    plain = unicodedata.normalize("NFKD", re.sub("['\u2019\u02bc]", "", name.casefold()))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


def line_of(number: int, raw: str) -> Line:
    """Return a line of a file, `number` from 1; rules and comments count as empty."""
    wide = raw.expandtabs(4).rstrip()
    text = "" if _RULE.fullmatch(wide.strip()) else wide.strip()
    return Line(number, text, len(wide) - len(wide.lstrip()))


def bare(heading: str) -> str:
    """Return a heading's words, without `#` and bold."""
    return re.sub(r"\s#+$", "", heading.lstrip("#")).strip().strip("*_").strip()


def is_marked(text: str) -> bool:
    """Tell whether a line is a heading with `#`."""
    return bool(re.match(r"#{1,6}(\s|$)", text))


def paragraphs(lines: Iterable[Line]) -> list[str]:
    """Return the paragraphs of `lines`, each on one line."""
    text = "\n".join(line.text for line in lines)
    return [" ".join(part.split()) for part in re.split(r"\n{2,}", text) if part.strip()]


def prose(lines: Iterable[Line]) -> str:
    """Return the paragraphs of `lines` with a blank line between two."""
    return "\n\n".join(paragraphs(lines))


def bullets(lines: Iterable[Line]) -> tuple[list[tuple[Line, str]], list[Line]]:
    """Return each item's first line and whole text, and the lines of prose after the last."""
    items: list[tuple[Line, list[str]]] = []
    after: list[Line] = []
    is_open = follows_blank = False
    for line in lines:
        mark = ITEM.match(line.text)
        text = line.text[mark.end() :] if mark else line.text
        inside = is_open and line.indent > items[-1][0].indent
        nested = inside and mark and not mark["number"] and line.indent > items[-1][0].indent + 1
        if not line.text:
            after.append(line)
        elif mark and not nested:
            items.append((line, [text]))
            after, is_open = [], True
        elif is_open and (inside or not follows_blank):
            items[-1][1].append(text)
        else:
            after.append(line)
            is_open = False
        follows_blank = not line.text
    return [(line, " ".join(" ".join(texts).split())) for line, texts in items], after
