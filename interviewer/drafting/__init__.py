"""A guide drafted by a model, part by part, for a person to mend.

A small model fills a small form well and a large one badly, so each part is a form of its own, and
what is wrong with a filled one goes back with it. What the model can't give after its tries is a
line that says what has to be written. Question, id, kind, role and related questions are code's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from interviewer.bank import Bank
from interviewer.drafting import forms, pattern
from interviewer.drafting.paper import Ids, Paper, written
from interviewer.errors import BrokenReplyError
from interviewer.guide import Guide, parse_guide
from interviewer.llm import Model
from interviewer.prompts import Prompts

__all__ = ["PARTS", "Drafted", "OnPart", "Paper", "draft"]

TRIES = 3
"""How often the model is asked for a part."""
_LONGEST = 700
"""Tokens of a filled form."""
PARTS = ("goals", "steps", "labels", "strong example", "demonstration", "weak example", "tips")
"""What is drafted one after the other."""
OnPart = Callable[[str, str], None]
"""Hears which part was drafted, and what became of it."""
Said = tuple[str, str]
"""A name and its text."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft."""

    text: str
    """The document, which `parse_guide` takes."""
    guide: Guide
    missing: tuple[str, ...]
    """What a person has to write, in words."""


async def draft(
    paper: Paper, bank: Bank, model: Model, prompts: Prompts, *, on_part: OnPart
) -> Drafted:
    """Draft a guide.

    Args:
        paper: Its question, id, role, kind, level and related questions; the rest is filled in.
        bank: Where the pattern and the competencies are from.
        model: Writes it.
        prompts: What it is asked.
        on_part: Hears of each part.

    Raises:
        UnreachableError, RefusedError: As for `Model.fill`.
    """
    shown = pattern.pattern_for(paper.question, paper.kind, bank)
    if shown is not None:
        await _Drafter(paper, shown, model, prompts, on_part).work(_competencies(bank))
    text, guide = _assembled(paper)
    return Drafted(text, guide, tuple(paper.missing))


def _competencies(bank: Bank) -> tuple[str, ...]:
    return tuple(sorted({each for guide in bank.guides for each in guide.competencies.values()}))


def _assembled(paper: Paper) -> tuple[str, Guide]:
    """Return the document and the guide that it is read as.

    Long lines are broken only where that does not change what is read.
    """
    bare = parse_guide(written(paper, Ids()), id=paper.id)
    ids = Ids([goal.id for goal in bare.goals], [step.id for step in bare.steps])
    text = written(paper, ids)
    if not _means(guide := parse_guide(text), paper):
        text = written(paper, ids, wrapped=False)
        guide = parse_guide(text)
    return text, guide


def _means(guide: Guide, paper: Paper) -> bool:
    """Whether a document is read as it was meant."""
    items = [(paper.goals, guide.goals), (paper.steps, guide.steps), (paper.tips, guide.tips)]
    same = all(not meant or meant == [(i.name, i.text) for i in read] for meant, read in items)
    strong = [" ".join(paper.strong)] if paper.strong else []
    examples = [each.text for each in guide.examples]
    return same and all(text in examples for text in [*strong, *filter(None, [paper.weak])])


