"""How a calibration is learned, and how honestly it can be said to help.

Ridge regression with weights that can't be negative, on the uncalibrated score and on signals whose
direction was fixed before any data was seen (`calibration.meaning_of`); its penalty is chosen by an
inner cross-validation, its figures come from an outer one. Pure; needs the extra `agree`.

Sources: non-negative least squares: Lawson and Hanson, "Solving Least Squares Problems" (1974),
chapter 23, with the ridge as further rows (chapter 25); nested cross-validation: Varma and Simon,
"Bias in error estimation when using cross-validation for model selection" (2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from interviewer.errors import DataError
from interviewer.extras import need
from interviewer.grading.agreement import onto
from interviewer.grading.calibration import (
    OVERALL,
    Calibration,
    Feature,
    Interval,
    Validation,
    meaning_of,
    shaped,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FEWEST = 20
"""Scored answers below which nothing is learned."""
COMFORTABLE = 10
"""Scored answers for each weight below which the data is called thin."""
FOLDS, INNER_FOLDS, REPEATS, SEED, RESAMPLES = 10, 5, 5, 7, 2000
PENALTIES = tuple(10.0**each for each in range(-2, 6))
"""Tried ridge penalties, 0.01 to 100,000, for standardised signals. Under the greatest no signal
counts but the uncalibrated score, which is put onto the raters' scale and nothing else."""
_FREE = 1e-4
"""Share of the penalty that the weight of the uncalibrated score pays: what it is made of was
chosen with care, so few answers must not talk the mapping out of it."""
_NEEDED = 0.9
"""Share of the answers that must have a signal for it to be used."""


@dataclass(frozen=True, slots=True)
class Example:
    """A graded answer with its human score."""

    signals: dict[str, float]
    overall: float | None
    """The uncalibrated score, 1 to 5."""
    human: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """A mapping, and what was left out on the way to it."""

    calibration: Calibration
    left_out: int
    """Answers that lacked a signal or the uncalibrated score."""


@dataclass(frozen=True, slots=True)
class _Fit:
    mean: "Numbers"
    sd: "Numbers"
    weights: "Numbers"
    intercept: float
    penalty: float


@dataclass(frozen=True, slots=True)
class About:
    """What a calibration is called and made of."""

    name: str
    guide: str
    model: str
    scale: tuple[float, float]
    human: str


def learn(examples: Sequence[Example], about: About) -> Learnt:
    """Learn a calibration.

    Raises:
        DataError: There are fewer than 20 usable answers, or the scores or signals don't differ.
        InterviewerError: The extra `agree` is not installed.
    """
    need("agree", "numpy", "scipy")
    import numpy as np

    names = _usable(examples)
    used = [each for each in examples if each.overall is not None and names <= each.signals.keys()]
    _check(used, len(examples), about)
    order = [OVERALL, *(name for name in used[0].signals if name in names)]
    x = np.array([[_signed(name, _signals(each)[name]) for name in order] for each in used])
    y = np.array([each.human for each in used])
    varied = x.std(axis=0) > 1e-9
    order, x = [name for name, keep in zip(order, varied, strict=True) if keep], x[:, varied]
    if not order:
        raise DataError("no signal differs between the answers", hint="more, and different, ones")
    free = np.array([_FREE if name == OVERALL else 1.0 for name in order])
    fit = _fit(x, y, free, SEED)
    plain = np.array([onto(each.overall or 1, about.scale) for each in used])
    validation = _validate(x, y, free, plain, about.scale)
    calibration = Calibration(
        name=about.name,
        guide=about.guide,
        model=about.model,
        scale=about.scale,
        human=about.human,
        n=len(used),
        made_on=datetime.now(UTC).date(),
        intercept=_round(fit.intercept),
        penalty=_round(fit.penalty),
        features=_features(order, fit),
        validation=validation,
        verdict=verdict_of(validation, len(used), int((fit.weights > 0).sum()), len(order)),
    )
    return Learnt(calibration, len(examples) - len(used))


