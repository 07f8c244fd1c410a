"""A model and a candidate that do as they are told; neither knows a network."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from interviewer.errors import UndecidedError
from interviewer.guide import Example, Guide, Item
from interviewer.llm import T, Usage

GUIDE = Guide(
    id="failure",
    question="Tell me about a time you failed.",
    role="Product Manager",
    goals=(
        Item(id="honesty", name="Honesty", text="They want a failure that was yours."),
        Item(id="growth", name="Growth", text="They want to hear what you changed afterwards."),
    ),
    steps=(
        Item(id="context", name="Describe the Context", text="Say when and where it happened."),
        Item(id="lesson", name="Share the Lesson", text="Close on what you learned."),
    ),
    examples=(
        Example(
            id="example-1",
            text="At my last job I shipped a search page that nobody had asked for at all.",
        ),
    ),
    tips=(Item(id="be-brief", name="Be Brief", text="Two minutes are enough."),),
    related=("Tell me about a conflict.",),
)
ANSWER = "In 2019 I launched a billing tool in Berlin without asking a single customer about it."
PROBE = "You said you launched a billing tool: what did the customers tell you?"


@dataclass
class ScriptedModel:
    """Streams the given texts in turn, and says Yes with the probability that `p` gives."""

    texts: list[str] = field(default_factory=list)
    p: Callable[[str], float | Exception] = lambda _: 0.5
    """Prompt -> P(yes), or what is raised."""
    speech_error: Exception | None = None
    name: str = "scripted"
    usage: Usage = field(default_factory=Usage)
    local: bool = False
    prompts: list[str] = field(default_factory=list)
    warmed: list[str] = field(default_factory=list)

    async def stream(
        self,
        prompt: str,
        *,
        max_tokens: int = 200,  # noqa: ARG002  the protocol names it
    ) -> AsyncIterator[str]:
        self._count(prompt)
        if self.speech_error:
            raise self.speech_error
        for piece in self.texts.pop(0).partition(" ") if self.texts else ():
            yield piece

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:
        raise NotImplementedError

    async def decide(
        self,
        prompt: str,
        options: Sequence[str],
        *,
        floor: float = 0.5,  # noqa: ARG002  the protocol names it
    ) -> dict[str, float]:
        self._count(prompt)
        p = self.p(prompt)
        if isinstance(p, Exception):
            raise p
        rest = (1 - p) / (len(options) - 1)
        return dict.fromkeys(options, rest) | {options[0]: p}

    async def warm(self, prompt: str) -> None:
        self.warmed.append(prompt)

    async def aclose(self) -> None:
        return

    def _count(self, prompt: str) -> None:
        self.prompts.append(prompt)
        self.usage.add(10, 4, 1)


@dataclass(frozen=True)
class Typed:
    text: str
    seconds: float | None = None


class ScriptedCandidate:
    """Says the given replies in turn; then its input has ended."""

    def __init__(self, *replies: str) -> None:
        self._replies: Iterator[str] = iter(replies)
        self.purposes: list[str] = []

    async def read(self, purpose: str) -> Typed:
        self.purposes.append(purpose)
        for reply in self._replies:
            return Typed(reply)
        raise EOFError


@dataclass
class Ear:
    """Hears what is said aloud."""

    said: list[str] = field(default_factory=lambda: [""])
    waits: list[str] = field(default_factory=list)
    taken_back: list[tuple[str, str]] = field(default_factory=list)
    """What was said, and what would be said in its place where it can't be unsaid."""

    def piece(self, text: str) -> None:
        self.said[-1] += text

    def end_stream(self) -> None:
        self.said.append("")

    def retract(self, instead: str) -> None:
        self.taken_back.append((self.said[-2], instead))

    def thinking(self, what: str) -> AbstractContextManager[None]:
        self.waits.append(what)
        return nullcontext()


def yes_to(*parts: str, p: float = 0.95) -> Callable[[str], float | Exception]:
    """Say Yes where the answer in the prompt is a real one and asks about one of `parts`."""

    def decide(prompt: str) -> float:
        real = "launched" in prompt
        return p if real and any(part in prompt for part in parts) else 0.1

    return decide


def undecided_about(part: str) -> Callable[[str], float | Exception]:
    """Say Yes to all but the statements with `part` in them."""

    def decide(prompt: str) -> float | Exception:
        if part in prompt:
            return UndecidedError("the options hold too little probability")
        return 0.95 if "launched" in prompt else 0.1

    return decide
