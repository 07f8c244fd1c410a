import json

from interviewer.events import Answer
from interviewer.export.as_json import object_of
from interviewer.grade import Grade
from tests.export.samples import EVENTS, LATER, PROBED, SAID, evil, session


def test_an_object_has_what_scripts_ask_for() -> None:
    found = object_of(session(*EVENTS, (97.0, LATER)), mark="m")
    assert (found["export"], found["id"], found["started_at"]) == (
        *(1, "0f3a"),
        "2031-05-08T14:03:00+00:00",
    )
    assert found["model"] == {"name": "tiny", "source": "a test"}
    assert found["guide"]["source"] == "failure"
    assert found["guide"]["goals"][0]["id"] == "honesty"
    assert found["utterances"][3] == {
        "number": 4,
        "turn": 2,
        "at_s": 33.0,
        "role": "interviewer",
        "kind": "probe",
        "text": PROBED,
        "target": "lesson",
        "name": "Share the Lesson",
        "intent": None,
        "seconds": None,
        "kept": False,
        "cut": False,
    }
    (gap,) = found["gaps"]
    assert gap["turn"] == 2
    assert found["utterances"][gap["probe"] - 1]["text"] == PROBED
    assert found["utterances"][gap["answers"][0] - 1]["text"] == "I asked nobody."
    assert (gap["before"], gap["after"], gap["closed"]) == (0.1, 0.6, "partly closed")
    assert found["unasked"] == ["growth"]
    assert found["answer"] == SAID
    assert found["self_scored"] == {"honesty": 5, "growth": 3}
    assert found["end"]["reason"] == "graded"
    lesson = found["stronger"]["additions"][0]
    assert (lesson["target"], lesson["serves"]) == ("lesson", ["growth"])
    assert lesson["text"] in found["stronger"]["text"]


def test_grades_read_back_as_grades() -> None:
    found = object_of(session(*EVENTS, (97.0, LATER)), mark="m")
    assert Grade.model_validate(found["grade"]).overall == 3.1
    assert Grade.model_validate(found["first"]).overall == 2.0
    (later,) = found["regraded"]
    assert (later["model"], later["overall"], later["at"][:10]) == (
        *("later-model", 4.0),
        "2031-06-01",
    )


def test_what_is_not_there_is_null() -> None:
    found = object_of(session((1.0, Answer(text="So."))), mark="m")
    absent = ("grade", "first", "self_scored", "stronger", "end")
    assert [found[each] for each in absent] == [None] * 5
    assert found["regraded"] == found["gaps"] == []


def test_words_come_back_as_they_were_said() -> None:
    account = evil()
    found = json.loads(json.dumps(object_of(account, mark="m")))
    assert found["answer"] == account.answer
    assert found["utterances"][0]["text"] == account.utterances[0].text