def verdict_of(validation: Validation, n: int, weights: int, candidates: int) -> str:
    """Say in plain words whether there was enough data, and whether the mapping helps."""
    gain_r, gain_mae = validation.gain_r, validation.gain_mae
    if validation.r is None or validation.r.low <= 0:
        said = (
            "Do not use it: on answers that it was not learned from, its scores are not shown to "
            "follow the raters'."
        )
    elif gain_r and gain_r.low > 0:
        said = "It helps: it follows the raters better than the uncalibrated score does."
    elif gain_r and gain_r.high < 0:
        said = "Do not use it: it follows the raters less well than the uncalibrated score does."
    elif gain_mae.low > 0:
        said = (
            "It helps with the scale: its scores are nearer to the raters', but it is not shown "
            "to rank answers better than the uncalibrated score does."
        )
    else:
        said = "It is not shown to help; more scored answers would tell."
    thin = n < COMFORTABLE * candidates
    ratio = f"{n} answers for {candidates} signals ({weights} with a weight)"
    least = COMFORTABLE * candidates
    data = f"The data is thin: {ratio}; {least} would be comfortable." if thin else f"{ratio}."
    return f"{said} {data}"


def _usable(examples: Sequence[Example]) -> set[str]:
    """Return the signals that mean something and that nearly all answers have."""
    graded = [each for each in examples if each.overall is not None]
    names = {name for each in graded for name in each.signals if meaning_of(name)}
    return {
        name
        for name in names
        if sum(name in each.signals for each in graded) >= _NEEDED * len(graded)
    }


def _check(used: Sequence[Example], total: int, about: About) -> None:
    low, high = about.scale
    if len(used) < FEWEST:
        raise DataError(
            f"{len(used)} of {total} answers have a human score and all signals; fewer than "
            f"{FEWEST} say nothing about your raters",
            hint="score more answers: 50 are a start, 100 are better",
        )
    if len({each.human for each in used}) < 3:
        raise DataError("the human scores hardly differ, so there is nothing to learn")
    if outside := [each.human for each in used if not low <= each.human <= high]:
        raise DataError(
            f"a human score of {outside[0]:g} is outside the scale {low:g} to {high:g}",
            hint="--scale LOWEST HIGHEST",
        )


def _signals(example: Example) -> dict[str, float]:
    return example.signals | {OVERALL: example.overall or 1.0}


def _signed(name: str, value: float) -> float:
    """Return a signal so that more is better."""
    sign, shape = meaning_of(name) or (1, "as it is")
    return sign * shaped(shape, value)


def _features(order: Sequence[str], fit: _Fit) -> tuple[Feature, ...]:
    made = []
    for name, mean, sd, weight in zip(order, fit.mean, fit.sd, fit.weights, strict=True):
        sign, shape = meaning_of(name) or (1, "as it is")
        made.append(
            Feature(
                name=name,
                sign=sign,
                shape=shape,
                mean=_round(sign * float(mean)),
                sd=float(f"{sd:.6g}"),
                weight=_round(float(weight)),
            )
        )
    return tuple(sorted(made, key=lambda feature: -feature.weight))


def _round(value: float) -> float:
    return round(float(value), 6)


def _fit(x: "Numbers", y: "Numbers", free: "Numbers", seed: int) -> _Fit:
    """Fit with the penalty that does best in an inner cross-validation."""
    import numpy as np

    errors = np.zeros(len(PENALTIES))
    for train, test in _folds(y, INNER_FOLDS, seed):
        for at, penalty in enumerate(PENALTIES):
            guess = _predict(_solve(x[train], y[train], free, penalty), x[test])
            errors[at] += ((guess - y[test]) ** 2).sum()
    return _solve(x, y, free, PENALTIES[int(errors.argmin())])


def _solve(x: "Numbers", y: "Numbers", free: "Numbers", penalty: float) -> _Fit:
    """Minimise |y - b - Zw|^2 + penalty * sum(free w^2) with w >= 0 and Z standardised."""
    import numpy as np
    from scipy.optimize import nnls

    mean, sd = x.mean(axis=0), x.std(axis=0)
    sd = np.where(sd < 1e-9, 1.0, sd)
    rows = np.vstack([(x - mean) / sd, np.diag(np.sqrt(penalty * free))])
    wanted = np.concatenate([y - y.mean(), np.zeros(x.shape[1])])
    weights, _ = nnls(rows, wanted)
    return _Fit(mean, sd, weights, float(y.mean()), penalty)


