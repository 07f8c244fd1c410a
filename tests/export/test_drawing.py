import json
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyte
import pytest

from interviewer.events import Answer
from interviewer.export.account import Account, account_of
from interviewer.export.drawing import cast_of, svg_of
from interviewer.export.forms import mark_of
from interviewer.text import printable
from interviewer.transcript import load_transcript
from tests.export.samples import evil, session

ROOT = Path(__file__).parents[2]


def cast(account: Account, **options: Any) -> tuple[dict[str, Any], list[tuple[float, str, str]]]:
    """Return a recording's header, and its events with their times from the start."""
    header, *lines = [json.loads(line) for line in cast_of(account, mark="the-mark", **options)]
    times = accumulate(interval for interval, _, _ in lines)
    return header, [(at, code, data) for at, (_, code, data) in zip(times, lines, strict=True)]


def shown(events: list[tuple[float, str, str]], columns: int = 88, rows: int = 200) -> list[str]:
    """Return what a terminal shows after them."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.Stream(screen)
    for _, code, data in events:
        if code == "o":
            stream.feed(data)
    return [line.rstrip() for line in screen.display]


def test_a_recording_has_the_header_of_its_format() -> None:
    header, _ = cast(session(), width=70, rows=20, idle_limit_s=2.0)
    assert header == {
        "version": 3,
        "term": {"cols": 70, "rows": 20, "type": "xterm-256color"},
        "timestamp": int(datetime(2031, 5, 8, 14, 3, tzinfo=UTC).timestamp()),
        "command": "interviewer chat",
        "title": "Tell me about a time you failed.",
        "tags": ["the-mark"],
        "idle_time_limit": 2.0,
    }
    assert "idle_time_limit" not in cast(session())[0]


def test_a_recording_is_drawn_at_the_recorded_times() -> None:
    _, events = cast(session())
    drawn = {data: at for at, code, data in events if code == "o"}
    for text, at_s in (("Hello.", 1.0), (" asked nobody.", 52.125), ("Thank you.", 95.75)):
        assert next(at for data, at in drawn.items() if text in data) == pytest.approx(at_s)
    assert events[-1][0] == pytest.approx(96.0)
    assert events[-1][1:] == ("x", "0")


def test_rounding_does_not_add_up() -> None:
    answers = [(n / 3, Answer(text="So it was.")) for n in range(1, 1000)]
    _, events = cast(session(*answers))
    assert events[-1][0] == pytest.approx(333.0, abs=0.001)


def test_times_that_go_back_stop_the_clock_instead() -> None:
    back = session((5.0, Answer(text="One.")), (2.0, Answer(text="Two.")))
    _, events = cast(back)
    intervals = [json.loads(line)[0] for line in list(cast_of(back, mark="m"))[1:]]
    assert min(intervals) >= 0
    assert events[-1][0] == 5.0


def test_a_player_finds_the_question_the_follow_ups_the_final_answer_and_the_grade() -> None:
    _, events = cast(session())
    assert [(at, data) for at, code, data in events if code == "m"] == [
        (1.25, "Turn 1, question"),
        (33.0, "Turn 2, follow-up: Share the Lesson"),
        (90.0, "Turn 3, final answer"),
        (95.5, "Grade"),
    ]


def test_a_terminal_shows_the_same_lines_as_the_screen_of_a_chat() -> None:
    lines = shown(cast(session())[1])
    for line in (
        *("Mock interview", "  Hello.", "Interviewer \u00b7 follow-up", "  I asked nobody."),
        *("You \u00b7 0:30", "You \u00b7 final answer \u00b7 0:37", "The interview is over."),
    ):
        assert any(each.startswith(line) or each == f"  {line}" for each in lines)


def test_words_can_do_nothing_to_the_terminal_that_plays_them() -> None:
    _, events = cast(evil(), rows=400)
    assert all("\x1b[31mo" not in data for _, code, data in events if code == "o")
    assert not any({"\x1b", "\u202e"} & set(data) for _, code, data in events if code == "m")
    joined = "".join(data for _, _, data in events)
    assert not {"\u202e", "\x9b", "\x07"} & set(joined)
    assert printable("\x1b[31m") in joined


def test_the_environment_of_the_caller_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(cast_of(session(), mark="m"))
    for name, value in (("TERM", "dumb"), ("NO_COLOR", "1"), ("COLUMNS", "20"), ("LINES", "5")):
        monkeypatch.setenv(name, value)
    assert list(cast_of(session(), mark="m")) == before


def test_a_picture_shows_the_session_and_asks_no_network() -> None:
    drawn = svg_of(session(), mark="the-mark")
    root = ElementTree.fromstring(drawn)  # noqa: S314  made here
    text = "".join(root.itertext()).replace("\xa0", " ")
    assert "I asked nobody." in text
    assert "Share the Lesson" in text
    assert "@font-face" not in drawn
    assert "url(http" not in drawn
    assert "<!-- the-mark -->" in drawn[:1000]


def test_a_picture_of_hostile_words_is_still_a_picture() -> None:
    root = ElementTree.fromstring(svg_of(evil(), mark="m"))  # noqa: S314  made here
    names = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert names <= {"svg", "style", "defs", "clipPath", "rect", "text", "g", "circle"}


def test_the_picture_in_the_readme_is_the_export_of_the_sample() -> None:
    recorded = load_transcript(ROOT / "transcripts" / "sample-complete-answer.jsonl")
    drawn = svg_of(account_of(recorded), mark=mark_of(recorded))
    assert (ROOT / "docs" / "session.svg").read_text(encoding="utf-8") == drawn
