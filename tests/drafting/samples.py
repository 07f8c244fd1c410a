"""A model that fills in forms as it is told."""

from dataclasses import dataclass, field
from typing import Any

from interviewer.bank import Bank, load_bank
from interviewer.drafting.paper import Paper
from interviewer.errors import BrokenReplyError
from interviewer.llm import T
from interviewer.shipped import shipped_guides_folder
from tests.scripted import ScriptedModel

BANK: Bank = load_bank([shipped_guides_folder()])
QUESTION = "Tell me about a time when you calmed an angry guest."
Filled = dict[str, Any]


def paper(question: str = QUESTION, **about: Any) -> Paper:
    return Paper(question, "angry-guest", role="Waiter", kind="behavioural", **about)


GOALS: Filled = {
    "why": "Guests get angry in every restaurant. The listener wants to know what you do then.",
    "goals": [
        {"name": "Calm", "text": "They want a voice that stays low when others shout."},
        {
            "name": "Ownership",
            "text": "They want the mistake taken on, whoever in the house made it.",
        },
        {"name": "Courtesy", "text": "They want to hear respect for the guest, even afterwards."},
    ],
}
STEPS: Filled = {
    "steps": [
        {"name": "Name the Evening", "text": "Say where you worked and how full the room was."},
        {"name": "Describe the Anger", "text": "Say what the guest was angry about."},
        {"name": "Tell Your Words", "text": "Say what you said and did at the table."},
        {"name": "Report the End", "text": "Say how the guest left and whether they came again."},
    ]
}
LABELS: Filled = {
    "labels": [
        {"word": "background", "about": "where the candidate worked and how full it was"},
        {"word": "anger", "about": "what the guest was angry about"},
        {"word": "words", "about": "what the candidate said or did at the table"},
        {"word": "end", "about": "how the guest left and what came of it"},
    ]
}
SHOWS: Filled = {"chosen": ["words", "words", "end"]}
STRONG: Filled = {
    "parts": [
        "I waited tables in a fish restaurant. That Friday sixty seats had to do for ninety.",
        "A guest had waited fifty minutes for a plaice and stood up shouting.",
        "I knelt by his table, said that I had forgotten to pass his order on, and brought soup.",
        "He ate, left a tip of ten euros, and has booked with us every month since then.",
    ]
}
OTHER: Filled = {
    "parts": [
        "In the mountain hut where I served there were two of us for forty hikers that noon.",
        "A woman was furious because her tea had come cold for the second time in a row.",
        "I poured it away before her eyes, boiled fresh water and stayed until she had tasted it.",
        "She laughed in the end and wrote our name into the guest book of the valley.",
    ]
}
WEAK: Filled = {
    "answer": "Guests can be difficult sometimes, that is part of it. I usually stay friendly and "
    "try to understand what they want, because everybody can have a bad day. I had such cases more "
    "than once, and mostly it was fine afterwards, since we found something together and moved on."
}
TIPS: Filled = {
    "tips": [
        {"name": "Keep It Short", "text": "Two minutes will do, or the anger becomes the story."},
        {
            "name": "Do Not Mock",
            "text": "Never make the guest look silly, since you serve the next one.",
        },
        {
            "name": "Give a Figure",
            "text": "Say how many tables there were, so that we can see them.",
        },
    ]
}


@dataclass
class Filler(ScriptedModel):
    """Fills in each form with what is next for it, the last again and again."""

    replies: dict[str, list[Filled | None]] = field(default_factory=dict)
    """Name of a form -> what it is filled in with, None: it can't be."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(form, prompt) of all calls."""

    async def fill(self, prompt: str, schema: type[T], *, max_tokens: int = 800) -> T:  # noqa: ARG002
        name = schema.__name__
        self.asked.append((name, prompt))
        if name == "Choice" and "Competencies are:" in prompt:
            name = "Competencies"
        replies = self.replies[name]
        filled = replies.pop(0) if len(replies) > 1 else replies[0]
        if filled is None:
            raise BrokenReplyError("the model did not fill the form")
        return schema.model_validate(filled)


def filler(**replies: list[Filled | None]) -> Filler:
    """Return a model that fills in everything well, but for the forms that are given."""
    known = sorted({each for guide in BANK.guides for each in guide.competencies.values()})
    good: dict[str, list[Filled | None]] = {
        "Goals": [GOALS],
        "Steps": [STEPS],
        "Labels": [LABELS],
        "Choice": [SHOWS],
        "Competencies": [{"chosen": known[:1] * 3}],
        "Answer": [STRONG, OTHER],
        "Weak": [WEAK],
        "Tips": [TIPS],
    }
    return Filler(replies=good | replies)
