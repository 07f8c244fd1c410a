"""A guide as it is shown."""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding

from interviewer.guide import Guide, Item
from interviewer.terminal.console import words


class GuideView:
    """Draws every part of a guide."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def __rich_console__(self, console: Console, _: ConsoleOptions) -> Iterator[RenderableType]:
        guide = self._guide
        yield words(guide.question, style="bold")
        about = [("role", guide.role), ("level", guide.level or ""), ("id", guide.id)]
        yield words("  ".join(f"{name}: {value}" for name, value in about if value), style="dim")
        if guide.overview:
            yield Padding(words(guide.overview), (1, 0, 0, 0))
        yield from _items("goals", guide.goals)
        yield from _items("steps", guide.steps)
        yield from _texts("examples", [example.text for example in guide.examples])
        yield from _items("tips", guide.tips)
        if guide.closing:
            yield Padding(words(guide.closing), (1, 0, 0, 0))
        yield from _texts("related", guide.related)


def _items(name: str, items: Sequence[Item]) -> Iterator[RenderableType]:
    yield _heading(name, len(items))
    for item in items:
        yield Padding(words(item.name, style="bold"), (0, 0, 0, 2))
        yield Padding(words(item.text), (0, 0, 0, 4))


def _texts(name: str, texts: Sequence[str]) -> Iterator[RenderableType]:
    yield _heading(name, len(texts))
    for text in texts:
        yield Padding(words(text), (0, 0, 0, 2))


def _heading(name: str, count: int) -> RenderableType:
    named = name if count != 1 or name == "related" else name[:-1]
    return Padding(words(f"{count} {named}", style="bold cyan"), (1, 0, 0, 0))
