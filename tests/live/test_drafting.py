"""What only the real model can show: that it drafts a guide which it can then judge by."""

import os
from pathlib import Path

import pytest

from interviewer.bank.notes import TO_WRITE
from interviewer.guide_file import load_guide
from interviewer.llm.local.catalogue import default
from interviewer.llm.local.pull import is_present, path_of
from tests.test_journeys import Shell

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not is_present(default()) and "CI" not in os.environ, reason="interviewer model pull"
    ),
]


def test_a_clumsy_question_becomes_a_draft_that_can_be_used(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.timeout_s = 600
    question = "how do u deal with a boss who change mind all the time??"
    weights = str(path_of(default()))
    done = shell.run("guide", "new", question, "-o", "draft.md", "--model", weights)
    assert done.returncode == 0, done.stderr
    guide = load_guide(tmp_path / "draft.md")
    assert guide.question == question
    assert guide.draft
    assert guide.kind
    assert done.stderr.count("could not be drafted") <= 2
    assert guide.examples[0].text.count(TO_WRITE) == 0
