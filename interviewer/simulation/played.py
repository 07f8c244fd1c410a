"""A candidate whom a model plays, from the same persona and story that a script goes by."""

from dataclasses import dataclass, field

from interviewer.checks import Turn
from interviewer.errors import BrokenReplyError, RefusedError
from interviewer.events import Event, Invitation, Probe, Question, Reply
from interviewer.guide import Guide
from interviewer.llm import Model
from interviewer.people import Typed
from interviewer.prompts import Prompts
from interviewer.simulation.candidate import Said
from interviewer.simulation.persona import Persona
from interviewer.simulation.story import Story

_PATIENCE = 30
_LINES = 4
"""Of the persona's lines, how many the model is shown."""
_TOKENS = 160
"""Of a reply: about as long as somebody speaks at a time."""


@dataclass(slots=True)
class Played:
    """A candidate in a model's words; tell it what happens with `hear`."""

    persona: Persona
    guide: Guide
    story: Story | None
    model: Model
    prompts: Prompts
    turns: list[Turn] = field(default_factory=list)
    _asked: str = ""

    def hear(self, event: Event) -> None:
        """Take in what the interviewer says."""
        if isinstance(event, Question | Probe | Invitation | Reply):
            self._asked = event.text

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:  # noqa: ARG002
        """Say the next thing.

        Raises:
            EOFError: The model has nothing to say.
        """
        if len(self.turns) >= _PATIENCE:
            raise EOFError
        prompt = self.prompts.render(
            "candidate",
            who=self.persona.who,
            speech=self.persona.speech,
            lines=(self.persona.first + self.persona.when_asked)[:_LINES],
            story=self.story.parts if self.story else (),
            turns=self.turns,
            asked=self._asked,
            final=purpose == "final answer",
        )
        said = ""
        try:
            async for piece in self.model.stream(prompt, max_tokens=_TOKENS):
                said += piece
        except (RefusedError, BrokenReplyError) as error:
            said = said or getattr(error, "partial", "")
        text = " ".join(said.split())
        if not text:
            raise EOFError
        self.turns.append(Turn(self._asked, text))
        return Said(text)

    def draft(self) -> str:
        """Return nothing: what a model says comes at once."""
        return ""
