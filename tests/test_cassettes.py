"""What someone sees whose change no longer fits the recorded calls."""

from pathlib import Path

import pytest

import interviewer

pytest_plugins = ["pytester"]

_CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
_TEST = """
import pytest
from interviewer.llm.client import Client

@pytest.mark.vcr
async def test_it(recording_endpoint):
    client = Client(recording_endpoint, repair=lambda prompt, reply, error: prompt)
    {call}
    await client.aclose()
"""
_CASSETTE = """
version: 1
interactions:
- request: {method: POST, uri: http://model.test/v1/chat/completions, body: '{}', headers: {}}
  response: {status: {code: 200, message: OK}, headers: {}, body: {string: '{}'}}
"""


CALLS = {
    "changed": 'await client.decide("Changed?", ["Yes", "No"])',
    "left_out": "pass",
}


def test_a_cassette_that_no_longer_fits_says_how_to_record_again(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(interviewer.__file__).parents[1]))
    pytester.makeconftest(_CONFTEST)
    folder = pytester.mkdir("cassettes")
    for name, call in CALLS.items():
        pytester.makepyfile(**{f"test_{name}": _TEST.format(call=call)})
        (folder / f"test_{name}").mkdir()
        (folder / f"test_{name}" / "test_it.yaml").write_text(_CASSETTE, encoding="utf-8")

    needless = ("-p", "no:cov", "-p", "no:hypothesispytest", "-p", "no:anyio")
    given = ("-o", "asyncio_mode=auto", "--record-mode=none", *needless)
    result = pytester.runpytest_subprocess(*given)

    result.stdout.fnmatch_lines_random(
        [
            "*request is not in the cassette*",
            "*0 of 1 recorded calls were made*",
            "*record again with: pytest --record-mode=rewrite test_changed.py::test_it*",
            "*record again with: pytest --record-mode=rewrite test_left_out.py::test_it*",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
