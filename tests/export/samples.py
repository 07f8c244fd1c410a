"""Sessions whose every part is known, and words that would be more than words somewhere."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    Regraded,
    Reply,
    Request,
    SelfScored,
)
from interviewer.export.account import Account, account_of
from interviewer.grade import Advice, Delivery, Evidence, Flag, Grade, Missing
from interviewer.guide import Guide
from interviewer.transcript import Header, Recorded
from tests.scripted import LABELLED

EVIL = (
    "</script><img src=x onerror=alert(1)>--> [a](http://b.c) ![p](x) `c` **d** _e_ <b>|\x1b[31m"
    "\u202eo # h & &amp; $x$ ~~s~~ http://e.f www.g.h {{ 7*7 }} ]]> \ufffe"
)
SAID = "In 2019 I launched a tool in Berlin.\n\nI asked nobody. It failed."
PROBED = "What did you learn from it in Berlin?"

GRADE = Graded(
    overall=3.1,
    criteria={"honesty": 4.2, "growth": 1.5},
    steps={"context": True, "lesson": False},
    tips={"be-brief": False},
    flags=[Flag(id="be-brief", text="Two minutes."), Flag(id="not-own", text="of another")],
    evidence=[
        Evidence(target="honesty", sentence=2, text="I asked nobody."),
        Evidence(target="context", sentence=1, text="In 2019 I launched a tool in Berlin."),
    ],
    advice=[
        Advice(target="growth", text="They want to hear what you changed afterwards."),
        Advice(target="honesty", text="They want a failure that was yours."),
    ],
    confidence={"honesty": 0.9, "growth": 0.1, "overall": 0.8},
    delivery=Delivery(
        words=13, speaking_s=6, fillers=0, hedges=0, i=2, we=0, figures=1, longest_sentence=8
    ),
    first=Grade(overall=2.0, criteria={"honesty": 4.2, "growth": 1.0}, steps={"context": True}),
)
LATER = Regraded(
    at=datetime(2031, 6, 1, 9, 0, tzinfo=UTC),
    model="later-model",
    model_source="--model",
    overall=4.0,
    criteria={"honesty": 4.4, "growth": None},
    steps={"context": True, "lesson": True},
    missing=[Missing(target="growth", reason="nobody answered")],
)

EVENTS: list[tuple[float, Event]] = [
    (1.0, Opening(text="Hello.")),
    (1.25, Question(text="Tell me about a time you failed.")),
    (31.5, Answer(text="In 2019 I launched a tool in Berlin.", seconds=30.25)),
    (31.5, Coverage(p={"context": 0.9, "lesson": 0.1, "growth": 0.2}, gap="lesson", reason="low")),
    (33.0, Probe(target="lesson", text=PROBED, source="model")),
    (40.0, Request(kind="hint", text="/hint")),
    (41.0, Reply(kind="hint", text="Think of customers.", cut=True)),
    (52.125, Answer(text="I asked nobody.", to="lesson", seconds=11.0)),
    (52.125, Coverage(p={"context": 0.9, "lesson": 0.6, "growth": 0.2}, gap=None, reason="ended")),
    (52.25, Invitation(text="Your final answer, please.")),
    (90.0, Final(text=SAID, kept=False, seconds=37.75)),
    (95.0, SelfScored(criteria={"honesty": 5, "growth": 3})),
    (95.5, GRADE),
    (95.75, Closing(text="Thank you.")),
    (96.0, End(reason="graded", calls=3)),
]


def header(guide: Guide = LABELLED, **values: Any) -> Header:
    usual: dict[str, Any] = {
        "id": "0f3a",
        "started_at": datetime(2031, 5, 8, 14, 3, tzinfo=UTC),
        "interviewer_version": "9.9",
        "guide": guide.model_dump(mode="json"),
        "guide_source": "failure",
        "model": "tiny",
        "model_source": "a test",
    }
    return Header(**usual | values)


def session(
    *events: tuple[float, Event], guide: Guide = LABELLED, path: Path | None = None, **values: Any
) -> Account:
    """Return a session of these events; without any, one that has all parts."""
    entries = list(events or EVENTS)
    return account_of(
        Recorded(path or Path("s.jsonl"), header(guide, **values), entries, torn=False)
    )


def written(folder: Path, *events: tuple[float, Event], **values: Any) -> Path:
    """Write a session as its transcript."""
    path = folder / "session.jsonl"
    lines = [header(**values).model_dump_json()]
    for at_s, event in events or EVENTS:
        lines.append(f'{{"at_s": {at_s}, {event.model_dump_json()[1:]}')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def evil() -> Account:
    """Return a session in which everything that anybody could say is hostile."""
    named = {"name": EVIL, "text": EVIL}
    guide = LABELLED.model_copy(
        update={
            "question": EVIL,
            "role": EVIL,
            "goals": tuple(each.model_copy(update=named) for each in LABELLED.goals),
            "steps": tuple(each.model_copy(update=named) for each in LABELLED.steps),
            "tips": tuple(each.model_copy(update=named) for each in LABELLED.tips),
        }
    )
    shown = Evidence(target="honesty", sentence=1, text=EVIL)
    grade = GRADE.model_copy(
        update={
            "evidence": [shown, Evidence(target=EVIL, sentence=9, text="lost " + EVIL)],
            "flags": [Flag(id=EVIL, text=EVIL)],
            "advice": [Advice(target=EVIL, text=EVIL)],
            "missing": [Missing(target="growth", reason=EVIL)],
            "steps": {"context": False, EVIL: True, "lesson": None},
        }
    )
    events = [
        (at_s, event.model_copy(update={"text": EVIL} if hasattr(event, "text") else {}))
        for at_s, event in EVENTS
    ]
    events = [(at_s, grade if isinstance(event, Graded) else event) for at_s, event in events]
    later = LATER.model_copy(update={"model": EVIL, "criteria": {EVIL: 2.0}})
    evil_header: dict[str, Any] = {
        "id": EVIL,
        "model": EVIL,
        "guide_source": EVIL,
        "interviewer_version": EVIL,
    }
    return session(*events, (97.0, later), guide=guide, **evil_header)
