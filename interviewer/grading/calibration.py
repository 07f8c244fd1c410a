"""From the signals of a grade to the scale of your raters: a mapping that a person can read.

The value, and how it is applied: plain Python. How it is learned stands in `learning.py`.
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from interviewer.errors import DataError
from interviewer.grade import Calibrated, Grade, Missing
from interviewer.value import Value

Sign = Literal[1, -1]
Shape = Literal["as it is", "log"]

OVERALL = "overall"
"""The uncalibrated score, 1 to 5, as a signal."""
_SHOWN = re.compile(r"^(p|label)/")
_WORSE = re.compile(r"filler|hedge|^against/")
_LENGTH = re.compile(r"(^|/)(words|length|seconds|speaking_s)$")
_NEUTRAL = re.compile(r"(^|/)(i|we|longest_sentence)$")


def meaning_of(signal: str) -> tuple[Sign, Shape] | None:
    """Say in which direction a signal may count, fixed by what it means before any data is seen.

    Fillers and hedges count against an answer; its length for it, less and less (its logarithm);
    every probability that something good was shown, and every rate of figures, for it.

    Returns:
        None for what is neither good nor bad.
    """
    if _SHOWN.search(signal):  # whatever the guide calls it: a tip against fillers, too
        return 1, "as it is"
    if _NEUTRAL.search(signal):
        return None
    if _WORSE.search(signal):
        return -1, "as it is"
    return (1, "log") if _LENGTH.search(signal) else (1, "as it is")


class Feature(Value):
    """One signal of a grade, and what it counts."""

    name: str
    """The signal's."""
    sign: Sign
    """1: more of it can only raise the score; -1: only lower it. Fixed before learning."""
    shape: Shape = "as it is"
    """`log`: the logarithm of 1 + the signal is taken first."""
    mean: float
    sd: float = Field(gt=0)
    """Mean and standard deviation in the answers it was learned from, after `shape`."""
    weight: float = Field(ge=0)
    """Points of the raters' scale for one standard deviation."""

    def standardised(self, value: float) -> float:
        """Return how many standard deviations `value` is better than the mean."""
        return self.sign * (shaped(self.shape, value) - self.mean) / self.sd


def shaped(shape: Shape, value: float) -> float:
    """Return `value` as it enters the sum."""
    return math.log1p(max(0.0, value)) if shape == "log" else value


class Interval(Value):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class Validation(Value):
    """How well the mapping did on answers that it was not learned from."""

    folds: int
    repeats: int
    seed: int
    """Of the folds and the bootstrap."""
    r: Interval | None
    """Pearson; None where the scores it gave did not differ."""
    mae: Interval
    """Mean absolute error, in points of the raters' scale."""
    uncalibrated_r: Interval | None
    uncalibrated_mae: Interval
    """Of the plain overall, mapped linearly onto the raters' scale."""
    baseline_mae: Interval
    """Of giving every answer the mean of the others' scores."""
    gain_r: Interval | None
    """`r` less that of the plain overall, put onto the scale in the same folds by a line."""
    gain_mae: Interval
    """`uncalibrated_mae` less `mae`."""


