"""What the endpoint says to a request: made from the request alone, so it always says the same.

It reads what it may choose from in the prompt, as a model would: the labels in lines such as
`lesson = what was learnt`, the sentences in lines such as `3> I rolled it back.`, and how the
prompt asks for its reply.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

Json = dict[str, Any]

_LABEL = re.compile(r"^([^\s=]+) = ", re.MULTILINE)
_SENTENCE = re.compile(r"^(\d+)> ", re.MULTILINE)
_SENTENCES_BEGIN = "\nLines that begin with a number"
_WHO = ("self", "others", "nobody")
_POINTS = tuple("1234567")
_LETTERS = tuple("ABCDEFGHZ")
_NONSENSE = "Let me think about that. It was a bright day in April, and"
_SURE = 0.8
"""Probability of the option that is chosen."""
_CHARACTERS = 4
"""Of a token, about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a chat completion, as far as a reply depends on it."""

    key: str
    """Hash of the prompt."""
    model: str
    prompt: str
    """All messages, one after the other."""
    schema: Json | None
    """Of the reply, where one in JSON is asked for."""
    alternatives: int
    """How many tokens to list at the first place; 0: none."""


def parse(body: bytes) -> Asked:
    """Read the body of a request.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It asks for no chat completion.
    """
    fields = json.loads(body)
    prompt = "\n".join(str(each["content"]) for each in fields["messages"])
    form = fields.get("response_format") or {}
    return Asked(
        key=key_of(prompt),
        model=str(fields["model"]),
        prompt=prompt,
        schema=_schema(form),
        alternatives=int(fields.get("top_logprobs") or 0) if fields.get("logprobs") else 0,
    )


def key_of(prompt: str) -> str:
    """Return what a prompt is called in the counts."""
    return sha256(prompt.encode()).hexdigest()[:16]


def _schema(form: Json) -> Json | None:
    if form.get("type") == "json_schema":
        schema: Json = form["json_schema"]["schema"]
        return schema
    return {} if form.get("type") == "json_object" else None


def reply(asked: Asked, *, nonsense: bool = False, halved: bool = False) -> bytes:
    """Return the body of the reply.

    Args:
        asked: The request.
        nonsense: Say something else than what was asked for.
        halved: Stop in the middle, as at the longest reply allowed.
    """
    options = options_of(asked.prompt)
    if nonsense:
        text = _NONSENSE
    elif asked.schema is None:
        text = _chosen(options, asked.key)
    elif _SENTENCES_BEGIN in asked.prompt:
        text = _labelled(asked.prompt, asked.key)
    else:
        text = json.dumps(_filled(asked.schema))
    if halved:
        text = text[: len(text) // 2]
    choice: Json = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "length" if halved else "stop",
    }
    if asked.alternatives:
        likely = (_NONSENSE.split()[0],) if nonsense or halved else options
        choice["logprobs"] = {"content": [_place(likely, asked)]}
    used = {"prompt_tokens": len(asked.prompt) // _CHARACTERS, "completion_tokens": len(text) // 4}
    return json.dumps(
        {
            "id": f"chatcmpl-{asked.key}",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": asked.model,
            "choices": [choice],
            "usage": used | {"total_tokens": sum(used.values())},
        }
    ).encode()


def options_of(prompt: str) -> Sequence[str]:
    """Return what a prompt lets a model choose from, the whole reply where there is no choice."""
    if "GRADE: $LETTER" in prompt:  # as the scorer of inspect-ai asks
        return ("GRADE: C", "GRADE: I")
    tail = prompt[-200:]
    if "Yes or No" in tail:
        return ("Yes", "No")
    if "the number alone" in tail:
        return _POINTS
    if "its letter alone" in tail:
        return _LETTERS
    return _labels(prompt.partition("\nSentences that were labelled before")[0]) or ("OK",)


@lru_cache(maxsize=16)
def _labels(head: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_LABEL.findall(head)))


def _labelled(prompt: str, key: str) -> str:
    """Return a label and who is responsible for each numbered sentence, as JSON."""
    head, _, said = prompt.partition(_SENTENCES_BEGIN)
    labels = _labels(head.partition("\nSentences that were labelled before")[0]) or ("other",)
    draw = int(key, 16)
    found = []
    for number in _SENTENCE.findall(said):
        draw, label = divmod(draw * 31 + 7, len(labels))
        found.append(
            f'{{"number": {number}, "label": "{labels[label]}", "responsible": "{_WHO[draw % 3]}"}}'
        )
    return f'{{"sentences": [{", ".join(found)}]}}'


def _filled(schema: Json) -> Any:
    """Return the least that fits a schema without references: a client tries the endpoint so."""
    kind = schema.get("type")
    if kind == "object" or kind is None:
        return {name: _filled(each) for name, each in schema.get("properties", {}).items()}
    least: Json = {"array": [], "string": "", "integer": 0, "number": 0, "boolean": False}
    return least[kind]


def _chosen(options: Sequence[str], key: str) -> str:
    return options[int(key, 16) % len(options)]


def _place(options: Sequence[str], asked: Asked) -> Json:
    chosen = _chosen(options, asked.key)
    rest = (1 - _SURE) / max(1, len(options) - 1)
    likely = [(chosen, _SURE), *((each, rest) for each in options if each != chosen)]
    top = [{"token": each, "logprob": math.log(p), "bytes": None} for each, p in likely]
    return top[0] | {"top_logprobs": top[: asked.alternatives]}
