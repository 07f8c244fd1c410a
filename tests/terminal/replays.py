"""A short session with a grade, as it is replayed."""

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
    Opening,
    Probe,
    Question,
)
from interviewer.grade import Advice, Evidence, Flag
from interviewer.replay import Replay, replay_of
from interviewer.transcript import Fault, Header, Salvaged
from tests.transcript.samples import START

HEADER = Header(
    id="7f3a",
    started_at=START,
    interviewer_version="1.0",
    guide={
        "question": "Tell me about a failure.",
        "goals": [{"id": "owns", "name": "Ownership"}, {"id": "damage", "name": "Damage"}],
        "steps": [{"id": "scene", "name": "Set the scene"}],
    },
    guide_source="failure (ships with interviewer)",
    model="tiny",
    model_source="the flag",
)
FINAL = (
    "Last year I led the release of our billing. I shipped it without a test with customers, and "
    "that was my own decision. We lost 40 orders in two days, so I rolled it back and called each "
    "of them."
)
GRADE = Graded(
    overall=3.4,
    criteria={"owns": 4.2, "damage": 2.0},
    steps={"scene": True},
    evidence=[
        Evidence(target="scene", sentence=1, text="Last year I led the release of our billing."),
        Evidence(
            target="owns",
            sentence=2,
            text="I shipped it without a test with customers, and that was my own decision.",
        ),
    ],
    flags=[Flag(id="no-facts", text="It tells no dates.")],
    advice=[Advice(target="owns", text="Say what you would do today.")],
    confidence={"owns": 0.1},
)
ENTRIES: list[tuple[float, Event]] = [
    (4.0, Opening(text="Hello there.")),
    (4.1, Question(text="Tell me about a failure.")),
    (30.0, Answer(text="It went wrong.", seconds=25.9)),
    (31.0, Coverage(p={"owns": 0.2}, gap="owns", reason="lowest")),
    (33.0, Probe(target="owns", text="What was your part in it?", source="model")),
    (50.0, Answer(text="I shipped it untested.", to="owns", seconds=17)),
    (51.0, Invitation(text="Your final answer, please.")),
    (95.0, Final(text=FINAL, kept=False, seconds=44)),
    (96.0, GRADE),
    (96.1, Closing(text="Thank you.")),
    (96.2, End(reason="graded")),
]


def session(*faults: Fault, header: Header | None = HEADER) -> Salvaged:
    return Salvaged(Path("saved.jsonl"), header, ENTRIES, list(faults))


def replay(*faults: Fault) -> Replay:
    return replay_of(session(*faults))
