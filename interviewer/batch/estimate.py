"""What grading would take, counted without a call: the prompts are made, and nobody is asked."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from interviewer.batch.grader import Graders, graded
from interviewer.batch.ledger import Ledger
from interviewer.batch.rows import BadRow, Row
from interviewer.errors import InterviewerError, RefusedError
from interviewer.labelling import Sentences
from interviewer.llm import T, Usage
from interviewer.llm.allowance import Prices
from interviewer.text import many

_CHARACTERS = 4
"""Of a token of English, about."""
_SENTENCE = 20
"""Tokens with which one sentence is labelled in JSON, about."""


@dataclass(slots=True)
class Estimate:
    """What a run would come to; tokens are estimates."""

    answers: int = 0
    kept: int = 0
    """Graded already."""
    copied: int = 0
    """The same as another, whose grade they get."""
    unreadable: int = 0
    calls: int = 0
    prompt: int = 0
    completion: int = 0

    def cost(self, prices: Prices) -> float | None:
        """Return about what it would cost; None where no price is known."""
        return prices.cost(self.prompt, self.completion) if prices.known else None

    def as_json(self, prices: Prices) -> dict[str, object]:
        """Return it for programs."""
        return {**asdict(self), "cost": self.cost(prices)}

    def told(self, prices: Prices) -> str:
        """Return it in words."""
        new = self.answers - self.kept - self.copied - self.unreadable
        parts = [f"{many(self.answers, 'answer')}: {new} to grade, {self.kept} graded before"]
        if self.copied:
            parts.append(f"{self.copied} identical to others")
        if self.unreadable:
            parts.append(f"{self.unreadable} that can't be read")
        cost = self.cost(prices)
        money = "" if cost is None else f", costing about {cost:.4f}"
        return (
            f"{', '.join(parts)}.\nAbout {many(self.calls, 'call')}, {self.prompt:,} tokens read "
            f"and {self.completion:,} written{money}. Nothing was sent."
        )


class Counting:
    """A model that is never asked: it counts what it would be sent."""

    name = "counting"

    def __init__(self, *, local: bool, at_once: bool) -> None:
        self.local, self.at_once = local, at_once
        self.usage = Usage()

    def stream(self, prompt: str, *, max_tokens: int = 200) -> AsyncIterator[str]:  # noqa: ARG002
        """Say nothing."""
        return _Nothing()

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:  # noqa: ARG002
        """Label every sentence `other`, so that none is asked about one by one."""
        if not issubclass(schema, Sentences):
            raise RefusedError("only sentences are counted")
        # What is missing in the reply would be asked one by one; so every number is in it.
        numbers = range(1, 1 + prompt.count("\n"))
        said = [{"number": n, "label": "other", "responsible": "nobody"} for n in numbers]
        units = sum(line.partition("> ")[0].isdigit() for line in prompt.splitlines())
        self.usage.add(len(prompt) // _CHARACTERS, 0, _SENTENCE * units)
        return schema.model_validate({"sentences": said})

    async def decide(
        self,
        prompt: str,
        options: Sequence[str],
        *,
        floor: float = 0.5,  # noqa: ARG002
    ) -> dict[str, float]:
        """Find all options equally likely."""
        self.usage.add(len(prompt) // _CHARACTERS, 0, 1)
        return dict.fromkeys(options, 1 / len(options))

    async def warm(self, prompt: str) -> None:  # noqa: ARG002
        """Count nothing: it is asked again when it is needed."""
        return

    async def aclose(self) -> None:
        """Have nothing to let go of."""
        return


class _Nothing:
    def __aiter__(self) -> "_Nothing":
        return self

    async def __anext__(self) -> str:
        raise StopAsyncIteration


async def estimate(
    rows: Iterable[Row | BadRow],
    graders_of: Callable[[Counting], Graders],
    kind: tuple[bool, bool],
    ledger: Ledger | None,
) -> Estimate:
    """Count what grading `rows` would take.

    Args:
        rows: As for `run`.
        graders_of: Makes the graders of a model.
        kind: Whether the model runs on this machine, and is asked about all sentences at once.
        ledger: What was graded before; None: nothing.
    """
    model, found = Counting(local=kind[0], at_once=kind[1]), Estimate()
    graders = graders_of(model)
    asked: set[str] = set()
    for row in rows:
        found.answers += 1
        try:
            grader = None if isinstance(row, BadRow) else graders.of(row)
        except InterviewerError:
            grader = None
        if grader is None or isinstance(row, BadRow):
            found.unreadable += 1
            continue
        keys = grader.keys(row)
        entry = ledger.find(row.id) if ledger else None
        if entry and entry.status == "graded" and keys[1] == entry.asked:
            found.kept += 1
        elif keys[1] in asked or (ledger and ledger.twin(keys[1])):
            found.copied += 1
        else:
            asked.add(keys[1])
            await graded(row, grader, graders.judge(grader), keys)
    usage = model.usage
    found.calls, found.prompt, found.completion = usage.calls, usage.prompt, usage.completion
    return found
