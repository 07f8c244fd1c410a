"""What the embedded engine's slots hold, against an engine that only takes notes."""

import asyncio
from pathlib import Path

import pytest

from interviewer.errors import UnreachableError
from interviewer.llm.slots import FILES, Slots

M = "\x1d"
ONE, TWO = f"How to label.{M}A1{M}", f"Who it was.{M}B1{M}"


class Engine:
    """Notes what it is asked; its states are files with what a slot holds."""

    def __init__(self, folder: Path, *, saves: bool = True) -> None:
        self.folder, self.saves = folder, saves
        self.done: list[tuple[str, int, str]] = []

    async def read(self, text: str, slot: int) -> None:
        self.done.append(("read", slot, text))

    async def move(self, action: str, slot: int, name: str) -> bool:
        self.done.append((action, slot, name if action == "restore" else ""))
        if action == "save" and self.saves:
            (self.folder / name).write_text("state")
        return self.saves

    def actions(self) -> list[tuple[str, int]]:
        done, self.done = self.done, []
        return [(action, slot) for action, slot, _ in done]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path)


def slots(engine: Engine, number: int = 2, name: str = "weights") -> Slots:
    return Slots(number, engine.folder, name)


async def test_the_beginning_of_a_template_is_read_once_and_then_restored(engine: Engine) -> None:
    first = await slots(engine).place(f"How to label.{M}A1", engine)
    assert engine.done[0] == ("read", 0, f"How to label.{M}")
    assert (first, engine.actions()) == (0, [("read", 0), ("save", 0)])

    again = await slots(engine).place(f"How to label.{M}B1", engine)
    assert (again, engine.actions()) == (0, [("restore", 0)])
    assert ["." in path.name for path in engine.folder.iterdir()] == [False]


async def test_a_prompt_that_goes_on_with_the_last_one_needs_nothing(engine: Engine) -> None:
    held = slots(engine)
    await held.place(ONE, engine)
    engine.done.clear()
    assert await held.place(f"{ONE}label{M}A2", engine) == 0
    assert await held.place(f"{ONE}label{M}A2{M}label{M}A3", engine) == 0
    assert engine.done == []


async def test_another_answer_starts_at_the_mark_though_it_begins_alike(engine: Engine) -> None:
    held = slots(engine)
    await held.place(ONE, engine)
    engine.done.clear()
    assert await held.place(f"How to label.{M}A1 and more{M}", engine) == 0
    assert engine.actions() == [("restore", 0)]


async def test_the_same_answer_starts_at_the_mark_again_so_that_its_grade_is_the_same(
    engine: Engine,
) -> None:
    held = slots(engine)
    for prompt in (ONE, f"{ONE}label{M}A2{M}"):
        await held.place(prompt, engine)
    engine.done.clear()
    assert await held.place(ONE, engine) == 0
    assert engine.actions() == [("restore", 0)]


async def test_each_kind_of_prompt_has_a_slot_and_the_one_idle_for_longest_makes_room(
    engine: Engine,
) -> None:
    held = slots(engine)
    assert [await held.place(each, engine) for each in (ONE, TWO, ONE, TWO)] == [0, 1, 0, 1]
    await held.place(ONE, engine)
    assert await held.place(f"A third.{M}C1", engine) == 1
    assert await held.place(f"{ONE}label{M}A2", engine) == 0


async def test_a_prompt_without_a_mark_goes_wherever_the_engine_likes(engine: Engine) -> None:
    assert await slots(engine).place("Say something.", engine) is None
    await slots(engine).warm("Say something.", engine)
    assert engine.done == []


async def test_reading_ahead_reads_up_to_the_last_mark(engine: Engine) -> None:
    await slots(engine).warm(f"Judge.{M}Asked: why?{M}The rest", engine)
    assert [text for action, _, text in engine.done if action == "read"] == [
        f"Judge.{M}",
        f"Judge.{M}Asked: why?{M}",
    ]
    engine.done.clear()
    await slots(engine).warm(f"Judge.{M}The rest", engine)
    assert engine.actions() == [("restore", 0)]


async def test_other_weights_have_states_of_their_own(engine: Engine) -> None:
    await slots(engine).place(ONE, engine)
    await slots(engine, name="others").place(ONE, engine)
    assert [action for action, _ in engine.actions()] == ["read", "save"] * 2


async def test_a_state_that_cannot_be_restored_is_read_and_saved_anew(engine: Engine) -> None:
    await slots(engine).place(ONE, engine)
    engine.saves = False
    engine.done.clear()
    assert await slots(engine).place(ONE, engine) == 0
    assert [action for action, _ in engine.actions()] == ["restore", "read", "save"]


async def test_the_oldest_states_go_first(engine: Engine) -> None:
    for at in range(FILES + 3):
        await slots(engine).place(f"{at}{M}x", engine)
    assert len([*engine.folder.iterdir()]) == FILES


async def test_a_folder_that_is_gone_is_no_matter(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "gone", saves=False)
    assert await slots(engine).place(ONE, engine) == 0


async def test_an_engine_that_is_gone_is_an_error(engine: Engine) -> None:
    async def gone(text: str, slot: int) -> None:
        raise UnreachableError("gone")

    engine.read = gone  # type: ignore[method-assign]
    held = slots(engine)
    async with held.lock:
        with pytest.raises(UnreachableError):
            await asyncio.wait_for(held.place(ONE, engine), 1)
