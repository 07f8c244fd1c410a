"""What is taken out of requests and replies before they are kept: keys, addresses, names of files.

Of a reply stays what a client reads. Who served it, under which file name, with which id and when
is nobody's business, and the bytes of each token only make it long.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

REMOVED = "[removed]"
_LEAST_SECRET = 6  # shorter ones are no secrets, and would blot out letters
_KEY = re.compile(r"\bsk-[\w-]{4,}[\w*.-]*")
_UNREAD = {"model", "id", "created", "system_fingerprint", "service_tier"}
_EVENT = re.compile(r"data: (?=\{)")


class Scrubber:
    """Takes the secrets of one endpoint out of texts."""

    def __init__(self, key: str = "", addresses: Sequence[str] = ()) -> None:
        """Make one.

        Args:
            key: The endpoint's; it is taken out of everything.
            addresses: The endpoint's, and paths; they are taken out of refusals, which like to
                name them.
        """
        self._key = key if len(key) >= _LEAST_SECRET else ""
        hosts = [host for each in addresses for host in _hosts(each)]
        self._addresses = sorted({*addresses, *hosts}, key=len, reverse=True)

    def request(self, body: str) -> str:
        """Return the body of a request without the key."""
        return _without(body, [self._key])

    def reply(self, content: bytes, status: int) -> bytes:
        """Return the content of a reply with this HTTP status, as it may be kept."""
        try:
            text = _without(content.decode(), [self._key])
        except UnicodeDecodeError:
            return content
        if status >= 400:  # a page or a refusal, no words of a model
            return _without(_KEY.sub(REMOVED, text), self._addresses).encode()
        if text.startswith("{"):
            return _lean(text).encode()
        lines = text.split("\n")
        return "\n".join(_event(line) for line in lines).encode()


def _hosts(address: str) -> list[str]:
    parts = urlsplit(address)
    return [host for host in (parts.netloc, parts.hostname) if host]


def _without(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, REMOVED) if secret else text
    return text


def _event(line: str) -> str:
    """Return a line of a stream, lean where it is an event with an object in it."""
    head = _EVENT.match(line)
    return head[0] + _lean(line[head.end() :]) if head else line


def _lean(text: str) -> str:
    """Return a JSON object without what nobody reads; a text that is none as it is."""
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if not isinstance(told, dict):
        return text
    kept = {name: value for name, value in told.items() if name not in _UNREAD}
    return json.dumps(_without_bytes(kept), ensure_ascii=False)


def _without_bytes(told: Any) -> Any:
    if isinstance(told, dict):
        token = {"bytes", "id"} if "logprob" in told else set()
        return {k: _without_bytes(v) for k, v in told.items() if k not in token}
    return [_without_bytes(each) for each in told] if isinstance(told, list) else told
