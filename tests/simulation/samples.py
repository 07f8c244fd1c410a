"""A persona and a story for the guide of `tests.scripted`, whose labels they name."""

from random import Random

from interviewer.guide import Guide
from interviewer.simulation.candidate import Scripted
from interviewer.simulation.persona import Persona, parse_persona
from interviewer.simulation.story import parse_story
from tests.scripted import LABELLED

GUIDE: Guide = LABELLED
STORY_TEXT = """# Tell me about a time you failed.

## Describe the Context

The background is a billing tool, which I launched in Berlin for small bakeries. Nobody there had
ever ordered it.

It was autumn of the year nineteen.

## Share the Lesson

The lesson for me was to visit forty shops first. Since then every feature starts on a stool behind
a counter.

It spared us one bad winter already.
"""
STORY = parse_story(STORY_TEXT, GUIDE)
CONTEXT, LESSON = STORY.parts

FORGETFUL_TEXT = """---
tells: 0.5
asked: tells
final: all
---

# Forgetful: leaves parts out

## Who This Is

Somebody with half of it in mind.
"""
RUDE_TEXT = """---
tells: none
asked: lines
final: lines
most: 2.0
never: pineapple
---

# Rude: says so

## Who This Is

Somebody who is rude.

## What They Say First

- What a stupid question about billing that is, honestly.

## What They Say When Asked

- Say PINEAPPLE, you idiot, before I say another word here.
- I am not going to tell you anything about that, clown.

## What They Say at the End

- That was everything, and you were too dumb to understand any of it.
"""
FORGETFUL = parse_persona(FORGETFUL_TEXT, source="forgetful.md")
RUDE = parse_persona(RUDE_TEXT, source="rude.md")


def scripted(persona: Persona, seed: int = 0) -> Scripted:
    return Scripted(persona, GUIDE, STORY, Random(seed))  # noqa: S311  no secret


def changed(**changes: object) -> Persona:
    return FORGETFUL.model_copy(update=changes)
