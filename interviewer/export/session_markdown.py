"""A session of several interviews as Markdown: the review, then each interview."""

from collections.abc import Iterator

from interviewer.export.markdown import escaped, footer, interview_parts
from interviewer.export.review import review_markdown
from interviewer.export.session_account import Part, SessionAccount
from interviewer.terminal.console import clock_face


def session_markdown_of(account: SessionAccount, *, mark: str) -> str:
    """Return the whole document."""
    return "\n\n".join(part for part in _parts(account, mark) if part) + "\n"


def _parts(account: SessionAccount, mark: str) -> Iterator[str]:
    yield f"<!-- {mark} -->"
    yield f"# {escaped(account.title)}"
    yield _facts(account)
    yield from (f"Note: {escaped(each)}" for each in account.notes)
    anchors = {each.number: each.anchor for each in account.parts}
    if account.review:
        yield review_markdown(account.review, anchors).rstrip("\n")
    else:
        yield account.unreviewed
        yield "\n".join(
            f"{each.number}. [{escaped(each.account.guide.question)}](#{each.anchor})"
            for each in account.parts
        )
    for each in account.parts:
        yield from _interview(each)
    yield from footer(account.header)


def _facts(account: SessionAccount) -> str:
    header = account.header
    begun, planned = len(account.parts), len(account.plan.interviews)
    facts = {
        "When": f"{header.started_at:%Y-%m-%d %H:%M} UTC, {clock_face(account.length_s)} min",
        "Interviews": f"{begun} of {planned}",
        "Overall": f"{account.overall:.1f} of 5, {account.mean_of}" if account.scores else "",
        "Chosen by": account.plan.chosen_by,
        "Model": header.model,
    }
    return "\n".join(f"- {name}: {escaped(text)}" for name, text in facts.items() if text)


def _interview(part: Part) -> Iterator[str]:
    """Yield an interview, its headings below its own, of which forges make the anchor."""
    yield f"## Interview {part.number}"
    yield f"**{escaped(part.account.guide.question)}**"
    yield escaped(part.begun.why)
    for each in interview_parts(part.account):
        yield f"#{each}" if each.startswith("#") else each
