"""The grade of an interview: its final answer, with the first one beside it."""

from interviewer.checks import Judge
from interviewer.grade import Grade
from interviewer.grading import grade
from interviewer.grading.calibration import Calibration, rescored
from interviewer.rubric import Rubric


async def grade_both(
    rubric: Rubric, judge: Judge, answers: tuple[str, str | None], calibration: Calibration | None
) -> tuple[Grade, Grade | None]:
    """Grade the final answer in full and the first one briefly, both by the calibration.

    Args:
        rubric: What they are graded on.
        judge: Asks the model.
        answers: The final answer, and the first one, if that is another.
        calibration: None: scores are plain.

    Raises:
        UnreachableError: The endpoint is gone; every other failure is a missing score.
    """
    final = rescored(await grade(rubric, judge, answers[0]), calibration)
    if not answers[1]:
        return final, None
    first = await grade(rubric, judge, answers[1], brief=True)
    return final, rescored(first, calibration)
