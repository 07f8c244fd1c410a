import asyncio
from random import Random

import pytest

from interviewer.events import Event, Invitation, Probe, Question, Reply
from interviewer.shipped import shipped_folder
from interviewer.simulation.candidate import Scripted, steps_of
from interviewer.simulation.persona import Persona, find_personas
from interviewer.simulation.speech import Speech, beginning
from tests.simulation.samples import (
    CONTEXT,
    FORGETFUL,
    GUIDE,
    LESSON,
    RUDE,
    STORY,
    changed,
    scripted,
)

QUESTION = Question(text=GUIDE.question)
INVITATION = Invitation(text="Your final answer, please.")


def probe(target: str) -> Probe:
    return Probe(target=target, text="And what of it?", source="model")


def replies(candidate: Scripted, *asked: Event) -> list[str]:
    said = []
    for event in asked:
        candidate.hear(event)
        said.append(asyncio.run(candidate.read("answer")).text)
    return said


def test_who_knows_it_all_tells_it_in_order_and_adds_what_is_asked_for() -> None:
    asked = (QUESTION, probe("lesson"), INVITATION)
    first, more, final = replies(scripted(changed(tells=1.0)), *asked)
    assert first == f"{CONTEXT.told} {LESSON.told}"
    assert more == LESSON.more
    assert final == f"{CONTEXT.told} {LESSON.told} {LESSON.more}"


def test_who_forgot_a_part_tells_it_when_it_is_asked_for_and_all_of_it_at_the_end() -> None:
    candidate = scripted(FORGETFUL)
    (first,) = replies(candidate, QUESTION)
    (lacks,) = [part for part in STORY.parts if part.told not in first]
    answer, final = replies(candidate, probe(lacks.step), INVITATION)
    assert answer == f"{lacks.told} {lacks.more}"
    assert CONTEXT.told in final
    assert LESSON.told in final


def test_a_goal_asks_for_a_part_that_shares_a_label_with_it() -> None:
    assert steps_of(GUIDE, "growth") == {"lesson"}
    assert steps_of(GUIDE, "honesty") == set()
    candidate = scripted(changed(tells=0.0, first=("Well.",), asked="tells"))
    assert replies(candidate, QUESTION, probe("growth"))[1].startswith(LESSON.told)
    assert replies(candidate, probe("honesty"))  # whatever: no part of it is asked for


def test_who_is_brief_begins_a_part_and_tells_it_only_when_asked() -> None:
    candidate = scripted(changed(tells=1.0, briefly=True))
    first, answer = replies(candidate, QUESTION, probe("context"))
    assert first.startswith("The background is a billing tool.")
    assert STORY.told_in([first]) == set()
    assert answer == CONTEXT.told


def test_who_repeats_says_again_what_they_have_said() -> None:
    candidate = scripted(changed(asked="repeats"))
    first, again = replies(candidate, QUESTION, probe("lesson"))
    assert again == first


def test_lines_are_all_said_before_one_comes_again() -> None:
    first, one, two, three, final = replies(
        scripted(RUDE), QUESTION, probe("context"), probe("lesson"), probe("growth"), INVITATION
    )
    assert first == RUDE.first[0]
    assert {one, two} == set(RUDE.when_asked)
    assert three in RUDE.when_asked
    assert final == RUDE.at_the_end[0]


def test_who_keeps_what_they_said_says_so() -> None:
    assert replies(scripted(changed(final="keep")), QUESTION, INVITATION)[1] == "keep"


def test_a_request_comes_before_the_first_answer_and_only_once() -> None:
    candidate = scripted(changed(requests=("Could you repeat the question?",)))
    asked, answered = replies(candidate, QUESTION, Reply(kind="repeat", text=GUIDE.question))
    assert asked == "Could you repeat the question?"
    assert STORY.told_in([answered])


def test_one_seed_makes_one_interview_and_another_seed_another() -> None:
    def told(seed: int) -> list[str]:
        return replies(scripted(FORGETFUL, seed), QUESTION, probe("lesson"), INVITATION)

    assert told(1) == told(1)
    assert len({told(seed)[0] for seed in range(8)}) > 1


def test_a_candidate_leaves_where_an_interview_goes_on_for_ever() -> None:
    candidate = scripted(RUDE)
    assert candidate.draft() == ""
    with pytest.raises(EOFError):
        replies(candidate, *[QUESTION] * 100)


@pytest.mark.parametrize(
    "persona", find_personas("all", [shipped_folder() / "personas"]), ids=lambda each: each.id
)
def test_every_persona_that_ships_has_something_to_say_to_whatever_is_asked(
    persona: Persona,
) -> None:
    asked: tuple[Event, ...] = (
        QUESTION,
        QUESTION,
        *map(probe, ("context", "lesson", "honesty")),
        INVITATION,
    )
    for seed in range(5):
        assert all(text.strip() for text in replies(scripted(persona, seed), *asked))


def test_fillers_and_remarks_stand_around_what_is_told_and_change_nothing_of_it() -> None:
    speech = Speech(("um", "you know"), ("But that is another story.",), Random(3))  # noqa: S311
    said = speech.of([CONTEXT.told, LESSON.told])
    assert STORY.told_in([said]) == {"context", "lesson"}
    assert "But that is another story." in said
    assert "um, " in said.lower() or "you know, " in said.lower()


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (
            "I ran the tool for bakeries, which nobody wanted. It failed.",
            "I ran the tool for bakeries.",
        ),
        ("Well, I ran it, as one does.", "Well, I ran it, as one does."),
        ("It failed. And then?", "It failed."),
        ("no end", "no end"),
    ],
)
def test_a_beginning_is_a_sentence_up_to_a_comma_after_a_few_words(text: str, begins: str) -> None:
    assert beginning(text) == begins
