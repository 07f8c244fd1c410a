"""A session's model traffic, recorded by vcrpy and played back in the network's place.

    cassette = Cassette.play(path)            # or Cassette.record(path, anew=False)
    prompts = ...                             # tells `cassette.note` of each prompt it renders
    with cassette.inserted(about, key=..., addresses=...):
        ...                                   # `cassette.hear` hears the session's events

Only prompts and their replies are on it: no address, no key, and nothing of how the embedded engine
keeps its slots. While one is inserted the session must do nothing that depends on time
(`Session.timeless`), so that the same inputs make the same calls in the same order.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from interviewer.errors import CassetteError
from interviewer.events import Event, Final, Invitation, Probe, Question
from interviewer.llm.cassette_file import About, Body, Call, CassetteFile, load_cassette
from interviewer.llm.client import only_reads
from interviewer.llm.compared import differences
from interviewer.llm.scrubbing import Scrubber
from interviewer.text import messages

if TYPE_CHECKING:
    from vcr.request import Request

NOWHERE = "http://model.invalid/v1"
"""Where a client finds the model that is played: no name under `.invalid` ever resolves."""
_CHAT = "/chat/completions"
_JSON = "application/json"
_GRADING = "grading"


class Cassette:
    """One session's calls, recorded or played; made by `record` or `play`."""

    def __init__(
        self,
        path: Path,
        *,
        file: CassetteFile | None = None,
        about: About | None = None,
        calls: Sequence[Call] = (),
    ) -> None:
        self.path = path
        self.about = about
        """What it was recorded with; None until something is recorded."""
        self._file, self._calls = file, calls
        self._scrubber = Scrubber()
        self._names: dict[str, str] = {}
        self._turns = 0
        self._place = "turn 1"
        self._request: Request | None = None
        self._vcr: Any = None

    @classmethod
    def record(cls, path: Path, *, anew: bool) -> Self:
        """Record in a new file; with `anew`, one that is there is replaced by the first reply.

        Raises:
            CassetteError: Nothing can be written there.
        """
        return cls(path, file=CassetteFile(path, anew=anew))

    @classmethod
    def play(cls, path: Path) -> Self:
        """Play what was recorded.

        Raises:
            CassetteError: It can't be read, is torn, or is something else.
        """
        about, calls = load_cassette(path)
        return cls(path, about=about, calls=calls)

    @property
    def plays(self) -> bool:
        """Whether it is played, and nothing reaches the network."""
        return self._file is None

    @property
    def recorded(self) -> bool:
        """Whether a reply was recorded."""
        return self._file is not None and self._file.begun

    @property
    def unplayed(self) -> int:
        """How many recorded replies were not asked for."""
        return len(self._calls) - len(self._vcr.play_counts) if self._vcr else len(self._calls)

    def note(self, name: str, prompt: str) -> None:
        """Note that `prompt` was made from the template `name`."""
        self._names[_key(messages(prompt))] = name

    def hear(self, event: Event) -> None:
        """Note where the interview stands."""
        match event:
            case Question() | Probe():
                self._turns += 1
                self._place = f"turn {self._turns}"
            case Invitation() if self._place != _GRADING:  # else it asks for own scores
                self._place = "the final answer"
            case Final():
                self._place = _GRADING

    @contextmanager
    def inserted(
        self, about: About, *, key: str = "", addresses: Sequence[str] = ()
    ) -> Iterator[None]:
        """Record what goes over the network, or play in its place.

        Args:
            about: What is recorded; of no account where it is played.
            key: The endpoint's; see `Scrubber`.
            addresses: The endpoint's, and paths.

        Raises:
            CassetteError: A prompt is not the recorded one; or nothing can be written any more.
        """
        import vcr
        from vcr.errors import CannotOverwriteExistingCassetteException

        self.about = self.about or about
        self._scrubber = Scrubber(key, addresses)
        recorder = vcr.VCR(
            record_mode=vcr.mode.NONE if self.plays else vcr.mode.ALL,
            match_on=["method", "raw_body"],
            before_record_request=self._request_as_kept,
            before_record_response=self._response_as_kept,
            decode_compressed_response=not self.plays,
        )
        recorder.register_persister(_Persister(self._calls if self.plays else None))
        try:
            with recorder.use_cassette(str(self.path)) as self._vcr:
                yield
        except CannotOverwriteExistingCassetteException as error:
            raise self._mismatch(json.loads(error.failed_request.body or b"{}")) from error
        finally:
            if self._file:
                self._file.close()

    def _request_as_kept(self, request: "Request") -> "Request | None":
        """Return a request without who and where; None: it goes by and is not recorded."""
        if request.headers.get("place"):  # it comes from the file
            return request
        is_chat = request.method == "POST" and request.uri.partition("?")[0].endswith(_CHAT)
        if not is_chat and not self.plays:
            return None
        body = json.loads(request.body or b"{}")
        if only_reads(body):
            return None
        body.pop("id_slot", None)  # which part of the embedded engine reads it
        request.body = self._scrubber.request(_canonical(body))
        request.uri = NOWHERE + _CHAT
        prompt = self._names.get(_key(body.get("messages", [])), "")
        request.headers = {"content-type": _JSON, "prompt": prompt, "place": self._place}
        self._request = request
        return request

    def _response_as_kept(self, response: dict[str, Any]) -> dict[str, Any]:
        """Write the reply to the request that was seen last; vcrpy asks for both together."""
        if self._file and self.about and self._request:
            told = {name.lower(): values for name, values in response["headers"].items()}
            response["headers"] = {"content-type": told.get("content-type", [_JSON])[:1]}
            content, status = response["body"]["string"], response["status"]["code"]
            response["body"]["string"] = self._scrubber.reply(content, status)
            self._file.add(self.about, _interaction(self._request, response))
        return response

    def _mismatch(self, body: Body) -> CassetteError:
        """Return what differs between a request and the one that was recorded in its place."""
        name = self._names.get(_key(body.get("messages", [])), "")
        asked = f"the prompt {name or '(without a name)'}, {self._place},"
        hint = f"{self._as_recorded()}, or --record to record anew"
        played = self._vcr.play_counts
        expected = next((call for at, call in enumerate(self._calls) if not played[at]), None)
        if expected is None:
            what = f"{asked} comes after all that was recorded: the session goes on further"
            return CassetteError(what, where=self.path, hint=hint)
        lines = [f"{asked} is not the recorded one"]
        if (expected.prompt, expected.place) != (name, self._place):
            lines.append(f"  recorded next: {expected.prompt}, {expected.place}")
        lines += [f"  {line}" for line in differences(expected.body, body)]
        return CassetteError("\n".join(lines), where=self.path, hint=hint)

    def _as_recorded(self) -> str:
        about = self.about
        assert about  # noqa: S101  it is played
        options = (
            f" --{name}" if value is True else f" --{name} {value}"
            for name, value in about.options.items()
            if value is not None and value is not False
        )
        return f"the same answers, and: interviewer chat {about.guide}{''.join(options)}"


