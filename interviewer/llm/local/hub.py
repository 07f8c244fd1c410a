"""Fetching a file from a model hub, picked up where a partial file ends.

The hub is Hugging Face, or the mirror that `HF_ENDPOINT` names, as its own tools have it.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer.llm.local.catalogue import Entry
from interviewer.llm.local.sources import Listener, SourceError

if TYPE_CHECKING:
    import httpx2

CONNECT_S = 5.0
READ_S = 30.0


def url_of(entry: Entry) -> str:
    """Return where the hub keeps the file of `entry`."""
    base = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    return f"{base.rstrip('/')}/{entry.hub.repo}/resolve/{entry.hub.revision}/{entry.hub.file}"


def fetch_from_hub(entry: Entry, partial: Path, listener: Listener) -> None:
    """Append to `partial` what it lacks of the file of `entry`.

    Raises:
        SourceError: The hub can't be reached, refuses, broke off or has another file. What came
            before stays in `partial`.
        OSError: `partial` can't be written.
    """
    import httpx2

    have = partial.stat().st_size if partial.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    timeout = httpx2.Timeout(READ_S, connect=CONNECT_S)
    try:
        with (
            httpx2.Client(timeout=timeout, follow_redirects=True) as client,
            client.stream("GET", url_of(entry), headers=headers) as reply,
        ):
            _save(reply, entry, partial, listener)
    except httpx2.InvalidURL as error:
        raise SourceError("the model hub's address is wrong") from error
    except httpx2.TransportError as error:
        raise SourceError(f"the model hub can't be reached ({type(error).__name__})") from error
    except httpx2.HTTPError as error:
        raise SourceError(f"the model hub failed ({type(error).__name__})") from error


def _save(reply: "httpx2.Response", entry: Entry, partial: Path, listener: Listener) -> None:
    at = _start_of(reply, entry, partial)
    with partial.open("r+b" if partial.exists() else "xb") as file:
        file.truncate(at)
        file.seek(at)
        listener.moved(at, entry.size)
        for chunk in reply.iter_raw():  # as it comes: no byte waits for a buffer to fill
            file.write(chunk)
            file.flush()
            at += len(chunk)
            listener.moved(at, entry.size)


def _start_of(reply: "httpx2.Response", entry: Entry, partial: Path) -> int:
    """Return the offset the reply's bytes start at; refuse what can't be the file.

    Checked before a byte is written: a captive portal's page must not cost what is there.
    """
    if reply.status_code not in (200, 206):
        raise SourceError(f"the model hub said {reply.status_code}")
    have = partial.stat().st_size if partial.exists() else 0
    start = have if reply.status_code == 206 else 0
    promised = reply.headers.get("content-length")
    if promised != str(entry.size - start):
        raise SourceError("the model hub has another file under this name")
    for response in (*reply.history, reply):
        # The hub names the hash of a large file in the reply that redirects to it.
        named = response.headers.get("x-linked-etag", "").strip('"')
        if len(named) == len(entry.sha256) and named != entry.sha256:
            raise SourceError("the model hub has another version of this file")
    return start
