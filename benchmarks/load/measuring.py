"""What several measurements need: requests as our grader sends them."""

from collections.abc import Sequence

from benchmarks.load.answers import answer
from benchmarks.load.serving import MODEL


def bodies_of(count: int) -> Sequence[bytes]:
    """Return the bodies of `count` requests as our grader sends them, one for each answer."""
    import json

    from openai import pydantic_function_tool

    from interviewer.cli.choices import DEFAULT_GUIDE, load
    from interviewer.labelling import _Sentences
    from interviewer.prompts import Prompts
    from interviewer.text import messages, units

    guide, prompts = load(DEFAULT_GUIDE), Prompts(None)
    schema = pydantic_function_tool(_Sentences)["function"]["parameters"]
    form = {"name": "_Sentences", "strict": True, "schema": schema}
    found = []
    for number in range(count):
        said = [text for _, text in units(answer(number))]
        prompt = prompts.render("label-all", guide=guide, units=said)
        body = {
            "model": MODEL,
            "messages": messages(prompt),
            "max_tokens": 100 + 30 * len(said),
            "temperature": 0.0,
            "seed": 7,
            "response_format": {"type": "json_schema", "json_schema": form},
        }
        found.append(json.dumps(body).encode())
    return found
