import stat
from pathlib import Path

import pytest

import interviewer.shipped as module
from interviewer.cli.choices import load, load_plain
from interviewer.errors import GuideError
from interviewer.guide_file import find_guide, list_guides, load_guide
from interviewer.shipped import shipped_guides_folder
from tests.test_guide import FAILURE, PLAIN


def test_a_shipped_guide_is_found_by_its_name() -> None:
    for name in (FAILURE, f"{FAILURE}.md"):
        assert find_guide(name, [shipped_guides_folder()]).name == f"{FAILURE}.md"


def test_a_file_wins_over_a_name_and_the_first_folder_over_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / "why.md").write_text(PLAIN, encoding="utf-8")
    (first / "notes.pdf").touch()
    (second / "how.txt").touch()
    (tmp_path / "how").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    folders = [tmp_path / "absent", first, second]
    assert list_guides(folders) == [second / "how.txt", first / "why.md"]
    assert find_guide("why", folders) == first / "why.md"
    assert find_guide("how", folders) == Path("how")
    assert find_guide(second / "why.md", folders) == second / "why.md"
    assert find_guide("~/how", folders) == tmp_path / "how"


@pytest.mark.parametrize("name", ["nobody", "a/b.md", "x" * 5000, "nul\0", "~nobody-here/x", "."])
def test_a_name_that_nothing_has_is_answered_with_the_names_there_are(name: str) -> None:
    with pytest.raises(GuideError, match=f"(?s)there is no guide.*{FAILURE}"):
        find_guide(name, [shipped_guides_folder()])


def test_without_guides_the_answer_says_so(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="none are installed"):
        find_guide("why", [tmp_path])


def test_the_wheels_own_guides_come_before_the_checkouts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "interviewer"
    monkeypatch.setattr(module, "__file__", str(package / "shipped.py"))
    assert shipped_guides_folder() == tmp_path / "prompts" / "guides"

    (package / "_prompts" / "guides").mkdir(parents=True)
    assert shipped_guides_folder() == package / "_prompts" / "guides"


def test_a_shipped_guide_without_its_front_matter_is_judged_as_with_it(tmp_path: Path) -> None:
    shipped = shipped_guides_folder() / f"{FAILURE}.md"
    path = tmp_path / "mine.md"
    path.write_text(shipped.read_text(encoding="utf-8").split("---\n", 2)[2], encoding="utf-8")

    assert load_plain(str(path)).labels == ()
    found, ready = load(str(path)), load_guide(shipped)
    assert found.id == "mine"
    assert (found.labels, found.checks) == (ready.labels, ready.checks)


def test_a_file_that_can_not_be_opened_is_an_error_with_its_name(tmp_path: Path) -> None:
    for path, message in [
        (tmp_path / "absent.md", "there is no such file"),
        (tmp_path, "is a folder"),
        (tmp_path / ("x" * 5000), "can't be read"),
        (Path("nul\0"), "is not a file's name"),
    ]:
        with pytest.raises(GuideError, match=message) as caught:
            load_guide(path)
        assert path.name[:3] in str(caught.value)


def test_a_file_without_permission_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "why.md"
    path.touch(mode=stat.S_IWUSR)
    monkeypatch.setattr(Path, "open", refuse)  # root may read everything

    with pytest.raises(GuideError, match="can't be read: Permission denied"):
        load_guide(path)
