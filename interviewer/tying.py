"""Which line of a candidate's CV a probe is tied to, and when one is.

Tied to the answer is the rule. The CV steps in where the candidate names something of which it
tells more, or where the answer is so vague that nothing in it can be asked about: an interviewer
who has read the CV names a real project then, and asks whether it holds a story. Which of them fits
the question best can't be told by shared words (tried on the bank: "shut down" and "stopped" share
none, a container and "contained" do), so the next one's turn it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.background import begins_with_deed
from interviewer.bank.ranking import telling
from interviewer.events import Probe
from interviewer.guide import Guide
from interviewer.labelling import Labelled
from interviewer.probing import beginning_of, can_be_taken_up, specificity, takes_up
from interviewer.rare_words import Rare, rare_of, stem
from interviewer.text import words

STORIES = frozenset({"behavioural", "leadership"})
"""Kinds of guides that ask what the candidate did: in an estimation, a CV would be out of place."""
MOST = 2
"""Probes of an interview that may be tied to the CV, of which one because the answer is vague."""
_TURNS = 3
"""Interviews of a session after which a project's turn comes again."""
_FEW = 25
"""Words up to which an answer may count as vague where no label tells whether it has a fact."""
_COMMON, _ENOUGH = 0.5, 2.0
"""What a shared word weighs that many answers have, beside a rare one; the least that counts."""
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Project:
    """What a CV tells that a probe is tied to."""

    line: str
    """What was done: how a line of it begins, up to a comma."""
    named: bool
    """Whether the candidate spoke of it; else it is proposed, for a vague answer."""


def project_for(
    guide: Guide,
    projects: Sequence[str],
    *,
    said: Sequence[Labelled],
    probes: Sequence[Probe],
    number: int = 0,
) -> Project | None:
    """Return what in a CV the next probe is tied to; None where it is tied to the answer.

    Args:
        guide: What the interview is about. One without a kind does not say whether it asks for a
            story, so that only a project that the candidate names is asked about.
        projects: What the CV tells that the candidate did.
        said: The sentences so far, with labels where the guide has them.
        probes: What was asked; a line that a question took up is not taken up again.
        number: Of this interview in its session, from 1; 0: it stands alone. Interviews one after
            another meet vague answers with different projects.
    """
    tied = sum(probe.tied_to == "cv" for probe in probes)
    if tied >= MOST or (guide.kind and guide.kind not in STORIES):
        return None
    fit = [each for each in projects if can_be_taken_up(each)]
    left = [each for each in fit if not any(takes_up(probe.text, each) for probe in probes)]
    named = _named("\n\n".join(each.text for each in said), left, guide.question)
    if named:
        return Project(beginning_of(named), named=True)
    if left and not tied and guide.kind and is_vague(said, guide):
        turn = [each for each in _turn(fit, number) if each in left]
        return Project(beginning_of(max(turn or left, key=specificity)), named=False)
    return None


def as_said(project: str) -> str:
    """Return a line of a CV as its owner would say it: "I moved ..." for "Moved ..."."""
    return f"I {project[0].lower()}{project[1:]}" if begins_with_deed(project) else project


def is_vague(said: Sequence[Labelled], guide: Guide) -> bool:
    """Tell whether nothing in an answer can be asked about: no figure, no name, no fact."""
    facts = {label.word for label in guide.labels if label.fact}
    text = "\n\n".join(each.text for each in said)
    if any(each.p and each.best in facts for each in said):
        return False
    labelled = all(each.p for each in said) and bool(guide.labels)
    return sum(_telling(text, guide.question).values()) <= 1 and (
        labelled or len(words(text)) <= _FEW
    )


def _named(text: str, projects: Sequence[str], question: str) -> str:
    """Return the project that an answer names, and of which it does not tell what the CV tells.

    An answer with figures of its own has told it: it would be asked about what it just said.
    """
    own, spoken = _telling(text, question), _stems(text)

    def shared(project: str) -> float:
        found = _telling(project, question)
        both = own.keys() & found.keys()
        told = _figures(text) and not _figures(beginning_of(project)) - _figures(text)
        if told or not found.keys() - own.keys() or all(key[0].isdigit() for key in both):
            return 0.0
        rare = sum(min(own[key], found[key]) for key in both)
        return rare + _COMMON * len((spoken & _stems(project)) - both - _stems(question))

    best = max(projects, key=shared, default="")
    return best if best and shared(best) >= _ENOUGH else ""


def _figures(text: str) -> set[str]:
    return {found for found in re.findall(r"\d[\d.,]*\b", text) if not _YEAR.fullmatch(found)}


def _stems(text: str) -> set[str]:
    return {stem(word) for word in telling(text) if len(word) > 3}


def _telling(text: str, question: str) -> dict[str, float]:
    """Return what is rare in a text, years left out: much happens in a year."""
    found: Rare = rare_of(text, asked=question)
    return {key: each for key, each in found.weights.items() if not _YEAR.fullmatch(key)}


def _turn(projects: Sequence[str], number: int) -> Sequence[str]:
    """Return the projects whose turn it is in an interview of a session; all where it is alone."""
    if not number:
        return projects
    told = sorted(projects, key=specificity, reverse=True)
    many = max(1, min(_TURNS, len(told)))
    return told[(number - 1) % many :: many]
