"""What one endpoint was found to accept, learnt from its refusals.

OpenAI-compatible endpoints differ in which parameters they know. A refusal that names a parameter
teaches the dialect a way round it; the request is sent again in the new form, and every later one
is in that form from the start. What was learnt only ever grows, so this ends.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]

_JSON_OBJECT = 1
_PLAIN = 2
_FEW = 5


@dataclass(slots=True)
class Dialect:
    """The form in which requests are sent to one endpoint."""

    logprobs: bool | None = None
    """Whether it gives log-probabilities; None: not known yet."""
    top_logprobs: int = 20
    json_mode: int = 0
    """0: json_schema, 1: json_object, 2: plain text."""
    renamed: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)

    def translate(self, body: Body) -> Body:
        """Return `body`, a request in its richest form, as this endpoint takes it."""
        said = {self.renamed.get(k, k): v for k, v in body.items() if k not in self.dropped}
        if "top_logprobs" in said:
            said["top_logprobs"] = self.top_logprobs
        if "response_format" in said and self.json_mode == _JSON_OBJECT:
            said["response_format"] = {"type": "json_object"}
        if self.json_mode == _PLAIN:
            said.pop("response_format", None)
        return said

    def learn(self, sent: Body, complaint: str) -> None:
        """Find a way round the refusal of `sent`: the first rule that fits is taken."""
        for parameter, pattern, way_round in _RULES:
            if parameter in sent and re.search(pattern, complaint, re.IGNORECASE):
                way_round(self, sent)
                return


def _rename_max_tokens(dialect: Dialect, _: Body) -> None:
    dialect.renamed["max_tokens"] = "max_completion_tokens"


def _fewer_top_logprobs(dialect: Dialect, sent: Body) -> None:
    if sent["top_logprobs"] > _FEW:
        dialect.top_logprobs = _FEW
    else:
        _no_logprobs(dialect, sent)


def _no_logprobs(dialect: Dialect, _: Body) -> None:
    dialect.logprobs = False
    dialect.dropped |= {"logprobs", "top_logprobs"}


def _simpler_json(dialect: Dialect, sent: Body) -> None:
    mode = _PLAIN if sent["response_format"]["type"] == "json_object" else _JSON_OBJECT
    dialect.json_mode = max(dialect.json_mode, mode)


def _dropping(parameter: str) -> Callable[[Dialect, Body], None]:
    def drop(dialect: Dialect, _: Body) -> None:
        dialect.dropped.add(parameter)

    return drop


# Sent with, refused with these words -> the way round.
_RULES: tuple[tuple[str, str, Callable[[Dialect, Body], None]], ...] = (
    ("max_tokens", r"\bmax_completion_tokens\b", _rename_max_tokens),
    ("top_logprobs", r"\btop_logprobs\b", _fewer_top_logprobs),
    ("logprobs", r"\blogprobs\b", _no_logprobs),
    ("stream_options", r"\bstream_options\b", _dropping("stream_options")),
    ("seed", r"\bseed\b", _dropping("seed")),
    ("temperature", r"\btemperature\b", _dropping("temperature")),
    ("response_format", "", _simpler_json),  # refusals of a form of JSON seldom name it
)
