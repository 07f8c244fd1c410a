import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grade import Evidence
from interviewer.marking import Marked, marked
from interviewer.text import parts, units

TWICE = "I asked nobody. It failed. I asked nobody."


def shows(target: str, sentence: int, text: str) -> Evidence:
    return Evidence(target=target, sentence=sentence, text=text)


def spans(found: Marked) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Return the marked segments of each text, and what they show."""
    return [[(each.text, each.shows) for each in text if each.shows] for text in found.texts]


@pytest.mark.parametrize(("sentence", "before"), [(1, ""), (3, "I asked nobody. It failed. ")])
def test_of_two_equal_sentences_the_numbered_one_is_marked(sentence: int, before: str) -> None:
    (text,) = marked([TWICE], [shows("honesty", sentence, "I asked nobody.")]).texts
    place = next(at for at, each in enumerate(text) if each.shows)
    assert "".join(each.text for each in text[:place]) == before


def test_a_wrong_number_marks_the_words_and_not_the_sentence() -> None:
    found = marked([TWICE], [shows("honesty", 1, "It failed.")])
    assert spans(found) == [[("It failed.", ("honesty",))]]


def test_words_that_were_not_said_are_lost_and_mark_nothing() -> None:
    evidence = shows("honesty", 1, "I asked everybody.")
    found = marked([TWICE], [evidence])
    assert (spans(found), found.lost) == ([[]], (evidence,))


def test_one_sentence_can_show_several_things() -> None:
    found = marked([TWICE], [shows("honesty", 2, "It failed."), shows("context", 2, "It failed.")])
    assert spans(found) == [[("It failed.", ("honesty", "context"))]]


def test_a_piece_of_a_marked_sentence_is_marked_for_both() -> None:
    said = "I asked nobody, and it failed."
    found = marked([said], [shows("honesty", 1, said), shows("context", 1, "it failed.")])
    assert spans(found) == [
        [("I asked nobody, and ", ("honesty",)), ("it failed.", ("honesty", "context"))]
    ]
    assert [each.ends for each in found.texts[0]] == [(), ("honesty", "context")]


def test_sentences_are_counted_through_all_turns_of_an_interview() -> None:
    found = marked(["I asked nobody. It failed.", "I asked nobody."], [
        shows("honesty", 3, "I asked nobody.")
    ])  # fmt: skip
    assert spans(found) == [[], [("I asked nobody.", ("honesty",))]]


def test_a_part_of_the_last_turn_is_found_by_its_letter() -> None:
    """Checks number the last turn's parts alone; where they are many, neighbours are one part."""
    last = " ".join(f"I tried thing {number}.\n" for number in range(40)) + TWICE
    number, (_, text) = 2, parts(last)[1]
    found = marked(["Yes.", last], [shows("honesty", number, text)])
    assert spans(found) == [[], [("I tried thing 2.\n I tried thing 3.", ("honesty",))]]


def test_every_unit_that_grading_judges_is_found() -> None:
    long = "I " + "asked somebody and then " * 30 + "stopped."
    said = f'Well, "no." \n\n{long}  I left, e.g. in May. It was no. 5'
    evidence = [shows(str(at), number, text) for at, (number, text) in enumerate(units(said))]
    found = marked([said], evidence)
    assert not found.lost
    for at, each in enumerate(evidence):
        segments = found.texts[0]
        assert "".join(part.text for part in segments if str(at) in part.shows) == each.text


@given(
    st.lists(st.text(alphabet="ab.!\n \"'é\u202e", max_size=30), min_size=1, max_size=3),
    st.data(),
)
def test_nothing_that_was_said_is_lost_or_changed(said: list[str], data: st.DataObject) -> None:
    found = units("\n\n".join(said))
    chosen = data.draw(st.lists(st.sampled_from(found), max_size=4)) if found else []
    texts = marked(said, [shows("x", number, text) for number, text in chosen])
    assert ["".join(each.text for each in text) for text in texts.texts] == said
    assert not texts.lost