class _Persister:
    """Hands vcrpy what was read already; writing is `CassetteFile`'s, call by call."""

    def __init__(self, calls: Sequence[Call] | None) -> None:
        self._calls = calls

    def load_cassette(self, path: str, serializer: object) -> tuple[list[Any], list[Any]]:  # noqa: ARG002
        from vcr.persisters.filesystem import CassetteNotFoundError
        from vcr.request import Request

        if self._calls is None:
            raise CassetteNotFoundError
        requests, responses = [], []
        for call in self._calls:
            headers = {"content-type": _JSON, "prompt": call.prompt, "place": call.place or "-"}
            requests.append(Request("POST", NOWHERE + _CHAT, _canonical(call.body), headers))
            status = {"code": call.status, "message": ""}
            told = {"content-type": [call.kind]}
            responses.append({"status": status, "headers": told, "body": {"string": call.content}})
        return requests, responses

    def save_cassette(self, path: str, cassette_dict: object, serializer: object) -> None:
        """Do nothing: each call was written when its reply was there."""


def _interaction(request: "Request", response: dict[str, Any]) -> dict[str, Any]:
    content = response["body"]["string"]
    with suppress(UnicodeDecodeError):  # YAML holds bytes too
        content = content.decode()
    return {
        "request": {
            "method": request.method,
            "uri": request.uri,
            "headers": {name: [value] for name, value in request.headers.items()},
            "body": request.body.decode(),
        },
        "response": {
            "status": dict(response["status"]),
            "headers": response["headers"],
            "body": {"string": content},
        },
    }


def _canonical(body: Body) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _key(told: object) -> str:
    return json.dumps(told, sort_keys=True)
