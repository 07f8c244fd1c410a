"""Which guide a session's answer is graded by now."""

from interviewer.errors import GuideError
from interviewer.guide import Guide
from interviewer.regrading.past import Past
from interviewer.transcript import Header


def for_the_job(guide: Guide, header: Header) -> Guide:
    """Return `guide` with the role and level that were chosen for a session.

    Transcripts that don't say whether the role was chosen or the guide's own keep the session's.
    """
    told = {
        name: header.options[name] if name in header.options else header.guide.get(name)
        for name in ("role", "level")
    }
    return guide.model_copy(update={name: value for name, value in told.items() if value})


def guide_for(past: Past, given: Guide | None, *, force: bool) -> tuple[Guide, str]:
    """Return the guide to grade a session by, and what there is to say about it.

    Args:
        past: The session.
        given: None: its own, as the transcript carries it.
        force: Grade by a guide of another question, too.

    Raises:
        GuideError: The given guide asks another question and has another id.
    """
    if given is None:
        return past.guide, ""
    if _plain(given.question) == _plain(past.guide.question):
        return for_the_job(given, past.header), ""
    what = (
        f"the guide {given.id} asks \N{LEFT DOUBLE QUOTATION MARK}{given.question}"
        "\N{RIGHT DOUBLE QUOTATION MARK}, the session asked \N{LEFT DOUBLE QUOTATION MARK}"
        f"{past.guide.question}\N{RIGHT DOUBLE QUOTATION MARK}"
    )
    if given.id != past.guide.id and not force:
        hint = "leave --guide out, or --force to grade by it all the same"
        if past.source.interview is not None:
            hint = f"name the interview that asks it with --interview, {hint}"
        raise GuideError(what, where=past.path, hint=hint)
    return for_the_job(given, past.header), what


def _plain(question: str) -> str:
    return " ".join(question.split()).casefold()
