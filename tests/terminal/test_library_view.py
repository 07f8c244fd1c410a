"""A list says the same in any window."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from interviewer.library import look
from interviewer.terminal.library_view import LibraryView
from tests.library.samples import NOWHERE, session, write


def view(folder: Path) -> LibraryView:
    return LibraryView(look([folder], index=NOWHERE).entries)


def drawn(folder: Path, width: int) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, color_system=None)
    console.print(view(folder))
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sessions"
    write(made, session(), guide="failed-as-a-product-manager", model="qwen2.5-1.5b-instruct")
    write(made, [], day=1, guide="a-much-longer-name-of-a-guide-than-anybody-would-give-it")
    write(made, [], day=2, guide="\u5931\u6557", model="\u6a21\u578b")
    return made


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_no_window_loses_a_word(folder: Path, width: int) -> None:
    wide, narrow = drawn(folder, 1000), drawn(folder, width)
    assert sorted("".join(wide.split())) == sorted("".join(narrow.split()))
    assert all(len(line) <= width for line in narrow.splitlines())


def test_a_session_takes_a_line_or_as_many_as_the_window_needs(tmp_path: Path) -> None:
    write(tmp_path, guide="failed-as-a-product-manager", model="qwen2.5-1.5b-instruct")
    lines = [len(drawn(tmp_path, width).splitlines()) for width in (60, 80, 160)]
    assert lines == [3 + 3, 2 + 2, 1 + 1]


def test_a_pipe_gets_one_line_for_each_session(folder: Path) -> None:
    lines = [*view(folder).plain()]
    assert len(lines) == 4
    assert lines == drawn(folder, 1000).splitlines()
