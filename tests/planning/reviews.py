"""A review with all that one can have."""

from datetime import date

from interviewer.review import (
    Outcome,
    Review,
    SameStory,
    Skipped,
    Standing,
    Story,
    StudyDay,
    Telling,
    Unjudged,
)
from tests.planning.samples import NOW


def whole(said: str = "Tell me about a failure.") -> Review:
    """Return a review in which every word that comes from outside is `said`."""
    here = Telling(number=1, question=said)
    return Review(
        outcomes=(
            Outcome(number=1, guide=said, question=said, overall=2.3, seconds=754),
            Outcome(number=2, guide="b", question="B?", overall=4.2, seconds=600),
            Outcome(number=3, guide="c", question="C?", overall=None, seconds=9, missing=said),
        ),
        skipped=(Skipped(guide="d", question=said, why=said),),
        standings=(
            Standing(competency="customer-insight", points=2.3, interviews=(1, 2)),
            Standing(
                competency=said,
                points=None,
                interviews=(),
                missing=(Unjudged(number=3, reason=said),),
            ),
        ),
        best=Story(number=2, question="B?", score=4.2, evidence="I phoned Braga.", lacking=""),
        weakest=Story(number=1, question=said, score=2.3, evidence=said, lacking=said),
        same=(
            SameStory(one=here, other=Telling(number=2, question="B?"), shared=(said, "1,900")),
            SameStory(
                one=here,
                other=Telling(number=2, question=said, session="s", at=NOW),
                shared=("Lisbon",),
            ),
        ),
        seconds=1363,
        study=(
            StudyDay(day=date(2031, 6, 16), guide="own", question=said, why=said, minutes=20),
            StudyDay(day=date(2031, 6, 17), guide="x", question="X?", why="Because.", minutes=5),
        ),
        notes=(said,),
    )
