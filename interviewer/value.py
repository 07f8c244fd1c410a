"""The base of what crosses a boundary: file, model, network."""

from datetime import MAXYEAR, MINYEAR, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


class Value(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _in_every_zone(at: datetime) -> datetime:
    if not MINYEAR < at.year < MAXYEAR:
        raise ValueError("the year is at the edge of the calendar")
    return at


Timestamp = Annotated[AwareDatetime, AfterValidator(_in_every_zone)]
"""A moment that can be told in any time zone: at the edge of the calendar it could not."""
Points = Annotated[float, Field(ge=1, le=5)]
"""1 (worst) to 5 (best)."""
