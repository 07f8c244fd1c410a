import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import UsageError
from interviewer.grading import agreement as module
from interviewer.grading.agreement import agreement, agreement_of_several, onto

SCALE = (1.0, 7.0)


def noisy(n: int, noise: float, seed: int = 1) -> list[tuple[float, float]]:
    rng = random.Random(seed)  # noqa: S311
    pairs = []
    for _ in range(n):
        human = rng.uniform(1, 7)
        pairs.append((human, min(7.0, max(1.0, human + rng.gauss(0, noise)))))
    return pairs


def test_the_figures_are_those_of_the_libraries() -> None:
    # Here, for each worker imports this file.
    from scipy.stats import pearsonr, spearmanr
    from sklearn.metrics import cohen_kappa_score

    pairs = noisy(60, 1.0)
    human, machine = zip(*pairs, strict=True)
    found = agreement(pairs, scale=SCALE)
    assert found.n == 60
    assert found.pearson.value == pytest.approx(pearsonr(human, machine)[0])
    assert found.spearman.value == pytest.approx(spearmanr(human, machine)[0])
    a, b = ([int(x + 0.5) for x in side] for side in (human, machine))
    assert found.kappa.value == pytest.approx(cohen_kappa_score(a, b, weights="quadratic"))
    assert found.mae.value == pytest.approx(sum(abs(x - y) for x, y in pairs) / 60)
    assert found.exact.value == sum(x == y for x, y in zip(a, b, strict=True)) / 60
    assert found.adjacent.value
    assert found.adjacent.value >= found.exact.value


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=30))
def test_no_data_gives_a_nan_or_a_warning(pairs: list[tuple[float, float]]) -> None:
    found = agreement(pairs, scale=SCALE, resamples=50)
    for estimate in (found.kappa, found.pearson, found.spearman, found.mae, found.exact):
        assert estimate.value is None or estimate.value == estimate.value
        assert (estimate.value is None) <= bool(estimate.reason)
    if found.kappa.value is not None:  # the bootstrap's formula is scikit-learn's
        a, b = zip(*pairs, strict=True)
        own = module._kappa(*(module_array(x) for x in (a, b)))
        assert found.kappa.value == pytest.approx(float(own[0]))


def module_array(values: Sequence[float]) -> "module.Numbers":
    import numpy as np

    return np.asarray([values], dtype=float)


def test_the_interval_holds_the_value_narrows_with_data_and_is_the_same_each_time() -> None:
    few, many = (agreement(noisy(n, 1.0), scale=SCALE).pearson for n in (20, 500))
    for found in (few, many):
        assert found.low is not None
        assert found.high is not None
        assert found.value is not None
        assert found.low < found.value < found.high
    assert few.high - few.low > many.high - many.low  # type: ignore[operator]
    assert agreement(noisy(20, 1.0), scale=SCALE).pearson == few


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    truth = agreement(noisy(20_000, 1.5, seed=99), scale=SCALE, resamples=2).pearson.value
    assert truth is not None
    found = [agreement(noisy(40, 1.5, s), scale=SCALE, resamples=300).pearson for s in range(60)]
    held = sum((e.low or 0) <= truth <= (e.high or 0) for e in found)
    assert 51 <= held <= 60


def test_perfect_agreement_is_one() -> None:
    found = agreement([(x, x) for x in (1.0, 3.0, 5.0, 7.0)], scale=SCALE)
    assert found.kappa.value == found.pearson.value == found.exact.value == pytest.approx(1)
    assert found.mae.value == 0


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([], "0 pairs"),
        ([(1, 2), (3, 4)], "2 pairs"),
        ([(3.3, x) for x in (1, 2, 3)], "same score"),
        ([(x, 0.1 + 0.2) for x in (1, 2, 3)], "same score"),
    ],
)
def test_degenerate_data_has_no_correlation_and_says_why(
    pairs: list[tuple[float, float]], reason: str
) -> None:
    found = agreement(pairs, scale=SCALE)
    for estimate in (found.kappa, found.pearson, found.spearman):
        assert estimate.value is None
        assert reason in estimate.reason


def test_raters_outside_the_scale_are_refused_with_the_remedy() -> None:
    with pytest.raises(UsageError, match="a score of 9 is outside the scale 1 to 7") as error:
        agreement([(9, 1), (2, 2), (3, 3)], scale=SCALE)
    assert "--scale 2 9" in error.value.hint
    with pytest.raises(UsageError, match="does not rise"):
        agreement([(1, 1)], scale=(5, 1))


def test_several_comparisons_are_averaged() -> None:
    one, two = noisy(30, 1.0, 1), noisy(30, 1.0, 2)
    both = agreement_of_several([one, two], scale=SCALE).pearson.value
    each = [agreement(pairs, scale=SCALE).pearson.value or 0 for pairs in (one, two)]
    assert both == pytest.approx(sum(each) / 2)


def test_scores_are_mapped_onto_the_raters_scale() -> None:
    assert [onto(score, SCALE) for score in (1, 3, 5)] == [1, 4, 7]
