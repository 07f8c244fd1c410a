import json

import pytest

from interviewer.llm.scrubbing import Scrubber

SECRET = "sk-a-secret-key"  # noqa: S105
REPLY = {
    "id": "chatcmpl-1",
    "model": "/home/ann/models/tiny.gguf",
    "created": 1,
    "system_fingerprint": "b0",
    "choices": [
        {
            "message": {"content": "My id is 7, caf\u00e9."},
            "logprobs": {"content": [{"id": 9, "token": "My", "bytes": [77], "logprob": -0.1}]},
        }
    ],
    "usage": {"prompt_tokens": 3},
}


def test_of_a_reply_stays_what_is_read() -> None:
    kept = json.loads(Scrubber().reply(json.dumps(REPLY).encode(), 200))
    assert kept.keys() == {"choices", "usage"}
    assert kept["choices"][0]["message"] == {"content": "My id is 7, caf\u00e9."}
    assert kept["choices"][0]["logprobs"]["content"] == [{"token": "My", "logprob": -0.1}]


def test_of_each_event_of_a_stream_too_and_its_form_stays() -> None:
    events = f"data: {json.dumps(REPLY)}\n\ndata: [DONE]\n\n: a comment\n"
    kept = Scrubber().reply(events.encode(), 200).decode()
    assert "ann" not in kept
    assert kept.endswith("}\n\ndata: [DONE]\n\n: a comment\n")
    assert json.loads(kept.partition("\n")[0].removeprefix("data: "))["usage"]


@pytest.mark.parametrize("content", ["{torn", "data: {torn\n\n", "[1]", "", "\x1b"])
def test_what_is_no_object_stays_as_it_is(content: str) -> None:
    assert Scrubber().reply(content.encode(), 200).decode() == content


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    assert Scrubber(SECRET).reply(b"\xff{", 200) == b"\xff{"


def test_the_key_goes_from_requests_and_replies() -> None:
    scrubber = Scrubber(SECRET)
    assert scrubber.request(f"I am {SECRET}.") == "I am [removed]."
    assert SECRET not in scrubber.reply(f'{{"choices": "{SECRET}"}}'.encode(), 200).decode()


def test_addresses_go_from_refusals_and_not_from_what_a_model_says() -> None:
    scrubber = Scrubber("", ["http://ann:pass@box.lan:8000/v1", "/home/ann/tiny.gguf"])
    told = "/home/ann/tiny.gguf at http://ann:pass@box.lan:8000/v1, box.lan; sk-another-key"
    assert scrubber.reply(told.encode(), 500).decode() == (
        "[removed] at [removed], [removed]; [removed]"
    )
    assert scrubber.reply(b'{"choices": "box.lan"}', 200) == b'{"choices": "box.lan"}'


def test_a_key_of_a_few_letters_blots_nothing_out() -> None:
    assert Scrubber("x").request("example") == "example"
