"""`chat --cassette` at the shell: recorded from a fake on the loopback, played without it."""

import io
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from interviewer.cli.app import run
from interviewer.llm.cassette_file import load_cassette
from interviewer.terminal import piped
from interviewer.transcript import load_transcript
from tests.fake_endpoint import (
    Answer,
    FakeEndpoint,
    Json,
    spoken,
    threaded_endpoint,
    tokens,
)
from tests.scripted import ANSWER, PROBE, ScriptedCandidate
from tests.test_journeys import Shell

KEY = "sk-not-for-anybody"
SAID = ("/hint", ANSWER, "They told me that it was slow.", "keep", "4 oh", "4 - 2", "5")


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    errors: str


class Booth:
    """Records and plays interviews, in this process: each would wait a second for its start."""

    def __init__(self, home: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.file, self.saved = home, home / "session.yaml", home / "saved"
        self.live = ("--model", "x", "--base-url", url)
        self.common: tuple[str | Path, ...] = (
            "--json",
            "--probes",
            "1",
            "--self-score",
            "--transcripts",
            self.saved,
        )
        self._capsys = capsys

    def run(self, *flags: str | Path, said: Sequence[str] = SAID) -> Done:
        args = ["interviewer", "chat", *map(str, (*self.common, *flags))]
        with pytest.MonkeyPatch.context() as patched:
            for name in os.environ:
                if name.startswith(("INTERVIEWER_", "OPENAI_", "XDG_")):
                    patched.delenv(name)
            patched.setenv("HOME", str(self.home))
            patched.setenv("OPENAI_API_KEY", KEY)
            patched.setattr(sys, "argv", args)
            patched.setattr(sys, "stdin", io.StringIO())
            patched.setattr(piped, "Piped", lambda: ScriptedCandidate(*said))
            code = run()
        out, errors = self._capsys.readouterr()
        assert "Traceback" not in errors
        return Done(code, out, errors)

    def chat(self, *flags: str | Path, said: Sequence[str] = SAID) -> list[Json]:
        """Return the events of an interview that went well."""
        done = self.run(*flags, said=said)
        assert done.code == 0, done.errors
        return [json.loads(line) for line in done.out.splitlines()]


@pytest.fixture
def fake() -> Iterator[FakeEndpoint]:
    with threaded_endpoint() as made:
        made.choose = _choose
        yield made


def _choose(request: Json) -> Answer:
    if request.get("stream"):
        return spoken("Think of ", "one launch.") if "hint" in str(request) else spoken(PROBE)
    words = ("Yes", "background", "self", *"1234567ABCDEFGZ")
    return tokens(("No", -0.1), *((word, -3.0) for word in words))


@pytest.fixture
def booth(tmp_path: Path, fake: FakeEndpoint, capsys: pytest.CaptureFixture[str]) -> Booth:
    return Booth(tmp_path, fake.url, capsys)


def test_a_session_is_played_as_it_was_recorded_and_asks_nobody(
    booth: Booth, fake: FakeEndpoint
) -> None:
    live = booth.chat(*booth.live, "--cassette", booth.file)
    asked = len(fake.requests)
    assert [event["event"] for event in live][-5:] == [
        *("invitation", "self-scored", "grade", "closing", "end")
    ]
    assert sorted(live[-4]["criteria"].values()) == [2, 4, 5]
    assert booth.chat("--cassette", booth.file) == live
    assert booth.chat(*booth.live, "--cassette", booth.file) == live  # the same command again
    assert len(fake.requests) == asked
    kept = booth.file.read_text(encoding="utf-8")
    assert not [word for word in (KEY, "127.0.0.1", "localhost", "uthorization") if word in kept]
    played = [load_transcript(path).header for path in booth.saved.glob("*.jsonl")]
    assert sorted(str(each.options["cassette"]) for each in played) == [
        *("played", "played", "recorded")
    ]


def test_a_transcript_and_a_cassette_are_the_whole_session(booth: Booth) -> None:
    live = booth.chat(*booth.live, "--cassette", booth.file)
    (transcript,) = booth.saved.glob("*.jsonl")
    booth.common = ("--json", "--transcripts", booth.home / "again")
    assert booth.chat("--again", transcript, "--cassette", booth.file, said=()) == live
    (other,) = (booth.home / "again").glob("*.jsonl")
    assert load_transcript(other).events == load_transcript(transcript).events


def test_other_words_are_told_with_the_prompt_that_differs_and_no_traceback(booth: Booth) -> None:
    booth.chat(*booth.live, "--cassette", booth.file)
    told = [text.replace("Berlin", "Bremen") for text in SAID]
    done = booth.run("--cassette", booth.file, said=told)
    assert done.code == 1
    assert f"error: {booth.file}: the prompt label-all, turn 1, is not the recorded" in done.errors
    assert re.search(r"recorded: .*a billing tool in Berlin", done.errors)
    assert re.search(r"now: +.*a billing tool in Bremen", done.errors)
    assert "--record" in done.errors
    assert "--resume" not in done.errors


def test_fewer_words_leave_replies_unplayed_which_is_noted(booth: Booth) -> None:
    booth.chat(*booth.live, "--cassette", booth.file)
    events = booth.chat("--cassette", booth.file, said=("/hint", "/skip"))
    assert events[-2]["event"] == "end"
    assert "more replies that nothing asked for" in events[-1]["text"]


def test_a_cassette_is_recorded_anew_only_where_that_is_asked_for(
    booth: Booth, fake: FakeEndpoint
) -> None:
    booth.chat(*booth.live, "--cassette", booth.file)
    before = booth.file.read_bytes()
    booth.chat(
        *booth.live, "--cassette", booth.file, "--record", said=(f"{ANSWER} Much was lost.",)
    )
    assert booth.file.read_bytes() != before
    assert "Much was lost." in str([call.body for call in load_cassette(booth.file)[1]])


@pytest.mark.parametrize(
    ("flags", "code", "what"),
    [
        (["--record"], 2, "--record needs --cassette FILE"),
        (["--cassette", "torn.yaml"], 1, "torn.yaml:1: "),
        (["--cassette", "nowhere/x.yaml"], 1, "no cassette can be recorded here"),
        (["--again", "x.jsonl", "--resume"], 2, "--resume can't be given too"),
    ],
)
def test_what_can_not_be_done_is_told_before_the_interview(
    booth: Booth, monkeypatch: pytest.MonkeyPatch, flags: list[str], code: int, what: str
) -> None:
    monkeypatch.chdir(booth.home)
    (booth.home / "torn.yaml").write_text("{", encoding="utf-8")
    done = booth.run(*booth.live, *flags)
    assert (done.code, done.out) == (code, "")
    assert what in done.errors
    assert not booth.saved.exists()


def test_another_model_than_the_recorded_one_is_refused(booth: Booth) -> None:
    booth.chat(*booth.live, "--cassette", booth.file)
    done = booth.run("--model", "y", "--cassette", booth.file)
    assert done.code == 2
    assert "recorded with x, not with y" in done.errors


def test_a_recording_that_is_killed_can_be_played_up_to_there(
    booth: Booth, fake: FakeEndpoint
) -> None:
    fake.choose = lambda request: Answer(stall=True) if request.get("stream") else _choose(request)
    flags = (*booth.common, "--cassette", booth.file, *booth.live)
    with Shell(booth.home).start("chat", *flags) as chat:
        chat.stdin.write(f"{ANSWER}\n\n")
        chat.stdin.flush()
        while not any(request.get("stream") for request in fake.requests):
            time.sleep(0.02)
            assert chat.poll() is None
        chat.kill()
        chat.wait(10)
    assert len(load_cassette(booth.file)[1]) == len(fake.requests) - 1 > 0
    assert left_beside(booth.file) == []
    done = booth.run("--cassette", booth.file, said=(ANSWER,))
    assert done.code == 1
    assert "the prompt probe, turn 1, comes after all that was recorded" in done.errors


def left_beside(path: Path) -> list[Path]:
    return list(path.parent.glob(f".{path.name}*"))


def test_what_a_resumed_interview_asks_is_a_cassette_of_its_own(
    booth: Booth, fake: FakeEndpoint
) -> None:
    booth.chat(*booth.live, "--cassette", booth.file, said=(ANSWER, "/quit"))
    (transcript,) = booth.saved.glob("*.jsonl")
    as_it_was = transcript.read_bytes()
    rest = booth.file.with_name("rest.yaml")
    said = ("They told me that it was slow.", "keep", "3 3 3 3")

    refused = booth.run("--resume", transcript, "--cassette", booth.file, said=said)
    assert refused.code == 1
    assert "another file for --cassette, to record the rest" in refused.errors
    live = booth.chat(*booth.live, "--resume", transcript, "--cassette", rest, said=said)
    asked = len(fake.requests)
    transcript.write_bytes(as_it_was)
    assert booth.chat("--resume", transcript, "--cassette", rest, said=said) == live
    assert len(fake.requests) == asked
    alone = booth.run("--cassette", rest)
    assert alone.code == 1
    assert "--resume with the transcript as it was then" in alone.errors


@pytest.mark.parametrize("way", ["--again", "--resume"])
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("guide", {"x": 1}, "the guide in it"), ("options", {"probes": "many"}, "its option probes")],
)
def test_a_transcript_whose_header_can_not_be_used_is_told_and_begins_nothing(
    booth: Booth, tmp_path: Path, way: str, name: str, value: Json, told: str
) -> None:
    source = next(Path("transcripts").glob("*.jsonl"))
    head, rest = source.read_text().split("\n", 1)
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text(json.dumps(json.loads(head) | {name: value}) + "\n" + rest)
    common = [str(each) for each in ("--transcripts", booth.saved, *booth.live)]
    booth.common = ("--json",)
    done = booth.run(way, foreign, *common)
    assert done.code == 1
    assert f"{foreign.name}:1: {told}" in done.errors.replace("\n", "")
    assert "Traceback" not in done.errors
    assert not list(booth.saved.glob("*.jsonl"))
