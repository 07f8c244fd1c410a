import io
import json
import os
import signal
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from interviewer.cli import weights as module
from interviewer.cli.model import model
from interviewer.cli.weights import PlainListener, ensure_weights
from interviewer.errors import InterviewerError, WeightsError
from interviewer.llm.local import catalogue
from interviewer.llm.local.pull import is_present, path_of
from interviewer.terminal import console as terminal
from tests.llm.local.samples import CONTENT, Hub, leave_partial, make_entry
from tests.llm.local.test_engine import FAKE_LIBRARY, ROOT
from tests.warm import Piped

ENTRY = make_entry()
MAIN = "from interviewer.cli.model import model; model()"


@pytest.fixture(autouse=True)
def _one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "catalogue", lambda: (ENTRY,))


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "can_answer", lambda: True)


def put_weights() -> Path:
    path = path_of(ENTRY)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(CONTENT)
    return path


def run(*words: str, typed: str = "") -> tuple[int, str, str]:
    """Return exit code, stdout and stderr; a known error stands in stderr."""
    result = CliRunner().invoke(model, words, input=typed)
    if isinstance(result.exception, InterviewerError):
        return result.exception.exit_code, result.stdout, result.stderr + str(result.exception)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("here", [True, False])
def test_the_list_says_what_is_here_and_what_is_the_default(here: bool) -> None:
    if here:
        put_weights()

    code, out, _ = run("list")

    assert code == 0
    assert all(word in out for word in ("tiny", "Tiny", "MIT", "26 kB", "default"))
    assert ("yes" in out) == here


def test_the_list_for_programs_is_json() -> None:
    put_weights()

    row = json.loads(run("list", "--json")[1])[0]

    assert (row["name"], row["size"], row["present"], row["default"]) == (
        *("tiny", len(CONTENT)),
        *(True, True),
    )


def test_the_path_and_nothing_else_is_printed() -> None:
    path = put_weights()

    assert run("path", "tiny") == (0, f"{path}\n", "")


def test_the_path_of_what_is_absent_is_an_error_with_its_remedy() -> None:
    code, out, err = run("path")

    assert (code, out) == (1, "")
    assert "interviewer model pull tiny" in err


def test_a_pull_says_the_size_and_goes_ahead_where_nobody_can_answer(hub: Hub) -> None:
    code, out, err = run("pull")

    assert (code, out) == (0, f"{path_of(ENTRY)}\n")
    assert "Tiny (MIT): 26 kB to download, once." in err
    assert "tiny: checking the whole file" in err


def test_a_pull_says_what_an_unfinished_one_left(hub: Hub) -> None:
    leave_partial(CONTENT[:15_000])

    assert "once, 15 kB of it is here." in run("pull")[2]


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize(
    ("typed", "pulled"), [("\n", True), ("Y\n", True), ("n\n", False), ("", False)]
)
def test_a_pull_asks_who_can_answer_and_enter_means_yes(hub: Hub, typed: str, pulled: bool) -> None:
    code, _, err = run("pull", "tiny", typed=typed)

    assert "Download it now? [Y/n]" in err
    assert (code == 0) == is_present(ENTRY) == pulled


@pytest.mark.usefixtures("somebody")
def test_a_pull_with_yes_asks_nothing(hub: Hub) -> None:
    code, _, err = run("pull", "--yes")

    assert code == 0
    assert "[Y/n]" not in err


def test_a_pull_of_what_is_here_prints_its_path() -> None:
    path = put_weights()

    assert run("pull") == (0, f"{path}\n", "tiny is here already\n")


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize(("typed", "gone"), [("y\n", True), ("\n", False), ("no\n", False)])
def test_a_removal_asks_and_enter_means_no(typed: str, gone: bool) -> None:
    put_weights()

    code, _, err = run("remove", typed=typed)

    assert "Delete tiny (26 kB)? [y/N]" in err
    assert (code == 0) == gone
    assert is_present(ENTRY) != gone


def test_a_removal_that_nobody_can_agree_to_wants_yes() -> None:
    put_weights()

    assert "--yes" in run("remove")[2]
    assert run("remove", "--yes")[2] == "tiny deleted\n"
    assert run("remove", "--yes")[2] == "tiny was not here\n"


def test_weights_that_may_not_be_pulled_are_an_error_with_three_ways_out() -> None:
    with pytest.raises(WeightsError, match="tiny are not here") as caught:
        ensure_weights("tiny", allow_pull=False)

    assert all(way in caught.value.hint for way in ("network", "OPENAI_API_KEY", "--model"))


def test_weights_are_pulled_once(hub: Hub) -> None:
    first = ensure_weights("tiny", allow_pull=True)

    assert ensure_weights("tiny", allow_pull=False) == first
    assert len(hub.asked) == 1


def test_a_file_of_the_users_own_is_taken_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"GGUF")

    assert ensure_weights(str(mine), allow_pull=False) == mine


def test_a_terminal_gets_a_bar(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=100, markup=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(terminal, "make_console", lambda **_: screen)

    module.pull_drawn(ENTRY)

    assert isinstance(screen.file, io.StringIO)
    drawn = screen.file.getvalue()
    assert "━" in drawn
    assert "25.6/25.6 kB" in drawn


def test_plain_lines_come_at_each_tenth_from_where_a_source_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    console = Console(file=io.StringIO(), width=200, markup=False)
    listener = PlainListener(console, "tiny")
    clock = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))

    for done in (350, 360, 400, 449, 500):
        listener.moved(done * 10**7, 10**10)
    listener.said("[b]again\x1b[0m")
    listener.moved(0, 10**10)

    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == [
        "tiny: 40% of 10.00 GB, 250 MB/s, 24 s left",
        "tiny: 50% of 10.00 GB, 375 MB/s, 13 s left",
        "tiny: [b]again\N{REPLACEMENT CHARACTER}[0m",
    ]


def start_serving(folder: Path, *options: str) -> Piped:
    (folder / "fake").mkdir()
    (folder / "fake" / "xllamacpp.py").write_text(FAKE_LIBRARY)
    environ = os.environ | {"PYTHONPATH": f"{folder / 'fake'}{os.pathsep}{ROOT}"}
    return Piped(("-c", MAIN, "serve", *options), cwd=ROOT, environ=environ)


def test_serving_prints_address_and_key_until_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_text("GGUF serve")
    server = start_serving(tmp_path, str(tmp_path / "mine.gguf"))
    address, key = server.stdout.readline(), server.stdout.readline()

    server.send_signal(signal.SIGINT)
    _, errors = server.communicate(timeout_s=10)

    assert address.startswith("OPENAI_BASE_URL=http://127.0.0.1:")
    assert key.startswith("OPENAI_API_KEY=")
    assert server.returncode == 0
    assert "Traceback" not in errors


def test_serving_ends_when_the_engine_does(tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_text("GGUF later")
    server = start_serving(tmp_path, str(tmp_path / "mine.gguf"), "--port", "0")

    _, errors = server.communicate(timeout_s=10)

    assert server.returncode == 1
    assert "the embedded model ended" in errors
