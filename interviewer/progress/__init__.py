"""Progress: what somebody's sessions say together. Values in, values out; drawn elsewhere."""

from interviewer.progress.counting import RECENT, progress_of
from interviewer.progress.facts import Facts, facts_of
from interviewer.progress.values import Progress

__all__ = ["RECENT", "Facts", "Progress", "facts_of", "progress_of"]
