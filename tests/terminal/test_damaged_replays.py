from pathlib import Path
from random import Random

from interviewer.errors import TranscriptError
from interviewer.replay import replay_of
from interviewer.terminal.replay_drawing import Drawing
from interviewer.transcript import Salvaged, salvage_transcript
from tests.terminal.samples import console_of
from tests.transcript.damage import damaged, text_of

FILES, EVENTS = 1000, 4


def test_of_a_thousand_damaged_files_whatever_is_readable_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "damaged.jsonl"
    pad = console_of()
    refused = faults = 0
    for seed in range(FILES):
        data, whole = damaged(Random(seed), EVENTS)  # noqa: S311  no secret
        path.write_bytes(data)
        found, error = salvaged(path)
        if found is None:
            assert not whole, f"seed {seed}: {error}"
            assert error.startswith(f"{path}:1: not a transcript")
            refused += 1
            continue
        faults += bool(found.faults)
        replay = replay_of(found)
        drawing = Drawing(pad, replay, width=80)
        blocks = map(drawing.block, range(len(replay.moments)))
        shown = "\n".join(line.plain for block in blocks for line in block)
        lost = [number for number in whole if text_of(number) not in shown]
        assert not lost, f"seed {seed}: events {lost} are not shown"

    assert 0 < refused < FILES / 4
    assert faults > FILES / 2


def salvaged(path: Path) -> tuple[Salvaged | None, str]:
    try:
        return salvage_transcript(path), ""
    except TranscriptError as error:
        return None, str(error)
