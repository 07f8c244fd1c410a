"""A story: what a simulated candidate has to tell about one guide, step by step.

    # the guide's question

    ## Name of a step

    What tells this step, and no other.

    What is added when it is asked for.

So it is known from the script, and not from a judge, what of it was told at any time.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from interviewer.guide import Guide, slug
from interviewer.guide_faults import FaultyGuideError, Report, quoted
from interviewer.guide_file import read_document
from interviewer.guide_lines import Line, bare, is_marked, line_of, lines_in, paragraphs
from interviewer.text import words
from interviewer.value import Value

_TOLD = 0.6
"""Share of a part's own words from which it counts as told: fillers and cuts may stand in it."""
_SMALL = 3
"""Letters of a word that tells nothing of a part."""


class Part(Value):
    """What there is to tell about one step."""

    step: str
    """Id of the step."""
    told: str
    more: str = ""
    """What is added when it is asked for; empty where nothing is."""

    @cached_property
    def own(self) -> frozenset[str]:
        """The words of `told` by which it is known again."""
        return frozenset(word for word in words(self.told) if len(word) > _SMALL)


class Story(Value):
    """What there is to tell about a guide's question."""

    guide: str
    """Id of the guide."""
    parts: tuple[Part, ...]
    """In the order of the guide's steps."""

    def told_in(self, said: Iterable[str]) -> set[str]:
        """Return the ids of the steps that at least one of several replies tells."""
        replies = [set(words(each)) for each in said]
        return {
            part.step
            for part in self.parts
            if any(len(part.own & reply) >= _TOLD * len(part.own) for reply in replies)
        }


def parse_story(text: str, guide: Guide, *, source: str = "story") -> Story:
    """Parse a story about a guide.

    Raises:
        FaultyGuideError: The document has faults; the error holds all of them.
    """
    report = Report(source)
    lines = [line_of(n, raw) for n, raw in enumerate(lines_in(text), 1)]
    parts: dict[str, Part] = {}
    known = {slug(step.name): step for step in guide.steps}
    for heading, below in _blocks(lines, report):
        name = bare(heading.text)
        step = known.get(slug(name))
        told = paragraphs(below)
        if step is None:
            expected = f"a step of the guide: {', '.join(each.name for each in guide.steps)}"
            report.add(heading.number, f"the step {quoted(name)}", expected)
        elif step.id in parts:
            report.add(heading.number, f"the step {quoted(name)} twice", "one part for each step")
        elif not told:
            report.add(heading.number, f"nothing told for {quoted(name)}", "a paragraph below it")
        else:
            parts[step.id] = Part(step=step.id, told=told[0], more=" ".join(told[1:]))
    if not report.faults:
        for step in guide.steps:
            if step.id not in parts:
                report.add(1, "a story without a step", f"## {step.name}")
    if report.faults:
        raise FaultyGuideError(report.faults, hint="mend these lines; docs/simulation.md")
    return Story(guide=guide.id, parts=tuple(parts[step.id] for step in guide.steps))


def _blocks(lines: Sequence[Line], report: Report) -> list[tuple[Line, list[Line]]]:
    """Return the headings below the first, which is the question's, with what stands below."""
    found: list[tuple[Line, list[Line]]] = []
    for line in lines:
        if is_marked(line.text):
            found.append((line, []))
        elif found:
            found[-1][1].append(line)
        elif line.text:
            report.add(line.number, "text before the first heading", "# the guide's question")
    if not found:
        report.add(1, "no story", "the guide's question as a heading, and one for each step")
    return found[1:]


def find_story(guide: Guide, folders: Sequence[Path]) -> Story | None:
    """Return the story about a guide from the first folder that has one, or None.

    Raises:
        GuideError: It can't be read.
        FaultyGuideError: It has faults.
    """
    for folder in folders:
        path = folder / f"{guide.id}.md"
        if path.is_file():
            return parse_story(read_document(path, "story"), guide, source=str(path))
    return None
