"""The guide that the model is shown as a pattern, and what it would have replied for it."""

import json
from collections.abc import Sequence

from interviewer.bank import Bank
from interviewer.guide import Guide


def pattern_for(question: str, kind: str, bank: Bank) -> Guide | None:
    """Return the guide to show: with labels, no draft, of the same kind, nearest in its words.

    None where the bank has no guide with labels.
    """
    near = [card.id for card, _ in bank.search(question)]
    fit = [guide for guide in bank.guides if guide.labels and not guide.draft]
    return min(
        fit,
        key=lambda guide: (
            guide.kind != kind,
            {each.weak for each in guide.examples} != {True, False},
            near.index(guide.id) if guide.id in near else len(near),
            guide.id,
        ),
        default=None,
    )


def goals_of(guide: Guide) -> str:
    """Return a guide as the model would fill in its goals, like the functions below."""
    goals = [{"name": goal.name, "text": goal.text} for goal in guide.goals[:4]]
    return _json({"why": _short(guide.overview), "goals": goals})


def steps_of(guide: Guide) -> str:
    """Return its steps."""
    return _json({"steps": [{"name": step.name, "text": step.text} for step in guide.steps[:6]]})


def tips_of(guide: Guide) -> str:
    """Return its tips."""
    return _json({"tips": [{"name": tip.name, "text": tip.text} for tip in guide.tips[:4]]})


def labels_of(guide: Guide) -> str:
    """Return one label for each step that has one of its own."""
    labels = [{"word": word, "about": about} for _, word, about in _by_step(guide)]
    return _json({"labels": labels})


def told_steps(guide: Guide) -> list[tuple[str, str]]:
    """Return (name, text) of the steps that `told_of` tells."""
    texts = {step.id: (step.name, step.text) for step in guide.steps}
    return [texts[step] for step, _ in _told(guide)]


def told_of(guide: Guide) -> str:
    """Return the demonstration that shows most steps, part by part."""
    return _json({"parts": [part for _, part in _told(guide)]})


def shown_goals(guide: Guide) -> list[tuple[str, str, str]]:
    """Return (name, text, word of the label that shows it) of the goals that a label shows."""
    found = []
    for goal in guide.goals:
        word = next((each.word for each in guide.labels if goal.id in each.shows), None)
        if word:
            found.append((goal.name, goal.text, word))
    return found


def chosen(words: Sequence[str]) -> str:
    """Return what was chosen, as the model replies."""
    return _json({"chosen": list(words)})


def _by_step(guide: Guide) -> list[tuple[str, str, str]]:
    """Return (id of a step, word, about) for each step that has a label not used before."""
    found: dict[str, tuple[str, str, str]] = {}
    for step in guide.steps:
        for label in guide.labels:
            if step.id in label.shows and label.word not in found:
                found[label.word] = (step.id, label.word, label.about)
                break
    return list(found.values())


def _told(guide: Guide) -> list[tuple[str, str]]:
    """Return (id of a step, the sentences that show it) of the fullest demonstration."""
    steps = {word: step for step, word, _ in _by_step(guide)}
    best: dict[str, list[str]] = {}
    for each in guide.demonstrations:
        told: dict[str, list[str]] = {}
        for sentence, word in each.sentences:
            if word in steps:
                told.setdefault(steps[word], []).append(sentence)
        best = max(best, told, key=len)
    return [(step, " ".join(best[step])) for step in steps.values() if step in best]


def _short(text: str, longest: int = 480) -> str:
    return text if len(text) <= longest else text[: text.rfind(".", 0, longest) + 1]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
