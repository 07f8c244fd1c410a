"""A guide as it is shown."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding

from interviewer.guide import Guide, Item
from interviewer.terminal.console import words


class GuideView:
    """Draws every part of a guide."""

    def __init__(self, guide: Guide, askers: Mapping[str, str] | None = None) -> None:
        """Draw `guide`; `askers` is related question -> id of the guide that asks it."""
        self._guide, self._askers = guide, askers or {}

    def __rich_console__(self, console: Console, _: ConsoleOptions) -> Iterator[RenderableType]:
        guide = self._guide
        yield words(guide.question, style="bold")
        about = [("role", guide.role), ("level", guide.level or ""), ("kind", guide.kind)]
        about.append(("id", guide.id))
        yield words("  ".join(f"{name}: {value}" for name, value in about if value), style="dim")
        if guide.draft:
            yield words("a draft: nobody has looked it over yet", style="yellow")
        if guide.overview:
            yield Padding(words(guide.overview), (1, 0, 0, 0))
        yield from _items("goals", guide.goals, guide.competencies)
        yield from _items("steps", guide.steps)
        yield from _texts("examples", [example.text for example in guide.examples])
        yield from _items("tips", guide.tips)
        if guide.closing:
            yield Padding(words(guide.closing), (1, 0, 0, 0))
        yield from _texts("related", [self._related(each) for each in guide.related])

    def _related(self, question: str) -> str:
        asker = self._askers.get(question)
        return f"{question}  [{asker}]" if asker else question


def _items(
    name: str, items: Sequence[Item], competencies: Mapping[str, str] | None = None
) -> Iterator[RenderableType]:
    yield _heading(name, len(items))
    for item in items:
        competency = (competencies or {}).get(item.id)
        about = words(f"  {competency}" if competency else "", style="dim")
        yield Padding(words(item.name, style="bold") + about, (0, 0, 0, 2))
        yield Padding(words(item.text), (0, 0, 0, 4))


def _texts(name: str, texts: Sequence[str]) -> Iterator[RenderableType]:
    yield _heading(name, len(texts))
    for text in texts:
        yield Padding(words(text), (0, 0, 0, 2))


def _heading(name: str, count: int) -> RenderableType:
    named = name if count != 1 or name == "related" else name[:-1]
    return Padding(words(f"{count} {named}", style="bold cyan"), (1, 0, 0, 0))
