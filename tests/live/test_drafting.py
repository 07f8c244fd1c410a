"""What only the real model can show: a guide that it drafts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from interviewer.guide_file import load_guide
from interviewer.llm.local.catalogue import default
from interviewer.llm.local.pull import is_present

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not is_present(default()) and "CI" not in os.environ, reason="interviewer model pull"
    ),
]


def test_a_question_becomes_a_guide_with_goals_and_steps(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    asked = "Tell me about a time when you had to calm an angry customer."

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "interviewer", "guide", *args]
        return subprocess.run(command, text=True, capture_output=True, timeout=1800, check=False)

    done = run("new", asked, "-o", str(path), "--no-pull")
    assert done.returncode == 0, done.stderr
    guide = load_guide(path)
    assert (guide.question, guide.draft) == (asked, True)
    assert len(guide.goals) >= 3
    assert len(guide.steps) >= 3
    assert run("check", str(path)).returncode == 0
