import io
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from interviewer.events import Answer, Event, Note, Opening, Probe, Question, Reply
from interviewer.terminal.console import make_console
from interviewer.terminal.screen import Screen, draw_error, words
from interviewer.terminal.stream import Stream
from tests.terminal.samples import EVENTS, NAMES, NASTY, console_of, drawn

Kind = Literal["terminal", "dumb", "pipe"]
KINDS: list[Kind] = ["terminal", "dumb", "pipe"]
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def screen_on(console: Console, *, echo: bool = True) -> Screen:
    return Screen(console, errors=console, names=NAMES, echo=echo, details=echo)


def test_words_are_never_markup_and_never_control_the_terminal() -> None:
    text = words(NASTY)

    assert not CONTROLS.search(text.plain)
    assert "[/b][link=x]y" in text.plain
    assert not text.spans


@pytest.mark.parametrize("width", [30, 80, 200])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.event))
def test_every_event_is_drawn_within_the_width(event: Event, kind: Kind, width: int) -> None:
    console = console_of(kind, width=width)

    screen_on(console).event(event)

    plain = COLOURS.sub("", drawn(console))
    assert plain.strip()
    assert max(cell_len(line) for line in plain.splitlines()) <= min(width, 88)


@pytest.mark.parametrize("kind", ["dumb", "pipe"])
def test_a_pipe_and_a_dumb_terminal_get_no_escape_sequence(kind: Kind) -> None:
    console = console_of(kind)
    screen = screen_on(console)
    screen.header("A question", "a file", model="a model", why="a reason")
    with screen.thinking("reading"):
        screen.piece("some words")
    for event in EVENTS:
        screen.event(event)
    screen.error("an error")

    assert "\x1b" not in drawn(console)
    assert not set("\N{BOX DRAWINGS LIGHT VERTICAL}╭─") & set(drawn(console))


def test_a_dumb_terminal_gets_ascii_only() -> None:
    console = console_of("dumb")
    for event in EVENTS:
        screen_on(console).event(event)

    assert drawn(console).isascii()


def test_no_color_means_no_colour() -> None:
    console = console_of("terminal", no_color=True)
    screen = screen_on(console)
    for event in EVENTS:
        screen.event(event)

    codes = {
        code
        for found in re.findall(r"\x1b\[([0-9;]*)m", drawn(console))
        for code in found.split(";")
    }
    assert codes <= {"0", "1", "2", "3"}


@pytest.mark.parametrize("kind", KINDS)
def test_nasty_words_change_nothing_anywhere(kind: Kind) -> None:
    console = console_of(kind)
    screen = screen_on(console)
    screen.header(NASTY, NASTY, model=NASTY, why=NASTY)
    for event in (Opening(text=NASTY), Question(text=NASTY), Answer(text=NASTY), Note(text=NASTY)):
        screen.event(event)
    screen.event(Probe(target=NASTY, text=NASTY, source="model"))
    screen.error(NASTY)

    plain = COLOURS.sub("", drawn(console))
    assert not CONTROLS.search(plain)
    assert plain.count("[/b][link=x]y") >= 7


def test_what_was_typed_is_drawn_again_only_where_asked() -> None:
    console = console_of()
    screen = Screen(console, names=NAMES)
    for event in (*EVENTS[2:6], *EVENTS[7:9], *EVENTS[12:14]):
        screen.event(event)

    assert drawn(console) == ""


def test_a_streamed_probe_is_not_drawn_twice() -> None:
    console = console_of()
    screen = screen_on(console)
    for piece in ["What was ", "your pa", "rt?"]:
        screen.piece(piece)
    screen.event(Probe(target="owns", text="What was your part?", source="model"))
    screen.event(Note(text="next"))

    assert drawn(console) == "\nInterviewer\n  What was your part?\n\n  note: next\n"


def test_a_streamed_reply_that_was_stopped_says_so() -> None:
    console = console_of()
    screen = screen_on(console)
    screen.piece("Think of")
    screen.event(Reply(kind="hint", text="Think of", cut=True))

    assert drawn(console) == "\nInterviewer\n  Think of\n  (stopped)\n"


