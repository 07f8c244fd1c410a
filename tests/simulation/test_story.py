from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.guide_faults import FaultyGuideError
from interviewer.guide_file import list_guides, load_guide
from interviewer.shipped import shipped_folder, shipped_guides_folder
from interviewer.simulation.story import find_story, parse_story
from tests.simulation.samples import CONTEXT, GUIDE, LESSON, STORY, STORY_TEXT


def test_a_story_tells_each_step_and_what_is_added_to_it() -> None:
    assert [part.step for part in STORY.parts] == ["context", "lesson"]
    assert CONTEXT.told.startswith("The background is a billing tool")
    assert CONTEXT.more == "It was autumn of the year nineteen."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("## Share the Lesson", "## Share the Bread", '10: found the step "Share the Bread"'),
        ("## Share the Lesson", "## Describe the Context", "twice"),
        ("## Describe the Context", "Describe the Context", "a story without a step"),
        ("# Tell me", "Tell me", "text before the first heading"),
        (STORY_TEXT[STORY_TEXT.index("The lesson") :], "", 'nothing told for "Share the Lesson"'),
        (STORY_TEXT, "", "no story"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(FaultyGuideError) as caught:
        parse_story(STORY_TEXT.replace(old, new, 1), GUIDE)
    assert fault in str(caught.value)


@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_is_a_story_or_a_fault(text: str) -> None:
    for document in (text, STORY_TEXT + text):
        try:
            parse_story(document, GUIDE)
        except FaultyGuideError as error:
            assert error.faults  # noqa: PT017  either will do


def test_what_was_told_is_known_from_the_words_whatever_stands_around_them() -> None:
    assert STORY.told_in([]) == set()
    assert STORY.told_in([f"Um, well. {CONTEXT.told} You know."]) == {"context"}
    assert STORY.told_in([CONTEXT.told, LESSON.told]) == {"context", "lesson"}


def test_a_part_that_is_only_begun_or_added_to_is_not_told() -> None:
    assert STORY.told_in(["The background is a billing tool.", LESSON.more]) == set()


def test_the_nearest_story_counts(tmp_path: Path) -> None:
    (tmp_path / "failure.md").write_text(STORY_TEXT, encoding="utf-8")
    assert find_story(GUIDE, [tmp_path / "none", tmp_path]) == STORY
    assert find_story(GUIDE, [tmp_path / "none"]) is None


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in list_guides([shipped_guides_folder()])
        if (shipped_folder() / "stories" / path.name).is_file()
    ],
    ids=lambda path: path.stem,
)
def test_a_story_that_ships_tells_each_step_in_words_of_its_own(path: Path) -> None:
    guide = load_guide(path)
    story = find_story(guide, [shipped_folder() / "stories"])
    assert story
    for part in story.parts:
        others = [f"{each.told} {each.more}" for each in story.parts if each is not part]
        assert part.step not in story.told_in(others)
