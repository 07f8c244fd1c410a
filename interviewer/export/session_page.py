"""A session of several interviews as one HTML page that stands alone: the review, then each.

Anchors lead from the review to the interviews and back; each is drawn as on a page of its own.
"""

from collections.abc import Iterator

from interviewer import __version__
from interviewer.export.page import View, rules
from interviewer.export.session_account import SessionAccount
from interviewer.export.utterances import KINDS
from interviewer.report.pages import look, page, source
from interviewer.report.review import review_html


def session_page_of(account: SessionAccount, *, mark: str) -> Iterator[str]:
    """Yield the page in pieces."""
    views = [
        (part, View(part.account, prefix=f"{part.anchor}-", level=3)) for part in account.parts
    ]
    anchors = {part.number: part.anchor for part in account.parts}
    styles = (source(name) for name in ("session.css", "review.css", "sitting.css"))
    return page(
        "sitting",
        title=account.title,
        account=account,
        views=views,
        section=account.review and review_html(account.review, anchors),
        kinds=KINDS,
        mark=mark,
        version=__version__,
        **look(style="".join((*styles, *(rules(view) for _, view in views)))),
    )