class Calibration(Value):
    """A mapping from signals to a score on the raters' scale, monotone in each signal."""

    calibration: Literal[1] = 1
    """Version of this form."""
    name: str
    guide: str
    """Id of the guide whose answers were rated."""
    model: str
    """Name of the model that made the signals."""
    scale: tuple[float, float]
    """The raters' worst and best score."""
    human: str
    """The column of human scores."""
    n: int = Field(ge=1)
    """Answers it was learned from."""
    made_on: date
    intercept: float
    penalty: float = Field(ge=0)
    """Ridge penalty, chosen by cross-validation."""
    features: tuple[Feature, ...]
    validation: Validation
    verdict: str

    @model_validator(mode="after")
    def _the_scale_rises(self) -> Self:
        if not self.scale[0] < self.scale[1]:
            raise ValueError("the scale's worst score is not below its best")
        return self

    def apply(self, signals: Mapping[str, float]) -> float | None:
        """Return the score on the raters' scale; None where `lacking` names a signal."""
        if self.lacking(signals):
            return None
        total = self.intercept + sum(
            feature.weight * feature.standardised(signals[feature.name])
            for feature in self.features
        )
        return min(max(total, self.scale[0]), self.scale[1])

    def lacking(self, signals: Mapping[str, float]) -> list[str]:
        """Return the names of the signals that it needs and that are not in `signals`."""
        return [
            each.name
            for each in self.features
            if each.weight and not math.isfinite(signals.get(each.name, math.nan))
        ]

    def points(self, value: float) -> float:
        """Map a score on the raters' scale linearly onto 1 to 5."""
        return 1 + 4 * (value - self.scale[0]) / (self.scale[1] - self.scale[0])

    def rescore(
        self, signals: Mapping[str, float], plain: float | None, *, guarded: bool
    ) -> tuple[float | None, float | None]:
        """Return the overall score, 1 to 5, and the score on the raters' scale.

        Args:
            signals: What the score is made from.
            plain: The overall score without calibration, 1 to 5.
            guarded: Whether a guard raised a flag. The score can then be lowered but not raised:
                raters scored honest answers. A score that guards gave without asking the model,
                so that signals are missing, stands.
        """
        value = self.apply({**signals, OVERALL: math.nan if plain is None else plain})
        if value is None:
            return (plain if guarded else None), None
        points = self.points(value)
        if guarded and plain is not None:
            points = min(points, plain)
        return round(points, 2), round(value, 4)

    def check(self, *, guide: str, model: str) -> str:
        """Say whether it may be used with this guide and model.

        Returns:
            A warning, or nothing where all is well.

        Raises:
            DataError: It was made for another guide.
        """
        if guide != self.guide:
            raise DataError(
                f"was made for the guide {self.guide}, not for {guide}",
                where=f"the calibration {self.name}",
                hint=f"--guide {self.guide}, or learn one for this guide: interviewer calibrate",
            )
        if model != self.model:
            return (
                f"The calibration {self.name} was learned with the model {self.model}; with "
                f"{model} its scores may be off. Learn one anew with: interviewer calibrate"
            )
        return ""


LACKING = "the calibration needs signals that this grade lacks"
"""Why a grade has no overall score though it had one before."""
AnyGrade = TypeVar("AnyGrade", bound=Grade)


def rescored(grade: AnyGrade, calibration: Calibration | None) -> AnyGrade:
    """Return `grade` as `calibration` has it, whatever calibration it had before.

    `overall` is the calibrated score mapped onto 1 to 5, `calibrated` says what it is on the
    raters' own scale and what it was before.

    Args:
        grade: Its flags tell whether a guard found something; see `Calibration.rescore`.
        calibration: None: the plain score is put back.
    """
    plain = grade.calibrated.plain if grade.calibrated else grade.overall
    missing = [each for each in grade.missing if each.reason != LACKING]
    overall, made = plain, None
    if calibration:
        guarded = any(flag.id not in grade.tips for flag in grade.flags)
        overall, value = calibration.rescore(grade.signals, plain, guarded=guarded)
        made = Calibrated(value=value, scale=calibration.scale, name=calibration.name, plain=plain)
        if overall is None and plain is not None:
            missing.append(Missing(target="overall", reason=LACKING))
    return grade.model_copy(update={"overall": overall, "calibrated": made, "missing": missing})


def load_calibration(path: Path) -> Calibration:
    """Read a calibration from the file that `interviewer calibrate` wrote.

    Raises:
        DataError: It can't be read, or is none.
    """
    remedy = "make one with: interviewer calibrate SCORED -o FILE"
    try:
        return Calibration.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DataError(f"can't be read: {error.strerror}", where=path, hint=remedy) from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"]))
        what = f"is no calibration: {place + ': ' if place else ''}{fault['msg']}"
        raise DataError(what, where=path, hint=remedy) from error


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Write a calibration so that a person can read it; a file there is replaced as a whole.

    Raises:
        DataError: It can't be written.
    """
    unfinished = path.with_name(f".{path.name}.tmp")
    try:
        unfinished.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise DataError(f"can't be written: {error.strerror}", where=path) from error
