"""What a guide could do without: no fault, for it can be used, but worth a look.

Each note says what was found and how to mend it; `docs/guides.md` explains why it matters.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from interviewer.bank import questions_after
from interviewer.guide import Guide, Item
from interviewer.guide_faults import quoted
from interviewer.text import sentences, words

TO_WRITE = "To be written:"
"""Begins a line of a draft that the model could not write."""
_TELLING = 4
"""Words of a sentence that is hardly the same as another by chance."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing about a guide that is worth a look; prints as `found X; mend it: Y`."""

    found: str
    mend: str

    def __str__(self) -> str:
        return f"{self.found}; {self.mend}"


def notes_on(guide: Guide, is_asked: Callable[[str], bool]) -> list[Note]:
    """Return what is worth a look in `guide`.

    Args:
        guide: One without faults.
        is_asked: Tells whether some guide asks a question.
    """
    return [*_about(guide, is_asked), *_judging(guide), *_examples(guide)]


def _about(guide: Guide, is_asked: Callable[[str], bool]) -> Iterator[Note]:
    if guide.draft:
        mend = "read it through, mend it, then take the line `draft: true` out"
        yield Note("marked as a draft", mend)
    texts = [item.text for item in (*guide.goals, *guide.steps, *guide.tips)]
    for text in (guide.overview, *texts, *(example.text for example in guide.examples)):
        if TO_WRITE in text:
            yield Note(f"a gap: {quoted(text)}", "write it")
    for question in questions_after(guide):
        if not is_asked(question):
            mend = "take a question from `interviewer guide list`, or write that guide"
            yield Note(f"no guide asks the related question {quoted(question)}", mend)


def _judging(guide: Guide) -> Iterator[Note]:
    if not guide.labels:
        if not guide.checks:
            mend = (
                "add labels, or each goal and step is one question that a small model answers badly"
            )
            yield Note("no labels", mend)
        return
    shown = {step.id: _shown_by(guide, step) for step in guide.steps}
    for step in guide.steps:
        if not shown[step.id]:
            mend = "name it in the `shows` of one, or add a check"
            yield Note(f"the step {quoted(step.name)} is shown by no label and no check", mend)
    for at, step in enumerate(guide.steps):
        for other in guide.steps[:at]:
            alike = shown[step.id] == shown[other.id] and len(shown[step.id]) == 1
            if alike and not _checked(guide, step) and not _checked(guide, other):
                names = f"{quoted(other.name)} and {quoted(step.name)}"
                mend = "give each a label of its own, or whoever does one does both"
                yield Note(f"the steps {names} share one label", mend)
    used = {word for each in guide.demonstrations for _, word in each.sentences}
    for label in guide.labels:
        if label.word not in used:
            mend = "add two sentences of this kind to the demonstrations"
            yield Note(f"no demonstration of the label {quoted(label.word)}", mend)


def _examples(guide: Guide) -> Iterator[Note]:
    weak = {example.weak for example in guide.examples}
    if not {True, False} <= weak:
        mend = "add `Example 1 (strong)` and `Example 2 (weak)`, which `guide test` tells apart"
        yield Note("no strong and weak example to test with", mend)
    shown = {words(sentence) for example in guide.examples for sentence in sentences(example.text)}
    for each in guide.demonstrations:
        for sentence, _ in each.sentences:
            if words(sentence) in shown and len(words(sentence)) >= _TELLING:
                mend = "say another in one of the two, or `guide test` tests what was told before"
                yield Note(f"a demonstration that is also in an example: {quoted(sentence)}", mend)


def _shown_by(guide: Guide, step: Item) -> set[str]:
    """Return the words of the labels that show a step, and `check` where a check is about it."""
    found = {label.word for label in guide.labels if step.id in label.shows}
    return found | ({"(check)"} if _checked(guide, step) else set())


def _checked(guide: Guide, step: Item) -> bool:
    return any(check.target == step.id for check in guide.checks)
