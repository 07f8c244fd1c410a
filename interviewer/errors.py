"""Every error a user can meet, as one tree.

    InterviewerError             1
    ├── UsageError               2   the command line or a setting is wrong
    ├── GuideError               1   a guide document has faults
    ├── TranscriptError          1   a transcript can't be read
    ├── PromptError              1   a template is missing, misspelt or incomplete
    ├── DataError                1   answers, scores or a calibration can't be read or used
    ├── WeightsError             1   the embedded model can't be had or started
    ├── ClusterError             1   a Ray cluster can't be reached or used
    ├── CassetteError            1   a cassette can't be read, or does not hold what is asked
    └── ModelError               1   the model could not answer
        ├── UnreachableError         nothing answers at the address
        ├── RefusedError             the endpoint says no: key, model name, content, length
        ├── BrokenReplyError         the reply broke off or makes no sense
        ├── UndecidedError           the options hold too little probability
        ├── SpentError               the next call could use more than is allowed
        └── PendingError             the reply is not there yet

The number is the exit code. Only `cli/` turns an error into one.
"""

from pathlib import Path


class InterviewerError(Exception):
    """What happened, where, and what to do about it, each in one clause."""

    exit_code = 1

    def __init__(self, what: str, *, where: str | Path = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, str(where), hint
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"\n  try: {self.hint}" if self.hint else ""
        return f"{place}{self.what}{remedy}"


class UsageError(InterviewerError):
    """The command line or a setting is wrong."""

    exit_code = 2


class GuideError(InterviewerError):
    """A guide document has faults."""


class TranscriptError(InterviewerError):
    """A transcript can't be read or written."""


class PromptError(InterviewerError):
    """A template is missing, misspelt or incomplete."""


class DataError(InterviewerError):
    """A file of answers, scores, results or a calibration can't be read, written or used."""


class WeightsError(InterviewerError):
    """The embedded model can't be had or started."""


class ClusterError(InterviewerError):
    """A Ray cluster can't be reached, or does not do what it was given."""


class CassetteError(InterviewerError):
    """A cassette can't be read or written, or does not hold what is asked."""


class ModelError(InterviewerError):
    """The model could not answer."""


class UnreachableError(ModelError):
    """Nothing answers at the address, or not in time."""


class RefusedError(ModelError):
    """The endpoint says no: wrong key, unknown model, content, length."""


class BrokenReplyError(ModelError):
    """The reply broke off in the middle or makes no sense."""

    partial: str = ""
    """What was said before it broke."""


class UndecidedError(ModelError):
    """The options hold too little probability; no grade is guessed."""


class SpentError(ModelError):
    """The next call could use more tokens or money than is allowed; nothing was sent."""


class PendingError(ModelError):
    """The reply is not there yet: the request was noted, and goes out with many others."""
