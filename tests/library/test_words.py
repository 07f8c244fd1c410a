"""Words are found as a person would find them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.library.words import Query, snippet, spoken


def hits(words: str, text: str) -> bool:
    return Query.of(words).hits(spoken(text).encode())


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("launch", "The LAUNCH failed."),
        ("launch", "Two launches failed."),
        ("refund launch", "A launch, then a refund."),
        ('"rolled back"', "We rolled\nback."),
        ('"rolled back', "We rolled back."),
        ("cafe", "In a caf\u00e9."),
        ("cafe", "In a cafe\u0301."),
        ("CAF\u00c9", "in a cafe"),
        ("stra\u00dfe", "STRASSE"),
        ("dont", "I don't know."),
        ("don\u2019t", "I don't know."),
        ("don't", "I don\u2019t know."),
        ("roll-back", "the roll-back plan"),
        ("3.5", "by 3.5 %"),
        ("\u5931\u6557", "\u79c1\u306f\u5931\u6557\u3057\u305f"),
    ],
)
def test_it_is_found(words: str, text: str) -> None:
    assert hits(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("art", "We started."),
        ("launch refund", "The launch failed."),
        ('"back rolled"', "We rolled back."),
        ('"rolled back"', "We rolled it back."),
        ("3.5", "by 35 %"),
        ("\u5931\u6557", "\u6557\u5931"),
    ],
)
def test_it_is_not_found(words: str, text: str) -> None:
    assert not hits(words, text)


@pytest.mark.parametrize("words", ["", "  ", '""', "!?", '"...', "\udcff"])
def test_without_a_word_there_is_nothing_to_look_for(words: str) -> None:
    assert not Query.of(words).parts


def test_a_phrase_does_not_reach_from_one_text_into_the_next() -> None:
    said = "\n".join([spoken("It was late."), spoken("Why was it?")]).encode()
    assert not Query.of('"late why"').hits(said)


@given(st.text(), st.text(max_size=4))
def test_a_place_is_shown_wherever_and_only_where_a_part_is_found(text: str, words: str) -> None:
    query = Query.of(words)
    found = [part for part in query.parts if Query((part,)).hits(spoken(text).encode())]
    assert bool(query.places(text)) == bool(found)


@given(st.text(min_size=1), st.data())
def test_any_word_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    words = spoken(text).split(" ")[1:-1]
    if any(words):
        assert hits(data.draw(st.sampled_from([word for word in words if word])), text)


def marked(words: str, text: str) -> list[str]:
    return [text[span.start : span.end] for span in Query.of(words).places(text)]


def test_places_are_whole_words_of_the_text_as_it_stands() -> None:
    assert marked("dont cafe", "I DON'T like Caf\u00e9s.") == ["DON'T", "Caf\u00e9s"]


def test_places_that_overlap_are_one() -> None:
    assert marked('"rolled back" back', "It rolled back, far back.") == ["rolled back", "back"]


def test_a_snippet_is_one_line_around_the_first_place_cut_between_words() -> None:
    text = "one two three four five\n\nsix seven launch eight nine ten eleven twelve thirteen"
    piece = snippet(text, Query.of("launch").places(text), width=30)

    assert "\n" not in piece.text
    assert [piece.text[span.start : span.end] for span in piece.marked] == ["launch"]
    assert piece.text.startswith("... ")
    assert piece.text.endswith(" ...")
    assert set(piece.text.replace("...", "").split()) <= set(text.split())


def test_a_snippet_uses_its_whole_width_at_the_end_of_a_text() -> None:
    text = "one two three four five six launch"
    assert snippet(text, Query.of("launch").places(text), width=34).text == text
    assert snippet(text, Query.of("launch").places(text), width=30).text == f"... {text[8:]}"


def test_a_short_text_is_a_snippet_without_dots() -> None:
    text = "We launched."
    assert snippet(text, Query.of("launch").places(text)).text == text


@given(st.text(min_size=1), st.text(min_size=1, max_size=3), st.integers(10, 80))
def test_a_snippet_marks_what_was_looked_for(text: str, words: str, width: int) -> None:
    spans = Query.of(words).places(text)
    if spans:
        piece = snippet(text, spans, width=width)
        first = piece.marked[0]
        at = text[spans[0].start : spans[0].end]
        assert [*piece.text[first.start : first.end].split()] == [*at.split()]