def test_a_probe_that_differs_from_what_was_streamed_is_drawn() -> None:
    console = console_of()
    screen = screen_on(console, echo=False)
    screen.piece("Whose")
    screen.event(Probe(target="owns", text="What was your part?", source="template"))

    assert drawn(console).endswith("follow-up\n  What was your part?\n")


def test_a_spinner_shows_on_a_terminal_until_something_is_drawn() -> None:
    console = console_of("terminal")
    screen = screen_on(console)
    with screen.thinking("reading your answer"), screen.thinking("still [/b] reading"):
        assert "reading your answer" in drawn(console)
        screen.piece("So ")
        screen.piece("far")
    screen.end_stream()
    screen.end_stream()

    assert "[/b]" in drawn(console)
    assert "\x1b[?25h" in drawn(console)  # the cursor is back
    assert drawn(console).endswith("So far\n")


def test_a_note_does_not_end_a_spinner() -> None:
    console = console_of("terminal")
    screen = screen_on(console)
    with screen.thinking("grading"):
        screen.event(Note(text="Ctrl-C again leaves."))
    assert "grading" in drawn(console).partition("leaves.")[2]
    screen.event(Note(text="the end"))

    assert shown(console) == ["", "  note: Ctrl-C again leaves.", "", "  note: the end"]


def test_the_place_of_the_transcript_stays_on_one_line() -> None:
    console = console_of(width=30)
    path = Path("/home/me/transcripts/2026-11-24-failed-as-a-product-manager.jsonl")
    screen_on(console).saved(path)

    assert drawn(console) == f"\n  Transcript: {path}\n"


def test_a_long_name_is_whole_in_a_narrow_header() -> None:
    console = console_of(width=30)
    screen_on(console).header("Why?", "failed-as-a-product-manager", model="m", why="w")

    assert "failed-as-a-product-manager" in "".join(drawn(console).split())


def test_a_spinner_in_ascii_is_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interviewer.terminal.screen.is_ascii", lambda _: True)
    console = console_of("terminal")
    with screen_on(console).thinking("reading"):
        pass

    assert drawn(console).isascii()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_character_that_the_encoding_lacks_is_no_error(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    screen = Screen(make_console(), names=NAMES, echo=True, details=True)
    for event in [*EVENTS, Opening(text="日本 \N{SNOWMAN}")]:
        screen.event(event)

    stream.seek(0)
    assert "?? ?" in stream.read()


def test_a_dumb_terminal_has_its_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "33")
    monkeypatch.setenv("FORCE_COLOR", "1")  # stdout is a terminal
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    assert make_console().width == 33


def test_an_error_goes_to_stderr_with_its_lines_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = "/a/very/long/path" * 9
    draw_error(f"{path}: not a transcript [/b]\n  try: another\x1b[2J")
    Screen().error("another")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"error: {path}: not a transcript [/b]\n  try: another\N{REPLACEMENT CHARACTER}[2J\n"
        "error: another\n"
    )


def streamed(pieces: list[str], width: int = 20) -> str:
    out: list[str] = []
    stream = Stream(out.append, width=lambda: width)
    for piece in pieces:
        stream.add(piece)
    stream.end()
    return "".join(out)


def cuts(text: str, places: list[int]) -> list[str]:
    marks = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[a:b] for a, b in pairwise(marks)]


ODD = st.text(st.sampled_from("ab c\n\r\t\x1b[3m\x9b日é\u202e"), max_size=60)


@given(text=ODD, places=st.lists(st.integers(min_value=0), max_size=8))
@example(text="one " + "a" * 15 + "é日" + "b" * 50, places=list(range(80)))
def test_the_pieces_of_a_stream_make_no_difference(text: str, places: list[int]) -> None:
    assert streamed(cuts(text, places)) == streamed([text])


@given(text=ODD, width=st.integers(4, 30))
def test_a_stream_stays_within_its_width_and_controls_nothing(text: str, width: int) -> None:
    out = streamed([text], width)

    assert not CONTROLS.search(out)
    assert all(cell_len(line) <= width for line in out.split("\n"))
    assert "\n\n\n" not in out