@dataclass(slots=True)
class _Drafter:
    """Has the model fill in a paper."""

    paper: Paper
    pattern: Guide
    model: Model
    prompts: Prompts
    on_part: OnPart

    async def work(self, competencies: tuple[str, ...]) -> None:
        await self._goals()
        await self._steps()
        await self._labels()
        if self.paper.goals and competencies:
            self.paper.competencies = await self._choose(
                "competencies",
                [(goal.name, goal.text) for goal in self.pattern.goals],
                [self.pattern.competencies.get(goal.id, "") for goal in self.pattern.goals],
                competencies,
            )
        self.paper.strong = await self._answer("strong example", [])
        self.paper.other = await self._answer("demonstration", self.paper.strong)
        await self._weak()
        await self._tips()

    async def _goals(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            filled = forms.Goals.model_validate(form.model_dump())
            why = forms.clean(filled.why)
            yield from forms.faults_of_text("why", why, 12, 90)
            if taken.copied(why):
                yield "why is copied from the pattern; use words of your own"
            yield from forms.faults_of_items("goal", _said(filled.goals), taken)

        taken = self._taken()
        shown = pattern.goals_of(self.pattern)
        form = await self._fill("goals", forms.Goals, shown, faults)
        if isinstance(form, forms.Goals):
            self.paper.why, self.paper.goals = forms.clean(form.why), _said(form.goals)
        self._tell("goals", self.paper.goals)

    async def _steps(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            filled = forms.Steps.model_validate(form.model_dump())
            yield from forms.faults_of_items("step", _said(filled.steps), taken)

        taken = self._taken(*(text for _, text in self.paper.goals))
        shown = pattern.steps_of(self.pattern)
        form = await self._fill("steps", forms.Steps, shown, faults)
        if isinstance(form, forms.Steps):
            self.paper.steps = _said(form.steps)
        self._tell("steps", self.paper.steps)

    async def _labels(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            yield from forms.faults_of_labels(_labels(form))

        if self.paper.steps:
            wanted = forms.labels_form(len(self.paper.steps))
            form = await self._fill("labels", wanted, pattern.labels_of(self.pattern), faults)
            self.paper.labels = _labels(form) if form else []
        if self.paper.labels and self.paper.goals:
            goals = pattern.shown_goals(self.pattern)
            self.paper.shown = await self._choose(
                "shows",
                [(name, text) for name, text, _ in goals],
                [word for *_, word in goals],
                tuple(word for word, _ in self.paper.labels),
            )
        self._tell("labels", self.paper.labels)

    async def _answer(self, part: str, before: Sequence[str]) -> list[str]:
        """Return what is told for each step; `before` is an answer that was told already."""

        def faults(form: BaseModel) -> Iterator[str]:
            parts = _parts(form)
            for (name, _), told in zip(self.paper.steps, parts, strict=True):
                yield from forms.faults_of_text(f"what is told for {name!r}", told, 8, 60)
                if copied := taken.copied(told):
                    yield f"this was said before, say something else: {copied}"
            if len(set(parts)) < len(parts):
                yield "two steps are told in the same words"

        told: list[str] = []
        if self.paper.steps:
            taken = self._taken(*(text for _, text in self.paper.steps), *before)
            wanted = forms.told_form(len(self.paper.steps))
            shown = pattern.told_of(self.pattern)
            more = {"told": pattern.told_steps(self.pattern), "before": list(before)}
            form = await self._fill("answer", wanted, shown, faults, **more)
            told = _parts(form) if form else []
        self._tell(part, told)
        return told

    async def _weak(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            text = forms.clean(forms.Weak.model_validate(form.model_dump()).answer)
            yield from forms.faults_of_text("the answer", text, 35, 110)
            if copied := taken.copied(text):
                yield f"this was said before, say something else: {copied}"

        taken = self._taken(*self.paper.strong, *self.paper.other)
        form = await self._fill("weak", forms.Weak, "", faults)
        self.paper.weak = forms.clean(form.answer) if isinstance(form, forms.Weak) else ""
        self._tell("weak example", self.paper.weak)

    async def _tips(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            filled = forms.Tips.model_validate(form.model_dump())
            yield from forms.faults_of_items("tip", _said(filled.tips), taken)

        taken = self._taken(*(text for _, text in (*self.paper.goals, *self.paper.steps)))
        form = await self._fill("tips", forms.Tips, pattern.tips_of(self.pattern), faults)
        if isinstance(form, forms.Tips):
            self.paper.tips = _said(form.tips)
        self._tell("tips", self.paper.tips)

    async def _choose(
        self, template: str, items: Sequence[Said], words: Sequence[str], among: tuple[str, ...]
    ) -> list[str]:
        """Return one of `among` for each goal; `items` and `words` are the pattern's."""
        known = [(item, word) for item, word in zip(items, words, strict=True) if word]
        form = await self._fill(
            template,
            forms.choice_form(len(self.paper.goals), among),
            pattern.chosen([word for _, word in known]),
            lambda _: iter(()),
            goals=[item for item, _ in known],
            among=list(among),
        )
        return list(form.model_dump()["chosen"]) if form else []

    async def _fill(
        self,
        template: str,
        form: type[BaseModel],
        shown: str,
        faults: Callable[[BaseModel], Iterator[str]],
        **more: object,
    ) -> BaseModel | None:
        """Return the filled form; None where the model can't after its tries."""
        wrong: list[str] = []
        for _ in range(TRIES):
            prompt = self.prompts.render(
                f"draft/{template}",
                guide=self.pattern,
                paper=self.paper,
                shown=shown,
                wrong=wrong,
                **more,
            )
            try:
                filled = await self.model.fill(prompt, form, max_tokens=_LONGEST)
            except BrokenReplyError:
                wrong = ["the form was not filled in; keep each text short"]
                continue
            wrong = list(faults(filled))[:4]
            if not wrong:
                return filled
        return None

    def _taken(self, *more: str) -> forms.Taken:
        guide = self.pattern
        items = (*guide.goals, *guide.steps, *guide.tips)
        said = [sentence for each in guide.demonstrations for sentence, _ in each.sentences]
        examples = [example.text for example in guide.examples]
        return forms.Taken([guide.overview, *(i.text for i in items), *examples, *said, *more])

    def _tell(self, part: str, given: Sequence[object]) -> None:
        what = "drafted" if isinstance(given, str) else f"{len(given)}"
        self.on_part(part, what if given else "could not be drafted; a person has to write it")


def _said(items: Sequence[forms.Named]) -> list[Said]:
    return [(forms.clean(item.name).rstrip(" .:"), forms.clean(item.text)) for item in items]


def _labels(form: BaseModel) -> list[Said]:
    return [
        (forms.clean(each["word"]).lower(), forms.clean(each["about"]).rstrip(" ."))
        for each in form.model_dump()["labels"]
    ]


def _parts(form: BaseModel) -> list[str]:
    return [forms.clean(part) for part in form.model_dump()["parts"]]
