"""Where a model is spoken to, and with how much patience. A value; nothing here opens a socket."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from interviewer.errors import UsageError


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint and one of its models.

    Raises:
        UsageError: The address is not http(s), or the key can't be sent in a header.
    """

    base_url: str = field(repr=False)
    """The API's root, most often ending in `/v1`. May hold credentials: see `address`."""
    model: str
    """Empty: the only one that the endpoint lists; see `connect`."""
    api_key: str = field(default="", repr=False)
    """Empty: the endpoint asks for none."""
    timeout_s: float = 60.0
    """The longest silence within a reply, in seconds."""
    deadline_s: float = 120.0
    """The longest time to a whole reply, or to a stream's first words, retries included."""
    attempts: int = 6
    logprobs: bool | None = None
    """Whether the endpoint gives log-probabilities; None: find out with the first `decide`."""
    samples: int = 5
    """How often to ask in their stead where there are none."""
    temperature: float = 0.3
    """Of what is said, 0 to 2; judgements are always made at 0."""
    seed: int = 7
    at_once: bool | None = None
    """Ask about all sentences of an answer in one call, where one each would do: fewer calls, and
    for large models alone. None: unless it runs on this machine."""
    local: bool = False
    """Runs on this machine: reading ahead is free, and no proxy stands between."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(
                f"{self.address or 'an empty text'} is no address of an endpoint",
                hint="a URL such as http://127.0.0.1:11434/v1",
            )
        if not (self.api_key.isascii() and self.api_key.isprintable()) or " " in self.api_key:
            raise UsageError(
                "the API key holds a line break or another character that can't be sent",
                hint="copy the key again, without spaces or line breaks around it",
            )

    @property
    def address(self) -> str:
        """The base URL as it may be shown: no credentials, no query."""
        parts = urlsplit(self.base_url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
