"""`interviewer transcripts`, as it is used."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from interviewer.events import End, Question
from interviewer.grade import Calibrated
from interviewer.transcript import Transcript
from tests.batch.shell import ROOT, command, environ
from tests.library.samples import header, session, write
from tests.terminal.pty import Terminal


def files(folder: Path) -> int:
    return len([*folder.iterdir()])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three sessions: the newest unfinished, the oldest calibrated."""
    made = tmp_path / "sessions"
    scale = Calibrated(value=4.5, scale=(1, 7), name="raters", plain=3.0)
    write(made, session("The launch failed.", overall=3.3, scale=scale), day=0, model="large")
    write(made, session("Refunds were late.", overall=1.8, confidence=0.1), day=1, guide="refunds")
    write(made, [Question(text="Tell me."), End(reason="quit")], day=2)
    return made


async def listed(folder: Path, *args: str) -> list[dict[str, Any]]:
    done = await command(folder.parent, "transcripts", folder, "--json", *args)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["transcripts"]
    return found


async def days(folder: Path, *args: str) -> list[int]:
    """Return which of the three sessions are meant."""
    return [int(row["id"].removeprefix("session-")) for row in await listed(folder, *args)]


async def test_each_session_is_a_line_with_date_score_turns_length_guide_and_model(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await command(folder.parent, "transcripts", folder)

    rows = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines()]
    assert rows[0] == ["date", "overall", "turns", "length", "guide", "model", "file"]
    assert [row[1:6] for row in rows[1:]] == [
        ["unfinished", "0", "0:01", "failure", "small"],
        ["1.8 ?", "3", "0:05", "refunds", "small"],
        ["3.3 (4.5 of 1-7)", "3", "0:05", "failure", "large"],
    ]
    assert all(re.fullmatch(r"2031-05-\d\d \d\d:\d\d", row[0]) for row in rows[1:])
    assert rows[3][6] == "2031-05-08-143000-failure.jsonl"
    assert done.stderr == f"3 sessions in {folder}\n"


async def test_the_default_folder_is_that_of_chat_and_need_not_exist(tmp_path: Path) -> None:
    done = await command(tmp_path, "transcripts")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"no session in {tmp_path}/.local/share/interviewer/transcripts yet" in done.stderr

    write(tmp_path / ".local/share/interviewer/transcripts")
    done = await command(tmp_path, "transcripts")
    assert "failure" in done.stdout


async def test_a_program_is_told_everything(folder: Path) -> None:
    row = (await listed(folder))[-1]
    path = folder / "2031-05-08-143000-failure.jsonl"
    assert row == {
        "path": str(path),
        "id": "session-0",
        "started_at": "2031-05-08T14:30:00+00:00",
        "guide": "failure",
        "guides": ["failure"],
        "interviews": None,
        "question": "Tell me about a failure.",
        "model": "large",
        "turns": 3,
        "overall": 3.3,
        "calibrated": {"value": 4.5, "scale": [1, 7]},
        "criteria": {"owns": 3.3},
        "uncertain": [],
        "seconds": 5.0,
        "reason": "graded",
        "resumable": False,
        "unreadable": 0,
    }


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (["--guide", "REFUND"], [1]),
        (["--model", "larg"], [0]),
        (["--since", "2031-05-09"], [2, 1]),
        (["--until", "2031-05-09"], [1, 0]),
        (["--until", "2031-05-09T00:00+00:00"], [0]),
        (["--since", "2031-05-09", "--until", "2031-05-09"], [1]),
        (["--since", "1d"], [2, 1, 0]),
        (["--until", "1d"], []),
        (["--graded"], [1, 0]),
        (["--unfinished"], [2]),
        (["--min", "1.8"], [1, 0]),
        (["--max", "1.8"], [1]),
        (["--min", "2", "--max", "5"], [0]),
        (["-n", "2"], [2, 1]),
        (["-n", "0"], [2, 1, 0]),
        (["--search", "launch"], [0]),
        (["--search", "own part"], [1, 0]),
        (["--search", '"part own"'], []),
        (["--search", "own", "--guide", "refunds"], [1]),
    ],
    ids=str,
)
async def test_filters_leave_the_sessions_that_are_meant(
    folder: Path, args: list[str], meant: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await days(folder, *args) == meant


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--since", "yesterday"], "is no day"),
        (["--since", "9999999999w"], "is no day"),
        (["--until", "9999-12-31"], "is no day"),
        (["--search", "?!"], "no word in"),
        (["--min", "7"], "not in the range"),
        (["--remove"], "nothing says which sessions"),
        (["--remove", "--yes"], "nothing says which sessions"),
    ],
    ids=str,
)
async def test_a_value_that_makes_no_sense_is_told(
    folder: Path, args: list[str], said: str
) -> None:
    done = await command(folder.parent, "transcripts", folder, *args)
    assert done.returncode == 2
    assert said in done.stderr
    assert files(folder) == 3


