"""A page as a browser reads it: its elements and texts, by the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "input", "br", "img", "link"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def all(self, name: str = "", **attributes: str) -> "list[Element]":
        """Return the elements below with this name and these attributes (`class_` for class)."""
        wanted = {key.strip("_").replace("_", "-"): value for key, value in attributes.items()}
        found = []
        for each in self.children:
            if isinstance(each, Element):
                fits = all(
                    value in each.attributes.get(key, "").split()
                    if key == "class"
                    else each.attributes.get(key) == value
                    for key, value in wanted.items()
                )
                found += [each] if fits and name in ("", each.name) else []
                found += each.all(name, **attributes)
        return found

    def one(self, name: str = "", **attributes: str) -> "Element":
        (found,) = self.all(name, **attributes)
        return found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(path: Path) -> Element:
    """Return a page; fails where a tag is left open or closes nothing."""
    parser = _Parser()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    (page,) = parser.open
    return page