def test_a_stream_wraps_at_words_and_keeps_paragraphs() -> None:
    text = "\n\n  one two three four\r\n\r\n\r\nfive   six\nseven-and-a-very-long-word\n\n"

    assert streamed(list(text)) == (
        "  one two three four\n\n  five   six\n  seven-and-a-very-l\n  ong-word\n"
    )


def test_a_line_begins_with_no_more_space_than_there_is_room_for() -> None:
    assert streamed(["3\n 33"], width=4) == "  3\n  33\n"


def test_a_stream_asks_how_wide_the_terminal_is_once_a_piece_and_once_at_its_end() -> None:
    widths = iter([20, 20, 20])
    stream = Stream(lambda _: None, width=lambda: next(widths))
    stream.add("One two three four five six seven. ")
    stream.add("Eight.")
    stream.end()

    assert not list(widths)


def test_a_text_that_is_there_as_a_whole_is_drawn_at_once() -> None:
    console = console_of("terminal")
    screen_on(console).event(Note(text="one two three"))

    assert "\x1b[2m  note: one two three\x1b[0m\n" in drawn(console)


def test_an_empty_stream_writes_nothing() -> None:
    assert streamed(["", " \n", "\r"]) == ""


def shown(console: Console) -> list[str]:
    """Return the lines that a terminal with what was drawn shows, without empty ones below."""
    screen = pyte.Screen(console.width, console.height)
    pyte.Stream(screen).feed(drawn(console).replace("\n", "\r\n"))
    return "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n")


INSTEAD = "Let me put that differently."


def said_and_taken_back(console: Console, *pieces: str) -> Screen:
    screen = screen_on(console)
    screen.event(Note(text="before"))
    for piece in pieces:
        screen.piece(piece)
    screen.end_stream()
    screen.retract(INSTEAD)
    return screen


@pytest.mark.parametrize("no_color", [False, True])
@pytest.mark.parametrize("width", [30, 80])
def test_words_that_are_taken_back_leave_no_line_on_a_terminal(width: int, no_color: bool) -> None:
    console = console_of("terminal", width=width, no_color=no_color)
    screen = said_and_taken_back(console, "Why did ", "you write a \n\n very " * 5, "long one?")
    assert shown(console) == ["", "  note: before"]

    screen.piece("And whose")
    screen.event(Reply(kind="hint", text="And whose"))
    assert shown(console) == ["", "  note: before", "", "Interviewer", "  And whose"]


@given(text=ODD, places=st.lists(st.integers(min_value=0), max_size=8), width=st.integers(16, 30))
def test_whatever_was_said_can_be_taken_back(text: str, places: list[int], width: int) -> None:
    console = console_of("terminal", width=width)
    said_and_taken_back(console, *cuts(text, places))

    assert INSTEAD not in drawn(console)
    assert [line for line in shown(console) if line] == ["  note: before"]


@pytest.mark.parametrize("kind", ["dumb", "pipe"])
def test_words_that_nothing_can_erase_are_taken_back_in_words(kind: Kind) -> None:
    console = console_of(kind)
    said_and_taken_back(console, "Whose score?")

    assert drawn(console).endswith(f"\nInterviewer\n  Whose score?\n  {INSTEAD}\n")


def test_words_that_have_scrolled_away_are_taken_back_in_words() -> None:
    console = console_of("terminal", width=30)
    said_and_taken_back(console, "word " * 150)

    assert f"  {INSTEAD}" in shown(console)


def test_words_that_a_resized_window_has_wrapped_anew_are_taken_back_in_words() -> None:
    console = console_of("terminal")
    screen = screen_on(console)
    screen.piece("Whose score is that?")
    console.width = 30
    screen.retract(INSTEAD)

    assert f"  {INSTEAD}" in shown(console)


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_was_said_there_is_nothing_to_take_back(kind: Kind) -> None:
    console = console_of(kind)
    screen = screen_on(console)
    screen.retract(INSTEAD)
    screen.piece("Whose?")
    screen.event(Probe(target="owns", text="Whose?", source="model"))
    before = drawn(console)
    screen.retract(INSTEAD)

    assert drawn(console) == before
    assert "Whose?" in before