async def test_a_search_shows_the_turn_who_spoke_and_the_words_around(folder: Path) -> None:
    done = await command(folder.parent, "transcripts", folder, "--search", "mistake own")

    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "turn 2, interviewer: What was your own part in it?" in lines
    assert "turn 3, candidate: It was my mistake, and I keep a checklist now." in lines

    row = (await listed(folder, "--search", "launch"))[0]
    assert row["found"] == [{"turn": 1, "who": "candidate", "text": "The launch failed."}]


async def test_a_list_shows_twenty_and_says_how_many_there_are(tmp_path: Path) -> None:
    for day in range(23):
        write(tmp_path / "many", [], day=day)
    done = await command(tmp_path, "transcripts", "many")
    assert len(done.stdout.splitlines()) == 21
    assert done.stderr == "20 of 23 sessions in many; -n 0 shows all\n"

    done = await command(tmp_path, "transcripts", "many", "--paths")
    assert len(done.stdout.splitlines()) == 23
    assert all(line.startswith("many/2031-") for line in done.stdout.splitlines())


async def test_what_is_no_transcript_and_what_is_torn_is_told_in_a_line(folder: Path) -> None:
    for number in range(3):
        (folder / f"odd-{number}.jsonl").write_bytes(b"rows\n" * number)
    torn = folder / "2031-05-08-143000-failure.jsonl"
    torn.write_bytes(torn.read_bytes()[:-20])

    done = await command(folder.parent, "transcripts", folder)
    assert "3 files can't be listed, 1 torn; see --json" in done.stderr.splitlines()
    assert len(done.stdout.splitlines()) == 4

    done = await command(folder.parent, "transcripts", folder, "--json")
    found = json.loads(done.stdout)
    assert [Path(each["path"]).name for each in found["faults"]] == [
        f"odd-{number}.jsonl" for number in range(3)
    ]
    assert [Path(row["path"]) for row in found["transcripts"] if row["unreadable"]] == [torn]


async def test_the_only_file_that_is_no_transcript_is_named_with_the_reason(folder: Path) -> None:
    odd = folder / "odd.jsonl"
    odd.write_bytes(b"mine")
    torn = folder / "2031-05-08-143000-failure.jsonl"
    torn.write_bytes(torn.read_bytes()[:-20])
    for where in (odd, folder):
        done = await command(folder.parent, "transcripts", where)
        told = f"{odd}: not a transcript: it starts with no header"
        assert (done.returncode, told in done.stderr.splitlines()) == (0, True)
        assert ("1 session torn; see --json" in done.stderr.splitlines()) == (where == folder)


