"""`interviewer prompt NAME`: a prompt as it would be sent."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from interviewer.cli.choices import DEFAULT_GUIDE

if TYPE_CHECKING:
    from interviewer.guide import Guide

_SAMPLE = "I was sure of the plan, so I did not ask anybody. It went wrong in the first week."


@click.command()
@click.argument("name", required=False)
@click.option("--guide", "guide_name", default=DEFAULT_GUIDE, help="Path or name of a guide.")
@click.option(
    "--prompts",
    type=click.Path(path_type=Path),
    help="Folder whose templates override the shipped ones.",
)
@click.option("--answer", default=_SAMPLE, help="What the candidate said.")
def prompt(name: str | None, guide_name: str, prompts: Path | None, answer: str) -> None:
    """Print the prompt NAME as it would be sent; without NAME, list them all."""
    from interviewer.cli.choices import load
    from interviewer.prompts import Prompts

    templates = Prompts(prompts)
    if name is None:
        click.echo(
            "\n".join(
                f"{each:<21} {', '.join(templates.takes(each))}" for each in templates.names()
            )
        )
        return
    click.echo(_shown(templates.render(name, **_sample(load(guide_name), answer))))


def _shown(rendered: str) -> str:
    """Return the one message, or a conversation with its roles between the lines."""
    from interviewer.text import messages

    first, *others = messages(rendered)
    if not others:
        return first["content"]
    return "\n".join(f"--- {each['role']}\n{each['content']}" for each in [first, *others])


def _sample(guide: "Guide", answer: str) -> dict[str, object]:
    """Return a value for everything that a template may take."""
    from interviewer.checks import Turn
    from interviewer.probing import gaps_of
    from interviewer.rubric import rubric_of
    from interviewer.text import sentences

    turns, said = [Turn(guide.question, answer)], sentences(answer)
    gap = next(iter(gaps_of(guide).values()))
    return {
        "guide": guide,
        "turns": turns,
        "check": rubric_of(guide).checks[0],
        "gap": gap,
        "item": guide.steps[0],
        "detail": next(iter(said), ""),
        "tied_to": "answer",
        "aside": False,
        "again": False,
        "how": "(the prompt label-all-how)",
        "unit": next(iter(said), ""),
        "units": said,
        "given": ["other"] * (len(said) - 1),
        "of": "how well it answers the question",
        "persona": "neutral",
        "probes": 4,
        "graded": True,
        "number": 2,
        "interviews": 5,
        "left": 4,
        "kind": "clarify",
        "words": "What do you mean?",
        "question": guide.question,
        "prompt": "(the prompt)",
        "reply": "(the reply)",
        "error": "(what is wrong with it)",
        "who": "(who the candidate is)",
        "speech": "(how they speak)",
        "lines": ["(what they say)"],
        "story": [],
        "asked": guide.question,
        "final": False,
    } | _drafting(guide)


def _drafting(guide: "Guide") -> dict[str, object]:
    """Return a value for everything that a template of `guide new` may take."""
    from interviewer.drafting.paper import Paper

    goals = [(goal.name, goal.text) for goal in guide.goals]
    steps = [(step.name, step.text) for step in guide.steps]
    labels = [(label.word, label.about) for label in guide.labels]
    paper = Paper(guide.question, guide.id, guide.role, guide.kind)
    paper.goals, paper.steps, paper.labels = goals, steps, labels
    return {
        "paper": paper,
        "shown": "(what it would be for the guide that is the pattern)",
        "wrong": [],
        "goals": goals,
        "told": steps,
        "before": [],
        "among": [word for word, _ in labels],
    }
