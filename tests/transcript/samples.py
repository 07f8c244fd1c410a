"""A session of every kind of event, and its file."""

from datetime import UTC, datetime
from pathlib import Path

from interviewer.events import (
    Answer,
    Closing,
    Coverage,
    End,
    Event,
    Final,
    Graded,
    Invitation,
    Note,
    Opening,
    Probe,
    Question,
    Reply,
    Request,
)
from interviewer.transcript import Header, Transcript

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HEADER = Header(
    id="7f3a",
    started_at=START,
    interviewer_version="1.0",
    guide={"id": "failure", "question": "Tell me about a failure.", "goals": [{"id": "owns"}]},
    guide_source="failure (ships with interviewer)",
    model="qwen2.5-1.5b",
    model_source="embedded: no address is set",
    options={"level": "senior", "probes": 2},
    prompts={"probe": "0123456789abcdef"},
)
EVENTS: list[Event] = [
    Opening(text="Hello."),
    Question(text="Tell me about a failure."),
    Answer(text="I was late. \N{SNOWMAN} \u202e\x9b\x1b[31m\n\n“Never again.”", seconds=3.5),
    Coverage(p={"owns": 0.25, "damage": None}, gap="owns", reason="lowest"),
    Probe(target="owns", text="Why?", source="model", rejected=["What? (twice)"]),
    Request(kind="hint", text="/hint"),
    Reply(kind="hint", text="Think of one story.", cut=True),
    Invitation(text="Your final answer, please."),
    Final(text="I was late because of me.", kept=False),
    Graded(overall=None, criteria={"owns": 3.5}),
    Closing(text="Thank you."),
    Note(text="a note"),
    End(reason="graded", calls=3),
]


def write(folder: Path, events: list[Event], header: Header = HEADER) -> Path:
    with Transcript.create(folder, header) as transcript:
        for event in events:
            transcript.add(event)
    return transcript.path
