from interviewer.events import Answer, Begun, Event, Final, Graded, Probe, Question, Regraded
from interviewer.grade import Advice, Evidence, Flag, Grade
from interviewer.turn_notes import Quote, notes_of
from tests.transcript.samples import START

FIRST = "I was late. I told nobody."
SECOND = "I told the customer myself."
FINAL = "I was late with the release. I told the customer myself. We won back 40 orders."
PROBE = Probe(target="growth", text="And since?", source="model")


def session(final: Final, grade: Graded, *more: Event) -> list[Event]:
    return [
        Question(text="Tell me."),
        Answer(text=FIRST),
        PROBE,
        Answer(text=SECOND, to="growth"),
        final,
        grade,
        *more,
    ]


def evidence(target: str, sentence: int, text: str) -> Evidence:
    return Evidence(target=target, sentence=sentence, text=text)


def test_evidence_stands_with_the_final_answer_in_its_order() -> None:
    grade = Graded(
        criteria={"owns": 4.0},
        evidence=[
            evidence("damage", 3, "We won back 40 orders."),
            evidence("owns", 2, "I told the customer myself."),
            evidence("scene", 2, "I told the customer myself."),
        ],
    )

    notes = notes_of(session(Final(text=FINAL, kept=False), grade))

    assert list(notes) == [4]
    assert notes[4].quotes == (
        Quote("I told the customer myself.", ("owns", "scene")),
        Quote("We won back 40 orders.", ("damage",)),
    )
    assert notes[4].grade == grade


def test_where_the_candidate_kept_what_was_said_evidence_stands_with_each_answer() -> None:
    grade = Graded(
        evidence=[evidence("owns", 3, SECOND), evidence("scene", 1, "I was late.")],
        flags=[Flag(id="no-facts", text="It tells no facts.")],
    )

    notes = notes_of(session(Final(text=f"{FIRST}\n\n{SECOND}", kept=True), grade))

    assert notes[1].quotes == (Quote("I was late.", ("scene",)),)
    assert notes[3].quotes == (Quote(SECOND, ("owns",)),)
    assert notes[4].flags == ("It tells no facts.",)


def test_the_first_answer_has_the_notes_of_its_own_grade() -> None:
    first = Grade(criteria={"owns": 2.0}, evidence=[evidence("owns", 2, "I told nobody.")])
    grade = Graded(criteria={"owns": 4.0}, first=first)

    notes = notes_of(session(Final(text=FINAL, kept=False), grade))

    assert notes[1].quotes == (Quote("I told nobody.", ("owns",)),)
    assert notes[1].grade == first
    assert 4 not in notes


def test_advice_stands_with_what_shows_its_target_or_was_asked_for_it_or_nowhere() -> None:
    advice = [Advice(target=each, text=f"Say {each}.") for each in ("owns", "growth", "scene")]
    grade = Graded(evidence=[evidence("owns", 2, SECOND)], advice=advice)

    notes = notes_of(session(Final(text=FINAL, kept=False), grade))

    assert notes[4].advice == (("owns", "Say owns."),)
    assert notes[3].advice == (("growth", "Say growth."),)
    assert {number for number, each in notes.items() if each.advice} == {3, 4}


def test_the_last_grade_counts() -> None:
    again = Regraded(
        at=START, model="m", model_source="flag", evidence=[evidence("scene", 1, "I was late")]
    )
    grade = Graded(evidence=[evidence("owns", 2, SECOND)])

    notes = notes_of(session(Final(text=FINAL, kept=False), grade, again))

    assert notes[4].grade == again
    assert notes[4].quotes[0].shows == ("scene",)


def test_without_a_grade_or_an_answer_there_are_no_notes() -> None:
    flag = Flag(id="no-facts", text="It tells no facts.")

    assert notes_of([Question(text="Tell me."), Answer(text=FIRST)]) == {}
    assert notes_of([Graded(flags=[flag], evidence=[evidence("owns", 1, "x")])]) == {}


def test_each_interview_of_a_session_has_the_notes_of_its_own_grades() -> None:
    final = Final(text=FINAL, kept=False)
    grades = [Graded(evidence=[evidence(each, 2, SECOND)]) for each in ("owns", "scene")]
    again = Regraded(
        at=START, model="m", model_source="x", interview=1, evidence=[evidence("damage", 2, SECOND)]
    )
    begun = [Begun(number=n, of=2, at=START, guide={}, guide_source="") for n in (1, 2)]
    events = [begun[0], *session(final, grades[0]), begun[1], *session(final, grades[1]), again]

    notes = notes_of(events)

    assert {number: each.quotes[0].shows for number, each in notes.items()} == {
        5: ("damage",),
        12: ("scene",),
    }
