"""Sessions held with a scripted model, and what is current after them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from interviewer import __version__
from interviewer.checks import Judge
from interviewer.guide import Guide
from interviewer.interview import Interview
from interviewer.prompts import Prompts
from interviewer.regrading.again import Current
from interviewer.rubric import rubric_of
from interviewer.session import Left, Manner, Session
from interviewer.silence import Silence
from interviewer.transcript import Header, Transcript
from tests.scripted import (
    ANSWER,
    GUIDE,
    PROBE,
    ScriptedCandidate,
    ScriptedModel,
    yes_to,
)

FINAL = "In 2020 I launched it again in Berlin, and before that I asked forty customers about it."
REPLIES = (ANSWER, "They said it was slow.", FINAL)
SECOND = "What happened in Berlin in 2019 when the customers saw it?"


def model(*parts: str, **how: Any) -> ScriptedModel:
    """Give a model that says Yes to `parts` of a real answer."""
    return ScriptedModel([PROBE, SECOND], p=yes_to(*parts), **how)


async def held(
    folder: Path,
    *replies: str,
    by: ScriptedModel | None = None,
    guide: Guide = GUIDE,
    limit: int = 1,
    persona: str = "neutral",
    self_score: bool = False,
    **header: Any,
) -> Path:
    """Hold a session to its end, or until its candidate leaves, and return its transcript."""
    prompts = Prompts()
    first = Header(
        id="7f3a",
        started_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        interviewer_version=__version__,
        guide=guide.model_dump(mode="json"),
        guide_source="failure",
        model="scripted",
        model_source="a test",
        options={"probes": limit, "persona": persona, "role": None, "level": None},
        prompts=prompts.hashes(),
    )
    by = by or model("Honesty", "Growth")
    with Transcript.create(folder, first.model_copy(update=header)) as transcript:
        session = Session(
            Interview(guide, limit=limit, self_score=self_score),
            rubric_of(guide),
            Judge(guide, by, prompts, at_once=by.at_once),
            ScriptedCandidate(*(replies or REPLIES)),
            Silence(),
            [transcript.add],
            Manner(persona),
        )
        try:
            await session.run()
        except Left:
            transcript.add(session.end("quit"))
    return transcript.path


def current(by: ScriptedModel | None = None, **changes: Any) -> Current:
    """Return what is current: by default a model that finds less than the session's did."""
    made = Current(by or model("Honesty"), Prompts(), "scripted", "a test")
    return replace(made, **changes)


def content(path: Path) -> bytes:
    return path.read_bytes()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
