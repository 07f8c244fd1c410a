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
from interviewer.guide import Guide, parse_guide, slug
from interviewer.llm import Model
from interviewer.prompts import Prompts
from interviewer.text import sentences, words

__all__ = ["PARTS", "Drafted", "OnPart", "Paper", "draft"]

LEAST = 3
"""Goals, steps or tips that make a section."""
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
    patterns = pattern.patterns_for(paper.question, paper.kind, bank)[:TRIES]
    if patterns:
        await _Drafter(paper, patterns, model, prompts, on_part).work(_competencies(bank))
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
    patterns: Sequence[Guide]
    """One for each try: shown the same one again, a small model gives the same again."""
    model: Model
    prompts: Prompts
    on_part: OnPart

    async def work(self, competencies: tuple[str, ...]) -> None:
        await self._goals()
        await self._steps()
        await self._labels()
        if self.paper.goals and competencies:
            self.paper.competencies = await self._choose(
                "competencies", pattern.competencies_of, competencies
            )
        self.paper.strong = await self._answer("strong example", [])
        self.paper.other = await self._answer("demonstration", self.paper.strong)
        await self._weak()
        await self._tips()

    async def _goals(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            filled = forms.Goals.model_validate(form.model_dump())
            own = [each for each in sentences(forms.clean(filled.why)) if not taken.copied(each)]
            wrong = list(forms.faults_of_text("why", why := " ".join(own), 12, 90))
            whys.extend([] if wrong or whys else [why])
            yield from [] if whys else wrong
            yield from _kept("goal", filled.goals, kept, taken)

        taken, whys, kept = self._taken(), list[str](), list[Said]()
        await self._fill("goals", forms.Goals, pattern.goals_of, faults)
        self.paper.why = "".join(whys)
        self.paper.goals = _enough(kept, 4)
        self._tell("goals", self.paper.goals)

    async def _steps(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            filled = forms.Steps.model_validate(form.model_dump())
            kept.clear()  # steps of two tries are no way through one answer
            yield from _kept("step", filled.steps, kept, taken)
            if len(kept) > len(most):
                most[:] = kept

        taken = self._taken(*(text for _, text in self.paper.goals))
        kept, most = list[Said](), list[Said]()
        await self._fill("steps", forms.Steps, pattern.steps_of, faults)
        self.paper.steps = _enough(most, 6)
        self._tell("steps", self.paper.steps)

    async def _labels(self) -> None:
        def faults(form: BaseModel) -> Iterator[str]:
            yield from forms.faults_of_labels(_labels(form))

        if self.paper.steps:
            wanted = forms.labels_form(len(self.paper.steps))
            form = await self._fill("labels", wanted, pattern.labels_of, faults)
            self.paper.labels = _labels(form) if form else []
        if self.paper.labels and self.paper.goals:
            words = tuple(word for word, _ in self.paper.labels)
            self.paper.shown = await self._choose("shows", pattern.shown_goals, words)
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

            def more(guide: Guide) -> dict[str, object]:
                return {"told": pattern.told_steps(guide), "before": list(before)}

            form = await self._fill("answer", wanted, pattern.told_of, faults, more)
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
        form = await self._fill("weak", forms.Weak, lambda _: "", faults)
        self.paper.weak = forms.clean(form.answer) if isinstance(form, forms.Weak) else ""
        self._tell("weak example", self.paper.weak)

    async def _tips(self) -> None:
        told = {words(name) for name, _ in (*self.paper.goals, *self.paper.steps)}

        def faults(form: BaseModel) -> Iterator[str]:
            filled = forms.Tips.model_validate(form.model_dump())
            own = [tip for tip in filled.tips if words(forms.clean(tip.name)) not in told]
            wrong = list(_kept("tip", own, kept, taken))
            if wrong and len(own) < len(filled.tips):
                wrong.insert(0, "a tip is no goal and no step, and has a name of its own")
            yield from wrong

        taken = self._taken(*(text for _, text in (*self.paper.goals, *self.paper.steps)))
        kept = list[Said]()
        await self._fill("tips", forms.Tips, pattern.tips_of, faults)
        self.paper.tips = _enough(kept, 4)
        self._tell("tips", self.paper.tips)

    async def _choose(
        self,
        template: str,
        known: Callable[[Guide], list[tuple[str, str, str]]],
        among: tuple[str, ...],
    ) -> list[str]:
        """Return one of `among` for each goal; `known` tells (name, text, word) of a pattern's."""

        def more(guide: Guide) -> dict[str, object]:
            goals = [(name, text) for name, text, _ in known(guide)]
            return {"goals": goals, "among": list(among)}

        form = await self._fill(
            template,
            forms.choice_form(len(self.paper.goals), among),
            lambda guide: pattern.chosen([word for *_, word in known(guide)]),
            lambda _: iter(()),
            more,
        )
        return list(form.model_dump()["chosen"]) if form else []

    async def _fill(
        self,
        template: str,
        form: type[BaseModel],
        shown: Callable[[Guide], str],
        faults: Callable[[BaseModel], Iterator[str]],
        more: Callable[[Guide], dict[str, object]] = lambda _: {},
    ) -> BaseModel | None:
        """Return the filled form; None where the model can't after its tries."""
        wrong: list[str] = []
        for at in range(TRIES):
            guide = self.patterns[at % len(self.patterns)]
            prompt = self.prompts.render(
                f"draft/{template}",
                guide=guide,
                paper=self.paper,
                shown=shown(guide),
                wrong=wrong,
                **more(guide),
            )
            try:
                filled = await self.model.fill(prompt, form, max_tokens=_LONGEST)
            except BrokenReplyError:
                wrong = ["the form was not filled in; keep each text short"]
                continue
            found = list(faults(filled))
            if not found:
                return filled
            # Told that it copied, a small model copies the more; another pattern helps.
            wrong = [each for each in found if "copied" not in each][:4]
        return None

    def _taken(self, *more: str) -> forms.Taken:
        return forms.Taken([*(text for each in self.patterns for text in _texts(each)), *more])

    def _tell(self, part: str, given: Sequence[object]) -> None:
        what = "drafted" if isinstance(given, str) else f"{len(given)}"
        self.on_part(part, what if given else "could not be drafted; a person has to write it")


def _texts(guide: Guide) -> Iterator[str]:
    """Yield what a draft must not copy of a guide."""
    yield guide.overview
    yield from (item.text for item in (*guide.goals, *guide.steps, *guide.tips))
    yield from (example.text for example in guide.examples)
    yield from (text for each in guide.demonstrations for text, _ in each.sentences)


def _kept(
    kind: str, items: Sequence[forms.Named], kept: list[Said], taken: forms.Taken
) -> Iterator[str]:
    """Add to `kept` what is right; yield what is wrong where that is too little."""
    wrong: list[str] = []
    for item in items:
        said = (forms.clean(item.name).rstrip(" .:"), forms.clean(item.text))
        faults = list(forms.faults_of_items(kind, [said], taken))
        wrong += faults
        if not slug(said[0]):
            wrong.append(f"the name {said[0]!r} has no Latin letter to make an id of")
        elif not faults and slug(said[0]) not in [slug(name) for name, _ in kept]:
            kept.append(said)
    if len(kept) < LEAST:
        yield from wrong or [f"fewer than {LEAST} {kind}s with names that differ"]


def _enough(kept: list[Said], most: int) -> list[Said]:
    """Return at most so many; nothing where they are too few to be a section."""
    return kept[:most] if len(kept) >= LEAST else []


def _labels(form: BaseModel) -> list[Said]:
    return [
        (forms.clean(each["word"]).lower(), forms.clean(each["about"]).rstrip(" ."))
        for each in form.model_dump()["labels"]
    ]


def _parts(form: BaseModel) -> list[str]:
    return [forms.clean(part) for part in form.model_dump()["parts"]]
