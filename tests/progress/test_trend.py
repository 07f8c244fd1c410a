import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.progress.trend import WINDOW, chance, trend_of
from interviewer.progress.values import Trend


def found(*values: float) -> Trend:
    trend = trend_of(values)
    assert trend
    return trend


@pytest.mark.parametrize("values", [(), (3.0,), (3.0, 4.0)])
def test_fewer_than_three_values_have_no_trend(values: tuple[float, ...]) -> None:
    assert trend_of(values) is None


@pytest.mark.parametrize("n", [3, 4])
def test_of_three_or_four_values_the_slope_is_told_and_that_it_says_little(n: int) -> None:
    trend = found(*range(n))
    assert (trend.slope, trend.verdict) == (1.0, "too few")
    assert (trend.low, trend.high) == (None, None)


def test_five_values_in_order_are_the_fewest_that_are_called_rising() -> None:
    trend = found(1.0, 1.5, 1.9, 2.5, 3.0)
    assert trend.verdict == "rising"
    assert trend.low == pytest.approx(0.4)
    assert trend.high == pytest.approx(0.6)
    assert trend.p == pytest.approx(2 / 120)
    assert found(3.0, 2.5, 1.9, 1.5, 1.0).verdict == "falling"


def test_values_without_an_order_are_unclear_and_the_interval_holds_zero() -> None:
    trend = found(3.0, 4.0, 2.0, 3.5, 2.5, 3.2)
    assert trend.verdict == "unclear"
    assert trend.low is not None
    assert trend.high is not None
    assert trend.low < 0 < trend.high


def test_values_that_never_change_are_told_from_those_that_go_up_and_down() -> None:
    trend = found(*[3.0] * 10)
    assert (trend.slope, trend.p, trend.verdict) == (0.0, 1.0, "unchanged")
    assert found(*[3.0, 2.0] * 5).verdict == "unclear"


def test_one_odd_session_does_not_make_a_trend() -> None:
    assert abs(found(3.0, 3.1, 3.0, 3.1, 3.0, 3.1, 5.0).slope) < 0.1


def test_only_the_newest_count() -> None:
    rising = [1 + at / 10 for at in range(WINDOW)]
    assert found(*[5.0] * 500, *rising) == found(*rising)


@given(st.lists(st.floats(1, 5), min_size=5, max_size=12, unique=True))
def test_slope_and_chance_are_those_of_scipy(values: list[float]) -> None:
    from scipy import stats  # here, for each worker imports this file

    trend = found(*values)
    places = range(len(values))
    tau = stats.kendalltau(places, values, method="exact")
    assert trend.p == pytest.approx(float(tau.pvalue))
    assert trend.slope == pytest.approx(float(stats.theilslopes(values, places).slope))
    assert (trend.verdict in {"rising", "falling"}) == (float(tau.pvalue) <= 0.05)


def test_a_clear_trend_is_one_whose_interval_leaves_zero_out() -> None:
    chooser = random.Random(5)  # noqa: S311
    for _ in range(300):
        trend = found(*(chooser.random() + at / 30 for at in range(8)))
        assert trend.low is not None
        assert trend.high is not None
        assert (trend.verdict == "unclear") == (trend.low <= 0 <= trend.high)


def test_intervals_hold_the_true_slope_as_often_as_they_promise() -> None:
    chooser, hits, runs = random.Random(7), 0, 400  # noqa: S311
    for _ in range(runs):
        trend = found(*(chooser.gauss(0.2 * at, 1) for at in range(8)))
        assert trend.low is not None
        assert trend.high is not None
        hits += trend.low <= 0.2 <= trend.high
    assert 0.93 <= hits / runs <= 0.99


def test_all_orders_are_counted() -> None:
    assert [chance(3, score) for score in (3, 1)] == pytest.approx([2 / 6, 1.0])
    assert chance(4, 6) == pytest.approx(2 / 24)
