"""Libraries that not everybody needs: each is in an extra, and its absence has a remedy."""

from importlib.util import find_spec

from interviewer.errors import InterviewerError


def missing(extra: str, module: str, library: str) -> InterviewerError | None:
    """Return what to say where a library of an extra is not installed; None where it is."""
    if find_spec(module):
        return None
    return InterviewerError(
        f"this needs {library}, which is not installed",
        hint=f"pip install -c constraints.txt -e '.[{extra}]'",
    )


def need(extra: str, *modules: str) -> None:
    """Make sure that the libraries of an extra are here.

    Raises:
        InterviewerError: One is not; the message says how to get it.
    """
    for module in modules:
        if error := missing(extra, module, module):
            raise error
