import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.terminal.piped import Paragraphs, Piped

LINES = st.text(st.sampled_from("ab é日\t\x0b\x85\u2028"), min_size=1, max_size=8).filter(str.strip)
PARAGRAPHS = st.lists(st.lists(LINES, min_size=1, max_size=3).map("\n".join), max_size=5)


def split(data: bytes, size: int) -> list[str]:
    paragraphs = Paragraphs()
    found = [p for at in range(0, len(data), size) for p in paragraphs.feed(data[at : at + size])]
    return found + paragraphs.feed(b"", final=True)


@given(
    written=PARAGRAPHS,
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    blank=st.sampled_from(["{0}", "{0} {0}", "{0}{0}\t{0}"]),
    mark=st.sampled_from(["", "\ufeff"]),
    size=st.integers(1, 9),
)
def test_every_paragraph_comes_out_whole_however_the_bytes_arrive(
    written: list[str], ending: str, blank: str, mark: str, size: int
) -> None:
    text = mark + (ending + blank.format(ending)).join(p.replace("\n", ending) for p in written)

    assert split(text.encode(), size) == [paragraph.strip() for paragraph in written]


@given(data=st.binary(max_size=60), size=st.integers(1, 9))
def test_any_bytes_are_text(data: bytes, size: int) -> None:
    found = split(data, size)

    assert found == split(data, 1000)
    assert all(paragraph.strip() == paragraph != "" for paragraph in found)
    "".join(found).encode()


def test_bytes_that_are_not_utf_8_are_marked() -> None:
    assert split(b"caf\xe9\n\xc3", 1) == ["caf\N{REPLACEMENT CHARACTER}\n\N{REPLACEMENT CHARACTER}"]


async def test_a_reply_is_there_as_soon_as_its_paragraph_ends() -> None:
    reads, writes = os.pipe()
    piped = Piped(reads)
    os.write(writes, b"first\nline two\n\nsec")
    first = await piped.read("answer")
    second = asyncio.ensure_future(piped.read("answer"))
    await asyncio.sleep(0.02)
    assert not second.done()
    os.write(writes, b"ond\n\n")
    assert (first.text, (await second).text) == ("first\nline two", "second")
    assert first.seconds is None

    os.write(writes, b"last")
    os.close(writes)
    assert (await piped.read("final answer")).text == "last"
    for _ in range(2):
        with pytest.raises(EOFError):
            await piped.read("answer")
    os.close(reads)


async def test_a_read_that_is_cancelled_loses_nothing() -> None:
    reads, writes = os.pipe()
    piped = Piped(reads)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(piped.read("answer"), 0.02)
    os.write(writes, b"kept\n\n")

    assert (await piped.read("answer")).text == "kept"
    os.close(writes)
    os.close(reads)


async def test_no_input_at_all_is_the_end(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(EOFError):
        await Piped(folder).read("answer")
    os.close(folder)


def test_a_program_may_end_while_a_read_waits() -> None:
    reads, writes = os.pipe()

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Piped(reads).read("answer"), 0.02)

    asyncio.run(give_up())
    os.write(writes, b"nobody reads this")
    os.close(writes)


def test_a_pipe_is_not_watched_while_it_is_filled() -> None:
    assert Piped().draft() == ""


async def test_the_end_of_a_pipe_is_known_without_waiting_for_who_writes_it() -> None:
    reads, writes = os.pipe()
    piped = Piped(reads)
    assert not await piped.has_ended()  # nobody knows yet
    os.write(writes, b"one\n\ntwo")
    assert (await piped.read("answer")).text == "one"
    assert not await piped.has_ended()
    os.close(writes)
    assert not await piped.has_ended()  # the last paragraph is not read yet
    assert (await piped.read("answer")).text == "two"
    assert await piped.has_ended()
