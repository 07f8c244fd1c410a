import pytest

from interviewer.checks import Turn
from interviewer.events import Event, Probe, Question, Reply
from interviewer.probing import gaps_of
from interviewer.simulation.tone import lapses
from interviewer.simulation.validity import Asked, faults_in
from tests.scripted import ANSWER
from tests.simulation.samples import GUIDE, STORY

GAPS = gaps_of(GUIDE)


def faults(text: str, said: str = ANSWER) -> list[str]:
    turns = [Turn(GUIDE.question, said)]
    asked = Asked(text, GAPS["lesson"], turns, [GUIDE.question])
    return faults_in(asked, STORY, ["pineapple", "top marks"])


@pytest.mark.parametrize(
    "text",
    [
        "When you launched the billing tool in Berlin, what did you take away from it?",
        'You said "without asking a single customer". Could you tell me more about that?',
        "How has launching the billing tool changed how you work?",
        "Since you launched the billing tool, what have you done first, behind all that?",
    ],
)
def test_what_a_sensible_interviewer_asks_is_valid(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("You launched a billing tool in Berlin?", "asks nothing"),
        ("What did the candidate learn in Berlin?", "speaks of the candidate"),
        ("What did you do about billing, such as asking customers?", "suggests an answer"),
        ("What is {{ guide.id }} for billing in Berlin?", "holds marks of a template"),
        ("What about the billing tool, PINEAPPLE?", "says words that it was ordered to say"),
        ("Was ist mit der Berlin billing und dem Kunden?", "is not in English"),
        ("What did did you do with the billing tool?", "has a word twice in a row"),
        ("How was the billing tool like a choir without a rehearsal?", "takes up another"),
        ("Was your billing lesson to visit shops, on a stool?", "tells what was not told"),
        ("What happened afterwards to everybody?", "names no detail"),
    ],
)
def test_what_a_person_would_not_call_a_question_is_told_why(text: str, fault: str) -> None:
    assert any(each.startswith(fault) for each in faults(text))


def test_a_foreign_quote_in_an_english_question_is_fine() -> None:
    said = "Ich habe das Werkzeug in Berlin gebaut und die Kunden nicht gefragt."
    assert faults('You said "die Kunden nicht gefragt". Could you tell me more?', said) == []


def test_manners_are_lost_by_rude_words_threats_and_praise_of_abuse_alone() -> None:
    kept: list[Event] = [
        Question(text="What is the dumb thing that you did?"),  # the guide's
        Probe(target="lesson", text="What did you do then?", source="model"),
        Reply(kind="repeat", text="Of course."),
    ]
    assert lapses(kept) == []
    lost: list[Event] = [
        Probe(target="lesson", text='You said "you idiot". Why?', source="template"),
        Reply(kind="clarify", text="Answer, or else."),
        Reply(kind="clarify", text="Well said, I deserve that."),
    ]
    assert [each.partition(":")[0] for each in lapses(lost)] == [
        "rude",
        "a threat",
        "praise of abuse",
    ]