async def test_no_damage_to_files_ends_in_a_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    whole = write(folder).read_bytes()
    choose = random.Random(5)  # noqa: S311
    for number in range(150):
        data = bytearray(whole)
        for _ in range(choose.choice([1, 5, 50])):
            data[choose.randrange(len(data))] = choose.randrange(256)
        lines = bytes(data[: choose.randrange(len(data))] if number % 3 else data).split(b"\n")
        if number % 5 == 0:
            choose.shuffle(lines)
        (folder / f"{number}.jsonl").write_bytes(b"\n".join(lines))

    for args in (["-n", "0"], ["--json"], ["--search", "mistake"]):
        done = await command(tmp_path, "transcripts", folder, *args)
        assert done.returncode == 0
        assert "Traceback" not in done.stderr
    found = json.loads((await command(tmp_path, "transcripts", folder, "--json")).stdout)
    assert len(found["transcripts"]) + len(found["faults"]) == 151


async def test_words_of_a_file_are_never_a_terminal_s_commands(tmp_path: Path) -> None:
    evil = "\x1b[2J\x1b]0;title\x07[bold]red[/]\u202e launch"
    path = write(tmp_path / "evil", session(evil), guide="e" + evil, model=evil)
    path.rename(path.with_name("\x1b[31mname.jsonl"))

    for args in ([], ["--search", "launch"], ["--json"]):
        done = await command(tmp_path, "transcripts", "evil", *args)
        assert done.returncode == 0
        assert not re.search(r"[\x1b\x07\u202e]", done.stdout + done.stderr)
    assert "[bold]red[/]" in (await command(tmp_path, "transcripts", "evil")).stdout


async def test_removing_needs_somebody_who_agrees(folder: Path) -> None:
    done = await command(folder.parent, "transcripts", folder, "--remove", "--unfinished")
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert files(folder) == 3


async def test_what_is_meant_is_removed_and_nothing_else(folder: Path) -> None:
    done = await command(folder.parent, "transcripts", folder, "--remove", "--unfinished", "--yes")
    assert (done.returncode, done.stderr) == (0, "1 file removed\n")
    assert await days(folder) == [1, 0]

    path = folder / "2031-05-08-143000-failure.jsonl"
    done = await command(folder.parent, "transcripts", path, "--remove", "--yes", "--json")
    assert json.loads(done.stdout) == {"removed": [str(path)], "kept": []}
    assert await days(folder) == [1]


async def test_nothing_is_removed_where_nothing_is_meant(folder: Path) -> None:
    odd = folder / "odd.jsonl"
    odd.write_bytes(b"mine")
    for args in ([folder, "--guide", "nothing"], [odd]):
        done = await command(folder.parent, "transcripts", *args, "--remove", "--yes")
        assert done.returncode == 1
        assert "nothing is removed" in done.stderr
    assert files(folder) == 4


async def test_a_session_that_is_being_held_is_not_removed(folder: Path) -> None:
    with Transcript.create(folder, header(5)):
        done = await command(folder.parent, "transcripts", folder, "--remove", "--yes", "-n", "2")
    assert done.returncode == 1
    assert "another interviewer is writing" in done.stderr
    assert "1 file removed" in done.stderr
    assert await days(folder) == [5, 1, 0]


async def test_who_does_not_agree_removes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interviewer.cli.weights.can_answer", lambda: True)
    done = await command(folder.parent, "transcripts", folder, "--remove", "-n", "2")
    assert done.returncode == 1
    assert "Remove 2 sessions, for good? [y/N]" in done.stderr
    assert files(folder) == 3


def test_a_person_is_shown_what_would_go_and_asked(folder: Path) -> None:
    (folder / "2031-05-09-143000-refunds.yaml").write_text("interactions:\n", encoding="utf-8")
    args = ["-m", "interviewer", "transcripts", str(folder), "--remove", "--max", "2"]
    terminal = Terminal(args, columns=60, environ=environ(folder.parent), cwd=ROOT)
    try:
        screen = terminal.shows(r"\[y/N\]")
        assert "Remove 1 session, and 1 cassette beside, for good?" in screen
        assert "refunds" in screen
        terminal.keys("y\n")
        assert terminal.ends() == 0
    finally:
        terminal.close()
    assert files(folder) == 2
