"""Planning: what to practise next, and what a session says as a whole. Values in, values out.

`past` is what it all goes by, `choosing` plans a session, `schedule` says what is due, `reviewing`
looks back on a session and plans the week after it. Nothing here reads a file or draws.
"""

from interviewer.planning.choosing import Wish, plan_session, shortfall
from interviewer.planning.past import Practised, practised_of
from interviewer.planning.reviewing import review_of
from interviewer.planning.schedule import Today, due
from interviewer.transcript import Planned

__all__ = [
    "Planned",
    "Practised",
    "Today",
    "Wish",
    "due",
    "plan_session",
    "practised_of",
    "review_of",
    "shortfall",
]
