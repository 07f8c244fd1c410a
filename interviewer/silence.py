"""The voice of an interviewer whom nobody hears."""

from contextlib import nullcontext


class Silence:
    """Where only what was said counts, not how it sounds."""

    def piece(self, text: str) -> None:
        """Say nothing."""

    def end_stream(self) -> None:
        """Say nothing."""

    def retract(self, instead: str) -> None:
        """Say nothing."""

    def tell(self, text: str) -> None:
        """Say nothing."""

    def thinking(self, what: str) -> nullcontext[None]:  # noqa: ARG002  the protocol names it
        """Show nothing."""
        return nullcontext()