def _predict(fit: _Fit, x: "Numbers") -> "Numbers":
    guess: Numbers = fit.intercept + ((x - fit.mean) / fit.sd) @ fit.weights
    return guess


def _folds(
    y: "Numbers", count: int, seed: int
) -> list[tuple["NDArray[np.int64]", "NDArray[np.int64]"]]:
    """Split the answers at random into (train, test) pairs with scores alike in all folds.

    Were a fold left to chance, those with high scores would leave a low mean to learn from, and
    even a mapping that changes nothing would seem to follow the raters less well.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(y))
    order = shuffled[np.argsort(y[shuffled], kind="stable")]
    fold = np.empty(len(y), dtype=np.int64)
    for start in range(0, len(y), count):
        block = order[start : start + count]
        fold[block] = rng.permutation(count)[: len(block)]
    places = np.arange(len(y))
    return [(places[fold != each], places[fold == each]) for each in range(count)]


def _validate(
    x: "Numbers", y: "Numbers", free: "Numbers", plain: "Numbers", scale: tuple[float, float]
) -> Validation:
    """Predict every answer from folds that it is not in, several times, and resample answers."""
    import numpy as np

    guessed, means, scaled = (np.zeros((REPEATS, len(y))) for _ in range(3))
    for repeat in range(REPEATS):
        for train, test in _folds(y, FOLDS, SEED + repeat):
            fit = _fit(x[train], y[train], free, SEED + repeat)
            guessed[repeat, test] = np.clip(_predict(fit, x[test]), *scale)
            means[repeat, test] = y[train].mean()
            line = _solve(plain[train, None], y[train], np.ones(1), PENALTIES[0])
            scaled[repeat, test] = np.clip(_predict(line, plain[test, None]), *scale)
    pick = np.random.default_rng(SEED).integers(0, len(y), size=(RESAMPLES, len(y)))
    pick = np.vstack([np.arange(len(y)), pick])  # the first one is the data itself
    r, plain_r = _r(guessed, y, pick), _r(plain[None], y, pick)
    mae, plain_mae = _mae(guessed, y, pick), _mae(plain[None], y, pick)
    # Scores from several folds follow the raters a little less well than those of one mapping
    # would, so the gain is over the plain score in the same folds.
    scaled_r = _r(scaled, y, pick)
    gain_r = None if r is None or scaled_r is None else r - scaled_r
    return Validation(
        folds=FOLDS,
        repeats=REPEATS,
        seed=SEED,
        r=None if r is None else _interval(r),
        mae=_interval(mae),
        uncalibrated_r=None if plain_r is None else _interval(plain_r),
        uncalibrated_mae=_interval(plain_mae),
        baseline_mae=_interval(_mae(means, y, pick)),
        gain_r=None if gain_r is None else _interval(gain_r),
        gain_mae=_interval(plain_mae - mae),
    )


def _r(guessed: "Numbers", y: "Numbers", pick: "NDArray[np.int64]") -> "Numbers | None":
    """Return Pearson's r of each resample, the mean over the repeats; None where constant."""
    import numpy as np

    if (guessed.std(axis=1) < 1e-9).any():
        return None
    b = y[pick] - y[pick].mean(axis=1, keepdims=True)
    found = []
    for guess in guessed:
        a = guess[pick] - guess[pick].mean(axis=1, keepdims=True)
        size = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
        found.append((a * b).sum(axis=1) / np.where(size < 1e-12, 1.0, size))
    mean: Numbers = np.mean(found, axis=0)
    return mean


def _mae(guessed: "Numbers", y: "Numbers", pick: "NDArray[np.int64]") -> "Numbers":
    import numpy as np

    errors: Numbers = np.abs(guessed - y).mean(axis=0)[pick].mean(axis=1)
    return errors


def _interval(drawn: "Numbers") -> Interval:
    """Return the first value with the percentile interval of the others."""
    import numpy as np

    low, high = np.percentile(drawn[1:], (2.5, 97.5))
    return Interval(
        value=round(float(drawn[0]), 4), low=round(float(low), 4), high=round(float(high), 4)
    )
