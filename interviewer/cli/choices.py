"""What several commands choose alike: the guide, the folder of transcripts."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.guide import Guide

DEFAULT_GUIDE = "failed-as-a-product-manager"


def guide_folders() -> list[Path]:
    """Return where guides are looked up by name: the user's own first, then those that ship."""
    from platformdirs import user_data_path

    from interviewer.shipped import shipped_guides_folder

    return [user_data_path("interviewer") / "guides", shipped_guides_folder()]


def load(name_or_path: str) -> "Guide":
    """Return the guide that a path or a name means, ready to judge by.

    A plain document does not say how its goals are judged; where a shipped guide asks the same
    question with the same goals and steps, it is judged by that one's labels and checks.

    Raises:
        GuideError: There is none, or it has faults.
    """
    from interviewer.guide_file import list_guides, load_guide
    from interviewer.shipped import shipped_guides_folder

    guide = load_plain(name_or_path)
    if not (guide.labels or guide.checks):
        for path in list_guides([shipped_guides_folder()]):
            guide = guide.judged_like(load_guide(path))
    return guide


def load_plain(name_or_path: str) -> "Guide":
    """Return the guide that a path or a name means, as it stands in its file.

    Raises:
        GuideError: There is none, or it has faults.
    """
    from interviewer.guide_file import find_guide, load_guide

    return load_guide(find_guide(name_or_path, guide_folders()))


def persona_folders() -> list[Path]:
    """Return where personas are looked up by name: the user's own first, then those that ship."""
    from platformdirs import user_data_path

    from interviewer.shipped import shipped_folder

    return [user_data_path("interviewer") / "personas", shipped_folder() / "personas"]


def story_folders(guide: Path) -> list[Path]:
    """Return where the story about a guide is: beside it, in the user's own folder, the shipped."""
    from platformdirs import user_data_path

    from interviewer.shipped import shipped_folder

    beside = guide.parent / "stories"
    return [beside, user_data_path("interviewer") / "stories", shipped_folder() / "stories"]
