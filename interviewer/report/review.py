"""The review of a session: a section of a page, and a page that stands alone."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from interviewer import __version__
from interviewer.planning import wording
from interviewer.report.pages import look, page, source
from interviewer.review import Review


def review_html(review: Review, anchors: Mapping[int, str] | None = None) -> Markup:
    """Return a section that any page of the report can hold; `review.css` goes with it.

    Args:
        review: The review.
        anchors: Number of an interview -> where the same page has it.
    """
    drawn = page("reviewed", review=review, anchors=anchors or {}, wording=wording)
    return Markup("".join(drawn))  # noqa: S704  escaped


def review_page(review: Review) -> Iterator[str]:
    """Yield a page that stands alone, in pieces."""
    return page(
        "review",
        title="Review of the session",
        review=review,
        section=review_html(review),
        wording=wording,
        version=__version__,
        **look(style=source("review.css")),
    )
