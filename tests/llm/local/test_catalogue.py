from pathlib import Path

import pytest
from pydantic import ValidationError

from interviewer.errors import WeightsError
from interviewer.llm.local.catalogue import Entry, catalogue, default, find, find_entry
from tests.llm.local.samples import make_entry


def test_the_default_comes_first_and_every_entry_has_a_name_of_its_own() -> None:
    names = [entry.name for entry in catalogue()]

    assert default().name == names[0] == "qwen2.5-coder-1.5b"
    assert len(set(names)) == len(names)


def test_an_entry_is_found_by_its_name_in_any_case() -> None:
    assert find_entry("Qwen2.5-Coder-0.5B").size == 491_400_064
    assert find("QWEN2.5-coder-1.5b").entry == default()


@pytest.mark.parametrize("search", [find, find_entry])
def test_an_unknown_name_is_an_error_that_lists_the_known(search: object) -> None:
    assert callable(search)
    with pytest.raises(WeightsError, match="no weights are called 'gpt'") as caught:
        search("gpt")

    assert all(entry.name in caught.value.hint for entry in catalogue())


def test_a_file_of_the_users_own_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF and more")

    found = find(str(path))

    assert (found.name, found.entry, found.path) == ("mine", None, path)


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"PK")

    with pytest.raises(WeightsError, match="not a GGUF file"):
        find(str(path))


@pytest.mark.parametrize("name", ["none.gguf", "./none", "~/none", "a\\b"])
def test_a_path_without_a_file_is_an_error_that_names_it(name: str) -> None:
    with pytest.raises(WeightsError, match="can't be read: No such file") as caught:
        find(name)

    assert caught.value.where == str(Path(name).expanduser())


def test_parts_that_do_not_make_the_size_are_refused() -> None:
    fields = make_entry().model_dump()
    fields["packages"]["count"] += 1

    with pytest.raises(ValidationError, match="don't make"):
        Entry.model_validate(fields)
