from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from interviewer.grade import Grade
from interviewer.value import Timestamp

TIMESTAMP: TypeAdapter[datetime] = TypeAdapter(Timestamp)
FARTHEST = timezone(timedelta(hours=14))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_at_the_edge_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="edge of the calendar"):
        TIMESTAMP.validate_python(text)


@pytest.mark.parametrize("text", ["0002-01-01T00:00:00+14:00", "9998-12-31T23:59:59-14:00"])
def test_any_other_can_be_told_in_every_zone(text: str) -> None:
    found = TIMESTAMP.validate_python(text)
    assert found.astimezone(UTC) == found.astimezone(FARTHEST)


@pytest.mark.parametrize("score", [900.0, 0.5, float("nan"), float("inf")])
def test_a_score_of_a_goal_is_from_1_to_5(score: float) -> None:
    with pytest.raises(ValidationError):
        Grade(criteria={"owns": score})
