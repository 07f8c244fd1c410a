import re

import pytest
from rich.cells import cell_len

from interviewer.events import Answer, Event, Note
from interviewer.replay import replay_of
from interviewer.terminal.console import make_console
from interviewer.terminal.replay_drawing import Drawing, draw_faults, print_lines
from interviewer.terminal.screen import Screen
from interviewer.transcript import Fault, Salvaged
from tests.terminal.replays import ENTRIES, FINAL, HEADER, session
from tests.terminal.samples import EVENTS, NASTY, console_of, drawn

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def lines_of(width: int, kind: str = "terminal") -> list[str]:
    pad = console_of(kind)  # type: ignore[arg-type]
    found = Drawing(pad, replay_of(session()), width=width).all()
    return [line.plain.rstrip() for line in found]


def test_in_a_narrow_window_notes_stand_below_the_answer_that_they_cite() -> None:
    lines = lines_of(80)

    final = next(n for n, line in enumerate(lines) if "of them." in line)
    assert lines[final + 1 : final + 7] == [
        "  │ “Last year I led the release of our billing.”",
        "  │   Set the scene",
        "  │ “I shipped it without a test with customers, and that was ...”",
        "  │   1 Ownership 4.2 ?",
        "  │ ! It tells no dates.",
        "  │ → Ownership: Say what you would do today.",
    ]


def test_in_a_wide_window_they_stand_beside_it() -> None:
    lines = lines_of(120)

    beside = [line.split(" │ ") for line in lines if " │ " in line and "Question" not in line]
    assert "You · final answer · 0:44" in beside[0][0]
    assert beside[0][1] == "“Last year I led the release of"
    assert [right for _, right in beside][-1].startswith(("→", " "))
    assert any("Last year I led" in left for left, _ in beside)
    assert max(map(len, lines)) <= 120


def test_a_dumb_terminal_gets_notes_in_ascii() -> None:
    lines = lines_of(80, "dumb")

    assert '  | "Last year I led the release of our billing."' in lines
    assert "  | -> Ownership: Say what you would do today." in lines
    assert "\n".join(lines).isascii()


@pytest.mark.parametrize("width", [20, 30, 60, 88, 99, 100, 101, 140, 300])
def test_nothing_is_wider_than_the_window(width: int) -> None:
    assert max(cell_len(line) for line in lines_of(width)) <= width


def test_each_turn_begins_with_its_number_and_time() -> None:
    marks = [line for line in lines_of(80) if line.startswith("turn ")]

    assert marks == ["turn 1 · 0:04", "turn 2 · 0:33", "turn 3 · 0:51"]


def test_all_else_is_drawn_as_in_chat() -> None:
    console = console_of("pipe")
    screen = Screen(console, names=HEADER.names, echo=True)
    for _, event in ENTRIES:
        screen.event(event)
    chat = [line.rstrip() for line in drawn(console).splitlines()]

    replayed = lines_of(80, "pipe")

    rest = iter(replayed)
    assert [line for line in chat if line not in rest] == []


def test_the_header_says_what_when_and_by_which_model() -> None:
    text = "\n".join(lines_of(80)[:8])

    for part in (
        "Tell me about a failure.",
        "failure (ships",
        "tiny",
        "the flag",
        "Recorded on 2026",
    ):
        assert part in text


def test_without_a_header_it_says_so() -> None:
    found = Drawing(console_of(), replay_of(session(header=None)), width=80).header()

    text = "\n".join(line.plain for line in found)
    assert "the header can't be read" in text
    assert "Recorded" not in text


def test_one_moment_is_the_same_whenever_it_is_drawn() -> None:
    replay = replay_of(session())
    forwards = Drawing(console_of("terminal"), replay, width=80)
    backwards = Drawing(console_of("terminal"), replay, width=80)
    numbers = range(len(replay.moments))

    before = [forwards.block(number) for number in numbers]
    after = [backwards.block(number) for number in reversed(numbers)]

    assert before == after[::-1]


def test_every_kind_of_event_is_drawn_alone() -> None:
    entries: list[tuple[float, Event]] = [(n, event) for n, event in enumerate(EVENTS)]
    replay = replay_of(Salvaged(session().path, session().header, entries, []))
    drawing = Drawing(console_of(), replay, width=60)

    for index in range(len(replay.moments)):
        assert "".join(line.plain for line in drawing.block(index)).strip()


def test_nasty_words_change_nothing() -> None:
    source = session(Fault(3, NASTY))
    entries: list[tuple[float, Event]] = [(1, Answer(text=NASTY)), (2, Note(text=NASTY))]
    console = console_of("terminal")
    replay = replay_of(Salvaged(source.path, source.header, entries, source.faults))

    print_lines(console, Drawing(console_of("terminal"), replay, width=80).all())
    draw_faults(console, source)

    plain = COLOURS.sub("", drawn(console))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)
    assert plain.count("[/b][link=x]y") == 3


def test_colours_of_a_terminal_are_kept_and_a_pipe_gets_none() -> None:
    for kind, coloured in (("terminal", True), ("pipe", False)):
        console = console_of(kind)  # type: ignore[arg-type]
        pad = console_of(kind)  # type: ignore[arg-type]
        print_lines(console, Drawing(pad, replay_of(session()), width=80).all())
        assert ("\x1b[" in drawn(console)) is coloured


def test_of_many_faults_the_first_are_drawn_and_the_rest_counted() -> None:
    console = console_of()
    draw_faults(console, session(*(Fault(n, "odd") for n in range(1, 30))), most=3)

    assert drawn(console).splitlines() == [
        "saved.jsonl:1: odd",
        "saved.jsonl:2: odd",
        "saved.jsonl:3: odd",
        "saved.jsonl: 26 more",
    ]


def test_lines_are_printed_without_blanks_at_their_ends() -> None:
    console = console_of("pipe")
    print_lines(console, Drawing(make_console(), replay_of(session()), width=80).all())

    assert not [line for line in drawn(console).splitlines() if line.endswith(" ")]


def test_the_words_of_an_answer_are_all_there_beside_its_notes() -> None:
    left = " ".join(line.split("│")[0] for line in lines_of(110))

    assert FINAL in " ".join(left.split())
