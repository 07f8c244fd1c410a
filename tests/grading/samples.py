"""A calibration whose score is known."""

from datetime import date

from interviewer.grading.calibration import Calibration, Interval, Validation

_ONE = Interval(value=1, low=0, high=2)


def constant(value: float, *, guide: str = "failure", model: str = "scripted") -> Calibration:
    """Return a calibration that gives every answer `value` on the scale from 1 to 7."""
    return Calibration(
        name="raters",
        guide=guide,
        model=model,
        scale=(1, 7),
        human="human_overall",
        n=60,
        made_on=date(2026, 1, 1),
        intercept=value,
        penalty=1,
        features=(),
        validation=Validation(
            folds=10,
            repeats=1,
            seed=1,
            r=None,
            mae=_ONE,
            uncalibrated_r=None,
            uncalibrated_mae=_ONE,
            baseline_mae=_ONE,
            gain_r=None,
            gain_mae=_ONE,
        ),
        verdict="It gives every answer the same.",
    )
