"""A `Session` for an interview of the past: nobody sits at the keyboard, and nobody listens."""

from dataclasses import replace
from typing import Any

from interviewer.background import projects_of
from interviewer.checks import Judge
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.llm import Model
from interviewer.prompts import Prompts
from interviewer.rubric import rubric_of
from interviewer.session import Manner, Session, Typed, Voice
from interviewer.transcript import Header


class _Nobody:
    """A candidate who is never asked: what was said is in the transcript."""

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:  # noqa: ARG002  so it is asked
        """Say nothing any more."""
        raise EOFError

    def draft(self) -> str:
        """Have nothing typed."""
        return ""


def interview_of(header: Header, guide: Guide) -> Interview:
    """Return a new interview with the probes, and the question for own scores, of a session."""
    limit, scored = header.options.get("probes"), header.options.get("self_score") is True
    if isinstance(limit, int):
        return Interview(guide, limit=limit, self_score=scored)
    return Interview(guide, self_score=scored)


def staged(
    header: Header, interview: Interview, model: Model, prompts: Prompts, voice: Voice
) -> Session:
    """Return a session in the manner of a transcript's."""
    return Session(
        interview,
        rubric_of(interview.guide),
        Judge(interview.guide, model, prompts, at_once=model.at_once),
        _Nobody(),
        voice,
        [],
        _manner_of(header),
        projects=projects_of(header.background.cv) if header.background else (),
    )


def _manner_of(header: Header) -> Manner:
    """Return how the interviewer behaved, as far as the header tells."""
    found = Manner()
    names = {"persona": "persona", "number": "interview", "of": "of"}
    told = {name: header.options.get(option) for name, option in names.items()}
    same: dict[str, Any] = {
        name: each for name, each in told.items() if type(each) is type(getattr(found, name))
    }
    return replace(found, **same)
