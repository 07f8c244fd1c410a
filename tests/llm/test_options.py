"""The arithmetic of a choice."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import UndecidedError
from interviewer.llm.options import check_options, from_samples, from_tokens, match
from interviewer.llm.replies import Token

POINTS = tuple("12345")


def likely(**chances: float) -> list[Token]:
    return [
        Token(token=token.removeprefix("p"), logprob=math.log(chance))
        for token, chance in chances.items()
    ]


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("Yes", "Yes"),
        (" yes", "Yes"),
        ("YES.", "Yes"),
        ('"Y', "Yes"),
        ("\u2581No", "No"),
        ("_no", "No"),
        ("Yesterday", None),
        ("Nothing", None),
        ("", None),
        (" ", None),
        ("...", None),
    ],
)
def test_ways_to_say_an_option(said: str, option: str | None) -> None:
    assert match(said, ("Yes", "No")) == option


def test_figures_are_options_too() -> None:
    p = from_tokens(likely(p4=0.5, p5=0.3, p10=0.1), POINTS, 0.5)

    assert p["4"] == pytest.approx(0.5 / 0.8, rel=0.3)
    assert list(p) == list(POINTS)


@pytest.mark.parametrize("options", [("Yes",), ("yes", "Yet"), ("No", "?"), ()])
def test_options_that_can_not_be_told_apart_are_refused(options: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="first letter"):
        check_options(options)


def test_an_unseen_option_is_no_likelier_than_the_least_likely_token() -> None:
    p = from_tokens(likely(Yes=0.7, Is=0.1), ("Yes", "No"), 0.5)

    assert p["No"] == pytest.approx(0.1 / 0.8)


def test_unseen_options_share_what_is_left_over() -> None:
    p = from_tokens(likely(p1=0.9), POINTS, 0.5)

    assert p["5"] == pytest.approx(0.025)


def test_an_unseen_option_is_never_impossible() -> None:
    assert 0 < from_tokens(likely(Yes=1.0), ("Yes", "No"), 0.5)["No"] < 1e-6


def test_no_option_seen_at_all_is_undecided_whatever_the_floor() -> None:
    with pytest.raises(UndecidedError):
        from_tokens(likely(Hm=1.0), ("Yes", "No"), 0.0)


def test_samples_are_smoothed() -> None:
    assert from_samples(["Yes"] * 5, ("Yes", "No"), 0.5) == pytest.approx(
        {"Yes": 6 / 7, "No": 1 / 7}
    )


def test_too_many_samples_beside_the_options_are_undecided() -> None:
    with pytest.raises(UndecidedError, match="only 2 of 5"):
        from_samples(["Yes", "No", "?", "Hm", "So"], ("Yes", "No"), 0.5)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Yes", "No", "Y", " no", "Hm", ""]), st.floats(-30, 0)),
        min_size=1,
        max_size=20,
    )
)
def test_a_choice_is_a_distribution_or_undecided(found: list[tuple[str, float]]) -> None:
    alternatives = [Token(token=token, logprob=logprob) for token, logprob in found]
    try:
        p = from_tokens(alternatives, ("Yes", "No"), 0.0)
    except UndecidedError:
        return
    assert sum(p.values()) == pytest.approx(1)
    assert all(0 < chance < 1 for chance in p.values())
