"""What somebody at a keyboard may type that is no answer, and what Ctrl-C does there."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from interviewer.cli.person import Interrupts, Person
from interviewer.session import Session
from tests.scripted import Typed


class Keys:
    """Types the given lines in turn; an exception is raised."""

    def __init__(self, *typed: str | type[BaseException]) -> None:
        self._typed = list(typed)
        self.optional = False

    async def read(self, purpose: str, *, optional: bool = False) -> Typed:  # noqa: ARG002
        self.optional = optional
        next_ = self._typed.pop(0)
        if isinstance(next_, str):
            return Typed(next_)
        raise next_

    def draft(self) -> str:
        return "What I am typ"

    def interrupt(self) -> bool:
        return False

    @contextmanager
    def hushed(self) -> Iterator[None]:
        yield


class Talk:
    """A session that listens to one person, or talks."""

    def __init__(self, *typed: str | type[BaseException]) -> None:
        self.told: list[str] = []
        self.heard: list[str] = []
        self.talks = False
        self.interrupts = Interrupts(self.told.append)
        self.person = Person(Keys(*typed), self.interrupts, self.told.append)

    def stop_talking(self) -> bool:
        talked, self.talks = self.talks, False
        return talked

    async def run(self) -> None:
        try:
            while True:
                self.heard.append((await self.person.read("answer")).text)
        except EOFError:
            return

    async def hold(self) -> bool:
        return await self.interrupts.run(cast("Session", self))


@pytest.mark.parametrize("typed", ["/help", " /HELP me", "/", "/nosuch", "/Hlep please"])
async def test_what_is_no_command_is_told_and_not_heard(typed: str) -> None:
    talk = Talk(typed, EOFError)
    assert not await talk.hold()
    assert talk.heard == []
    assert all(command in talk.told[0] for command in ("/hint", "/repeat", "/skip", "/quit"))
    assert ("There is no" in talk.told[0]) == ("help" not in typed.lower())


@pytest.mark.parametrize(
    "typed",
    ["/hint", "/QUIT", "/api/orders was down.", "/v2 was late", "/etc was full by noon.", ""],
)
async def test_commands_and_answers_are_heard(typed: str) -> None:
    talk = Talk(typed, EOFError)
    await talk.hold()
    assert (talk.heard, talk.told) == ([typed], [])


@pytest.mark.parametrize(
    ("typed", "leaves"),
    [
        ([KeyboardInterrupt, KeyboardInterrupt], True),
        ([KeyboardInterrupt, "words", KeyboardInterrupt, EOFError], False),
        ([KeyboardInterrupt, "/help", KeyboardInterrupt, EOFError], False),
        (["words", KeyboardInterrupt, KeyboardInterrupt], True),
    ],
)
async def test_two_presses_leave_where_nothing_comes_between(
    typed: list[str | type[BaseException]], leaves: bool
) -> None:
    talk = Talk(*typed)
    assert await talk.hold() is leaves
    assert "Ctrl-C again leaves; everything is saved." in talk.told


async def test_a_press_that_stops_the_talk_warns_of_nothing() -> None:
    talk = Talk(KeyboardInterrupt, "words", EOFError)
    talk.talks = True
    assert not await talk.hold()
    assert (talk.heard, talk.told) == (["words"], [])


async def test_an_interview_is_held_where_signals_cannot_be_minded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any) -> None:
        raise NotImplementedError

    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", refuse)
    talk = Talk("words", EOFError)
    assert not await talk.hold()
    assert talk.heard == ["words"]


def test_what_is_being_typed_can_be_read_ahead() -> None:
    talk = Talk()
    assert talk.person.draft() == "What I am typ"


async def test_where_an_empty_reply_will_do_the_keys_are_told() -> None:
    keys = Keys("", "4")
    person = Person(keys, Interrupts(print), print)
    assert (await person.read("own score", optional=True)).text == ""
    assert keys.optional
    await person.read("answer")
    assert not keys.optional
