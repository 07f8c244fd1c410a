import pytest
from rich.text import Text

from interviewer.replay import replay_of
from interviewer.terminal.player import Player
from interviewer.terminal.player_view import PlayerView, parts_of
from interviewer.terminal.replay_drawing import Drawing
from interviewer.terminal.replay_texts import mark
from interviewer.transcript import Fault, Salvaged
from tests.terminal.replays import replay, session
from tests.terminal.samples import console_of


def view(*faults: Fault, width: int = 80, more: bool = False, kind: str = "terminal") -> PlayerView:
    found = replay(*faults)
    player = Player(
        found.moments,
        parts=parts_of(found),
        names=found.names_at,
        more=more,
        clock=lambda: 0.0,
    )
    pad = console_of(kind)  # type: ignore[arg-type]
    return PlayerView(player, Drawing(pad, found, width=width))


def shown(view: PlayerView, height: int = 24) -> list[str]:
    return [line.plain.rstrip() for line in view.lines(height)]


def parts(view: PlayerView, height: int = 24) -> tuple[list[Text], list[Text]]:
    """Return the lines above the foot, and those of the foot."""
    lines = view.lines(height)
    begins = next(n for n, line in enumerate(lines) if line.style == "reverse")
    return lines[:begins], lines[begins:]


def body(view: PlayerView, height: int = 24) -> list[str]:
    return [line.plain.rstrip() for line in parts(view, height)[0]]


def foot(view: PlayerView) -> str:
    return "\n".join(line.plain.rstrip() for line in parts(view)[1])


def marked(view: PlayerView, height: int = 24) -> list[str]:
    """Return the words that stand out, a line each, without the foot."""
    return [
        line.plain[span.start : span.end]
        for line in parts(view, height)[0]
        for span in line.spans
        if span.style == "reverse"
    ]


def keys(view: PlayerView, *keys: str) -> None:
    for key in keys:
        view.player.press(key)


@pytest.mark.parametrize("height", [1, 2, 3, 5, 24, 80])
@pytest.mark.parametrize("width", [1, 20, 60, 120])
def test_it_fills_the_window_exactly(width: int, height: int) -> None:
    watched = view(width=width)
    for key in ("", "end", "1", "up", "home", "/"):
        keys(watched, key)
        lines = watched.lines(height)
        assert len(lines) == height
        assert max(line.cell_len for line in lines) <= width


def test_it_begins_with_the_header_and_the_newest_moment_stands_last() -> None:
    watched = view()
    assert shown(watched)[0] == "Mock interview"
    assert "  Hello there." in shown(watched)

    keys(watched, "end")
    assert body(watched)[-1] == "  The interview is over."
    assert "Mock interview" not in body(watched)


def test_stepping_back_shows_what_was_shown_before() -> None:
    watched = view()
    keys(watched, ".", ".")
    before = body(watched)
    keys(watched, ".", ".", ".", ",", ",", ",")

    assert body(watched) == before


def test_what_scrolled_away_can_be_scrolled_back_but_no_further() -> None:
    watched = view()
    keys(watched, "end")
    newest = body(watched)
    keys(watched, "up")
    assert body(watched)[1:] == newest[:-1]
    keys(watched, *["pageup"] * 50)
    assert shown(watched)[0] == "Mock interview"
    keys(watched, "down")
    assert shown(watched)[0] != "Mock interview"
    keys(watched, *["pagedown"] * 50)
    assert body(watched) == newest


@pytest.mark.parametrize("width", [40, 80, 110, 140])
def test_a_digit_marks_the_evidence_where_it_stands(width: int) -> None:
    watched = view(width=width)
    keys(watched, "1")

    words = " ".join(" ".join(marked(watched)).split())
    assert words == "I shipped it without a test with customers, and that was my own decision."
    assert "Ownership: evidence 1 of 1" in foot(watched)


def test_marked_words_are_in_view_however_small_the_window() -> None:
    watched = view(width=40)
    keys(watched, "1")

    assert marked(watched, 8)
    keys(watched, "down")
    assert not marked(watched, 8)


def test_a_search_marks_what_it_found() -> None:
    watched = view()
    keys(watched, "/", *"your PART")
    assert shown(watched)[-1] == "/your PART_"
    keys(watched, "enter")

    assert marked(watched) == ["your part"]


def test_the_foot_tells_where_it_stands() -> None:
    watched = view()
    keys(watched, "right", " ")

    assert foot(watched).splitlines()[0] == " paused   turn 2 of 3  0:29 of 1:32  1x"


def test_the_foot_says_when_the_next_moment_comes_and_when_all_is_over() -> None:
    watched = view()
    keys(watched, ".", " ")
    assert "playing" in foot(watched)
    assert "next in 0:25" in foot(watched)
    keys(watched, "end")
    assert "the end" in foot(watched)
    assert "next" not in foot(watched)


def test_the_keys_are_told_and_q_even_where_there_is_no_room() -> None:
    for width in (20, 60, 80, 120):
        assert "q leaves" in foot(view(width=width)), width
    wide = foot(view(width=60))
    for key in ("space", ". ,", "← →", "1-9", "+ -", "/ searches", "q leaves"):
        assert key in wide


def test_an_ascii_terminal_gets_an_ascii_foot() -> None:
    assert "<- -> turn" in foot(view(kind="dumb"))
    assert foot(view(kind="dumb")).isascii()


def test_faults_of_the_file_and_further_files_are_told() -> None:
    assert "1 fault in the file" in foot(view(Fault(3, "odd")))
    assert "2 faults in the file" in foot(view(Fault(3, "odd"), Fault(4, "odd")))
    assert "fault" not in foot(view())
    watched = view(more=True)
    watched.file = "1 of 2: saved.jsonl"
    assert "tab next file" in foot(watched)
    assert "1 of 2: saved.jsonl" in foot(watched)


def test_a_file_without_events_says_so() -> None:
    found = replay_of(Salvaged(session().path, session().header, [], []))
    watched = PlayerView(Player(found.moments), Drawing(console_of(), found, width=80))

    assert "  Nothing is told here." in shown(watched)
    assert "turn 0 of 0" in foot(watched)


def test_wrapped_words_are_marked_on_each_line_without_the_indent() -> None:
    lines = [Text("  one two"), Text("  three four")]

    found, first = mark(lines, "TWO  three")

    assert first == 0
    assert [line.plain[s.start : s.end] for line in found for s in line.spans] == ["two", "three"]
    assert not any(line.spans for line in lines)


def test_what_does_not_stand_there_is_not_marked() -> None:
    lines = [Text("one two")]

    assert mark(lines, "two one") == (lines, None)
    assert mark(lines, "  ") == (lines, None)
    assert mark(lines, "(.*") == (lines, None)
