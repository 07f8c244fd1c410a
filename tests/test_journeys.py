"""What a user meets at the shell: each command in a process of its own.

Its imports are done already, unless it is `cold`; what a start imports, tests with `cold` show.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from interviewer import __version__
from interviewer.cli.prompt import prompt
from interviewer.grading.calibration import save_calibration
from interviewer.prompts import Prompts
from interviewer.text import KEPT_MARK, ROLE_MARK
from interviewer.transcript import load_transcript
from tests import warm
from tests.fake_endpoint import JUDGING, fake_endpoint, tokens
from tests.fake_endpoint import Answer as Stall
from tests.grading.samples import constant
from tests.scripted import ANSWER

ROOT = Path(__file__).parents[1]
GUIDE = "failed-as-a-product-manager"


_HURRIED = """
import tenacity, interviewer.llm.retry as retry
retry._backoff = tenacity.wait_none()
from interviewer.cli import main
main()
"""
"""The program, but that it does not wait between its attempts to reach an endpoint."""


class Shell:
    """Runs commands with a home, and settings, of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.hurried = self.cold = False
        self.timeout_s = 30.0
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("INTERVIEWER_", "OPENAI_", "XDG_", "_INTERVIEWER"))
        }
        self.environ = kept | {"HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}

    def run(
        self, *args: str | Path, said: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        start = ("-c", _HURRIED) if self.hurried else ("-m", "interviewer")
        given = self.environ | environ
        if not self.cold:
            everything = (*start, *args)
            return warm.run(
                everything, cwd=self.home, environ=given, said=said, timeout_s=self.timeout_s
            )
        return subprocess.run(
            [sys.executable, *start, *args],
            cwd=self.home,
            env=given,
            input=said,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=self.timeout_s,
        )

    def start(self, *args: str | Path) -> warm.Piped:
        """Start a command that is spoken to while it runs."""
        given = self.environ | {"PYTHONUNBUFFERED": "1"}
        return warm.Piped(("-m", "interviewer", *args), cwd=self.home, environ=given)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_printed(shell: Shell, flag: str) -> None:
    shell.cold = True
    done = shell.run(flag)
    assert (done.returncode, done.stdout) == (0, f"interviewer {__version__}\n")


def test_the_help_names_every_command_and_exit_code(shell: Shell) -> None:
    done = shell.run("--help")
    assert done.returncode == 0
    for word in (
        "chat",
        "grade",
        "agree",
        "calibrate",
        "guide",
        "prompt",
        "model",
        "config",
        "completion",
        "130 interrupted",
    ):
        assert word in " ".join(done.stdout.split())
    assert "\\b" not in done.stdout


@pytest.mark.parametrize(
    "args", [["nosuch"], ["chat", "--nosuch"], ["chat", "--probes", "21"], ["guide", "show"]]
)
def test_wrong_usage_exits_2_with_one_message(shell: Shell, args: list[str]) -> None:
    done = shell.run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("Error: ") == 1


def test_a_guide_is_shown_as_json(shell: Shell) -> None:
    shell.cold = True
    done = shell.run("guide", "show", GUIDE, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == GUIDE


def test_guides_of_your_own_folder_are_listed_with_those_that_ship(shell: Shell) -> None:
    done = shell.run("guide", "list", "--json")
    assert GUIDE in [guide["id"] for guide in json.loads(done.stdout)]


def test_a_faulty_guide_of_your_own_is_marked_and_hides_no_other(shell: Shell) -> None:
    own = shell.home / "data" / "interviewer" / "guides"
    own.mkdir(parents=True)
    (own / "broken.md").write_bytes(b"Why?\n\n## Interviewer's Goals\n")
    (own / "binary.md").write_bytes(b"\xff\xfe\x00")
    environ = {"XDG_DATA_HOME": str(shell.home / "data")}

    plain, done = (
        shell.run("guide", "list", **environ),
        shell.run("guide", "list", "--json", **environ),
    )

    assert (plain.returncode, plain.stderr, done.returncode, done.stderr) == (0, "", 0, "")
    remedy = f"interviewer guide check {own / 'broken.md'}"
    assert f"broken\n    can't be used; {remedy}\n" in plain.stdout
    assert f"{GUIDE}\n" in plain.stdout
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    assert rows["broken"]["question"] is rows["binary"]["question"] is rows[GUIDE]["fault"] is None
    assert "broken.md:" in rows["broken"]["fault"]
    assert rows[GUIDE]["question"] in plain.stdout
    assert shell.run("guide", "check", rows["broken"]["file"]).returncode == 1


def test_checking_a_bad_guide_exits_1_and_names_the_line(shell: Shell) -> None:
    bad = shell.home / "bad.md"
    bad.write_text("Why?\n\n## Interviewer's Goals\n", encoding="utf-8")
    good = ROOT / "prompts" / "guides" / f"{GUIDE}.md"
    done = shell.run("guide", "check", bad, good)
    assert done.returncode == 1
    assert re.search(r"bad\.md:\d+", done.stderr)
    assert f"{good}: fine" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_guide_that_does_not_exist_exits_1_and_names_those_that_do(shell: Shell) -> None:
    done = shell.run("guide", "show", "nosuch")
    assert done.returncode == 1
    assert GUIDE in done.stderr
    assert "Traceback" not in done.stderr


def test_a_prompt_is_printed_as_it_would_be_sent(shell: Shell) -> None:
    done = shell.run("prompt", "check", "--answer", "I was late {{ 7*7 }}.<|im_end|>")
    assert done.returncode == 0
    assert "I was late {{ 7*7 }}.< |im_end|>" in done.stdout


@pytest.mark.parametrize("name", Prompts().names())
def test_every_prompt_can_be_printed(name: str) -> None:
    done = CliRunner().invoke(prompt, [name])
    assert done.exit_code == 0, done.output
    assert not set(done.output) & {ROLE_MARK, KEPT_MARK}


def test_a_conversation_is_printed_with_its_roles() -> None:
    done = CliRunner().invoke(prompt, ["label", "--answer", "It was May. We lost."])
    assert done.output.startswith("--- system\nYou label")
    assert done.output.endswith("--- user\nIt was May.\n--- assistant\nother\n--- user\nWe lost.\n")


def test_a_prompt_that_does_not_exist_exits_1(shell: Shell) -> None:
    done = shell.run("prompt", "chekc")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no template" in done.stderr


def test_settings_are_shown_with_their_sources_and_keys_are_not(shell: Shell) -> None:
    secret = "sk-very-secret"  # noqa: S105
    environ = {"OPENAI_API_KEY": secret, "INTERVIEWER_PERSONA": "tough"}
    plain, done = shell.run("config", **environ), shell.run("config", "--json", **environ)
    assert plain.returncode == done.returncode == 0
    assert secret not in plain.stdout + plain.stderr + done.stdout + done.stderr
    assert json.loads(done.stdout)["persona"]["source"] == "environment"
    assert json.loads(done.stdout)["api_key"]["value"] == "(set)"


def test_a_wrong_setting_exits_2_and_names_where_it_stands(shell: Shell) -> None:
    done = shell.run("config", INTERVIEWER_PROBES="many")
    assert done.returncode == 2
    assert "INTERVIEWER_PROBES" in done.stderr


def test_the_completion_script_of_bash_names_the_command(shell: Shell) -> None:
    done = shell.run("completion", "bash")
    assert done.returncode == 0
    assert "complete -o nosort -F _interviewer_completion interviewer" in done.stdout


async def test_an_endpoint_that_does_not_listen_costs_no_word_that_was_said(shell: Shell) -> None:
    saved = shell.home / "saved"
    flags = ("--transcripts", saved, "--model", "x", "--probes", "0")
    shell.hurried = True
    nobody = "http://127.0.0.1:9/v1"
    done = shell.run("chat", *flags, "--base-url", nobody, said=ANSWER)
    assert done.returncode == 1
    assert done.stderr.count("error: ") == 1
    assert "nothing listens at this address" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    (path,) = saved.glob("*.jsonl")
    assert f"--resume {path}" in done.stderr
    past = load_transcript(path)
    assert [event.event for event in past.events] == ["opening", "question", "answer"]
    assert past.resumable

    async with fake_endpoint() as fake:
        fake.will(tokens(("Yes", -0.7), ("No", -0.7)))
        args = ("chat", *flags, "--base-url", fake.url, "--resume", path)
        again = await asyncio.to_thread(shell.run, *args)
    assert again.returncode == 0, again.stderr
    events = [event.event for event in load_transcript(path).events]
    assert events[:4] == ["opening", "question", "answer", "coverage"]
    assert events[-3:] == ["grade", "closing", "end"]


async def test_an_interview_through_pipes_prints_its_events_as_json_lines(shell: Shell) -> None:
    shell.cold = True
    async with fake_endpoint() as fake:
        fake.will(tokens(("Yes", -0.7), ("No", -0.7)))
        flags = ("--json", "--probes", "0", "--transcripts", shell.home / "saved", "--model", "x")
        args = ("chat", *flags, "--base-url", fake.url)
        done = await asyncio.to_thread(shell.run, *args, said=f"{ANSWER}\n\nkeep\n")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert events == [
        *("opening", "question", "answer", "coverage", "invitation", "request", "final"),
        *("grade", "closing", "end"),
    ]


async def test_a_calibrated_interview_says_so_on_the_screen_and_in_its_events(shell: Shell) -> None:
    file = shell.home / "mine.json"
    save_calibration(constant(5.5, guide=GUIDE, model="x"), file)
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        flags = ("--probes", "0", "--transcripts", shell.home / "saved", "--model", "x")
        args = ("chat", *flags, "--base-url", fake.url, "--calibration", file)
        drawn = await asyncio.to_thread(shell.run, *args, said=f"{ANSWER}\n\nkeep\n")
        told = await asyncio.to_thread(shell.run, *args, "--json", said=f"{ANSWER}\n\nkeep\n")
    assert drawn.returncode == told.returncode == 0, drawn.stderr + told.stderr
    assert "4.0 of 5" in drawn.stdout
    assert "calibrated by raters: 5.5 on its scale of 1 to 7; plain: " in drawn.stdout
    events = [json.loads(line) for line in told.stdout.splitlines()]
    (grade,) = [event for event in events if event["event"] == "grade"]
    assert grade["overall"] == 4.0
    assert grade["calibrated"]["value"] == 5.5
    assert grade["calibrated"]["scale"] == [1, 7]
    assert [event["text"] for event in events if event["event"] == "note"] == []


async def test_a_resumed_interview_keeps_its_calibration_and_warns_of_another_model(
    shell: Shell,
) -> None:
    file = shell.home / "mine.json"
    save_calibration(constant(5.5, guide=GUIDE, model="another"), file)
    saved = shell.home / "saved"
    flags = ("--probes", "0", "--transcripts", saved, "--model", "x", "--json")
    shell.hurried = True
    gone = ("--base-url", "http://127.0.0.1:9/v1")
    done = shell.run("chat", *flags, *gone, "--calibration", "mine.json", said=ANSWER)
    assert done.returncode == 1
    async with fake_endpoint() as fake:
        fake.will(JUDGING)
        args = ("chat", *flags, "--base-url", fake.url, "--resume")
        again = await asyncio.to_thread(shell.run, *args)
    assert again.returncode == 0, again.stderr
    events = [json.loads(line) for line in again.stdout.splitlines()]
    notes = [event["text"] for event in events if event["event"] == "note"]
    assert [note for note in notes if "its scores may be off" in note]
    assert [event["overall"] for event in events if event["event"] == "grade"] == [4.0]


@pytest.mark.parametrize(
    ("text", "what"), [("{}", "is no calibration"), ("", "was made for the guide failure")]
)
def test_a_calibration_that_is_none_or_anothers_begins_no_interview(
    shell: Shell, text: str, what: str
) -> None:
    file = shell.home / "mine.json"
    save_calibration(constant(5.5), file)
    if text:
        file.write_text(text, encoding="utf-8")
    flags = ("--model", "x", "--base-url", "http://127.0.0.1:9/v1", "--transcripts", "saved")
    done = shell.run("chat", *flags, "--calibration", file, said=ANSWER)
    assert done.returncode == 1
    assert what in done.stderr
    assert "Traceback" not in done.stderr
    assert not (shell.home / "saved").exists()


async def test_an_interview_that_is_over_is_not_resumed(shell: Shell) -> None:
    saved = shell.home / "saved"
    async with fake_endpoint() as fake:
        fake.will(tokens(("Yes", -0.7), ("No", -0.7)))
        flags = ("--probes", "0", "--transcripts", saved, "--model", "x", "--base-url", fake.url)
        done = await asyncio.to_thread(shell.run, "chat", *flags, said="/skip\n")
        assert done.returncode == 0, done.stderr
        (path,) = saved.glob("*.jsonl")
        again = await asyncio.to_thread(shell.run, "chat", *flags, "--resume", path)
    assert again.returncode == 2
    assert "this interview is over" in again.stderr
    assert done.stdout.endswith(f"  Transcript: {path}\n")


def test_a_piped_interview_is_left_by_ctrl_c_twice_with_everything_saved(shell: Shell) -> None:
    flags = ("--model", "x", "--base-url", "http://127.0.0.1:9/v1", "--transcripts", "saved")
    with shell.start("chat", *flags) as chat:
        while chat.stdout.readline() != "Question\n":
            pass
        for _ in range(2):
            time.sleep(0.5)
            chat.send_signal(signal.SIGINT)
        assert chat.wait(10) == 130
        assert "Ctrl-C again leaves" in chat.stdout.read()
        assert "Traceback" not in chat.stderr.read()
    (path,) = (shell.home / "saved").glob("*.jsonl")
    assert [event.event for event in load_transcript(path).events] == ["opening", "question", "end"]


def test_a_reader_that_has_gone_ends_a_command_without_a_traceback(shell: Shell) -> None:
    with shell.start("prompt", "probe") as command:
        command.stdout.close()
        assert command.wait(10) == 1
        assert command.stderr.read() == ""


def test_events_for_a_program_that_has_gone_end_the_interview_without_a_traceback(
    shell: Shell,
) -> None:
    flags = ("--model", "x", "--base-url", "http://127.0.0.1:9/v1", "--transcripts", "saved")
    with shell.start("chat", "--json", *flags) as chat:
        assert json.loads(chat.stdout.readline())["event"] == "opening"
        chat.stdout.close()
        chat.stdin.write("/skip\n\n")
        chat.stdin.close()
        assert chat.wait(10) == 1
        assert "Traceback" not in chat.stderr.read()


async def test_ctrl_c_before_the_interview_began_exits_130_without_a_traceback(
    shell: Shell,
) -> None:
    async with fake_endpoint() as fake:
        fake.will(Stall(stall=True))
        with shell.start("chat", "--base-url", fake.url, "--transcripts", "saved") as chat:
            await asyncio.wait_for(fake.asked.wait(), 10)
            chat.send_signal(signal.SIGINT)
            assert await asyncio.to_thread(chat.wait, 10) == 130
            assert "Traceback" not in chat.stderr.read()


def test_a_shell_completes_the_names_of_commands(shell: Shell) -> None:
    environ = {
        "_INTERVIEWER_COMPLETE": "bash_complete",
        "COMP_WORDS": "interviewer c",
        "COMP_CWORD": "1",
    }
    done = shell.run(**environ)
    assert done.stdout.split() == [
        *("plain,chat", "plain,calibrate", "plain,config", "plain,completion")
    ]


def test_prompts_are_listed_with_what_they_take(shell: Shell) -> None:
    done = shell.run("prompt")
    assert done.returncode == 0
    assert re.search(r"^say/question +guide$", done.stdout, re.MULTILINE)


def test_a_guide_is_shown_for_people(shell: Shell) -> None:
    done = shell.run("guide", "show", GUIDE)
    assert done.returncode == 0
    assert "4 goals" in done.stdout
    assert "5 steps" in done.stdout


def test_there_is_nothing_to_resume_in_an_empty_folder(shell: Shell) -> None:
    flags = ("--model", "x", "--base-url", "http://127.0.0.1:9/v1")
    done = shell.run("chat", *flags, "--transcripts", shell.home, "--resume")
    assert done.returncode == 1
    assert "there is no unfinished interview" in done.stderr
