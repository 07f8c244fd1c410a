"""A model and a candidate that do as they are told; neither knows a network."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from interviewer.errors import UndecidedError
from interviewer.guide import Demonstration, Example, Guide, Item, Label
from interviewer.llm import T, Usage
from interviewer.text import messages

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
LABELLED = GUIDE.model_copy(
    update={
        "labels": (
            Label(word="background", about="when and where it was", shows=("context",)),
            Label(word="mistake", about="what was done wrongly", shows=("honesty",), own=True),
            Label(word="lesson", about="what was learned", shows=("growth", "lesson")),
            Label(word="excuse", about="others are blamed", against=("honesty",)),
            Label(word="rambling", about="words without end", against=("be-brief",)),
        ),
        "demonstrations": (
            Demonstration(
                sentences=(
                    ("I sold bread in a small town.", "background"),
                    ("I never tasted it.", "mistake"),
                    ("Thank you for having me.", "other"),
                )
            ),
            Demonstration(sentences=(("The baker was late.", "excuse"),)),
        ),
    }
)
"""The same guide, whose every part labels tell about."""
TOLD = (
    "The background is a billing tool that I launched in 2019. "
    "My mistake was that I did not ask a single customer about it. "
    "The lesson for me is to ask forty of them before I begin."
)
"""An answer with all parts, in order, each named as `Labeller` labels it."""
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
    at_once: bool = False
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


@dataclass
class Labeller(ScriptedModel):
    """Labels a sentence by the first label that it names, and where it names none, `other`."""

    sure: float = 0.9
    """Probability of that label; the others share what is left."""
    who: Mapping[str, float] = field(
        default_factory=lambda: {"self": 0.9, "others": 0.05, "nobody": 0.05}
    )
    """Who is made responsible in every sentence."""
    fails: str = ""
    """It can't say what a sentence with this in it tells; empty: it always can."""
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """(sentence, options) pairs of all calls that were no checks."""

    async def decide(
        self, prompt: str, options: Sequence[str], *, floor: float = 0.5
    ) -> dict[str, float]:
        if options[0] == "Yes" or "Z" in options:
            return await super().decide(prompt, options, floor=floor)
        self._count(prompt)
        sentence = messages(prompt)[-1]["content"]
        self.asked.append((sentence, tuple(options)))
        if self.fails and self.fails in sentence:
            raise UndecidedError("the labels hold too little probability")
        if "self" in options:
            return dict(self.who)
        named = next((word for word in options if word in sentence), "other")
        rest = (1 - self.sure) / (len(options) - 1)
        return dict.fromkeys(options, rest) | {named: self.sure}

    @property
    def labelled(self) -> list[str]:
        """The sentences that it was asked to label, in order."""
        return [sentence for sentence, options in self.asked if "other" in options]


@dataclass(frozen=True)
class Typed:
    text: str
    seconds: float | None = None


class ScriptedCandidate:
    """Says the given replies in turn; then its input has ended."""

    def __init__(self, *replies: str) -> None:
        self._replies: Iterator[str] = iter(replies)
        self.purposes: list[str] = []

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:  # noqa: ARG002
        self.purposes.append(purpose)
        for reply in self._replies:
            return Typed(reply)
        raise EOFError

    def draft(self) -> str:
        return ""


@dataclass
class Ear:
    """Hears what is said aloud."""

    said: list[str] = field(default_factory=lambda: [""])
    waits: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What was said that is no event."""
    taken_back: list[tuple[str, str]] = field(default_factory=list)
    """What was said, and what would be said in its place where it can't be unsaid."""

    def piece(self, text: str) -> None:
        self.said[-1] += text

    def end_stream(self) -> None:
        self.said.append("")

    def retract(self, instead: str) -> None:
        self.taken_back.append((self.said[-2], instead))

    def tell(self, text: str) -> None:
        self.told.append(text)

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
