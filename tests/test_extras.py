import pytest

from interviewer.errors import InterviewerError
from interviewer.extras import need


def test_libraries_that_are_not_installed_are_named_with_the_line_that_installs_them() -> None:
    need("agree", "json")
    with pytest.raises(InterviewerError, match="needs nosuchlibrary") as error:
        need("agree", "json", "nosuchlibrary")
    # Not by the project's name, under which an index may hold somebody else's package.
    assert error.value.hint == "pip install -c constraints.txt -e '.[agree]'"
