"""An exported recording in asciinema's own player: it plays, and shows what a terminal shows.

The player comes from the npm registry, as `.ci/run` fetches it:

    npm install --no-save --ignore-scripts --prefix FOLDER asciinema-player@3.18.0
    INTERVIEWER_TEST_PLAYER=FOLDER pytest -m live tests/live/test_cast_in_player.py
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyte
import pytest

from interviewer.export.account import account_of
from interviewer.export.drawing import cast_of
from interviewer.timeline import turns_of
from interviewer.transcript import load_transcript
from tests.live.chromium import Tab, browser, find

PLAYER = os.environ.get("INTERVIEWER_TEST_PLAYER", "")
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(find() is None and "CI" not in os.environ, reason="apt install chromium"),
    pytest.mark.skipif(
        not PLAYER,
        reason="INTERVIEWER_TEST_PLAYER names no folder with asciinema-player from npm",
    ),
]
SAMPLES = sorted((Path(__file__).parents[2] / "transcripts").glob("sample-*.jsonl"))
SPEED = 50
PATIENCE_S = 20
PAGE = """<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="{folder}/asciinema-player.css">
<div id="place"></div><script src="{folder}/asciinema-player.min.js"></script><script>
const lines = {lines};
const told = {{ ended: false, marks: [] }};
const player = AsciinemaPlayer.create({{ data: lines }}, document.getElementById("place"),
  {{ preload: true, fit: false, speed: {speed}, cursorMode: "hidden" }});
player.addEventListener("ended", () => {{ told.ended = true; }});
player.addEventListener("marker", ({{ time, label }}) => told.marks.push([time, label]));
</script>"""  # fmt: skip
SHOWN = "[...document.querySelectorAll('.ap-line')].map((line) => line.textContent.trimEnd())"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        found.look(width=1280)
        yield found


def recording(path: Path, **options: Any) -> list[Any]:
    return [
        json.loads(line) for line in cast_of(account_of(load_transcript(path)), mark="m", **options)
    ]


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait until it has happened, but not for ever: who asked looks at what there is."""
    give_up = time.monotonic() + PATIENCE_S
    while not happened() and time.monotonic() < give_up:
        time.sleep(0.05)


def played(tab: Tab, folder: Path, lines: list[Any]) -> dict[str, Any]:
    """Play a recording to its end and return what the player told."""
    bundle = next(Path(PLAYER).rglob("dist/bundle")).resolve().as_uri()
    page = folder / "player.html"
    page.write_text(
        PAGE.format(folder=bundle, lines=json.dumps(lines), speed=SPEED), encoding="utf-8"
    )
    tab.open(page)
    tab.value("void player.play()")
    wait_for(lambda: bool(tab.value("told.ended")))
    found: dict[str, Any] = tab.value("({ ...told, length: player.getDuration() })")
    return found


def expected(lines: list[Any]) -> list[str]:
    """Return what another terminal shows; the player paints bars, which are then no text."""
    term = lines[0]["term"]
    screen = pyte.Screen(term["cols"], term["rows"])
    stream = pyte.Stream(screen)
    for _, code, data in lines[1:]:
        if code == "o":
            stream.feed(data)
    painted = str.maketrans("\u2588\u2591", "  ")
    return [line.translate(painted).rstrip() for line in screen.display]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("rows", [30, 200])
def test_the_player_shows_to_the_end_what_a_terminal_shows(
    tab: Tab, tmp_path: Path, sample: Path, rows: int
) -> None:
    lines = recording(sample, rows=rows, idle_limit_s=2.0)
    assert played(tab, tmp_path, lines)["ended"]
    assert tab.complaints() == []
    wait_for(lambda: bool(tab.value(SHOWN) == expected(lines)))  # it paints a little later
    shown = tab.value(SHOWN)
    assert shown == expected(lines)
    assert any("To practise next" in line for line in shown)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_player_takes_as_long_as_the_session_and_stops_at_its_turns(
    tab: Tab, tmp_path: Path, sample: Path
) -> None:
    entries = load_transcript(sample).entries
    found = played(tab, tmp_path, recording(sample))
    assert found["length"] == pytest.approx(entries[-1][0], abs=0.01)
    marked = ("question", "probe", "final", "grade")
    times = [at_s for at_s, event in entries if event.event in marked]
    assert [at for at, _ in found["marks"]] == pytest.approx(times, abs=0.01)
    labels = [label for _, label in found["marks"]]
    last = f"Turn {max(turns_of(event for _, event in entries))}, final answer"
    assert (labels[0], labels[-2:]) == ("Turn 1, question", [last, "Grade"])


def test_the_player_makes_no_pause_longer_than_the_limit(tab: Tab, tmp_path: Path) -> None:
    sample = SAMPLES[0]
    pauses = [interval for interval, *_ in recording(sample)[1:]]
    found = played(tab, tmp_path, recording(sample, idle_limit_s=2.0))
    assert found["length"] == pytest.approx(sum(min(2.0, pause) for pause in pauses), abs=0.01)
    assert found["length"] < sum(pauses) / 3
